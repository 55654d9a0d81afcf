//! Tests the protocol core and the flow against the simulated agent, over a real connection and
//! without a browser: the behaviour of every version, and every ending that needs an agent.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

mod journeys;
mod matrix;
mod operate;
#[allow(dead_code, reason = "it does more beside a browser")]
mod shell;
mod versions;

use obshell_sim::{Broken, Config, Fail, Identity, Matching, Odp, Snapshot, Version};
use odp_console::flow::ending::{Cause, Ending, Unknown};
use odp_console::flow::event::{FlowEvent, Language};
use odp_console::flow::state::{ConnectProblem, Contact, Origin, Screen};
use odp_console::obshell::error::{ErrorKind, Failure, NotSent};
use odp_console::text::problem::connect_problem;
use odp_console::text::split_command;
use shell::{Console, PASSWORD};

fn config() -> Config {
    Config {
        agent_password: Some(PASSWORD.to_owned()),
        version: journeys::version(),
        ..Config::default()
    }
}

#[tokio::test]
async fn every_version_with_odp_routes_is_destroyed_through() {
    for version in Version::KNOWN {
        let bits = if version == Version::CURRENT {
            1024
        } else {
            512
        };
        let mut console = Console::beside(Config {
            version,
            ..config()
        })
        .await;
        console.connect(PASSWORD).await;
        let key = console.state.facts().unwrap().key.as_ref().unwrap().bits();
        assert_eq!(key, bits, "{version}");
        console.review_and_confirm().await;
        assert_eq!(*console.ending(), Ending::Destroyed, "{version}");
        assert_eq!(console.deletes(), 1);
        let seen = console.seen.join("\n");
        assert!(
            seen.starts_with("READY 1 []\nREADY 1 [PENDING PENDING PENDING PENDING]"),
            "{seen}"
        );
        assert!(
            seen.contains("RUNNING 2 [SUCCEED RUNNING PENDING PENDING]"),
            "{seen}"
        );
        assert!(
            seen.ends_with("SUCCEED 4 [SUCCEED SUCCEED SUCCEED SUCCEED]"),
            "{seen}"
        );
        assert_eq!(console.control.snapshot().managed_home, None);
    }
}

#[tokio::test]
async fn a_browser_clock_that_is_off_does_not_matter() {
    for clock_offset_secs in [-7200, 7200] {
        let mut console = Console::beside(Config {
            clock_offset_secs,
            ..config()
        })
        .await;
        console.connect(PASSWORD).await;
        let ahead = console.state.facts().unwrap().clock.millis;
        assert!((ahead - clock_offset_secs * 1000).abs() < 5_000, "{ahead}");
        console.review_and_confirm().await;
        assert_eq!(*console.ending(), Ending::Destroyed);
    }
}

#[tokio::test]
async fn a_failed_stage_is_named_with_what_the_agent_manages_then() {
    for (fail, stage, managed) in [
        (Fail::Stop, 2, true),
        (Fail::StopTimeout, 2, true),
        (Fail::Clean, 4, false),
    ] {
        let mut console = Console::beside(Config { fail, ..config() }).await;
        console.connect(PASSWORD).await;
        console.review_and_confirm().await;
        let ending = Ending::Failed {
            stage,
            managed: Some(managed),
        };
        assert_eq!(*console.ending(), ending, "{fail:?}");
        assert_eq!(console.deletes(), 1);
    }
}

#[tokio::test]
async fn nothing_managed_is_told_before_and_after() {
    let mut console = Console::beside(Config {
        odp: Odp::Unmanaged,
        ..config()
    })
    .await;
    console.connect(PASSWORD).await;
    assert_eq!(console.state.facts().unwrap().info.manages_odp, Some(false));
    console.review_and_confirm().await;
    assert!(matches!(console.state.screen, Screen::Review(_)));
    console.act(FlowEvent::ContinueAnyway).await;
    console.review_and_confirm().await;
    assert_eq!(*console.ending(), Ending::NothingToDestroy);
}

#[tokio::test]
async fn what_stands_in_the_way_is_told_at_connect() {
    for (config, expected) in [
        (
            Config {
                version: Version::new(4, 2, 5, 0),
                ..config()
            },
            "old",
        ),
        (
            Config {
                agent_password: None,
                ..config()
            },
            "unset",
        ),
    ] {
        let mut console = Console::beside(config).await;
        console.connect(PASSWORD).await;
        match (&console.state.form.problem, expected) {
            (Some(ConnectProblem::TooOld(_)), "old") => {}
            (Some(ConnectProblem::PasswordNotSet { .. }), "unset") => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_wrong_password_is_known_in_both_error_formats() {
    for version in Version::KNOWN {
        let mut console = Console::beside(Config {
            version,
            ..config()
        })
        .await;
        console.connect("wrong").await;
        match &console.state.form.problem {
            Some(ConnectProblem::Credential(Failure::Refused(error))) => {
                assert_eq!(error.kind, ErrorKind::IncorrectAgentPassword, "{version}");
            }
            other => panic!("{version}: {other:?}"),
        }
        console.connect(PASSWORD).await;
        assert!(
            matches!(console.state.screen, Screen::Review(_)),
            "{version}"
        );
    }
}

#[tokio::test]
async fn a_key_that_changed_after_the_checks_is_read_anew() {
    let mut console = Console::beside(config()).await;
    console.connect(PASSWORD).await;
    console.control.rotate_key().unwrap();
    console.review_and_confirm().await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    assert_eq!(console.deletes(), 1);
}

#[tokio::test]
async fn a_password_that_changed_after_the_checks_is_known_before_anything_is_sent() {
    let mut console = Console::beside(config()).await;
    console.connect(PASSWORD).await;
    console.control.set_password(Some("another"));
    console.review_and_confirm().await;
    match console.ending() {
        Ending::NotSent(Failure::Refused(error)) => {
            assert_eq!(error.kind, ErrorKind::IncorrectAgentPassword);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(console.deletes(), 0);
    assert!(console.control.snapshot().managed_home.is_some());
}

#[tokio::test]
async fn an_agent_that_went_away_after_the_checks_got_nothing() {
    let mut console = Console::beside(config()).await;
    console.connect(PASSWORD).await;
    console.control.go_away().await.unwrap();
    console.review_and_confirm().await;
    assert!(matches!(
        console.ending(),
        Ending::NotSent(Failure::NoAnswer(_))
    ));
    assert_eq!(console.deletes(), 0);
}

#[tokio::test]
async fn the_second_of_two_consoles_follows_the_first_ones_task() {
    for version in Version::KNOWN {
        let mut second = Console::beside(Config {
            version,
            ..config()
        })
        .await;
        second.connect(PASSWORD).await;
        let mut first = second.twin();
        first.connect(PASSWORD).await;
        first.confirm_without_news().await;
        second
            .act(FlowEvent::Confirm {
                typed: second.address(),
            })
            .await;
        match second.ending() {
            Ending::SomeoneElse {
                holder: Some(dag), ..
            } => assert!(dag.is_delete()),
            other => panic!("{version}: {other:?}"),
        }
        second.act(FlowEvent::FollowHolder).await;
        assert_eq!(*second.ending(), Ending::Destroyed);
        assert_eq!(second.control.snapshot().tasks.len(), 1);
    }
}

#[tokio::test]
async fn of_two_that_confirm_at_the_same_moment_one_begins_and_the_other_follows() {
    for version in Version::KNOWN {
        let mut first = Console::beside(Config {
            version,
            ..config()
        })
        .await;
        let mut second = first.twin();
        for console in [&mut first, &mut second] {
            console.connect(PASSWORD).await;
        }
        let control = first.control.clone();
        control.hold_requests(delete());
        tokio::join!(first.confirm_at_once(), second.confirm_at_once(), async {
            let both = |seen: &Snapshot| seen.on_the_way("DELETE", "/api/v1/obproxy") == 2;
            control.wait_until(both).await;
            control.let_through();
        });
        let mut begun = 0;
        for console in [&mut first, &mut second] {
            console.go_on().await;
            assert_eq!(*console.ending(), Ending::Destroyed, "{version}");
            let Screen::Ended(ended) = &console.state.screen else {
                panic!()
            };
            match &ended.task.as_ref().unwrap().origin {
                Origin::Mine(_) => begun += 1,
                Origin::Presumed(_) => {}
                other => panic!("{version}: both sent a DELETE: {other:?}"),
            }
        }
        assert_eq!(begun, 1, "{version}");
        assert_eq!(control.snapshot().tasks.len(), 1);
        assert_eq!(first.deletes(), 2);
    }
}

#[tokio::test]
async fn a_task_that_holds_the_agent_is_found_before_anything_is_sent() {
    let mut console = Console::beside(Config {
        fail: Fail::Stop,
        ..config()
    })
    .await;
    console.connect(PASSWORD).await;
    console.review_and_confirm().await;
    console.act(FlowEvent::StartOver).await;
    console.connect(PASSWORD).await;
    let Screen::Review(review) = &console.state.screen else {
        panic!("{:?}", console.state.screen)
    };
    assert!(
        review
            .preflight
            .holder
            .as_ref()
            .is_some_and(|dag| dag.stage == 2)
    );
}

#[tokio::test]
async fn a_cluster_agent_with_an_agent_password_is_served_too() {
    let identity = Identity::ClusterAgent;
    let mut console = Console::beside(Config {
        identity,
        ..config()
    })
    .await;
    console.connect(PASSWORD).await;
    console.review_and_confirm().await;
    assert_eq!(*console.ending(), Ending::Destroyed);
}

fn delete() -> Matching {
    Matching::new("DELETE", "/api/v1/obproxy")
}

#[tokio::test]
async fn a_lost_answer_is_found_out_by_reading() {
    for version in Version::KNOWN {
        let mut console = Console::beside(Config {
            version,
            ..config()
        })
        .await;
        console.connect(PASSWORD).await;
        console.control.cut_after_acting(delete());
        console.review_and_confirm().await;
        assert_eq!(*console.ending(), Ending::Destroyed, "{version}");
        let Screen::Ended(ended) = &console.state.screen else {
            panic!()
        };
        let origin = &ended.task.as_ref().unwrap().origin;
        assert!(matches!(origin, Origin::Presumed(_)), "{origin:?}");
        assert_eq!(console.control.snapshot().tasks.len(), 1);
        assert_eq!(console.deletes(), 1, "and nothing is sent again");
    }
}

#[tokio::test]
async fn a_request_that_got_lost_is_known_to_have_done_nothing_once_it_is_too_late_for_it() {
    let mut console = Console::beside(config()).await;
    console.connect(PASSWORD).await;
    console.time_passes = true;
    console.control.cut_before_acting(delete());
    let began = console.waited;
    console.review_and_confirm().await;
    assert!(
        matches!(
            console.ending(),
            Ending::NotDone(Cause::Failure(Failure::NoAnswer(_)))
        ),
        "{:?}",
        console.ending()
    );
    let seconds = (console.waited - began) / 1000;
    assert!((10..35).contains(&seconds), "{seconds}");
    assert_eq!((console.sent, console.deletes()), (1, 0));
    assert_eq!(console.control.snapshot().tasks.len(), 0);

    console.act(FlowEvent::Recheck).await;
    console.review_and_confirm().await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    assert_eq!(console.sent, 2, "two confirmations");
    assert_eq!(console.control.snapshot().tasks.len(), 1);
}

#[tokio::test]
async fn a_clock_that_jumps_while_it_is_found_out_is_no_proof() {
    let mut console = Console::beside(config()).await;
    console.connect(PASSWORD).await;
    console.control.cut_before_acting(delete());
    console.clock_jumps = 7200;
    console.review_and_confirm().await;
    assert!(matches!(
        console.ending(),
        Ending::OutcomeUnknown(Unknown::Answer(_))
    ));
    assert_eq!(console.sent, 1);
}

#[tokio::test]
async fn an_answer_that_a_proxy_swallowed_is_found_out_by_reading() {
    for broken in [
        Broken::Html(502),
        Broken::Empty(504),
        Broken::HtmlOk,
        Broken::TruncatedByLength,
        Broken::TruncatedJson,
    ] {
        let mut console = Console::beside(config()).await;
        console.connect(PASSWORD).await;
        console.time_passes = true;
        console.control.broken_proxy(delete(), broken, 1);
        console.review_and_confirm().await;
        let acted = console.control.snapshot().tasks.len();
        match console.ending() {
            Ending::Destroyed => assert_eq!(acted, 1, "{broken:?}"),
            Ending::NotDone(_) => assert_eq!(acted, 0, "{broken:?}"),
            other => panic!("{broken:?}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_agent_that_fails_in_every_way_but_one_is_read_until_it_tells() {
    let mut console = Console::beside(config()).await;
    console.connect(PASSWORD).await;
    console.control.cut_after_acting(delete());
    for path in [
        "/api/v1/info",
        "/api/v1/time",
        "/api/v1/secret",
        "/api/v1/task/dag/maintain/agent",
        "/api/v1/task/dag/agent/unfinish",
    ] {
        console.lost_after_delete.push(path);
    }
    console.review_and_confirm().await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    assert_eq!(console.deletes(), 1);
}

#[tokio::test]
async fn a_restart_in_mid_task_is_followed_through_and_noted() {
    let mut console = Console::beside(config()).await;
    console.connect(PASSWORD).await;
    console.restart_after_waits = Some(3);
    console.review_and_confirm().await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    let Screen::Ended(ended) = &console.state.screen else {
        panic!()
    };
    assert!(ended.task.as_ref().unwrap().restarted);
}

const ROOT: &str = "root@sys 密码";

/// A CLUSTER AGENT, with or without an agent password.
fn cluster(agent_password: Option<&str>) -> Config {
    Config {
        identity: Identity::ClusterAgent,
        ob_password: Some(ROOT.to_owned()),
        agent_password: agent_password.map(str::to_owned),
        ..Config::default()
    }
}

#[tokio::test]
async fn a_session_destroys_with_and_without_an_agent_password() {
    for config in [
        cluster(None),
        cluster(Some(PASSWORD)),
        Config {
            version: Version::new(4, 4, 0, 0),
            ..cluster(None)
        },
    ] {
        let mut console = Console::beside(config).await;
        console.connect_as_root(ROOT).await;
        console.review_and_confirm().await;
        assert_eq!(*console.ending(), Ending::Destroyed);
        let seen = console.control.snapshot();
        assert_eq!(seen.count("DELETE", "/api/v1/obproxy"), 1);
        assert_eq!(seen.count("POST", "/api/v1/login"), 1);
        assert_eq!(seen.count("POST", "/api/v1/logout"), 1);
        assert_eq!(seen.sessions, 0, "it was ended");
    }
}

#[tokio::test]
async fn a_wrong_root_password_is_told_once_and_a_right_one_goes_on() {
    let mut console = Console::beside(cluster(Some(PASSWORD))).await;
    console.connect_as_root("wrong").await;
    match &console.state.form.problem {
        Some(ConnectProblem::Credential(Failure::Refused(error))) => {
            assert_eq!(error.kind, ErrorKind::IncorrectOceanBasePassword);
        }
        other => panic!("{other:?}"),
    }
    let logins = console.control.snapshot().count("POST", "/api/v1/login");
    assert_eq!(logins, 1);
    console.connect_as_root(ROOT).await;
    assert!(matches!(console.state.screen, Screen::Review(_)));
}

#[tokio::test]
async fn an_oceanbase_without_a_root_password_asks_for_the_agent_password() {
    let mut console = Console::beside(Config {
        ob_password: None,
        ..cluster(Some(PASSWORD))
    })
    .await;
    console.connect_as_root("anything").await;
    match &console.state.form.problem {
        Some(ConnectProblem::Credential(Failure::Refused(error))) => {
            assert_eq!(error.kind, ErrorKind::WithAgentPassword);
        }
        other => panic!("{other:?}"),
    }
}

/// Anyone who can reach such an agent can sign in; the empty password is selected, never typed.
#[tokio::test]
async fn a_cluster_agent_without_any_password_takes_the_empty_one_only() {
    let config = || Config {
        ob_password: None,
        ..cluster(None)
    };
    let mut console = Console::beside(config()).await;
    console.connect_without_password().await;
    console.review_and_confirm().await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    let seen = console.control.snapshot();
    assert_eq!(seen.count("POST", "/api/v1/login"), 1);
    assert_eq!(seen.count("DELETE", "/api/v1/obproxy"), 1);
    assert_eq!(seen.sessions, 0, "it was ended");

    let mut console = Console::beside(config()).await;
    console.connect_as_root("anything").await;
    match &console.state.form.problem {
        Some(ConnectProblem::Credential(Failure::Refused(error))) => {
            assert_eq!(error.kind, ErrorKind::IncorrectOceanBasePassword);
        }
        other => panic!("{other:?}"),
    }
    // An empty field is not a password, and nothing is sent.
    console.connect_as_root("").await;
    assert!(matches!(
        console.state.form.problem,
        Some(ConnectProblem::Credential(Failure::NotSent(
            NotSent::NoCredential
        )))
    ));
    assert_eq!(console.control.snapshot().count("POST", "/api/v1/login"), 1);
}

#[tokio::test]
async fn a_session_that_dies_in_mid_task_is_asked_for_and_the_task_goes_on() {
    for change_password in [false, true] {
        let mut console = Console::beside(cluster(Some(PASSWORD))).await;
        console.connect_as_root(ROOT).await;
        if change_password {
            console.set_password_after_waits = Some((3, "another"));
        } else {
            console.restart_after_waits = Some(3);
        }
        let typed = console.address();
        console.act(FlowEvent::Confirm { typed }).await;
        match &console.state.screen {
            Screen::Task(task) => match &task.contact {
                Contact::Unauthenticated(Failure::Refused(error)) => {
                    assert_eq!(error.kind, ErrorKind::SessionInvalid);
                }
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
        console.give(ROOT);
        let has_credential = true;
        console
            .act(FlowEvent::Authenticate { has_credential })
            .await;
        assert_eq!(*console.ending(), Ending::Destroyed);
        assert_eq!(console.deletes(), 1);
        assert_eq!(console.control.snapshot().tasks.len(), 1);
    }
}

#[tokio::test]
async fn a_key_that_changes_is_read_anew_wherever_it_is_noticed() {
    // Old agents have another error format, with text instead of a code.
    let by_agent_password = Version::KNOWN.map(|version| (version, false));
    for (version, root) in by_agent_password
        .into_iter()
        .chain([(Version::CURRENT, true)])
    {
        for target in [
            "/api/v1/login",
            "/api/v1/task/dag/agent/unfinish",
            "/api/v1/task/dags/agent",
            "/api/v1/task/dag/maintain/agent",
            "/api/v1/obproxy",
            "/api/v1/task/dag/4",
        ] {
            let lists_all = version > Version::new(4, 2, 6, 0);
            if (!root && target == "/api/v1/login")
                || (!lists_all && target == "/api/v1/task/dags/agent")
            {
                continue;
            }
            // The newest task with a lock is read if there is one.
            let added = target == "/api/v1/task/dag/maintain/agent";
            let config = if root { cluster(None) } else { config() };
            let mut console = Console::beside(Config {
                version,
                added,
                ..config
            })
            .await;
            console.key_changes_before = Some(target);
            if root {
                console.connect_as_root(ROOT).await;
            } else {
                console.connect(PASSWORD).await;
            }
            console.review_and_confirm().await;
            assert_eq!(*console.ending(), Ending::Destroyed, "{version} {target}");
            assert_eq!(console.key_changes_before, None, "{version} {target}");
            let acted = console.control.snapshot().tasks.len();
            let sent = if target == "/api/v1/obproxy" { 2 } else { 1 };
            let tasks = 1 + usize::from(added);
            assert_eq!((console.sent, acted), (sent, tasks), "{version} {target}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_set_in_mid_task_is_measured_again() {
    for jump in [-7200, 7200] {
        let mut console = Console::beside(config()).await;
        console.connect(PASSWORD).await;
        console.browser_jumps_after_waits = Some((3, jump));
        console.review_and_confirm().await;
        assert_eq!(*console.ending(), Ending::Destroyed);
        assert_eq!(console.refused, 0, "no header was ever wrong");
        let ahead = console.state.facts().unwrap().clock.millis;
        assert!((ahead + jump * 1000).abs() < 5_000, "{ahead}");
    }
}

/// The command that the page shows is for the agent's Unix socket, which requires no header; an
/// agent without encryption accepts the same request over TCP.
#[tokio::test]
async fn the_command_that_sets_a_password_sets_it() {
    let mut console = Console::beside(Config {
        agent_password: None,
        encryption: false,
        ..Config::default()
    })
    .await;
    console.connect(PASSWORD).await;
    let problem = console.state.form.problem.as_ref().unwrap();
    let (_, advice) = connect_problem(problem, &console.address(), Language::English);
    let (sentence, command) = split_command(&advice.fix);
    assert!(sentence.contains("Replace the dots with your password"));
    let home = console.state.facts().unwrap().info.home_path.clone();
    let command = command.unwrap();
    let expected = format!(
        "curl --unix-socket {home}/run/obshell.sock -X POST \
         http://localhost/api/v1/agent/password -d '{{\"password\":\"…\"}}'"
    );
    assert_eq!(command, expected);

    let (_, request) = command.split_once("http://localhost").unwrap();
    let (path, body) = request.split_once(" -d ").unwrap();
    let body = body.trim_matches('\'').replace('…', PASSWORD);
    assert_eq!(console.post(path, body).await, 200);
    console.act(FlowEvent::StartOver).await;
    console.connect(PASSWORD).await;
    assert!(matches!(console.state.screen, Screen::Review(_)));
    let info = &console.state.facts().unwrap().info;
    assert_eq!(info.password_set, Some(true));
}
