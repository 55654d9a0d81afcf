//! The development site as a program: the built page, and behind it agents that exist or a
//! simulated one. `cargo xtask serve` builds the page and starts this.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use obshell_sim::site::{ListedAgent, Site, SiteSetup};

/// Serves the built page of the ODP console.
#[derive(Debug, Parser)]
struct Options {
    /// Where the page is served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// An agent to serve; may be repeated. Without any a simulated one is started.
    #[arg(long, value_name = "HOST:PORT")]
    agent: Vec<String>,
    /// The folder of the built page.
    #[arg(long, value_name = "DIR", default_value = "dist")]
    dist: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::from(2)
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let agents = options
        .agent
        .iter()
        .map(|agent| ListedAgent::from(agent.as_str()))
        .collect();
    let setup = SiteSetup {
        agents,
        ..SiteSetup::default()
    };
    let site = Site::start(options.listen, &options.dist, setup)
        .await
        .map_err(|error| format!("cannot serve on {}: {error}", options.listen))?;
    println!("Console: {}", site.url());
    for agent in &options.agent {
        println!("Agent: {agent}");
    }
    tokio::signal::ctrl_c().await?;
    Ok(())
}
