//! The simulated agent against the black-box statements that a real agent is measured with.
#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it should be"
)]

use std::fmt::Write as _;
use std::time::Duration;

use obshell_sim::conformance::{self, Options, Outcome, Report};
use obshell_sim::{Agent, Config, Control, Fail, Identity, Odp, Version};

const PASSWORD: &str = "Pw#1 with \"quotes\" and 密码";

/// An agent with a password and a stopped engine.
async fn agent(config: Config) -> Agent {
    let agent = Agent::start(Config {
        agent_password: Some(PASSWORD.to_owned()),
        ..config
    })
    .await
    .unwrap();
    agent.control().hold();
    agent
}

async fn run(agent: &Agent, destroy: bool) -> Report {
    let mut options = Options::default();
    options.destroy = destroy;
    options.poll = Duration::from_millis(1);
    let stepping = tokio::spawn(step_when_seen(agent.control()));
    let report = conformance::run(&agent.addr().to_string(), PASSWORD, options).await;
    stepping.abort();
    report
}

/// Lets the held engine make its next pass when its state has been looked at three times: so no state is
/// missed, however slow this machine is at the moment.
async fn step_when_seen(control: Control) {
    let looks = |snapshot: &obshell_sim::Snapshot| {
        snapshot
            .requests
            .iter()
            .filter(|record| record.reached_agent() && record.method == "GET")
            .filter(|record| {
                ["/api/v1/task/dag/4", "/api/v1/task/dag/5"]
                    .iter()
                    .any(|path| record.target.starts_with(path))
            })
            .count()
    };
    let mut seen = 0;
    loop {
        let snapshot = control
            .wait_until(|snapshot| looks(snapshot) >= seen + 3)
            .await;
        seen = looks(&snapshot);
        control.step();
    }
}

/// Nothing may fail, and no statement may quietly drop out.
#[track_caller]
fn assert_holds(report: &Report, at_least: usize) {
    let mut failures = String::new();
    for finding in &report.findings {
        if matches!(finding.outcome, Outcome::Fail { .. }) {
            writeln!(failures, "{finding}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{}\n{failures}", report.description);
    assert!(
        report.passed() >= at_least,
        "{} passed, {at_least} wanted\n{report}",
        report.passed()
    );
}

/// Fails of a report, by name.
fn failed(report: &Report) -> Vec<&'static str> {
    let fails = report
        .findings
        .iter()
        .filter(|finding| matches!(finding.outcome, Outcome::Fail { .. }));
    fails.map(|finding| finding.id).collect()
}

#[track_caller]
fn assert_passed(report: &Report, ids: &[&str]) {
    for id in ids {
        assert_eq!(report.outcome(id), Some(&Outcome::Pass), "{id}\n{report}");
    }
}

#[tokio::test]
async fn a_read_only_run_holds_and_changes_nothing() {
    let agent = agent(Config::default()).await;
    let report = run(&agent, false).await;
    assert_holds(&report, 142);
    let snapshot = agent.control().snapshot();
    assert!(snapshot.tasks.is_empty(), "{:?}", snapshot.tasks);
    assert!(snapshot.managed_home.is_some() && snapshot.odp_pid.is_some() && !snapshot.locked);
    assert_eq!(snapshot.sessions, 0);
    assert_eq!(
        snapshot.count("DELETE", "/api/v1/obproxy"),
        0,
        "not even one that has to be refused"
    );
}

#[tokio::test]
async fn a_running_odp_is_destroyed_as_it_should_be() {
    let agent = agent(Config::default()).await;
    let report = run(&agent, true).await;
    assert_holds(&report, 222);
    let snapshot = agent.control().snapshot();
    assert_eq!(
        (snapshot.managed_home, snapshot.odp_pid, snapshot.locked),
        (None, None, false)
    );
    assert_eq!(
        snapshot.tasks.len(),
        2,
        "the cancelled deletion and the one that succeeded"
    );
}

#[tokio::test]
async fn an_engine_that_runs_by_itself_does_the_same() {
    let tick = Duration::from_millis(400);
    let agent = agent(Config {
        tick,
        kill_wait: tick,
        ..Config::default()
    })
    .await;
    agent.control().release();
    let mut options = Options::default();
    options.destroy = true;
    options.poll = Duration::from_millis(20);
    let report = conformance::run(&agent.addr().to_string(), PASSWORD, options).await;
    assert_holds(&report, 222);
    assert_passed(&report, &["life.gap", "life.late-notice", "life.unmanaged"]);
}

#[tokio::test]
async fn a_stopped_odp_far_away_in_time_and_zone() {
    let config = Config {
        odp: Odp::Stopped,
        clock_offset_secs: 86_400,
        utc_offset_secs: 8 * 3600,
        ..Config::default()
    };
    assert_holds(&run(&agent(config).await, true).await, 222);
}

#[tokio::test]
async fn a_stop_that_fails_is_mended_by_passing_it() {
    let report = run(
        &agent(Config {
            fail: Fail::Stop,
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 233);
    assert_passed(
        &report,
        &[
            "failed.lock",
            "failed.line",
            "retry.rollback",
            "pass.node",
            "pass.end",
        ],
    );
}

#[tokio::test]
async fn a_kill_that_does_not_work() {
    let report = run(
        &agent(Config {
            fail: Fail::StopTimeout,
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 233);
    assert_passed(&report, &["failed.lock", "pass.node"]);
}

#[tokio::test]
async fn a_directory_that_cannot_be_removed() {
    let report = run(
        &agent(Config {
            fail: Fail::Clean,
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 233);
    assert_passed(&report, &["life.unmanaged", "failed.states", "pass.end"]);
}

#[tokio::test]
async fn a_check_that_fails() {
    let report = run(
        &agent(Config {
            fail: Fail::Check,
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 231);
    assert_passed(&report, &["failed.states", "pass.node", "pass.end"]);
}

#[tokio::test]
async fn an_agent_without_an_odp() {
    let report = run(
        &agent(Config {
            odp: Odp::Unmanaged,
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 146);
    assert_passed(
        &report,
        &[
            "unmanaged.delete",
            "unmanaged.delete-spellings",
            "unmanaged.stop",
        ],
    );
}

#[tokio::test]
async fn an_agent_without_a_password() {
    let agent = agent(Config::default()).await;
    agent.control().set_password(None);
    let report = run(&agent, true).await;
    assert_holds(&report, 49);
    assert_passed(
        &report,
        &[
            "password.unset-obproxy",
            "password.unset-task",
            "password.unset-uri",
            "password.unset-list",
        ],
    );
    assert!(agent.control().snapshot().tasks.is_empty());
}

#[tokio::test]
async fn an_agent_of_a_cluster() {
    let report = run(
        &agent(Config {
            identity: Identity::ClusterAgent,
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 226);
    assert_passed(
        &report,
        &[
            "session.use",
            "session.login",
            "session.login-keys",
            "list.cluster-null",
            "end.success",
        ],
    );
}

#[tokio::test]
async fn an_agent_with_the_old_error_format() {
    let report = run(
        &agent(Config {
            version: Version::new(4, 3, 0, 0),
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 205);
    assert_passed(
        &report,
        &[
            "secret.size",
            "ts.expired",
            "password.wrong",
            "delete.second",
            "operator.pass-finished",
        ],
    );
}

#[tokio::test]
async fn an_agent_with_a_512_bit_key_and_the_new_error_format() {
    let report = run(
        &agent(Config {
            version: Version::new(4, 4, 1, 0),
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 222);
    assert_passed(
        &report,
        &[
            "secret.size",
            "header.chunk-53",
            "decrypt.other-key",
            "end.success",
        ],
    );
}

#[tokio::test]
async fn an_agent_on_ipv6() {
    // Not ::1: obshell makes ids of it that it cannot read.
    let shown = Some(("fd00::17".parse().unwrap(), 2886));
    let report = run(
        &agent(Config {
            shown,
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 222);
    assert_passed(&report, &["dag.ids", "delete.second"]);
}

#[tokio::test]
async fn an_agent_built_without_encryption() {
    let report = run(
        &agent(Config {
            encryption: false,
            ..Config::default()
        })
        .await,
        true,
    )
    .await;
    assert_holds(&report, 130);
    assert_passed(
        &report,
        &[
            "plain.no-header",
            "plain.bad-header",
            "plain.body",
            "end.success",
        ],
    );
}

// --- and the statements against what is not as it should be

#[tokio::test]
async fn a_key_of_the_wrong_size_is_noticed() {
    let report = run(
        &agent(Config {
            rsa_bits: Some(512),
            ..Config::default()
        })
        .await,
        false,
    )
    .await;
    assert_eq!(failed(&report), ["secret.size"]);
    assert!(!report.is_conformant());
}

#[tokio::test]
async fn a_wrong_password_is_one_failure_and_nothing_else_is_tried() {
    let agent = agent(Config::default()).await;
    let report = conformance::run(&agent.addr().to_string(), "another", Options::default()).await;
    assert_eq!(failed(&report), ["agent.password"]);
    assert_eq!(report.passed(), 1, "{report}");
}

#[tokio::test]
async fn nobody_there_is_a_failure() {
    let agent = agent(Config::default()).await;
    agent.control().go_away().await.unwrap();
    let report = conformance::run(&agent.addr().to_string(), PASSWORD, Options::default()).await;
    assert_eq!(failed(&report), ["agent.answers"]);
    assert_eq!(report.findings.len(), 1);
}

#[tokio::test]
async fn progress_tells_every_finding_once_and_in_order() {
    let agent = agent(Config::default()).await;
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut options = Options::default();
    options.progress = Some(Box::new({
        let told = std::sync::Arc::clone(&told);
        move |finding| told.lock().unwrap().push(finding.id)
    }));
    let report = conformance::run(&agent.addr().to_string(), PASSWORD, options).await;
    let ids: Vec<&str> = report.findings.iter().map(|finding| finding.id).collect();
    assert_eq!(*told.lock().unwrap(), ids);
}
