//! Tests the console in pages of hosts, which `cargo xtask hosts` builds from npm packages and from
//! the packed package (`tests/hosts`). Their examples are those of the package's README.

mod fleet;
mod leaving;
mod living;
mod not_loaded;
mod page;
mod strange;
mod width;

pub use page::{ANTD_5, ELEMENT, Host, VITE};
