//! `cargo xtask serve`: the page with an agent behind it.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::tools::Tools;
use crate::{dist, page, process};

/// What `serve` was given.
pub struct Options {
    /// Where the page is served, if not at the default.
    pub listen: Option<String>,
    /// The agents to serve; without any a simulated one is started.
    pub agents: Vec<String>,
    /// Whether the page is built without optimisations.
    pub debug: bool,
}

/// Builds the page, then becomes the site; ends with it.
pub fn serve(root: &Path, tools: &Tools, options: &Options) -> Result<ExitCode> {
    page::build(root, tools, options.debug)?;
    let mut site = tools.command("cargo");
    site.args([
        "run",
        "--package",
        "obshell-sim",
        "--bin",
        "console-site",
        "--",
        "--dist",
    ]);
    site.arg(dist(root));
    if let Some(listen) = &options.listen {
        site.args(["--listen", listen]);
    }
    for agent in &options.agents {
        site.args(["--agent", agent]);
    }
    replace_by(&mut site)
}

/// One process instead of a chain of three: whatever ends this one ends the site.
#[cfg(unix)]
fn replace_by(command: &mut std::process::Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    let text = process::shown(command);
    Err(anyhow::Error::new(command.exec()).context(format!("cannot run `{text}`")))
}

#[cfg(not(unix))]
fn replace_by(command: &mut std::process::Command) -> Result<ExitCode> {
    process::run(command).map(|()| ExitCode::SUCCESS)
}
