//! The pages that `cargo xtask bench` compares with the console's page: two small pages, built the
//! same way.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::tools::{HOSTS, Tools};
use crate::{page, process};

/// The packages of the pages, in `crates/`.
const PAGES: [&str; 2] = ["bare-yew", "seal-bench"];

/// Builds the console's page and the compared pages; the latter into `xtask/bench/` of cargo's
/// target folder.
pub fn build(root: &Path, tools: &Tools) -> Result<()> {
    page::build(root, tools, false)?;
    let folders = PAGES.map(|name| tools.target().join("xtask/bench").join(name));
    for (name, dist) in PAGES.iter().zip(&folders) {
        let mut trunk = tools.command("trunk");
        // Offline, Trunk uses the installed tools. It parses NO_COLOR as one of its own options and
        // refuses the usual value.
        trunk
            .env_remove("NO_COLOR")
            .args(["build", "--release", "--offline", "--dist"])
            .arg(dist)
            .arg(root.join("crates").join(name).join("index.html"));
        process::run(&mut trunk).with_context(|| format!("cannot build the page {name}"))?;
    }
    let [_, sealing] = &folders;
    let script = sealing.join("sealing.js");
    process::run(
        tools
            .command("esbuild")
            .current_dir(root.join(HOSTS))
            .args([
                "--bundle",
                "--minify",
                "--format=esm",
                "--log-level=warning",
            ])
            .arg("src/sealing.js")
            .arg(format!("--outfile={}", script.display())),
    )
    .context("cannot bundle jsencrypt and crypto-js")?;
    page::compress(tools, &folders)
}
