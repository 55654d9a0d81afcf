//! The npm packages that the pages of `tests/hosts/` are made of.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::commands::Tools;
use crate::process;

/// Where the pages lie in the work tree.
pub const FOLDER: &str = "tests/hosts";

/// An application of umi/max: it brings a thousand packages of its own.
pub const UMI: &str = "tests/hosts/umi";

/// An application of Next.js, which wants to be the only one in its folder.
pub const NEXT: &str = "tests/hosts/next";

/// Whether they are there, all but our own package.
pub(super) fn is_installed(tools: &Tools) -> bool {
    [FOLDER, UMI, NEXT]
        .iter()
        .all(|folder| is_installed_in(&tools.root.join(folder)))
}

/// Installs them.
pub(super) fn install(tools: &Tools) -> Result<()> {
    for folder in [FOLDER, NEXT] {
        npm(tools, &tools.root.join(folder), &["ci", "--ignore-scripts"])?;
    }
    // By `ci` it would want what its lock file cannot name: parts for other systems that were
    // never published.
    npm(
        tools,
        &tools.root.join(UMI),
        &["install", "--no-save", "--ignore-scripts"],
    )
}

/// Whether npm has installed anything since what it is told was changed.
fn is_installed_in(folder: &Path) -> bool {
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|file| file.modified());
    let lists = [changed("package.json"), changed("package-lock.json")];
    let installed = changed("node_modules/.package-lock.json");
    installed.is_ok_and(|installed| {
        lists
            .into_iter()
            .all(|list| list.is_ok_and(|list| list < installed))
    })
}

/// Runs npm in a folder of packages.
///
/// # Errors
/// When npm fails.
pub fn npm(tools: &Tools, folder: &Path, arguments: &[&str]) -> Result<()> {
    process::run(
        tools
            .command("npm")
            .args(arguments)
            .args(["--loglevel=error", "--no-audit", "--no-fund"])
            .current_dir(folder),
    )
}
