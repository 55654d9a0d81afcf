//! The development site as a program: the built page, and behind it agents that exist or a
//! simulated one. `cargo xtask serve` builds the page and starts this.
#![expect(
    clippy::print_stdout,
    reason = "a command-line program talks by printing"
)]

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use dev_site::{ListedAgent, Site, SiteSetup};
use obshell_sim::{Agent, Config, Fail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// Letters and digits that nobody takes for one another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A free port of this machine.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Serves the built page of the ODP console.
#[derive(Debug, Parser)]
struct Options {
    /// Where the page is served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// An agent to serve; may be repeated. Without any a simulated one is started.
    #[arg(long, value_name = "HOST:PORT")]
    agent: Vec<String>,
    /// The stage at which the simulated agent's destroy fails, on every attempt.
    #[arg(long, value_enum, default_value_t = Fail::None, conflicts_with = "agent")]
    fail: Fail,
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
        [] => Some(Simulated::start(options.fail).await?),
        _ => None,
    };
    let agents = match &simulated {
        Some(simulated) => vec![ListedAgent {
            address: simulated.agent.addr().to_string(),
            label: Some("simulated".to_owned()),
        }],
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

    // Printed when it is true: the page is there, and the simulated agent behind it.
    expect_answer(&site, "/").await?;
    if let Some(simulated) = &simulated {
        expect_answer(
            &site,
            &format!("/agents/{}/api/v1/info", simulated.agent.addr()),
        )
        .await?;
    }
    println!("Console: {}", site.url());
    for agent in &agents {
        println!("Agent: {}", agent.address);
    }
    if let Some(simulated) = &simulated {
        println!("Agent password: {}", simulated.password);
        println!("Press Enter for a new simulated agent with a running ODP, Ctrl+C to end.");
    }
    let mut lines = lines_of_standard_input();
    loop {
        tokio::select! {
            ended = tokio::signal::ctrl_c() => return Ok(ended?),
            Some(()) = lines.recv() => {
                if let Some(old) = simulated.take() {
                    simulated = Some(old.anew().await?);
                    println!("New agent: same address and password, a running ODP, no tasks.");
                }
            }
        }
    }
}

/// Tells of every line until standard input is closed. A thread of its own reads: one of tokio's
/// would keep the program from ending.
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

/// An agent that manages a running ODP, with a password that only this run knows.
struct Simulated {
    agent: Agent,
    password: String,
    fail: Fail,
}

impl Simulated {
    async fn start(fail: Fail) -> Result<Self, Box<dyn Error>> {
        Self::start_on(ANY_PORT, random_password()?, fail).await
    }

    async fn start_on(
        address: SocketAddr,
        password: String,
        fail: Fail,
    ) -> Result<Self, Box<dyn Error>> {
        let config = Config {
            agent_password: Some(password.clone()),
            fail,
            added: true,
            ..Config::default()
        };
        let agent = Agent::start_on(address, config)
            .await
            .map_err(|error| format!("cannot start the simulated agent: {error}"))?;
        Ok(Self {
            agent,
            password,
            fail,
        })
    }

    /// Another agent in the place of this one.
    async fn anew(self) -> Result<Self, Box<dyn Error>> {
        let Self {
            agent,
            password,
            fail,
        } = self;
        let address = agent.addr();
        agent.end().await;
        Self::start_on(address, password, fail).await
    }
}

/// Sixteen letters from the operating system's randomness: 80 bits.
fn random_password() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    let letters = bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    Ok(letters.map(|letter| char::from(*letter)).collect())
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
        "{target} does not answer: {}",
        answer.lines().next().unwrap_or("")
    )
    .into())
}
