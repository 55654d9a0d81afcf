//! The command line and its help.

use std::ffi::OsString;
use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt as _};

use crate::serve;

/// A command with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Serve(serve::Options),
    Test {
        quick: bool,
    },
    Build {
        debug: bool,
    },
    Package,
    Hosts,
    Size,
    Bench {
        write: bool,
    },
    Screenshots,
    Conformance(Vec<String>),
    /// The help of one command, or of all commands.
    Help(Option<&'static Entry>),
}

/// A command as described in the help.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    name: &'static str,
    summary: &'static str,
    /// Arguments and their meanings, one per line.
    arguments: &'static [(&'static str, &'static str)],
    /// Further notes for the user.
    more: &'static str,
}

const ENTRIES: [Entry; 9] = [
    Entry {
        name: "serve",
        summary: "build the page and serve it with a simulated agent",
        arguments: &[
            (
                "--listen ADDR",
                "address of the page (default 127.0.0.1:8080; port 0 selects a free port)",
            ),
            (
                "--agent HOST:PORT",
                "use this agent instead of a simulated one; can be repeated",
            ),
            (
                "--fail STAGE",
                "fail the simulated destroy: check (stage 1), stop or stop-timeout (2), clean (4)",
            ),
            (
                "--agents N",
                "simulate N agents (1 to 200); of several, some do not end as destroyed",
            ),
            ("--debug", "build the page without optimisations"),
        ],
        more: "Installs missing tools into .tools/. Builds the page only if it is out of date.\nWhile it runs, Enter replaces the simulated agents with new ones, and Ctrl+C stops.",
    },
    Entry {
        name: "test",
        summary: "run every test and print a summary",
        arguments: &[(
            "quick",
            "run only format, lints, native and WebAssembly tests, with fewer random cases; installs nothing",
        )],
        more: "Without `quick`, installs missing tools and browsers into .tools/. CI runs this command.",
    },
    Entry {
        name: "build",
        summary: "build the page into dist/",
        arguments: &[("--debug", "build without optimisations")],
        more: "Installs missing tools into .tools/. The old page remains in dist/ until the new one is complete.",
    },
    Entry {
        name: "package",
        summary: "build the npm package and pack it into packages/",
        arguments: &[],
        more: "Builds the page first.",
    },
    Entry {
        name: "hosts",
        summary: "build the host pages of the tests into tests/hosts/dist/",
        arguments: &[],
        more: "Builds the page and the package first. Installs 1.7 GB of npm packages into tests/hosts/.",
    },
    Entry {
        name: "size",
        summary: "measure the bytes that a browser downloads until it shows a running task, \
                  for the page and the package; fails above the budget",
        arguments: &[],
        more: "Builds what `hosts` builds first.",
    },
    Entry {
        name: "bench",
        summary: "measure the speed of the console in Chromium; fails if a demanded ratio is missed",
        arguments: &[("--write", "write the tables to docs/performance.md")],
        more: "Takes about ten minutes after the build, on a machine that runs nothing else. Writes the samples to target/bench.json.",
    },
    Entry {
        name: "screenshots",
        summary: "take a screenshot of every screen and ending into screenshots/",
        arguments: &[],
        more: "Builds what `hosts` builds first.",
    },
    Entry {
        name: "conformance",
        summary: "check that an agent behaves as the console relies on",
        arguments: &[
            ("--agent HOST:PORT", "the agent"),
            ("--agent-password PW", "the agent password"),
            ("--destroy", "also run the checks that destroy its ODP"),
        ],
        more: "",
    },
];

/// Parses the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Result<Command> {
    let mut arguments = lexopt::Parser::from_args(arguments);
    let name = match arguments.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Command::Help(None)),
        Some(Value(name)) => name.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    if name == "help" {
        return match arguments.next()? {
            None | Some(Short('h') | Long("help")) => Ok(Command::Help(None)),
            Some(Value(name)) => Ok(Command::Help(Some(entry(&name.string()?)?))),
            Some(other) => Err(other.unexpected().into()),
        };
    }
    let entry = entry(&name)?;
    match entry.name {
        "conformance" => return conformance(entry, &mut arguments),
        "serve" | "test" | "build" | "bench" => {}
        _ => return alone(entry, &mut arguments),
    }
    let mut serve = serve::Options::default();
    let mut quick = false;
    let mut write = false;
    while let Some(argument) = arguments.next()? {
        match (entry.name, argument) {
            (_, Short('h') | Long("help")) => return Ok(Command::Help(Some(entry))),
            ("serve", Long("listen")) => serve.listen = address(&arguments.value()?.string()?)?,
            ("serve", Long("agent")) => serve.agents.push(arguments.value()?.string()?),
            ("serve", Long("fail")) => serve.fail = Some(stage(arguments.value()?.string()?)?),
            ("serve", Long("agents")) => {
                serve.simulated = Some(count(&arguments.value()?.string()?)?);
            }
            ("serve" | "build", Long("debug")) => serve.debug = true,
            ("test", Value(word)) if word == "quick" => quick = true,
            ("bench", Long("write")) => write = true,
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    if serve.fail.is_some() && !serve.agents.is_empty() {
        bail!("--fail applies only to a simulated agent: remove --fail or --agent");
    }
    if serve.simulated.is_some() && (serve.fail.is_some() || !serve.agents.is_empty()) {
        bail!("--agents cannot be combined with --agent or --fail");
    }
    Ok(match entry.name {
        "serve" => Command::Serve(serve),
        "test" => Command::Test { quick },
        "bench" => Command::Bench { write },
        _ => Command::Build { debug: serve.debug },
    })
}

fn address(text: &str) -> Result<SocketAddr> {
    text.parse().ok().with_context(|| {
        format!(
            "--listen {text}: give an IP address and a port, such as 127.0.0.1:8081 or [::1]:8081"
        )
    })
}

fn count(text: &str) -> Result<u16> {
    let count = text.parse().ok().filter(|count| (1..=200).contains(count));
    count.with_context(|| format!("--agents {text}: give a number from 1 to 200"))
}

/// A stage at which the simulated agent can fail.
fn stage(name: String) -> Result<String> {
    const STAGES: [&str; 4] = ["check", "stop", "stop-timeout", "clean"];
    if STAGES.contains(&name.as_str()) {
        return Ok(name);
    }
    bail!("--fail {name}: choose one of {}", STAGES.join(", "))
}

/// The program that this command starts parses its own arguments.
fn conformance(entry: &'static Entry, arguments: &mut lexopt::Parser) -> Result<Command> {
    let rest: Vec<String> = arguments
        .raw_args()?
        .map(|argument| argument.string())
        .collect::<Result<_, _>>()?;
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Command::Help(Some(entry)));
    }
    Ok(Command::Conformance(rest))
}

fn alone(entry: &'static Entry, arguments: &mut lexopt::Parser) -> Result<Command> {
    match arguments.next()? {
        None => {}
        Some(Short('h') | Long("help")) => return Ok(Command::Help(Some(entry))),
        Some(other) => return Err(other.unexpected().into()),
    }
    Ok(match entry.name {
        "package" => Command::Package,
        "hosts" => Command::Hosts,
        "size" => Command::Size,
        "screenshots" => Command::Screenshots,
        other => bail!("{other} has help but no implementation"),
    })
}

fn entry(name: &str) -> Result<&'static Entry> {
    const ALL: &[Entry] = &ENTRIES;
    ALL.iter()
        .find(|entry| entry.name == name)
        .with_context(|| {
            format!("Unknown command {name:?}. `cargo xtask --help` lists all commands.")
        })
}

/// The text of the help.
pub fn help(entry: Option<&Entry>) -> String {
    let Some(entry) = entry else {
        let all: Vec<String> = ENTRIES.iter().map(described).collect();
        return format!(
            "Development commands of the ODP console\n\n{}\n\
             `cargo xtask COMMAND --help` describes one command. Missing tools are installed into\n\
             .tools/ of this work tree without a prompt.",
            all.concat()
        );
    };
    let more = if entry.more.is_empty() { "" } else { "\n" };
    format!("{}{more}{}", described(entry), entry.more)
}

fn described(entry: &Entry) -> String {
    let mut text = format!("cargo xtask {:<13}{}\n", entry.name, entry.summary);
    for (argument, meaning) in entry.arguments {
        text.push_str(&format!("    {argument:<22}{meaning}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Command, ENTRIES, help, parse};
    use crate::serve;

    fn parsed(line: &str) -> Command {
        parse(line.split_whitespace()).unwrap()
    }

    fn refused(line: &str) -> String {
        format!("{:#}", parse(line.split_whitespace()).unwrap_err())
    }

    #[test]
    fn every_command_has_help_that_names_its_arguments() {
        for entry in &ENTRIES {
            for line in ["NAME --help", "NAME -h", "help NAME"] {
                let command = parsed(&line.replace("NAME", entry.name));
                assert_eq!(command, Command::Help(Some(entry)));
            }
            let text = help(Some(entry));
            assert!(text.contains(entry.summary));
            for (argument, meaning) in entry.arguments {
                assert!(text.contains(argument) && text.contains(meaning), "{text}");
            }
        }
    }

    #[test]
    fn help_without_a_command_lists_all_of_them() {
        for line in ["", "--help", "-h", "help", "help --help"] {
            assert_eq!(parsed(line), Command::Help(None), "{line}");
        }
        let text = help(None);
        for entry in &ENTRIES {
            assert!(text.contains(&format!("cargo xtask {}", entry.name)));
        }
    }

    #[test]
    fn every_command_that_is_described_can_be_run() {
        for entry in &ENTRIES {
            assert!(
                !matches!(parsed(entry.name), Command::Help(_)),
                "{}",
                entry.name
            );
        }
    }

    #[test]
    fn help_is_found_behind_other_arguments() {
        for line in [
            "serve --debug --help",
            "test quick -h",
            "conformance --agent a:1 --help",
        ] {
            assert!(matches!(parsed(line), Command::Help(Some(_))), "{line}");
        }
    }

    #[test]
    fn arguments_are_read() {
        assert_eq!(
            parsed("serve --listen [::1]:0 --agent a:1 --agent=b:2 --debug"),
            Command::Serve(serve::Options {
                listen: "[::1]:0".parse().unwrap(),
                agents: vec!["a:1".to_owned(), "b:2".to_owned()],
                debug: true,
                ..serve::Options::default()
            })
        );
        assert_eq!(
            parsed("serve --fail stop"),
            Command::Serve(serve::Options {
                fail: Some("stop".to_owned()),
                ..serve::Options::default()
            })
        );
        assert_eq!(
            parsed("serve --agents 12"),
            Command::Serve(serve::Options {
                simulated: Some(12),
                ..serve::Options::default()
            })
        );
        assert_eq!(parsed("test"), Command::Test { quick: false });
        assert_eq!(parsed("test quick"), Command::Test { quick: true });
        assert_eq!(parsed("build --debug"), Command::Build { debug: true });
        assert_eq!(
            parsed("conformance --agent a:1 --destroy"),
            Command::Conformance(["--agent", "a:1", "--destroy"].map(str::to_owned).into())
        );
    }

    #[test]
    fn the_bench_writes_its_document_only_if_told_to() {
        assert_eq!(parsed("bench"), Command::Bench { write: false });
        assert_eq!(parsed("bench --write"), Command::Bench { write: true });
        assert!(refused("bench now").contains("now"));
        assert!(refused("test --write").contains("--write"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(refused("srve").contains("\"srve\""));
        assert!(refused("serve --listen 8080").contains("--listen 8080"));
        assert!(refused("serve quick").contains("quick"));
        assert!(refused("test --debug").contains("--debug"));
        assert!(refused("test slow").contains("slow"));
        assert!(refused("size now").contains("now"));
        assert!(refused("serve --fail stage2").contains("check, stop, stop-timeout, clean"));
        assert!(refused("serve --fail stop --agent 10.10.10.1:2886").contains("--agent"));
        assert!(refused("serve --agents 0").contains("1 to 200"));
        assert!(refused("serve --agents 3 --fail stop").contains("--fail"));
        assert!(refused("help srve").contains("\"srve\""));
    }
}
