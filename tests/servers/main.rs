//! The servers that ship, nginx and Caddy, and the development site, asked the same over raw HTTP. Needs
//! nginx, Caddy and OpenSSL's command line; `cargo xtask test` brings all of them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop where something is not as it should be, and say why"
)]

mod agent;
mod headers;
mod https;
mod requests;
mod servers;
#[path = "support.rs"]
mod support;
