//! Tests the program: its flags, its exit codes, its control listener.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::wire::{Answer, send};

fn program(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obshell-sim"));
    command
        .args(flags)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The running program; dropping it ends the program.
struct Running {
    child: Child,
    agent: SocketAddr,
    control: SocketAddr,
}

impl Running {
    fn start(flags: &[&str]) -> Self {
        let always = ["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"];
        let mut child = program(&[&always[..], flags].concat()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut address = |label: &str| {
            let line = lines.next().unwrap().unwrap();
            line.strip_prefix(label)
                .unwrap_or_else(|| panic!("{line}"))
                .parse()
                .unwrap()
        };
        Self {
            agent: address("Agent: "),
            control: address("Control: "),
            child,
        }
    }

    async fn info(&self) -> serde_json::Value {
        send(self.agent, "GET", "/api/v1/info", &[], b"")
            .await
            .unwrap()
            .data()
    }

    async fn control(&self, method: &str, target: &str) -> Answer {
        send(self.control, method, target, &[], b"").await.unwrap()
    }

    async fn order(&self, target: &str) {
        let answer = self.control("POST", target).await;
        assert_eq!(answer.status, 204, "{target}: {answer:?}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The program may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Checks for one line with the reason, and exit code 2.
#[track_caller]
fn assert_refused(output: &Output, says: &str) {
    let line = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(
        (output.status.code(), line.lines().count()),
        (Some(2), 1),
        "{line}"
    );
    assert!(line.contains(says), "{line}");
}

#[test]
fn a_wrong_command_line_is_one_line_and_exit_code_2() {
    let refused = |flags: &[&str]| program(flags).output().unwrap();
    assert_refused(&refused(&[]), "--listen");
    let listen = ["--listen", "127.0.0.1:0"];
    for (flags, says) in [
        (["--odp", "gone"], "running, stopped, unmanaged"),
        (["--fail", "all"], "stop-timeout"),
        (["--rsa-bits", "768"], "512, 1024"),
        (
            ["--version", "4.5"],
            "\"4.5\" is not a version such as 4.5.0.0",
        ),
        (["--tick-ms", "soon"], "--tick-ms"),
        (["--colour", "blue"], "--colour"),
    ] {
        assert_refused(&refused(&[&listen[..], &flags[..]].concat()), says);
    }
}

#[test]
fn a_taken_port_is_one_line_and_exit_code_2() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    assert_refused(
        &program(&["--listen", &addr]).output().unwrap(),
        &format!("cannot listen on {addr}"),
    );
    let output = program(&["--listen", "127.0.0.1:0", "--control", &addr])
        .output()
        .unwrap();
    assert_refused(&output, &format!("cannot listen on {addr} for control"));
}

#[test]
fn help_explains_every_flag() {
    let output = program(&["--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    for flag in [
        "--listen",
        "--agent-password",
        "--odp",
        "--odp-home",
        "--fail",
        "--identity",
        "--rsa-bits",
        "--version",
        "--tick-ms",
        "--kill-wait-ms",
        "--clock-offset-secs",
        "--no-encryption",
        "--control",
    ] {
        assert!(
            help.contains(&format!("{flag} ")) || help.contains(&format!("{flag}\n")),
            "{flag} is not in:\n{help}"
        );
    }
}

#[tokio::test]
async fn flags_reach_the_agent() {
    let running = Running::start(&[
        "--agent-password",
        "Pw#1",
        "--odp",
        "unmanaged",
        "--identity",
        "cluster-agent",
        "--version",
        "4.4.2.0",
        "--clock-offset-secs",
        "-7200",
    ]);
    let info = running.info().await;
    assert_eq!(
        (&info["identity"], &info["version"]),
        (&"CLUSTER AGENT".into(), &"4.4.2.0-0".into())
    );
    assert_eq!(
        (&info["security"], &info["isObproxyAgent"]),
        (&true.into(), &false.into())
    );
    let time = send(running.agent, "GET", "/api/v1/time", &[], b"")
        .await
        .unwrap()
        .data();
    let time = chrono::DateTime::parse_from_rfc3339(time.as_str().unwrap()).unwrap();
    assert!((chrono::Utc::now() - time.to_utc()).num_seconds() >= 7190);
    let open = Running::start(&["--no-encryption", "--rsa-bits", "512"]);
    let answer = send(open.agent, "DELETE", "/api/v1/obproxy", &[], b"")
        .await
        .unwrap();
    assert_eq!(answer.data()["name"], "Delete obproxy");
}

#[tokio::test]
async fn the_control_listener_changes_a_life() {
    let running = Running::start(&["--no-encryption"]);
    let delete = || send(running.agent, "DELETE", "/api/v1/obproxy", &[], b"");
    running.order("/hold").await;
    running.order("/cut?when=before&method=DELETE").await;
    assert!(delete().await.is_err());
    running
        .order("/proxy?answer=html-502&path=/api/v1/obproxy")
        .await;
    assert_eq!(delete().await.unwrap().status, 502);
    running.order("/fail-stage?stage=2&times=1").await;
    assert_eq!(delete().await.unwrap().status, 200);
    for _ in 0..4 {
        running.order("/step").await;
    }
    let state = running.control("GET", "/state").await.json();
    assert_eq!(
        (&state["tasks"][0]["state"], &state["tasks"][0]["stage"]),
        (&"FAILED".into(), &2.into())
    );
    assert_eq!(
        (&state["locked"], &state["held"]),
        (&true.into(), &true.into())
    );
    running.order("/log-lines?count=5").await;
    running.order("/odp?is=unmanaged").await;
    assert_eq!(running.info().await["isObproxyAgent"], false);
    let before = running.info().await;
    running.order("/restart").await;
    assert_ne!(running.info().await["startAt"], before["startAt"]);
    running.order("/password?value=Pw%231").await;
    assert_eq!(running.info().await["security"], true);
    running.order("/go-away").await;
    assert!(
        send(running.agent, "GET", "/api/v1/info", &[], b"")
            .await
            .is_err()
    );
    running.order("/come-back").await;
    running.order("/forget-requests").await;
    assert_eq!(running.info().await["security"], true);
    let requests = running.control("GET", "/requests").await.json();
    assert_eq!(requests.as_array().unwrap().len(), 1);
    assert_eq!(
        (&requests[0]["target"], &requests[0]["status"]),
        (&"/api/v1/info".into(), &200.into())
    );
    for target in [
        "/rotate-key",
        "/delay?ms=0&when=after",
        "/hold-back?when=after&path=/api/v1/nothing",
        "/let-through",
        "/cache?path=/api/v1/nothing",
        "/twice?method=PUT",
        "/late?ms=5&method=PUT",
        "/late?ms=5&first=answered&method=PUT&times=2",
        "/proxy?answer=empty-204&method=PUT",
        "/hide-tasks?ms=0",
        "/arrive-now",
        "/odd?is=failed-stage&stage=3",
        "/odd?is=nulls",
        "/odd?is=sub-tasks&count=25",
        "/odd?is=stages&count=25",
        "/heal",
        "/clock-offset?seconds=5",
        "/fail?mode=clean",
        "/pass",
        "/elapse",
        "/release",
    ] {
        running.order(target).await;
    }
}

#[tokio::test]
async fn the_control_listener_lets_a_request_come_twice_and_late() {
    let running = Running::start(&["--no-encryption", "--version", "4.3.0.0"]);
    let delete = || send(running.agent, "DELETE", "/api/v1/obproxy", &[], b"");
    let dag = || {
        send(
            running.agent,
            "GET",
            "/api/v1/task/dag/maintain/agent",
            &[],
            b"",
        )
    };
    running.order("/hold").await;
    running.order("/late?ms=3600000&method=DELETE").await;
    assert!(delete().await.is_err());
    assert_eq!(dag().await.unwrap().status, 404);
    running.order("/arrive-now").await;
    assert_eq!(dag().await.unwrap().status, 200);
    running.order("/twice?method=DELETE").await;
    assert_eq!(delete().await.unwrap().status, 500);
    let requests = running.control("GET", "/requests").await.json();
    let deletes = requests.as_array().unwrap().iter();
    let deletes = deletes.filter(|request| request["method"] == "DELETE");
    assert_eq!(deletes.count(), 4, "lost, late, and twice");
    running.order("/odd?is=zero-times").await;
    let odd = dag().await.unwrap().data();
    assert_eq!(odd["start_time"], "0001-01-01T00:00:00Z");
    running.order("/odd?is=no-nodes").await;
    assert_eq!(dag().await.unwrap().data()["nodes"], serde_json::json!([]));
    running.order("/heal").await;
    running
        .order("/cache?path=/api/v1/task/dag/maintain/agent")
        .await;
    let cached = dag().await.unwrap();
    assert_eq!(cached.data()["start_time"], "0001-01-01T00:00:00Z");
}

/// Sends these bytes to the control listener and returns everything until it closes the connection.
async fn raw(control: SocketAddr, bytes: &str) -> String {
    let mut stream = tokio::net::TcpStream::connect(control).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut told = String::new();
    let closed = stream.read_to_string(&mut told);
    let closed = tokio::time::timeout(Duration::from_secs(30), closed).await;
    closed.expect("it waits for ever").unwrap();
    told
}

#[tokio::test]
async fn the_control_listener_obeys_no_web_page() {
    let running = Running::start(&[]);
    let at = running.control;
    for lines in [
        // A page of another site whose name resolves to this address, or that posts to it.
        "Host: rebound.example\r\n".to_owned(),
        format!("Host: rebound.example:{}\r\n", at.port()),
        String::new(),
        format!("Host: {at}\r\nOrigin: https://elsewhere.example\r\n"),
        format!("Host: {at}\r\nOrigin: http://{at}\r\n"),
        format!("Host: {at}\r\nOrigin: null\r\n"),
    ] {
        for line in ["POST /go-away", "GET /state"] {
            let request = format!("{line} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
            let told = raw(at, &request).await;
            assert!(told.starts_with("HTTP/1.1 403 "), "{request}{told}");
            assert!(!told.contains("public_key"), "{told}");
        }
    }
    let named = format!("Host: localhost:{}\r\nConnection: close\r\n\r\n", at.port());
    let told = raw(at, &format!("GET /state HTTP/1.1\r\n{named}")).await;
    assert!(told.starts_with("HTTP/1.1 200 "), "{told}");
    // No command was executed: the agent still responds.
    let info = send(running.agent, "GET", "/api/v1/info", &[], b"").await;
    assert_eq!(info.unwrap().status, 200);
}

#[tokio::test]
async fn the_control_listener_waits_for_no_request_for_ever() {
    let running = Running::start(&[]);
    let whole = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", running.control);
    let (nothing, half, kept) = tokio::join!(
        raw(running.control, ""),
        raw(running.control, "POST /go-away HTTP/1.1\r\nHost:"),
        raw(running.control, &whole),
    );
    for told in [nothing, half] {
        assert!(!told.contains(" 204 ") && !told.contains(" 200 "), "{told}");
    }
    assert_eq!(kept.matches("HTTP/1.1 200 ").count(), 1, "{kept}");
}

#[tokio::test]
async fn the_control_listener_says_what_is_wrong() {
    let running = Running::start(&[]);
    for (target, status, says) in [
        (
            "/odp?is=gone",
            400,
            "is=gone must be one of: running stopped unmanaged",
        ),
        ("/odp", 400, "is is missing"),
        (
            "/fail-stage?stage=two",
            400,
            "stage=two is not a valid number",
        ),
        ("/proxy?answer=nonsense", 400, "answer=nonsense"),
        ("/late", 400, "ms is missing"),
        (
            "/late?ms=1&first=seen",
            400,
            "first=seen must be one of: lost answered",
        ),
        (
            "/odd?is=even",
            400,
            "is=even must be one of: failed-stage no-nodes zero-times nulls sub-tasks stages",
        ),
        ("/log-lines?count=1", 400, "no sub task has started"),
        ("/nonsense", 404, "POST /restart"),
    ] {
        let answer = running.control("POST", target).await;
        assert_eq!(answer.status, status, "{target}");
        assert!(answer.body.contains(says), "{target}: {}", answer.body);
    }
    assert!(
        running
            .control("GET", "/")
            .await
            .body
            .contains("POST /go-away")
    );
}
