//! The ODP console without a screen, as the module that a browser loads: what the library exports,
//! and nothing else.

pub use odp_console::headless::Client;
