//! Tests nginx and Caddy with the shipped files, and the development site, with the same raw HTTP
//! requests. Needs nginx, Caddy and OpenSSL's command line; `cargo xtask test` provides all of
//! them.
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
