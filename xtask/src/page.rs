//! The page and the npm package, as the program `xtask-page` builds them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::tools::Tools;
use crate::{process, stamp};

/// Builds the page into `dist/`, whose old content stays until the new one is complete.
pub fn build(root: &Path, tools: &Tools, debug: bool) -> Result<()> {
    let builder = builder(tools)?;
    build_with(&builder, root, tools, debug)
}

/// As [`build`], once the program that builds the page exists.
pub fn build_with(builder: &Path, root: &Path, tools: &Tools, debug: bool) -> Result<()> {
    let before = inputs(root, tools, debug)?;
    let mut build = tools.command(builder);
    build.arg("page");
    if debug {
        build.arg("--debug");
    }
    process::run(&mut build).context("cannot build the page")?;
    // A file that changed during the build may or may not be included: the page counts as outdated.
    if inputs(root, tools, debug)? == before {
        stamp::record(&stamp_file(tools), before, &root.join("dist"))
            .context("cannot record the inputs of the page")?;
    }
    Ok(())
}

/// Builds the program that builds page and package.
pub fn builder(tools: &Tools) -> Result<PathBuf> {
    tools.program("xtask-page", "xtask-page")
}

/// Whether a build would produce the page that is in `dist/`.
pub fn is_current(root: &Path, tools: &Tools, debug: bool) -> Result<bool> {
    let inputs = inputs(root, tools, debug)?;
    Ok(stamp::is_current(
        &stamp_file(tools),
        inputs,
        &root.join("dist"),
    ))
}

fn inputs(root: &Path, tools: &Tools, debug: bool) -> Result<u64> {
    let mut more = tools.versions_for_the_page();
    more.push(format!("debug: {debug}"));
    stamp::inputs(root, &more).context("cannot read the work tree")
}

fn stamp_file(tools: &Tools) -> PathBuf {
    tools.target().join("xtask").join("page.stamp")
}

/// Builds the npm package with the page just built; returns the path of the packed file.
pub fn package(tools: &Tools) -> Result<PathBuf> {
    let mut packed = None;
    let mut package = tools.command(builder(tools)?);
    let good = process::run_and_look(package.arg("package"), |line| {
        if let Some(file) = line.trim_end().strip_prefix("Packed: ") {
            packed = Some(PathBuf::from(file));
        }
    })?;
    packed.filter(|_| good).context("cannot build the package")
}

/// Writes `.br` and `.gz` beside the files of these folders.
pub fn compress(tools: &Tools, folders: &[PathBuf]) -> Result<()> {
    process::run(tools.command(builder(tools)?).arg("compress").args(folders))
}
