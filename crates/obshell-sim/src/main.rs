//! The simulated agent as a program.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program prints where it listens, and errors"
)]

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;
use obshell_sim::{Agent, Config, Fail, Identity, Odp, Version};

/// A simulated obshell agent: responds like a real one, keeps its state in memory, never accesses the disk.
#[derive(Debug, Parser)]
struct Flags {
    /// Address on which the agent listens; port 0 selects a free port
    #[arg(long, value_name = "ADDR:PORT")]
    listen: SocketAddr,

    /// The agent password; without this flag, none is set
    #[arg(long, value_name = "PW")]
    agent_password: Option<String>,

    /// The root@sys password of OceanBase, for a cluster agent; empty for a cluster without a password
    #[arg(long, value_name = "PW")]
    ob_password: Option<String>,

    /// The state of the ODP
    #[arg(long, value_enum, default_value_t = Odp::Running)]
    odp: Odp,

    /// Home folder of the ODP; appears only in log lines
    #[arg(long, value_name = "DIR", default_value = "/home/admin/obproxy")]
    odp_home: String,

    /// Start with the task that added the ODP, and its log
    #[arg(long)]
    added: bool,

    /// The stage of a delete that fails, on every attempt
    #[arg(long, value_enum, default_value_t = Fail::None)]
    fail: Fail,

    /// The agent's role in its cluster; only a cluster agent accepts sessions
    #[arg(long, value_enum, default_value_t = Identity::Single)]
    identity: Identity,

    /// Size of the RSA key [default: that of the version: 1024, before 4.4.2.0 512]
    #[arg(long, value_name = "BITS", value_parser = ["512", "1024"])]
    rsa_bits: Option<String>,

    /// The version that the agent reports, and whose routes, limits and error format it has
    #[arg(long, default_value_t = Version::CURRENT)]
    version: Version,

    /// Whether CANCEL and PASS of an ODP's task are allowed [default: that of the version: not on 4.2.6.0]
    #[arg(long, value_name = "BOOL")]
    cancel_and_pass: Option<bool>,

    /// Pause between two passes of the task engine, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 1000)]
    tick_ms: u64,

    /// Pause after killing the ODP, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 5000)]
    kill_wait_ms: u64,

    /// How far the agent's clock is ahead, in seconds; negative: behind
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    clock_offset_secs: i64,

    /// Behave like a build of obshell with encryption disabled: no headers, plain bodies
    #[arg(long)]
    no_encryption: bool,

    /// Also listen on this address for commands that change the simulation; GET / lists them
    #[arg(long, value_name = "ADDR:PORT")]
    control: Option<SocketAddr>,
}

impl Flags {
    fn config(&self) -> Config {
        Config {
            agent_password: self.agent_password.clone(),
            ob_password: self.ob_password.clone(),
            odp: self.odp,
            odp_home: self.odp_home.clone(),
            added: self.added,
            fail: self.fail,
            identity: self.identity,
            rsa_bits: self.rsa_bits.as_deref().and_then(|bits| bits.parse().ok()),
            version: self.version,
            cancel_and_pass: self.cancel_and_pass,
            tick: Duration::from_millis(self.tick_ms),
            kill_wait: Duration::from_millis(self.kill_wait_ms),
            clock_offset_secs: self.clock_offset_secs,
            encryption: !self.no_encryption,
            ..Config::default()
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let flags = match Flags::try_parse() {
        Ok(flags) => flags,
        Err(error) if error.kind() == ErrorKind::DisplayHelp => {
            print!("{error}");
            return ExitCode::SUCCESS;
        }
        Err(error) => return refuse(&one_line(&error.to_string())),
    };
    match run(&flags).await {
        Ok(never) => match never {},
        Err(why) => refuse(&why),
    }
}

/// Prints one line and returns the exit code of an invalid command line.
fn refuse(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}

/// The error and the valid values on one line, without clap's usage.
fn one_line(error: &str) -> String {
    let about_the_error = error.split("\n\nUsage").next().unwrap_or(error);
    let about_the_error = about_the_error
        .split("\n\nFor more")
        .next()
        .unwrap_or(about_the_error);
    about_the_error
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

async fn run(flags: &Flags) -> Result<std::convert::Infallible, String> {
    let agent = Agent::start_on(flags.listen, flags.config())
        .await
        .map_err(|error| format!("error: cannot listen on {}: {error}", flags.listen))?;
    println!("Agent: {}", agent.addr());
    // Kept until the end: dropping it stops the listener.
    let _control = match flags.control {
        None => None,
        Some(addr) => {
            let server = agent.control().listen(addr).await;
            let server = server
                .map_err(|error| format!("error: cannot listen on {addr} for control: {error}"))?;
            println!("Control: {}", server.addr());
            Some(server)
        }
    };
    std::future::pending().await
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_flags_are_consistent_and_explained() {
        Flags::command().debug_assert();
        for flag in Flags::command().get_arguments() {
            assert!(
                flag.get_help().is_some(),
                "{} is not explained",
                flag.get_id()
            );
        }
    }

    #[test]
    fn defaults_are_those_of_the_library() {
        let flags = Flags::parse_from(["obshell-sim", "--listen", "127.0.0.1:0"]);
        assert_eq!(
            format!("{:?}", flags.config()),
            format!("{:?}", Config::default())
        );
    }

    #[test]
    fn a_wrong_flag_is_one_line() {
        let error =
            Flags::try_parse_from(["obshell-sim", "--listen", "127.0.0.1:0", "--odp", "gone"])
                .unwrap_err();
        let line = one_line(&error.to_string());
        assert_eq!(
            line,
            "error: invalid value 'gone' for '--odp <ODP>' [possible values: running, stopped, unmanaged]"
        );
    }
}
