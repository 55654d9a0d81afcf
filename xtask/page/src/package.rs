//! `cargo xtask package`: the npm package, complete and packed into one file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::notices;
use crate::page::brotli;
use crate::swap;
use crate::workspace::{self, Workspace};

/// The folder of the package in the work tree.
const FOLDER: &str = "packages/odp-console";

/// The files built by Trunk, with the names that `wasm-bindgen` gave them: the bindings refer to
/// the module by this name.
const BUILT: [(&str, &str, &str); 2] = [
    ("odp-console-", ".js", "odp-console.js"),
    ("odp-console-", "_bg.wasm", "odp-console_bg.wasm"),
];

/// The URL of the module, in a form that bundlers recognise; in a file beside the module, so that a
/// bundler that does not rewrite the URL finds the module beside its output.
const URL: &str =
    "export const wasmUrl = new URL(\"./odp-console_bg.wasm\", import.meta.url).href;\n";

/// The size of a file, for whoever embeds the console: its name, raw and as brotli, in bytes.
type Weight = (String, usize, usize);

/// Copies the module and its bindings from the page just built into the package, and packs the
/// package. The previous files remain in `packages/odp-console/dist/` until the new ones are
/// complete. Finally prints the path of the packed file.
pub fn package(workspace: &Workspace) -> Result<()> {
    println!("Packed: {}", pack(workspace)?.display());
    Ok(())
}

/// As [`package`]; returns the path of the packed file.
pub fn pack(workspace: &Workspace) -> Result<PathBuf> {
    let source = workspace.root.join(FOLDER);
    let dist = workspace.scratch("package");
    let _ = fs::remove_dir_all(&dist);
    fs::create_dir_all(&dist)?;
    let page = workspace.root.join("dist");
    for (prefix, suffix, name) in BUILT {
        let built = only(&page, prefix, suffix)?;
        fs::copy(page.join(built), dist.join(name))?;
    }
    fs::write(dist.join("url.js"), URL)?;
    for (name, raw, brotli) in weights(&dist)? {
        println!("{raw:>8} {brotli:>8}  {name}");
    }
    swap::swap(&dist, &source.join("dist")).context("cannot put the package into its folder")?;
    fs::copy(workspace.root.join("LICENSE"), source.join("LICENSE"))?;
    fs::copy(page.join(notices::FILE), source.join(notices::FILE))?;

    let packages = workspace.root.join("packages");
    let packed = workspace::output(
        workspace
            .command("npm")
            .args(["pack", "--silent", "--pack-destination"])
            .arg(&packages)
            .arg(&source),
    )
    .context("npm cannot pack the package")?;
    let name = packed.lines().last().context("npm pack reports no file")?;
    Ok(packages.join(name))
}

/// The name of the only file in `folder` with this prefix and suffix.
fn only(folder: &Path, prefix: &str, suffix: &str) -> Result<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(prefix) && name.ends_with(suffix) {
            found.push(name);
        }
    }
    match <[String; 1]>::try_from(found) {
        Ok([name]) => Ok(name),
        Err(found) => bail!(
            "{} contains {} files {prefix}…{suffix}; run `cargo xtask build`",
            folder.display(),
            found.len()
        ),
    }
}

fn weights(dist: &Path) -> Result<Vec<Weight>> {
    let mut weights = Vec::new();
    for entry in fs::read_dir(dist)? {
        let entry = entry?;
        let content = fs::read(entry.path())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        weights.push((name, content.len(), brotli(&content)?.len()));
    }
    weights.sort();
    Ok(weights)
}
