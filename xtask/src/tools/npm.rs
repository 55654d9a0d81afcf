//! Tools from the npm registry: wasm-opt, which makes the module smaller, esbuild, which bundles
//! pages of hosts for the tests, and axe-core, which looks for what shuts people out.

use anyhow::{Context as _, Result};

use super::commands::{Tools, folder};
use crate::process;

/// The one version of wasm-opt that Trunk takes: `Trunk.toml` names it.
const WASM_OPT: u32 = 132;
/// What is installed where there is none.
const BINARYEN: &str = "binaryen@132.0.0";
/// What bundles pages of hosts for the tests. It is installed with the others: npm takes away what it
/// did not just install.
const ESBUILD: &str = "esbuild@0.28.2";
/// Likewise. A test looks for this version: `tests/browser/support/axe.rs`.
const AXE: &str = "axe-core@4.14.1";

/// What to do where they do not run.
pub(super) const HINT: &str = "Put wasm-opt 132 and esbuild on PATH.";

pub(super) fn has_wasm_opt_and_esbuild(tools: &Tools) -> bool {
    is_wasm_opt_of_trunk(tools)
        && process::output(tools.command("esbuild").arg("--version")).is_some()
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
    .context("wasm-opt makes the module small, esbuild and axe-core serve the tests")
}

fn is_wasm_opt_of_trunk(tools: &Tools) -> bool {
    process::output(tools.command("wasm-opt").arg("--version"))
        .and_then(|text| version(&text))
        .is_some_and(|version| version == WASM_OPT)
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
    use super::{BINARYEN, HINT, WASM_OPT, version};

    #[test]
    fn one_version_of_wasm_opt_is_meant_everywhere() {
        let trunk = include_str!("../../../Trunk.toml");
        assert!(trunk.contains(&format!("wasm_opt = \"version_{WASM_OPT}\"")));
        assert!(BINARYEN.starts_with(&format!("binaryen@{WASM_OPT}.")));
        assert!(HINT.contains(&format!("wasm-opt {WASM_OPT} ")));
    }

    #[test]
    fn both_ways_to_print_a_version_are_read() {
        assert_eq!(version("wasm-opt version 131 (version_131)"), Some(131));
        assert_eq!(version("wasm-opt version 108"), Some(108));
        assert_eq!(version("wasm-opt: command not found"), None);
    }
}
