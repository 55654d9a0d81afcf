//! The agent book in a browser: where it is stored, and the hook that runs it.

mod keeper;
mod painted;
mod store;
mod use_book;

pub use self::store::{HostStore, KEY, NEW_KEY, Store};
pub use self::use_book::use_book;
