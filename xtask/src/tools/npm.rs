//! Tools from the npm registry: wasm-opt, which makes the module smaller, esbuild, which does the
//! same for the script beside it, and axe-core, which looks for what shuts people out.

use anyhow::{Context as _, Result};

use super::commands::{Tools, folder};
use crate::process;

/// The oldest that reads what this Rust writes; Debian's is older.
const OLDEST: u32 = 120;
/// What is installed where there is none.
const BINARYEN: &str = "binaryen@132.0.0";
/// What is installed with it: npm takes away what it did not just install.
const ESBUILD: &str = "esbuild@0.28.2";
/// Likewise. A test looks for this version: `tests/browser/support/axe.rs`.
const AXE: &str = "axe-core@4.14.1";

/// What to do where they do not run.
pub(super) const HINT: &str = "Put wasm-opt 120 or later and esbuild on PATH.";

pub(super) fn has_wasm_opt_and_esbuild(tools: &Tools) -> bool {
    new_enough(tools) && process::output(tools.command("esbuild").arg("--version")).is_some()
}

/// Whether the script is there that a test runs in the page.
pub(super) fn has_axe(tools: &Tools) -> bool {
    let description = folder(&tools.root).join("npm/node_modules/axe-core/package.json");
    let text = std::fs::read_to_string(description).unwrap_or_default();
    let version = AXE.trim_start_matches("axe-core@");
    text.contains(&format!("\"version\": \"{version}\""))
}

/// Installs all three.
pub(super) fn install(tools: &Tools) -> Result<()> {
    let prefix = folder(&tools.root).join("npm");
    std::fs::create_dir_all(&prefix)?;
    process::run(
        tools
            .command("npm")
            .args([
                "install",
                "--loglevel=error",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--prefix",
            ])
            .arg(&prefix)
            .args([BINARYEN, ESBUILD, AXE]),
    )
    .context("wasm-opt and esbuild make the page small, axe-core looks for what shuts people out")
}

fn new_enough(tools: &Tools) -> bool {
    process::output(tools.command("wasm-opt").arg("--version"))
        .and_then(|text| version(&text))
        .is_some_and(|version| version >= OLDEST)
}

/// `wasm-opt version 131 (version_131)`.
fn version(text: &str) -> Option<u32> {
    text.strip_prefix("wasm-opt version ")?
        .split([' ', '.'])
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::{HINT, OLDEST, version};

    #[test]
    fn the_hint_names_the_oldest_version() {
        assert!(HINT.contains(&format!("wasm-opt {OLDEST} or later")));
    }

    #[test]
    fn both_ways_to_print_a_version_are_read() {
        assert_eq!(version("wasm-opt version 131 (version_131)"), Some(131));
        assert_eq!(version("wasm-opt version 108"), Some(108));
        assert_eq!(version("wasm-opt: command not found"), None);
    }
}
