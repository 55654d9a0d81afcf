//! The pages of other people that the tests put the console into, built from npm packages and from
//! the packed file.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process;
use crate::tools::Tools;

/// Where they lie in the work tree.
const FOLDER: &str = "tests/hosts";

/// A page: its name, its script, its HTML, and which React `react` stands for.
const PAGES: [(&str, &str, &str, Option<&str>); 5] = [
    (
        "element",
        "examples/element.js",
        "examples/element.html",
        None,
    ),
    ("headless", "src/headless.js", "src/headless.html", None),
    ("react-17", "src/react-17.jsx", "src/react.html", Some("17")),
    ("react-18", "src/react-18.jsx", "src/react.html", Some("18")),
    ("react-19", "src/react-19.jsx", "src/react.html", Some("19")),
];

/// Installs what the pages are made of: their packages, and ours from its packed file.
pub fn install(root: &Path, tools: &Tools, packed: &Path) -> Result<()> {
    println!("Installing the packages of the host pages …");
    let folder = root.join(FOLDER);
    let quiet = ["--silent", "--no-audit", "--no-fund"];
    process::run(
        tools
            .command("npm")
            .arg("ci")
            .args(quiet)
            .current_dir(&folder),
    )?;
    process::run(
        tools
            .command("npm")
            .args(["install", "--no-save"])
            .args(quiet)
            .arg(packed)
            .current_dir(&folder),
    )
    .context("the packed package cannot be installed")
}

/// Has the compiler hold the examples against the package's types.
pub fn check_types(root: &Path, tools: &Tools) -> std::process::Command {
    let folder = root.join(FOLDER);
    let mut tsc = tools.command("node");
    tsc.arg(folder.join("node_modules/typescript/bin/tsc"))
        .arg("--project")
        .arg(&folder);
    tsc
}

/// Builds the pages into `tests/hosts/dist/`.
pub fn build(root: &Path, tools: &Tools) -> Result<()> {
    let folder = root.join(FOLDER);
    let _ = fs::remove_dir_all(folder.join("dist"));
    for (name, script, html, react) in PAGES {
        let page = folder.join("dist").join(name);
        fs::create_dir_all(&page)?;
        let mut esbuild = tools.command("esbuild");
        esbuild
            .current_dir(&folder)
            .args([
                "--bundle",
                "--format=esm",
                "--jsx=automatic",
                "--log-level=warning",
            ])
            .arg("--define:process.env.NODE_ENV=\"development\"");
        for package in ["react", "react-dom"] {
            if let Some(version) = react {
                esbuild.arg(format!("--alias:{package}={package}-{version}"));
            }
        }
        esbuild
            .arg(script)
            .arg(format!("--outfile={}", page.join("app.js").display()));
        process::run(&mut esbuild)?;
        fs::copy(folder.join(html), page.join("index.html"))?;
        if name == "element" {
            // The example names its script as it is named there.
            fs::copy(page.join("app.js"), page.join("element.js"))?;
        }
        fs::copy(folder.join("src/hostile.css"), page.join("hostile.css"))?;
        fs::copy(root.join("static/icon.svg"), page.join("icon.svg"))?;
        // esbuild leaves files that a script names where they are.
        for entry in fs::read_dir(folder.join("node_modules/odp-console/dist"))? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|kind| kind == "wasm") {
                fs::copy(entry.path(), page.join(entry.file_name()))?;
            }
        }
    }
    Ok(())
}
