//! Development commands of the ODP console: `cargo xtask` lists them.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

mod page;
mod process;
mod serve;
mod test;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt as _};

const USAGE: &str = "\
Development commands of the ODP console

cargo xtask serve    build the page and serve it, with a simulated agent behind it
    --listen ADDR        where the page is served (default 127.0.0.1:8080)
    --agent HOST:PORT    serve this agent instead of a simulated one; may be repeated
    --debug              build the page without optimisations
cargo xtask test     every test there is; the last line is the sum
cargo xtask build    build the page into dist/
    --debug              without optimisations
cargo xtask size     what a browser fetches until a running task is on the screen

Tools that are missing are installed into .tools/, system packages by apt-get where possible.";

/// One of the commands above, with what it was given.
enum Command {
    Serve(serve::Options),
    Test,
    Build { debug: bool },
    Size,
    Help,
}

fn main() -> ExitCode {
    let command = match parse() {
        Ok(command) => command,
        Err(error) => {
            println!("{error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(command) {
        Ok(code) => code,
        Err(error) => {
            println!("\nFailed: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let root = root()?;
    let tools = tools::Tools::new(root)?;
    match command {
        Command::Serve(options) => serve::serve(root, &tools, &options),
        Command::Test => test::test(root, &tools),
        Command::Build { debug } => page::build(root, &tools, debug).map(|()| ExitCode::SUCCESS),
        Command::Size => {
            page::build(root, &tools, false)?;
            test::size(root, &tools)
        }
        Command::Help => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The work tree: the folder above this package.
fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("this package lies in no folder")
}

fn parse() -> Result<Command> {
    let mut arguments = lexopt::Parser::from_env();
    let mut name = None;
    let mut debug = false;
    let mut listen = None;
    let mut agents = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Value(value) if name.is_none() => name = Some(value.string()?),
            Long("debug") => debug = true,
            Long("listen") => listen = Some(arguments.value()?.string()?),
            Long("agent") => agents.push(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let name = name.unwrap_or_else(|| "help".to_owned());
    let serving = name == "serve";
    if !serving && (listen.is_some() || !agents.is_empty()) {
        bail!("--listen and --agent belong to serve");
    }
    if debug && !serving && name != "build" {
        bail!("--debug belongs to serve and build");
    }
    match name.as_str() {
        "serve" => Ok(Command::Serve(serve::Options {
            listen,
            agents,
            debug,
        })),
        "test" => Ok(Command::Test),
        "build" => Ok(Command::Build { debug }),
        "size" => Ok(Command::Size),
        "help" => Ok(Command::Help),
        other => bail!("there is no command {other}"),
    }
}

/// Where the built page lies.
fn dist(root: &Path) -> PathBuf {
    root.join("dist")
}
