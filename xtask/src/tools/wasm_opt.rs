//! wasm-opt, which makes the module smaller.

use anyhow::{Context as _, Result, bail};

use super::{Tools, folder, system};
use crate::process;

/// The oldest that reads what this Rust writes; Debian's is older.
const OLDEST: u32 = 120;
/// What is installed where there is none.
const BINARYEN: &str = "binaryen@132.0.0";

pub(super) fn wasm_opt(tools: &Tools) -> Result<()> {
    if new_enough(tools) {
        return Ok(());
    }
    if tools.find("npm").is_none() {
        system::install(tools, "npm (it brings wasm-opt)", &["nodejs", "npm"])?;
    }
    println!("Installing {BINARYEN} (wasm-opt) …");
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
            .arg(BINARYEN),
    )
    .context("wasm-opt makes the module small; install binaryen and put wasm-opt on PATH")?;
    if !new_enough(tools) {
        bail!("the npm package {BINARYEN} does not run here; put wasm-opt {OLDEST} on PATH");
    }
    Ok(())
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
