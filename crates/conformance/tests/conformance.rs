//! Checks the simulated agent with the black-box statements that are checked on real agents.
#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it should be"
)]

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use conformance::{Options, Outcome, Report};
use obshell_sim::{Agent, Config, Control, Fail, Identity, Odp, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const PASSWORD: &str = "Pw#1 with \"quotes\" and 密码";

/// Starts an agent with a password and a held engine.
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

/// Runs the next pass of the held engine after its state was read three times, so that no state is
/// missed on a slow machine.
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

/// Checks that no statement fails, and that none is missing.
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

/// The failed statements of a report.
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
    // A state that lasts less than a tick may be missed.
    assert_holds(&report, 205);
    assert_passed(&report, &["life.gap", "life.late-notice", "life.unmanaged"]);
}

#[tokio::test]
async fn a_cancel_that_comes_late() {
    // After one pass the first step has run; after four the second one is running.
    for (passes, fails) in [(1, Fail::None), (4, Fail::None), (4, Fail::Stop)] {
        let agent = agent(Config {
            fail: fails,
            ..Config::default()
        })
        .await;
        let control = agent.control();
        let hasty = tokio::spawn(async move {
            control
                .wait_until(|snapshot| !snapshot.tasks.is_empty())
                .await;
            for _ in 0..passes {
                control.pass();
            }
        });
        let report = run(&agent, true).await;
        hasty.await.unwrap();
        assert_holds(&report, 190);
        assert!(agent.control().snapshot().managed_home.is_none());
    }
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

/// Checks a version with a deletion that succeeds, and with one whose second stage fails.
async fn hold_at(version: Version, at_least: [usize; 2]) -> [Report; 2] {
    let with = |fail| Config {
        version,
        fail,
        ..Config::default()
    };
    let destroyed = run(&agent(with(Fail::None)).await, true).await;
    assert_holds(&destroyed, at_least[0]);
    let failed = run(&agent(with(Fail::Stop)).await, true).await;
    assert_holds(&failed, at_least[1]);
    [destroyed, failed]
}

#[tokio::test]
async fn an_agent_4_2_6_0() {
    let [destroyed, failed] = hold_at(Version::new(4, 2, 6, 0), [191, 188]).await;
    let old = [
        "secret.size",
        "ts.expired",
        "password.wrong",
        "delete.second",
        "web.none",
        "cancel.not-allowed",
        "id.zero-byte",
    ];
    assert_passed(&destroyed, &old);
    assert_passed(&failed, &["failed.lock", "failed.line", "retry.rollback"]);
}

#[tokio::test]
async fn an_agent_4_3_0_0() {
    let [destroyed, failed] = hold_at(Version::new(4, 3, 0, 0), [217, 204]).await;
    let old = [
        "secret.size",
        "ts.expired",
        "password.wrong",
        "delete.second",
        "operator.pass-finished",
    ];
    assert_passed(&destroyed, &old);
    assert_passed(&failed, &["failed.lock", "failed.line", "retry.rollback"]);
}

#[tokio::test]
async fn an_agent_4_3_1_0() {
    let [destroyed, failed] = hold_at(Version::new(4, 3, 1, 0), [223, 234]).await;
    assert_passed(
        &destroyed,
        &["decrypt.other-key", "list.details", "end.success"],
    );
    assert_passed(&failed, &["failed.lock", "pass.node", "pass.end"]);
}

#[tokio::test]
async fn an_agent_4_4_1_0() {
    let [destroyed, failed] = hold_at(Version::new(4, 4, 1, 0), [224, 235]).await;
    let short_key = [
        "secret.size",
        "header.chunk-53",
        "decrypt.other-key",
        "end.success",
    ];
    assert_passed(&destroyed, &short_key);
    assert_passed(&failed, &["failed.lock", "pass.node", "pass.end"]);
}

#[tokio::test]
async fn an_agent_on_ipv6() {
    // Not ::1: obshell creates ids from it that it cannot parse.
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

#[tokio::test]
async fn every_statement_holds_somewhere() {
    let mut reports = Vec::new();
    for config in [
        Config::default(),
        Config {
            fail: Fail::Stop,
            ..Config::default()
        },
        Config {
            identity: Identity::ClusterAgent,
            ..Config::default()
        },
        Config {
            encryption: false,
            ..Config::default()
        },
        Config {
            version: Version::new(4, 2, 6, 0),
            ..Config::default()
        },
    ] {
        reports.push(run(&agent(config).await, true).await);
    }
    let without_password = agent(Config::default()).await;
    without_password.control().set_password(None);
    reports.push(run(&without_password, true).await);
    let all = reports.first().map(|report| report.findings.as_slice());
    let never: Vec<&str> = all
        .unwrap_or_default()
        .iter()
        .map(|finding| finding.id)
        .filter(|id| {
            !reports
                .iter()
                .any(|report| report.outcome(id) == Some(&Outcome::Pass))
        })
        .collect();
    assert!(
        never.is_empty(),
        "not applicable to any of these agents: {never:?}"
    );
}

// The statements against faulty agents.

/// A proxy in front of an agent that replaces `from` by `to` in responses.
async fn forger(agent: SocketAddr, from: &'static str, to: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut asker, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(agent).await.unwrap();
                let (mut questions, mut answers) = asker.split();
                let (mut from_server, mut to_server) = server.split();
                let forward = tokio::io::copy(&mut questions, &mut to_server);
                let forge = async {
                    let mut answer = Vec::new();
                    from_server.read_to_end(&mut answer).await.unwrap();
                    answers
                        .write_all(&replace(&answer, from, to))
                        .await
                        .unwrap();
                };
                // The agent closes the connection, and the client waits for it.
                tokio::select! {
                    () = forge => {}
                    Err(error) = forward => panic!("{error}"),
                }
            });
        }
    });
    address
}

fn replace(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut forged = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if let Some(behind) = rest.strip_prefix(from.as_bytes()) {
            forged.extend(to.as_bytes());
            rest = behind;
        } else {
            forged.push(*first);
            rest = rest.split_at(1).1;
        }
    }
    forged
}

/// Checks an agent with forged responses; returns the failed statements.
async fn failed_when_forged(from: &'static str, to: &'static str) -> Vec<&'static str> {
    let agent = agent(Config::default()).await;
    let forger = forger(agent.addr(), from, to).await;
    let mut options = Options::default();
    options.destroy = true;
    options.poll = Duration::from_millis(1);
    let stepping = tokio::spawn(step_when_seen(agent.control()));
    let report = conformance::run(&forger.to_string(), PASSWORD, options).await;
    stepping.abort();
    failed(&report)
}

#[tokio::test]
async fn an_agent_that_differs_in_one_point_fails_at_that_point() {
    // The length of a body is unchanged: the head contains it.
    for (from, to, expected) in [
        (
            "No Content\r\n",
            "No Content\r\nContent-Length: 0\r\n",
            &["unmanaged.delete"][..],
        ),
        (
            "\"task_logs\":null",
            "\"task_logs\":[]  ",
            &["cancel.never-ran", "delete.ready", "life.logs"],
        ),
        (
            "\"execute_times\":0",
            "\"execute_times\":1",
            &["delete.ready", "life.times-run", "pass.never-ran"],
        ),
        (
            "\"SUCCEED\",\"operator\":\"ROLLBACK\"",
            "\"RUNNING\",\"operator\":\"ROLLBACK\"",
            &["revive.rollback"],
        ),
        (
            "1970-01-01T",
            "1971-01-01T",
            &["cancel.ready", "revive.ready", "revive.times"],
        ),
        (
            "认证失败: 认证信息",
            "认证失败; 认证信息",
            &[
                "ts.expired",
                "ts.before-password",
                "obproxy.expired",
                "order.ts-id",
                "delete.refusals",
            ],
        ),
        (
            "DAG is finished",
            "DAG is Finished",
            &["operator.cancel-finished"],
        ),
        (
            "Location: /api",
            "Location: /apj",
            &["redirect.get", "redirect.delete"],
        ),
        (
            "\"data\":null,\"error\"",
            "\"dota\":null,\"error\"",
            &[
                "obproxy.already-managed",
                "delete.second",
                "delete.stop-meanwhile",
                "unmanaged.stop",
            ],
        ),
        ("\\u003c", "\\u003C", &["envelope.escapes"]),
    ] {
        assert_eq!(
            failed_when_forged(from, to).await,
            expected,
            "{from:?} as {to:?}"
        );
    }
}

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
