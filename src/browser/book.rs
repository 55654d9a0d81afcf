//! The agent book in a browser: its storage, and the hook that runs it.

mod after_paint;
mod controller;
mod open;
mod store;
mod use_book;

#[cfg(test)]
pub(super) use self::open::Open;
pub use self::open::OpenBook;
pub use self::store::{HostStore, KEY, NEW_KEY, Store};
pub use self::use_book::{AgentBook, use_book};
