//! The host pages in which the tests embed the console, built from npm packages and from the packed
//! file.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::tools::{HOSTS, NEXT, Tools, UMI, npm};
use crate::{page, process};

/// A host page.
struct Page {
    /// The folder into which the page is built.
    name: &'static str,
    built_by: Bundler,
    /// The page's HTML, unless its bundler writes the HTML.
    html: &'static str,
    /// Whether the page uses the package's files directly: its scripts are not bundled with the
    /// page's.
    unbundled: bool,
}

enum Bundler {
    /// esbuild: fast, but does not process files that a script refers to by URL.
    Esbuild {
        script: &'static str,
        /// Style sheets of the page's packages, by their names in the HTML.
        styles: &'static [&'static str],
        /// The version of React to which the page's packages resolve `react`.
        react: Option<&'static str>,
    },
    /// The host's own bundler, configured by a file in the folder.
    OfTheHost(&'static [&'static str]),
}

const fn by_esbuild(name: &'static str, script: &'static str, html: &'static str) -> Page {
    Page {
        name,
        built_by: Bundler::Esbuild {
            script,
            styles: &[],
            react: None,
        },
        html,
        unbundled: false,
    }
}

const fn with_react(
    name: &'static str,
    script: &'static str,
    html: &'static str,
    react: &'static str,
    styles: &'static [&'static str],
) -> Page {
    Page {
        built_by: Bundler::Esbuild {
            script,
            styles,
            react: Some(react),
        },
        ..by_esbuild(name, script, html)
    }
}

const PAGES: [Page; 10] = [
    by_esbuild("element", "examples/element.js", "examples/element.html"),
    by_esbuild("headless", "src/headless.js", "src/headless.html"),
    with_react(
        "antd-4",
        "src/antd-4.jsx",
        "src/antd-4.html",
        "17",
        &["antd-4", "antd-4-dark"],
    ),
    with_react("antd-5", "src/antd-5.jsx", "src/react.html", "18", &[]),
    with_react("react-19", "src/react-19.jsx", "src/react.html", "19", &[]),
    Page {
        unbundled: true,
        ..by_esbuild("qiankun", "src/qiankun.js", "src/micro.html")
    },
    Page {
        name: "vite",
        built_by: Bundler::OfTheHost(&["vite", "build", "--logLevel", "warn"]),
        html: "",
        unbundled: false,
    },
    Page {
        name: "webpack",
        built_by: Bundler::OfTheHost(&["webpack", "--stats", "errors-warnings"]),
        html: "src/micro.html",
        unbundled: false,
    },
    Page {
        name: "umi",
        built_by: Bundler::OfTheHost(&["max", "build"]),
        html: "",
        unbundled: false,
    },
    Page {
        name: "next",
        built_by: Bundler::OfTheHost(&["next", "build"]),
        html: "",
        unbundled: false,
    },
];

/// Builds the page, the package, and the host pages with the package.
pub fn with_page(root: &Path, tools: &Tools) -> Result<()> {
    page::build(root, tools, false)?;
    build_all(root, tools)
}

/// Packs the package of the page just built, and builds the host pages with it.
pub fn build_all(root: &Path, tools: &Tools) -> Result<()> {
    let packed = page::package(tools)?;
    install_ours(root, tools, &packed)?;
    build(root, tools)
}

/// Installs the console's package from its packed file.
fn install_ours(root: &Path, tools: &Tools, packed: &Path) -> Result<()> {
    let packed = packed.to_string_lossy();
    for folder in [HOSTS, UMI, NEXT] {
        let install = ["install", "--no-save", "--ignore-scripts", &packed];
        npm(tools, &root.join(folder), &install).context("cannot install the packed package")?;
    }
    Ok(())
}

/// Type-checks the examples against the package's types.
pub fn check_types(root: &Path, tools: &Tools) -> std::process::Command {
    let folder = root.join(HOSTS);
    let mut tsc = tools.command("node");
    tsc.arg(folder.join("node_modules/typescript/bin/tsc"))
        .arg("--project")
        .arg(&folder);
    tsc
}

/// Builds the host pages into `tests/hosts/dist/`.
fn build(root: &Path, tools: &Tools) -> Result<()> {
    let folder = root.join(HOSTS);
    let icon = root.join("static/icon.svg");
    let _ = fs::remove_dir_all(folder.join("dist"));
    // Where Vite resolves the path in the page.
    fs::copy(&icon, folder.join("examples/icon.svg"))?;
    let package = folder.join("node_modules/odp-console");
    let ours = package.join("dist");
    for page in PAGES {
        let to = folder.join("dist").join(page.name);
        fs::create_dir_all(&to)?;
        match &page.built_by {
            Bundler::Esbuild {
                script,
                styles,
                react,
            } => {
                bundle(tools, &folder, *react, script, &to.join("app.js"))?;
                for style in *styles {
                    let css = to.join(format!("{style}.css"));
                    bundle(tools, &folder, *react, &format!("src/{style}.css"), &css)?;
                }
                // esbuild does not copy files that a script refers to by URL.
                if !page.unbundled {
                    copy_files(&ours, &to, |file| {
                        file.extension().is_some_and(|kind| kind == "wasm")
                    })?;
                }
            }
            Bundler::OfTheHost(command) => of_the_host(tools, root, command)?,
        }
        if page.unbundled {
            for part in ["src", "dist"] {
                let served = to.join("odp-console").join(part);
                copy_files(&package.join(part), &served, |_| true)?;
            }
        }
        if !page.html.is_empty() {
            fs::copy(folder.join(page.html), to.join("index.html"))?;
        }
        fs::copy(folder.join("src/hostile.css"), to.join("hostile.css"))?;
        fs::copy(&icon, to.join("icon.svg"))?;
    }
    // The example uses its own file names.
    let built = folder.join("dist");
    fs::copy(
        built.join("element/app.js"),
        built.join("element/element.js"),
    )?;
    fs::rename(
        built.join("vite/element.html"),
        built.join("vite/index.html"),
    )?;
    weighed(tools, &folder, &built)
}

/// Compresses the files whose size a test checks: the output of Vite, and the React component
/// without its imports.
fn weighed(tools: &Tools, folder: &Path, built: &Path) -> Result<()> {
    let react = built.join("weighed/react.js");
    process::run(
        tools
            .command("esbuild")
            .current_dir(folder)
            .args([
                "--bundle",
                "--minify",
                "--format=esm",
                "--log-level=warning",
            ])
            .args(["--external:react", "--external:./index.js"])
            .arg("--external:./load.js")
            .arg("node_modules/odp-console/src/react.js")
            .arg(format!("--outfile={}", react.display())),
    )?;
    let folders = ["vite", "vite/assets", "weighed"].map(|folder| built.join(folder));
    page::compress(tools, &folders)
}

fn bundle(tools: &Tools, folder: &Path, react: Option<&str>, from: &str, to: &Path) -> Result<()> {
    let mut esbuild = tools.command("esbuild");
    esbuild
        .current_dir(folder)
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
    process::run(esbuild.arg(from).arg(format!("--outfile={}", to.display())))
}

/// Runs a program from the host's packages.
fn of_the_host(tools: &Tools, root: &Path, command: &[&str]) -> Result<()> {
    let (program, arguments) = command.split_first().context("no command")?;
    let folder = root.join(match *program {
        "max" => UMI,
        "next" => NEXT,
        _ => HOSTS,
    });
    let script = folder.join("node_modules/.bin").join(program);
    process::run_quietly(
        tools
            .command("node")
            .arg(script)
            .args(arguments)
            .env("NEXT_TELEMETRY_DISABLED", "1")
            .current_dir(folder),
    )
    .with_context(|| format!("{program} cannot build its page"))
}

fn copy_files(from: &Path, to: &Path, wanted: impl Fn(&Path) -> bool) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if wanted(&entry.path()) {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
