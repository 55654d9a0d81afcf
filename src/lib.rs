//! Destroys an ODP (OceanBase Database Proxy) through an obshell agent, from the browser.

pub mod browser;
pub mod embed;
pub mod flow;
pub mod obshell;
pub mod text;
pub mod ui;
