//! `cargo xtask package`: the npm package, with everything it needs, packed into one file.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use wasmparser::{Parser, Payload};

use crate::page::brotli;
use crate::workspace::{self, Workspace};
use crate::{module, swap};

/// Where the package lies in the work tree.
const FOLDER: &str = "packages/odp-console";

/// The classic script as qiankun is told of it: it derives the place of the files from this page's.
const QIANKUN: &str = "<!DOCTYPE html>\n<script src=\"odp-console.global.js\" entry></script>\n";

/// What a file weighs, for whoever embeds the console: its name, raw and as brotli, in bytes.
type Weight = (String, usize, usize);

/// Builds the package with the module of the page that was just built, and packs it. What was built
/// before stays in `packages/odp-console/dist/` until the new files are whole. Prints where the packed
/// file lies, last.
pub fn package(workspace: &Workspace) -> Result<()> {
    let source = workspace.root.join(FOLDER);
    // A copy, as the scripts of the package import what is built from the folder beside them.
    let folder = workspace.scratch("package");
    let _ = fs::remove_dir_all(&folder);
    let dist = folder.join("dist");
    fs::create_dir_all(&dist)?;
    fs::create_dir_all(folder.join("src"))?;
    for entry in fs::read_dir(source.join("src"))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join("src").join(entry.file_name()))?;
    }
    fs::copy(source.join("package.json"), folder.join("package.json"))?;

    let made = module::bindings(workspace)?;
    module::let_later_be_elsewhere(&made)?;
    fs::write(
        dist.join("console.js"),
        module::bundled(workspace, &made.script)?,
    )?;
    made.main.write(&dist)?;
    made.later.write(&dist)?;
    let (headless_script, headless) = headless(workspace)?;
    fs::write(
        dist.join("headless.js"),
        module::bundled(workspace, &headless_script)?,
    )?;
    headless.write(&dist)?;
    // Two files: a bundler takes along whatever a file names, wanted or not.
    let later = format!("export const laterName = \"{}\";\n", made.later.name);
    for (file, wasm, more) in [
        ("urls.js", &made.main.name, later.as_str()),
        ("headless-urls.js", &headless.name, ""),
    ] {
        let text = format!(
            "// Written by the build: these names change with the content.\n\
             export const wasmUrl = new URL(\"./{wasm}\", import.meta.url).href;\n{more}"
        );
        fs::write(dist.join(file), text)?;
    }
    classic(workspace, &folder)?;
    fs::write(dist.join("qiankun.html"), QIANKUN)?;
    for (name, raw, brotli) in weights(&dist)? {
        println!("{raw:>8} {brotli:>8}  {name}");
    }

    swap::swap(&dist, &source.join("dist")).context("cannot put the package into its folder")?;
    fs::copy(workspace.root.join("LICENSE"), source.join("LICENSE"))?;

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
    println!("Packed: {}", packages.join(name).display());
    Ok(())
}

/// The module without a screen, and its bindings.
fn headless(workspace: &Workspace) -> Result<(PathBuf, module::Part)> {
    const NAME: &str = "headless";
    println!("Building the client without a screen …");
    workspace::run(
        workspace
            .command("cargo")
            .args(["build", "--release", "--package", "odp-console-headless"])
            .args(["--target", "wasm32-unknown-unknown"])
            .envs(module::kept_environment(workspace)?),
    )?;
    let target = &workspace.target;
    let built = target.join("wasm32-unknown-unknown/release/odp_console_headless.wasm");
    let work = target.join("page");
    let linked = work.join("headless-linked.wasm");
    fs::write(&linked, without_relocations(&fs::read(&built)?)?)?;
    workspace::run(
        workspace
            .command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript"])
            .arg("--omit-default-module-path")
            .args(["--out-name", NAME, "--out-dir"])
            .args([&work, &linked]),
    )?;
    let optimized = module::optimized(workspace, &work, &format!("{NAME}_bg"))?;
    let script = work.join(format!("{NAME}.js"));
    let mut text = fs::read_to_string(&script)?;
    let short = module::shorten(&optimized, &mut text)?;
    fs::write(&script, text)?;
    Ok((script, module::Part::new(NAME, "wasm", short)))
}

/// The module without what the linker wrote for the split: nothing is split here, and wasm-opt
/// takes a module with it for an unfinished one.
fn without_relocations(linked: &[u8]) -> Result<Vec<u8>> {
    let mut module = linked.get(..8).context("no module")?.to_vec();
    let mut from = 8;
    for payload in Parser::new(0).parse_all(linked) {
        let payload = payload.map_err(|error| anyhow!("the module cannot be read: {error}"))?;
        let Some((_, range)) = payload.as_section() else {
            continue;
        };
        let end = usize::try_from(range.end)?;
        let dropped = matches!(&payload, Payload::CustomSection(section)
            if section.name() == "linking" || section.name().starts_with("reloc."));
        if !dropped {
            // With its number and length, which stand before it.
            module.extend(linked.get(from..end).context("a section without end")?);
        }
        from = end;
    }
    Ok(module)
}

/// The micro frontend as a classic script, for hosts that evaluate those alone (qiankun 2).
fn classic(workspace: &Workspace, folder: &Path) -> Result<()> {
    // A classic script does not know where it comes from, unless it looks while it is run. Around it a
    // function, so that its own variables are no globals.
    let banner = "(()=>{var odpConsoleUrl=window.__INJECTED_PUBLIC_PATH_BY_QIANKUN__?\
                  new URL(window.__INJECTED_PUBLIC_PATH_BY_QIANKUN__,location.href).href+\"odp-console.global.js\":\
                  document.currentScript.src;";
    workspace::run(
        workspace
            .command("esbuild")
            .args([
                "--bundle",
                "--minify",
                "--format=iife",
                "--log-level=warning",
            ])
            .args(["--global-name=odpConsole", "--pure:console.warn"])
            .arg("--define:import.meta.url=odpConsoleUrl")
            .arg(format!("--banner:js={banner}"))
            .arg("--footer:js=window.odpConsole=odpConsole})();")
            .arg(folder.join("src/lifecycle.js"))
            .arg(format!(
                "--outfile={}",
                folder.join("dist/odp-console.global.js").display()
            )),
    )
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
