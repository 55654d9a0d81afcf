//! Asks an agent, a real one or a simulated one, whether it does what the console relies on.
//! `cargo xtask conformance` starts this.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

use std::process::ExitCode;

use clap::Parser;
use conformance::Options;

/// Checks statement by statement that an agent behaves as obshell does.
#[derive(Parser)]
struct Arguments {
    /// The agent.
    #[arg(long, value_name = "HOST:PORT")]
    agent: String,
    /// Its agent password.
    #[arg(long, value_name = "PW")]
    agent_password: String,
    /// Also check what can only be seen by destroying the agent's ODP.
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
