//! Development commands of the ODP console: `cargo xtask` lists them.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

mod hosts;
mod package;
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
cargo xtask package  the npm package, packed into packages/
cargo xtask hosts    the pages that the tests put the package into, in tests/hosts/dist/
cargo xtask size     what a browser fetches until a running task is on the screen: of the page,
                     and of the package in somebody else's
cargo xtask screenshots   every screen and ending as pictures in screenshots/
cargo xtask conformance   ask an agent whether it does what the console relies on
    --agent HOST:PORT    the agent
    --agent-password PW  its agent password
    --destroy            also what can only be seen by destroying its ODP

Tools that are missing are installed into .tools/, system packages by apt-get where possible.";

/// One of the commands above, with what it was given.
enum Command {
    Serve(serve::Options),
    Test,
    Build { debug: bool },
    Package,
    Hosts,
    Size,
    Screenshots,
    Conformance(Vec<String>),
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
        Command::Package => package::package(root, &tools).map(|_| ExitCode::SUCCESS),
        Command::Hosts => build_with_hosts(root, &tools).map(|()| ExitCode::SUCCESS),
        Command::Size => {
            build_with_hosts(root, &tools)?;
            test::size(&tools)
        }
        Command::Screenshots => {
            build_with_hosts(root, &tools)?;
            test::screenshots(&tools)
        }
        Command::Conformance(arguments) => serve::run_program(&tools, "conformance", &arguments),
        Command::Help => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The page, the package, and the pages of other people with it.
fn build_with_hosts(root: &Path, tools: &tools::Tools) -> Result<()> {
    page::build(root, tools, false)?;
    hosts::install(root, tools)?;
    hosts::build_all(root, tools)
}

/// The work tree: the folder above this package.
fn root() -> Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("this package lies in no folder")
}

fn parse() -> Result<Command> {
    let mut arguments = lexopt::Parser::from_env();
    let name = match arguments.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match name.as_str() {
        "serve" => parse_serve(&mut arguments),
        "build" => parse_build(&mut arguments),
        // The program behind it reads its own.
        "conformance" => {
            let rest = arguments.raw_args()?.map(|argument| argument.string());
            Ok(Command::Conformance(rest.collect::<Result<_, _>>()?))
        }
        "test" => alone(&mut arguments, Command::Test),
        "package" => alone(&mut arguments, Command::Package),
        "hosts" => alone(&mut arguments, Command::Hosts),
        "size" => alone(&mut arguments, Command::Size),
        "screenshots" => alone(&mut arguments, Command::Screenshots),
        "help" => alone(&mut arguments, Command::Help),
        other => bail!("there is no command {other}"),
    }
}

fn parse_serve(arguments: &mut lexopt::Parser) -> Result<Command> {
    let mut options = serve::Options::default();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("listen") => options.listen = Some(arguments.value()?.string()?),
            Long("agent") => options.agents.push(arguments.value()?.string()?),
            Long("debug") => options.debug = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Serve(options))
}

fn parse_build(arguments: &mut lexopt::Parser) -> Result<Command> {
    let mut debug = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("debug") => debug = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Build { debug })
}

fn alone(arguments: &mut lexopt::Parser, command: Command) -> Result<Command> {
    match arguments.next()? {
        None => Ok(command),
        Some(other) => Err(other.unexpected().into()),
    }
}

/// Where the built page lies.
fn dist(root: &Path) -> PathBuf {
    root.join("dist")
}
