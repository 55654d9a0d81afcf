//! The development site as a program: the built page, and a proxy to real agents or to a simulated
//! one. `cargo xtask serve` builds the page and starts this program.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

mod simulated;

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use dev_site::{ListedAgent, Site, SiteSetup};
use obshell_sim::Fail;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use self::simulated::Cluster;

/// Serves the built page of the ODP console, and a proxy to the agents.
#[derive(Debug, Parser)]
struct Options {
    /// The address of the page; port 0 selects a free port.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// An agent to proxy to; can be repeated. Without this option, agents are simulated.
    #[arg(long, value_name = "HOST:PORT")]
    agent: Vec<String>,
    /// The stage at which the simulated destroy fails, on every attempt.
    #[arg(long, value_enum, default_value_t = Fail::None, conflicts_with = "agent")]
    fail: Fail,
    /// The number of simulated agents. Of four or more, one fails, one manages no ODP, and one has another password.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u16).range(1..=200),
        conflicts_with_all = ["agent", "fail"]
    )]
    agents: u16,
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

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    // Lives as long as this function.
    let mut simulated = match options.agent.as_slice() {
        [] => Some(Cluster::start(options.agents.into(), options.fail).await?),
        _ => None,
    };
    let agents: Vec<ListedAgent> = match &simulated {
        Some(simulated) => simulated.listed(),
        None => options
            .agent
            .iter()
            .map(|agent| agent.as_str().into())
            .collect(),
    };
    let setup = SiteSetup {
        agents: agents.clone(),
        ..SiteSetup::default()
    };
    let site = Site::start(options.listen, &options.dist, setup)
        .await
        .map_err(|error| format!("cannot serve on {}: {error}", options.listen))?;

    // Printed only once true: the page and the simulated agent behind it answer.
    expect_answer(&site, "/").await?;
    if simulated.is_some() {
        for agent in &agents {
            expect_answer(&site, &format!("/agents/{}/api/v1/info", agent.address)).await?;
        }
    }
    println!("Console: {}", site.url());
    for agent in &agents {
        let label = agent.label.as_deref().filter(|_| agents.len() > 1);
        match label {
            Some(label) => println!("Agent: {} ({label})", agent.address),
            None => println!("Agent: {}", agent.address),
        }
    }
    if let Some(simulated) = &simulated {
        println!("Agent password: {}", simulated.password);
        if let Some(other) = &simulated.other_password {
            println!("Password of the last agent: {other}");
        }
        println!("Press Enter to replace the simulated agents with new ones, Ctrl+C to stop.");
    }
    let mut lines = lines_of_standard_input();
    loop {
        tokio::select! {
            ended = tokio::signal::ctrl_c() => return Ok(ended?),
            Some(()) = lines.recv() => {
                if let Some(old) = simulated.take() {
                    simulated = Some(old.anew().await?);
                    println!("New agents started, with the same addresses and passwords.");
                }
            }
        }
    }
}

/// Sends a message for every line until standard input is closed. Uses a thread of its own: one of
/// tokio's would keep the program from exiting.
fn lines_of_standard_input() -> mpsc::UnboundedReceiver<()> {
    let (tell, told) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for _ in std::io::stdin().lines().map_while(Result::ok) {
            if tell.send(()).is_err() {
                return;
            }
        }
    });
    told
}

async fn expect_answer(site: &Site, target: &str) -> Result<(), Box<dyn Error>> {
    let mut stream = TcpStream::connect(site.address()).await?;
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        site.address()
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1 200 ") {
        return Ok(());
    }
    let answer = String::from_utf8_lossy(&answer);
    Err(format!(
        "{target} did not return 200: {}",
        answer.lines().next().unwrap_or("")
    )
    .into())
}
