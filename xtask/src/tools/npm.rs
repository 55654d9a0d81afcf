//! Tools from the npm registry: wasm-opt, which makes the module smaller, esbuild, which bundles
//! the host pages of the tests, and axe-core, which checks accessibility. The lock file in
//! `xtask/npm/` pins the version and hash of each.

use anyhow::{Context as _, Result};

use super::commands::{Tools, folder};
use crate::process;

/// The only version of wasm-opt that Trunk accepts: `Trunk.toml` names it.
const WASM_OPT: u32 = 132;
/// The folder with `package.json` and its lock file.
const FOLDER: &str = "xtask/npm";

/// The fix if they do not run.
pub(super) const HINT: &str = "Put wasm-opt 132 and esbuild on PATH.";

pub(super) fn has_wasm_opt_and_esbuild(tools: &Tools) -> bool {
    is_wasm_opt_of_trunk(tools)
        && process::output(tools.command("esbuild").arg("--version")).is_some()
}

/// Whether the script that a test runs in the page is installed.
pub(super) fn has_axe(tools: &Tools) -> bool {
    let text = |path: &str| std::fs::read_to_string(tools.root.join(path)).unwrap_or_default();
    let installed = text(".tools/npm/node_modules/axe-core/package.json");
    let wanted = text(&format!("{FOLDER}/package.json"));
    pinned(&wanted, "axe-core")
        .is_some_and(|version| installed.contains(&format!("\"version\": \"{version}\"")))
}

/// The version that a `package.json` requires.
fn pinned<'a>(package: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = package.split_once(&format!("\"{name}\": \""))?;
    rest.split('"').next()
}

/// Installs all three from the lock file; none needs an install script.
pub(super) fn install(tools: &Tools) -> Result<()> {
    let prefix = folder(&tools.root).join("npm");
    std::fs::create_dir_all(&prefix)?;
    for file in ["package.json", "package-lock.json"] {
        std::fs::copy(tools.root.join(FOLDER).join(file), prefix.join(file))?;
    }
    super::npm(tools, &prefix, &["ci", "--ignore-scripts"])
        .context("cannot install wasm-opt, esbuild and axe-core")
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
    use super::{HINT, WASM_OPT, pinned, version};

    const PACKAGE: &str = include_str!("../../npm/package.json");
    const LOCK: &str = include_str!("../../npm/package-lock.json");

    #[test]
    fn one_version_of_wasm_opt_is_meant_everywhere() {
        let trunk = include_str!("../../../Trunk.toml");
        assert!(trunk.contains(&format!("wasm_opt = \"version_{WASM_OPT}\"")));
        let binaryen = pinned(PACKAGE, "binaryen").unwrap();
        assert!(binaryen.starts_with(&format!("{WASM_OPT}.")));
        assert!(HINT.contains(&format!("wasm-opt {WASM_OPT} ")));
    }

    #[test]
    fn every_package_has_its_hash() {
        let packages = LOCK.matches("\"node_modules/").count();
        assert!(packages >= 3);
        assert_eq!(LOCK.matches("\"integrity\": \"sha512-").count(), packages);
        for name in ["axe-core", "binaryen", "esbuild"] {
            let version = pinned(PACKAGE, name).unwrap();
            let locked = format!("\"node_modules/{name}\": {{\n      \"version\": \"{version}\"");
            assert!(LOCK.contains(&locked), "{name}");
        }
    }

    #[test]
    fn both_ways_to_print_a_version_are_read() {
        assert_eq!(version("wasm-opt version 131 (version_131)"), Some(131));
        assert_eq!(version("wasm-opt version 108"), Some(108));
        assert_eq!(version("wasm-opt: command not found"), None);
    }
}
