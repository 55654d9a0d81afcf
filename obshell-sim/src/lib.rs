//! A simulated obshell agent.

pub mod site;
