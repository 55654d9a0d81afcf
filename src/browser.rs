//! The shell: performs what the flow asks for, in a browser.
//!
//! Everything that acts is owned: dropping a guard undoes its effect (a read is aborted, a timer
//! cleared, a listener removed), and unmounting drops them all. The one exception is a write under
//! way, a DELETE above all, which lives on; see [`fetch`].
//!
//! The credential is in the [`vault`] and nowhere else.

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
