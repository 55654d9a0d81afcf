//! Development commands of the ODP console: `cargo xtask --help` lists them.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

mod bench;
mod cli;
mod deny;
mod disk;
mod hosts;
mod page;
mod process;
mod progress;
mod serve;
mod stamp;
mod test;
mod tools;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use cli::Command;
use tools::{PAGE, Tool, Tools};

fn main() -> ExitCode {
    let command = match cli::parse(std::env::args_os().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            println!("{error:#}\n\n{}", cli::help(None));
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(code) => code,
        Err(error) => {
            progress::say(&format!("\nFailed: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    if let Command::Help(entry) = command {
        println!("{}", cli::help(entry));
        return Ok(ExitCode::SUCCESS);
    }
    let root = root()?;
    let tools = Tools::new(root)?;
    progress::start();
    match command {
        Command::Serve(options) => serve::serve(root, &tools, &options)?,
        Command::Test { quick: false } => return test::all(root, &tools),
        Command::Test { quick: true } => return test::quick(&tools),
        Command::Build { debug } => {
            tools.prepare("build", PAGE)?;
            page::build(root, &tools, debug)?;
        }
        Command::Package => {
            tools.prepare("package", &[PAGE, &[Tool::Npm]].concat())?;
            page::build(root, &tools, false)?;
            page::package(&tools)?;
        }
        Command::Hosts => {
            tools.prepare("hosts", &[PAGE, &[Tool::HostPackages]].concat())?;
            hosts::with_page(root, &tools)?;
        }
        Command::Size => {
            tools.prepare(
                "size",
                &[PAGE, &[Tool::HostPackages, Tool::Chromium]].concat(),
            )?;
            hosts::with_page(root, &tools)?;
            return test::size(&tools);
        }
        Command::Bench { write } => {
            tools.prepare(
                "bench",
                &[PAGE, &[Tool::HostPackages, Tool::Chromium]].concat(),
            )?;
            bench::build(root, &tools)?;
            return test::bench(&tools, write);
        }
        Command::Screenshots => {
            let pictures = [Tool::HostPackages, Tool::Chromium, Tool::Chinese];
            tools.prepare("screenshots", &[PAGE, &pictures].concat())?;
            hosts::with_page(root, &tools)?;
            return test::screenshots(&tools);
        }
        Command::Conformance(arguments) => {
            let program = tools.program("conformance", "conformance")?;
            serve::become_program(tools.command(program).args(arguments))?;
        }
        Command::Help(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// The work tree: the folder above this package.
fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("this package has no parent folder")
}
