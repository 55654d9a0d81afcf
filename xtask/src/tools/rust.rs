//! Components of Rust, which rustup installs.

use std::path::Path;

use anyhow::{Result, bail};

use super::commands::Tools;
use crate::process;

/// The browser's target.
pub(super) const WASM: &str = "wasm32-unknown-unknown";

/// Whether this Rust has a component, identified by an entry in `lib/rustlib`.
pub(super) fn has(tools: &Tools, part: &str) -> bool {
    process::output(tools.command("rustc").args(["--print", "sysroot"]))
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(part).exists())
}

/// Installs a component with rustup.
pub(super) fn add(tools: &Tools, rustup: &[&str]) -> Result<()> {
    if tools.find("rustup").is_none() {
        let words = rustup.join(" ");
        bail!(
            "this Rust lacks a component that `rustup {words}` would add, and rustup is missing: \
             install the component from the source of this Rust"
        );
    }
    process::run(tools.command("rustup").args(rustup))
}
