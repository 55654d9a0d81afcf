//! `cargo xtask serve`: the page with an agent behind it.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::tools::Tools;
use crate::{dist, page, process};

/// What `serve` was given.
#[derive(Default)]
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
    let mut arguments = vec!["--dist".to_owned(), dist(root).display().to_string()];
    if let Some(listen) = &options.listen {
        arguments.extend(["--listen".to_owned(), listen.clone()]);
    }
    for agent in &options.agents {
        arguments.extend(["--agent".to_owned(), agent.clone()]);
    }
    run_program(tools, "console-site", &arguments)
}

/// Becomes one of the development programs, built if need be.
pub fn run_program(tools: &Tools, name: &str, arguments: &[String]) -> Result<ExitCode> {
    let mut program = tools.command("cargo");
    program
        .args(["run", "--package", "obshell-sim", "--bin", name, "--"])
        .args(arguments);
    replace_by(&mut program)
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
