//! Licences, sources and known vulnerabilities of dependencies: `deny.toml` defines what is
//! allowed.

use anyhow::{Result, bail};

use crate::process;
use crate::progress;
use crate::tools::Tools;

/// Checks all dependencies.
///
/// # Errors
/// If a dependency violates `deny.toml`, or has a known vulnerability.
pub fn check(tools: &Tools) -> Result<()> {
    deny(tools, &["check", "licenses", "bans", "sources"])?;
    // The database is a remote Git repository, which some machines cannot reach.
    if process::run_quietly(tools.command("cargo-deny").args(["fetch", "db"])).is_err() {
        progress::say(
            "Skipped: known vulnerabilities of dependencies. Their database cannot be reached.",
        );
        return Ok(());
    }
    deny(tools, &["check", "advisories"])
}

fn deny(tools: &Tools, arguments: &[&str]) -> Result<()> {
    if process::run_and_look(tools.command("cargo-deny").args(arguments), |_| ())? {
        return Ok(());
    }
    bail!(
        "cargo deny {}: deny.toml does not allow this",
        arguments.join(" ")
    )
}
