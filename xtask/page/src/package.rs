//! `cargo xtask package`: the npm package, with everything it needs, packed into one file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::notices;
use crate::page::brotli;
use crate::swap;
use crate::workspace::{self, Workspace};

/// Where the package lies in the work tree.
const FOLDER: &str = "packages/odp-console";

/// What Trunk built, by the names that `wasm-bindgen` gave it: the bindings name the module so.
const BUILT: [(&str, &str, &str); 2] = [
    ("odp-console-", ".js", "odp-console.js"),
    ("odp-console-", "_bg.wasm", "odp-console_bg.wasm"),
];

/// Where the module is, for bundlers, which follow a URL that is written like this; in a file beside
/// it, so that a bundler that leaves the URL alone finds it beside the script that it makes.
const URL: &str =
    "export const wasmUrl = new URL(\"./odp-console_bg.wasm\", import.meta.url).href;\n";

/// What a file weighs, for whoever embeds the console: its name, raw and as brotli, in bytes.
type Weight = (String, usize, usize);

/// Copies the module and its bindings from the page that was just built into the package, and packs
/// it. What was copied before stays in `packages/odp-console/dist/` until the new files are whole.
/// Prints where the packed file lies, last.
pub fn package(workspace: &Workspace) -> Result<()> {
    println!("Packed: {}", pack(workspace)?.display());
    Ok(())
}

/// The same; returns where the packed file lies.
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
    let name = packed.lines().last().context("npm pack names no file")?;
    Ok(packages.join(name))
}

/// The name of the one file in `folder` that begins and ends so.
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
            "{} holds {} files {prefix}…{suffix}; run `cargo xtask build`",
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
