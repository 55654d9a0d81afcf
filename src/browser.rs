//! The shell: performs the effects of the flow in a browser.
//!
//! Every running action is owned: dropping a guard undoes its effect (a read is aborted, a timer
//! cleared, a listener removed), and unmounting drops all guards. The one exception is a write in
//! progress, above all a DELETE, which continues; see [`fetch`].
//!
//! The credential is held only in the [`vault`].

pub mod app;
pub mod book;
pub mod caller;
pub mod clipboard;
pub mod clock;
pub mod deletes;
pub mod download;
pub mod endpoint;
pub mod engine;
pub mod fetch;
pub mod fleet;
pub mod host;
pub mod intl;
pub mod journal;
pub mod listeners;
mod mailbox;
pub mod notification;
pub mod options;
pub mod place;
pub mod platform;
mod redraw;
pub mod style;
pub mod use_fleet;
pub mod use_flow;
pub mod vault;
pub mod visibility;
