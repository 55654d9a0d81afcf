//! Tests the program `console-site` at a terminal.
#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it should be"
)]

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// The running program; dropping it ends the program.
struct Program {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let page = Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(
            page.join("index.html"),
            "<!DOCTYPE html><title>page</title>",
        )
        .unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_console-site"))
            .args(["--listen", "127.0.0.1:0", "--dist"])
            .arg(page)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, lines }
    }

    /// Returns the next line with this prefix, without the prefix.
    fn line(&mut self, beginning: &str) -> String {
        self.lines
            .find_map(|line| Some(line.unwrap().strip_prefix(beginning)?.to_owned()))
            .unwrap()
    }

    fn press_enter(&mut self) {
        let keyboard = self.process.stdin.as_mut().unwrap();
        keyboard.write_all(b"\n").unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the public key of an agent, which is unique.
fn secret(agent: &str) -> String {
    let mut stream = TcpStream::connect(agent).unwrap();
    let request =
        format!("GET /api/v1/secret HTTP/1.1\r\nHost: {agent}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, key) = answer.split_once("\"public_key\":\"").unwrap();
    key.split_once('"').unwrap().0.to_owned()
}

#[test]
fn enter_gives_a_new_agent_at_the_same_address() {
    let mut program = Program::start(&[]);
    let agent = program.line("Agent: ");
    program.line("Press Enter");
    let before = secret(&agent);
    for _ in 0..2 {
        program.press_enter();
        program.line("New agents");
        assert_ne!(secret(&agent), before);
    }
}

#[test]
fn a_cluster_has_agents_that_end_badly_in_two_groups() {
    let mut program = Program::start(&["--agents", "5"]);
    let console = program.line("Console: ");
    let labels: Vec<_> = (0..5).map(|_| program.line("Agent: ")).collect();
    for (label, remark) in labels.iter().zip([
        "odp-01)",
        "fails at stage 2",
        "manages no ODP",
        "odp-04)",
        "another password",
    ]) {
        assert!(label.contains(remark), "{label}");
    }
    assert_ne!(
        program.line("Agent password: "),
        program.line("Password of the last agent: ")
    );
    let host = console.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!("GET /config.json HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let groups = ["cluster-a", "cluster-b"].map(|group| answer.matches(group).count());
    assert_eq!(groups, [3, 2], "{answer}");
}
