//! Checks that an agent, real or simulated, behaves as the console relies on. `cargo xtask
//! conformance` starts this program.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

use std::process::ExitCode;

use clap::Parser;
use conformance::Options;

/// Checks that an agent behaves like obshell, statement by statement.
#[derive(Parser)]
struct Arguments {
    /// The agent to check.
    #[arg(long, value_name = "HOST:PORT")]
    agent: String,
    /// The agent password.
    #[arg(long, value_name = "PW")]
    agent_password: String,
    /// Also run the checks that destroy the agent's ODP.
    #[arg(long)]
    destroy: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut options = Options::default();
    options.destroy = arguments.destroy;
    let report = conformance::run(&arguments.agent, &arguments.agent_password, options).await;
    println!("{report}");
    if report.is_conformant() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
