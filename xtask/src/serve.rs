//! `cargo xtask serve`: serves the page and a proxy to an agent.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;

use anyhow::{Context as _, Result, anyhow, bail};

use crate::progress::{self, Steps};
use crate::tools::{PAGE, Tools, estimate, listed};
use crate::{page, process};

/// The options of `serve`.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// The address on which the page is served.
    pub listen: SocketAddr,
    /// The agents to serve; if empty, one is simulated.
    pub agents: Vec<String>,
    /// How many agents are simulated if none is given; one by default.
    pub simulated: Option<u16>,
    /// The stage at which the simulated agent's destroy fails; `console-site` defines the names.
    pub fail: Option<String>,
    /// Whether the page is built without optimisations.
    pub debug: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            agents: Vec::new(),
            simulated: None,
            fail: None,
            debug: false,
        }
    }
}

/// Builds the page if it is not current, then replaces this process with the site. Returns only on
/// an error, or on systems that cannot replace a process.
pub fn serve(root: &Path, tools: &Tools, options: &Options) -> Result<()> {
    must_be_free(options.listen)?;
    let agent = match options.simulated {
        Some(count) => format!("{count} simulated agents"),
        None if options.agents.is_empty() => "a simulated agent".to_owned(),
        None => options.agents.join(", "),
    };
    progress::say(&format!(
        "cargo xtask serve: builds the page if it is out of date, and serves it on {} with {agent}.",
        options.listen
    ));
    let (site, mut steps) = if page::is_current(root, tools, options.debug)? {
        progress::say(
            "The page in dist/ is up to date. 2 steps: a few seconds, or about a minute if the site \
             must be compiled.",
        );
        let mut steps = Steps::new(2);
        let _step = steps.begin(SITE);
        (site(tools)?, steps)
    } else {
        build(root, tools, options.debug)?
    };
    let mut program = tools.command(site);
    program
        .arg("--dist")
        .arg(root.join("dist"))
        .args(["--listen", &options.listen.to_string()]);
    for agent in &options.agents {
        program.args(["--agent", agent]);
    }
    if let Some(count) = options.simulated {
        program.args(["--agents", &count.to_string()]);
    }
    if let Some(stage) = &options.fail {
        program.args(["--fail", stage]);
    }
    let _step = steps.begin("serving until Ctrl+C");
    become_program(&mut program)
}

const SITE: &str = "site and simulated agent";

/// Seconds for a first build of the page on two idle cores, and for a later one.
const FIRST_PAGE: u64 = 150;
const LATER_PAGE: u64 = 60;

/// Builds the page and the site in parallel: they are compiled into different folders, so cargo
/// does not lock one against the other.
fn build(root: &Path, tools: &Tools, debug: bool) -> Result<(PathBuf, Steps)> {
    let missing = tools.missing(PAGE);
    let page = if tools.has_compiled(if debug { "debug" } else { "release" }) {
        LATER_PAGE
    } else {
        FIRST_PAGE
    };
    let total = 3 + usize::from(!missing.is_empty());
    let seconds = estimate(&missing) + page;
    progress::say(&format!(
        "{total} steps, {} on two cores.\n{}",
        progress::about(seconds),
        listed(&missing)
    ));
    let mut steps = Steps::new(total);
    thread::scope(|scope| {
        let (send, builder) = channel();
        let site = scope.spawn(move || {
            // Builds the builder of the page first, because the page waits for it.
            let _ = send.send(page::builder(tools));
            site(tools)
        });
        if !missing.is_empty() {
            let _step = steps.begin("tools");
            tools.install(&missing)?;
        }
        {
            let _step = steps.begin("page");
            let builder = builder
                .recv()
                .context("the builder of the page could not be built")??;
            page::build_with(&builder, root, tools, debug)?;
        }
        let _step = steps.begin(SITE);
        let site = site
            .join()
            .unwrap_or_else(|_| Err(anyhow!("building the site was aborted")))?;
        Ok((site, steps))
    })
}

fn site(tools: &Tools) -> Result<PathBuf> {
    tools.program("dev-site", "console-site")
}

/// Whether the site can listen on this address. Checked before the build, which takes minutes.
fn must_be_free(address: SocketAddr) -> Result<()> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let other = TcpListener::bind(SocketAddr::new(address.ip(), 0))
                .and_then(|listener| listener.local_addr())
                .unwrap_or_else(|_| SocketAddr::new(address.ip(), 0));
            bail!(
                "another program listens on {address}. Choose another address: \
                 `cargo xtask serve --listen {other}`"
            )
        }
        Err(error) => Err(error).with_context(|| {
            format!("cannot listen on {address}; choose another address with --listen ADDR")
        }),
    }
}

/// Replaces this process with the program, so that a signal to this process ends the program.
#[cfg(unix)]
pub fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    let text = process::shown(command);
    Err(anyhow::Error::new(command.exec()).context(format!("cannot run `{text}`")))
}

#[cfg(not(unix))]
pub fn become_program(command: &mut Command) -> Result<()> {
    process::run(command)
}

#[cfg(test)]
mod tests {
    use std::net::{SocketAddr, TcpListener};

    use super::must_be_free;

    #[test]
    fn an_address_in_use_is_refused_and_a_free_one_is_offered() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let error = must_be_free(address).unwrap_err().to_string();
        assert!(error.contains(&address.to_string()), "{error}");
        let offered = error.split("--listen ").nth(1).unwrap();
        let offered: SocketAddr = offered.trim_end_matches('`').parse().unwrap();
        assert_ne!(offered.port(), address.port());
        must_be_free(offered).unwrap();
        drop(taken);
        must_be_free(address).unwrap();
    }

    #[test]
    fn any_free_port_is_free() {
        must_be_free("127.0.0.1:0".parse().unwrap()).unwrap();
    }

    #[test]
    fn an_address_of_another_machine_names_the_option() {
        let error = must_be_free("192.0.2.1:8080".parse().unwrap()).unwrap_err();
        assert!(error.to_string().contains("--listen"), "{error}");
    }
}
