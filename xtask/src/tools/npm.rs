//! Tools from the npm registry: wasm-opt, which makes the module smaller, and esbuild, which does
//! the same for the script beside it.

use anyhow::{Context as _, Result, bail};

use super::{Tools, folder, system};
use crate::process;

/// The oldest that reads what this Rust writes; Debian's is older.
const OLDEST: u32 = 120;
/// What is installed where there is none.
const BINARYEN: &str = "binaryen@132.0.0";
/// What is installed with it: npm takes away what it did not just install.
const ESBUILD: &str = "esbuild@0.28.2";

pub(super) fn wasm_opt_and_esbuild(tools: &Tools) -> Result<()> {
    if both_run(tools) {
        return Ok(());
    }
    if tools.find("npm").is_none() {
        let what = "npm (it brings wasm-opt and esbuild)";
        system::install(tools, what, &["nodejs", "npm"])?;
    }
    println!("Installing {BINARYEN} (wasm-opt) and {ESBUILD} …");
    let prefix = folder(&tools.root).join("npm");
    std::fs::create_dir_all(&prefix)?;
    process::run(
        tools
            .command("npm")
            .args([
                "install",
                "--silent",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--prefix",
            ])
            .arg(&prefix)
            .args([BINARYEN, ESBUILD]),
    )
    .context("wasm-opt and esbuild make the page small; install them and put them on PATH")?;
    if !both_run(tools) {
        bail!(
            "the npm packages {BINARYEN} and {ESBUILD} do not run here; \
             put wasm-opt {OLDEST} or later and esbuild on PATH"
        );
    }
    Ok(())
}

fn both_run(tools: &Tools) -> bool {
    new_enough(tools) && process::output(tools.command("esbuild").arg("--version")).is_some()
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
    use super::version;

    #[test]
    fn both_ways_to_print_a_version_are_read() {
        assert_eq!(version("wasm-opt version 131 (version_131)"), Some(131));
        assert_eq!(version("wasm-opt version 108"), Some(108));
        assert_eq!(version("wasm-opt: command not found"), None);
    }
}
