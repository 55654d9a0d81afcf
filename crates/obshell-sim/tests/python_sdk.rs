//! Runs the official Python SDK, an independent client, against the simulated agent.
//!
//! The SDK is installed once, into a virtual environment in the target folder.
#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it should be"
)]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use obshell_sim::{Agent, Config, Fail, Odp, Operator, State};
use serde_json::{Value, json};

const SDK: &str = "obshell==0.0.9";
const PASSWORD: &str = "Pw#1 with \"quotes\" and 密码";
const OBPROXY: &str = "/api/v1/obproxy";

/// Returns the environment's Python with the SDK. Several tests, and several runs, may call this at
/// the same time.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let environment = folder.join("python-sdk");
    let python = environment.join("bin").join("python");
    // Written last: an environment with this file is complete.
    let complete = environment.join("complete");
    let lock = File::create(folder.join("python-sdk.lock")).unwrap();
    lock.lock().unwrap();
    if fs::read_to_string(&complete).is_ok_and(|what| what == SDK) {
        return python;
    }
    assert!(
        Command::new("python3")
            .args(["-c", "import ensurepip, venv"])
            .output()
            .is_ok_and(|out| out.status.success()),
        "the tests with the official SDK need Python 3 with its venv module: install the packages python3 and python3-venv"
    );
    if environment.exists() {
        fs::remove_dir_all(&environment).unwrap();
    }
    finished(
        Command::new("python3")
            .args(["-m", "venv"])
            .arg(&environment),
    );
    let quiet = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        SDK,
    ];
    finished(Command::new(&python).args(quiet));
    fs::write(&complete, SDK).unwrap();
    python
}

fn finished(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Returns the SDK's report after deleting the agent's ODP.
async fn delete(agent: &Agent, password: &str) -> Value {
    let python = python();
    let (host, port) = (
        agent.addr().ip().to_string(),
        agent.addr().port().to_string(),
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python_sdk/delete_obproxy.py");
    let arguments = [
        script.into_os_string(),
        host.into(),
        port.into(),
        password.into(),
    ];
    let work = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(python);
        // A proxy of the machine must not be used on the loopback interface.
        command
            .args(arguments.iter().map(OsStr::new))
            .env("NO_PROXY", "*")
            .env("no_proxy", "*");
        finished(&mut command).stdout
    });
    serde_json::from_slice(&work.await.unwrap()).unwrap()
}

async fn agent(odp: Odp, fail: Fail) -> Agent {
    let tick = Duration::from_millis(50);
    let config = Config {
        agent_password: Some(PASSWORD.to_owned()),
        odp,
        fail,
        tick,
        kill_wait: tick,
        ..Config::default()
    };
    Agent::start(config).await.unwrap()
}

#[tokio::test]
async fn delete_obproxy_sync_succeeds() {
    let agent = agent(Odp::Running, Fail::None).await;
    let pid = agent.control().snapshot().odp_pid.unwrap();
    let report = delete(&agent, PASSWORD).await;
    let expected = json!({
        "outcome": "succeeded",
        "dag": format!("42130706433{:05}1", agent.addr().port()),
        "name": "Delete obproxy",
        "state": "SUCCEED",
        "stage": [4, 4],
        "nodes": [
            ["Check obproxy status", "SUCCEED"],
            ["Stop obproxy", "SUCCEED"],
            ["Delete obproxy", "SUCCEED"],
            ["Clean obproxy dir", "SUCCEED"],
        ],
        "logs": [
            format!("Get obproxy pid: {pid}"),
            format!("Kill obproxy process {pid}"),
            "Check obproxy process",
            "Successfully killed the obproxy process",
        ],
    });
    assert_eq!(report, expected);
    let snapshot = agent.control().snapshot();
    assert_eq!(snapshot.count("DELETE", OBPROXY), 1);
    assert_eq!(
        (snapshot.managed_home, snapshot.odp_pid, snapshot.locked),
        (None, None, false)
    );
    assert_eq!(snapshot.tasks.len(), 1);
}

#[tokio::test]
async fn delete_obproxy_sync_reports_a_failed_stop() {
    let agent = agent(Odp::Running, Fail::Stop).await;
    let report = delete(&agent, PASSWORD).await;
    assert_eq!(report["outcome"], "task failed");
    let message = report["message"].as_str().unwrap();
    let line = format!(
        "Task 'Delete obproxy' execution failed: {} ERROR: [Common.Unexpected]: Unexpected error: strconv.Atoi: parsing \"",
        agent.addr()
    );
    assert!(message.starts_with(&line), "{message}");
    assert!(message.trim_end().ends_with("invalid syntax"), "{message}");
    let snapshot = agent.control().snapshot();
    assert_eq!(snapshot.count("DELETE", OBPROXY), 1);
    let task = snapshot.last_task().unwrap();
    assert_eq!(
        (task.state, task.operator, task.stage),
        (State::Failed, Operator::Run, 2)
    );
    assert!(
        snapshot.locked && snapshot.managed_home.is_some(),
        "{snapshot:?}"
    );
}

#[tokio::test]
async fn delete_obproxy_sync_takes_204_for_nothing() {
    let agent = agent(Odp::Unmanaged, Fail::None).await;
    assert_eq!(
        delete(&agent, PASSWORD).await,
        json!({ "outcome": "nothing to delete" })
    );
    let snapshot = agent.control().snapshot();
    assert_eq!(snapshot.count("DELETE", OBPROXY), 1);
    assert!(snapshot.tasks.is_empty());
    let last = snapshot.requests.last().unwrap();
    assert!(
        last.is("DELETE", OBPROXY),
        "nothing is asked after a 204: {last:?}"
    );
}

/// The SDK repeats every rejected request. The agent must see both requests and execute neither.
#[tokio::test]
async fn a_wrong_password_is_refused_to_the_sdk_twice() {
    let agent = agent(Odp::Running, Fail::None).await;
    let report = delete(&agent, "another").await;
    let expected = json!({
        "outcome": "refused",
        "code": 10008,
        "errCode": "Security.Authentication.IncorrectAgentPassword",
        "message": "Unauthorized: Agent password is incorrect",
    });
    assert_eq!(report, expected);
    let snapshot = agent.control().snapshot();
    assert_eq!(snapshot.count("DELETE", OBPROXY), 2);
    assert!(snapshot.tasks.is_empty() && snapshot.managed_home.is_some());
}
