//! The console in other people's pages: `cargo xtask test` builds them from npm packages and from
//! the packed package (`tests/hosts`). Their examples are those of the README.

mod fleet;
mod leaving;
mod living;
mod not_loaded;
mod page;
mod strange;
mod width;

pub use page::{ANTD_5, ELEMENT, Host, VITE};
