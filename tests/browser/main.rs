//! Tests the built page in a real browser, over WebDriver. Needs the built page and host pages
//! (`cargo xtask hosts`), a browser and its driver; `cargo xtask test` provides all of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unreachable,
    clippy::print_stdout,
    reason = "a test may stop where something is not as it should be, and say why"
)]

#[path = "../agent/shell.rs"]
#[allow(dead_code, reason = "the other console does less here")]
mod agent;
mod bad_input;
mod bench;
mod book;
mod coming_back;
mod contrast;
mod deploy;
mod endings;
mod endurance;
mod everyone;
mod faults;
mod fleet;
mod harness;
mod hosts;
mod keyboard;
mod leaving;
mod live;
mod matrix;
mod memory;
mod operate;
mod page;
mod repeat;
mod scenes;
mod screenshots;
mod session;
mod size;
#[allow(
    dead_code,
    reason = "a vocabulary: not every word is in use at any time"
)]
mod support;
mod tampered;
mod two_consoles;
mod walk;
