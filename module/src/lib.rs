//! The ODP console as the module that a browser loads: what the library exports, and nothing else.

pub use odp_console::embed::{Handle, mount};
