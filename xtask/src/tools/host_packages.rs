//! The npm packages of the host pages in `tests/hosts/`.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::commands::Tools;
use crate::process;

/// The folder of the host pages in the work tree.
pub const FOLDER: &str = "tests/hosts";

/// An application of umi/max: it has a thousand packages of its own.
pub const UMI: &str = "tests/hosts/umi";

/// An application of Next.js, which must be the only application in its folder.
pub const NEXT: &str = "tests/hosts/next";

/// Whether the packages are installed, apart from the console's own.
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
    // `npm ci` would require entries that the lock file cannot contain: parts for other systems
    // that were never published.
    npm(
        tools,
        &tools.root.join(UMI),
        &["install", "--no-save", "--ignore-scripts"],
    )
}

/// Whether npm has installed the packages since its input was last changed.
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
/// If npm fails.
pub fn npm(tools: &Tools, folder: &Path, arguments: &[&str]) -> Result<()> {
    process::run(
        tools
            .command("npm")
            .args(arguments)
            .args(["--loglevel=error", "--no-audit", "--no-fund"])
            .current_dir(folder),
    )
}
