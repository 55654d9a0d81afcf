//! Tests starting over: the target and a typed credential are kept, everything is read again, and
//! no DELETE is sent without another review and confirmation.

use odp_console::flow::ending::Ending;
use odp_console::flow::event::FlowEvent;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{ConnectProblem, Contact, FactsLookup, Screen, SignIn, Task};
use odp_console::obshell::error::{Failure, NotSent, WipeReason};

use super::script::{
    ADDRESS, DAG, LOGIN, LOGOUT, RAN, Script, UNFINISHED, WAITS, cluster_info, dag, info,
};

const NO_TASKS: &str = r#"{"contents":[]}"#;
const FAILED: (&str, &str) = ("FAILED", "RUN");

/// The task fails at stage 1, which releases the lock.
fn fail(script: &mut Script, info: &str) {
    script.data(
        DAG,
        &dag("FAILED", "RUN", 1, Some([FAILED, WAITS, WAITS, WAITS])),
    );
    script.data("/api/v1/info", info);
    assert!(matches!(script.ending(), Ending::Failed { stage: 1, .. }));
}

fn failed() -> Script {
    let mut script = Script::new();
    script.reach_task();
    fail(&mut script, &info(true));
    script
}

fn over() -> Script {
    let mut script = failed();
    script.tell(FlowEvent::StartOver);
    script
}

#[track_caller]
fn asks_for_the_password(script: &Script) {
    assert!(matches!(script.state.screen, Screen::Connect));
    assert_eq!(script.state.form.signed_in, None);
    assert!(script.forgotten > 0);
    assert_eq!(script.state.form.address, ADDRESS);
}

#[test]
fn the_way_from_the_end_to_another_delete_needs_no_password_and_every_reading() {
    let mut script = over();
    assert!(matches!(script.state.screen, Screen::Connect));
    assert_eq!(script.state.form.address, ADDRESS);
    assert!(script.state.form.signed_in.is_some());
    assert_eq!(script.forgotten, 0);
    // The agent's facts are read again, and once more on connecting.
    assert_eq!(script.state.form.lookup, FactsLookup::Reading);
    script.open_routes(&info(true));
    script.tell(FlowEvent::ConnectAgain);
    assert!(script.state.form.connecting);
    script.open_routes(&info(true));
    script.data(UNFINISHED, NO_TASKS);
    assert!(matches!(script.state.screen, Screen::Review(_)));
    assert_eq!(script.state.form.signed_in, None);

    script.tell(FlowEvent::Confirm {
        typed: "127.0.0.1".into(),
    });
    assert!(matches!(script.state.screen, Screen::Review(_)));
    assert_eq!(script.deletes(), 1);
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    script.open_routes(&info(true));
    script.newest(Some(&dag(
        "FAILED",
        "RUN",
        1,
        Some([FAILED, WAITS, WAITS, WAITS]),
    )));
    assert_eq!(script.deletes(), 2);
}

#[test]
fn nothing_but_a_new_review_and_confirmation_leads_to_another_delete() {
    let confirm = FlowEvent::Confirm {
        typed: ADDRESS.into(),
    };
    for reach in [over as fn() -> Script, || {
        let mut script = over();
        script.tell(FlowEvent::ConnectAgain);
        script.open_routes(&info(true));
        script
    }] {
        let mut script = reach();
        for event in [
            confirm.clone(),
            FlowEvent::Recheck,
            confirm.clone(),
            FlowEvent::StartOver,
            FlowEvent::ConnectAgain,
            confirm.clone(),
            FlowEvent::TryNow,
        ] {
            script.tell(event);
        }
        assert_eq!(script.deletes(), 1, "{:?}", script.asked);
    }
}

#[test]
fn what_the_credential_was_not_given_for_clears_it() {
    for event in [
        FlowEvent::AddressEdited("10.0.0.1:2886".into()),
        FlowEvent::SignInWith(SignIn::RootPassword),
        FlowEvent::SignOut,
        FlowEvent::Unmounted,
        FlowEvent::Open {
            address: Some("10.0.0.1:2886".into()),
            task: None,
        },
    ] {
        let mut script = over();
        script.tell(event.clone());
        assert_eq!(script.state.form.signed_in, None, "{event:?}");
        assert_eq!(script.forgotten, 1, "{event:?}");
        script.tell(FlowEvent::ConnectAgain);
        assert!(!script.state.form.connecting, "{event:?}");
        assert!(script.calls.iter().all(|call| call.seal.is_none()));
    }
    // Another agent responds at the address.
    let other = info(true).replace("127.0.0.1", "10.0.0.1");
    let mut script = over();
    script.open_routes(&other);
    asks_for_the_password(&script);
    let mut script = over();
    script.tell(FlowEvent::ConnectAgain);
    script.open_routes(&other);
    asks_for_the_password(&script);
    assert!(!script.state.form.connecting);
    assert!(script.calls.is_empty(), "{:?}", script.targets());
}

#[test]
fn leaving_the_page_and_idle_time_clear_it_as_ever() {
    for (event, why) in [
        (FlowEvent::PageLeft, WipeReason::PageLeft),
        (FlowEvent::PageRestored, WipeReason::PageLeft),
        (FlowEvent::IdleDue, WipeReason::Idle(900_000)),
        // Too late: the timer had expired.
        (FlowEvent::ConnectAgain, WipeReason::Idle(900_000)),
    ] {
        let mut script = over();
        script.open_routes(&info(true));
        assert!(script.idle_at.is_some());
        if matches!(why, WipeReason::Idle(_)) {
            script.now += 900_000;
        }
        script.tell(event.clone());
        asks_for_the_password(&script);
        let failure = Failure::NotSent(NotSent::CredentialWiped(why));
        let problem = Some(ConnectProblem::Credential(failure));
        assert_eq!(script.state.form.problem, problem, "{event:?}");
        assert!(!script.state.form.connecting, "{event:?}");
    }
}

#[test]
fn a_credential_that_is_refused_meanwhile_is_asked_for() {
    let mut script = over();
    script.tell(FlowEvent::ConnectAgain);
    script.open_routes(&info(true));
    script.refuse(
        UNFINISHED,
        401,
        "Security.Authentication.IncorrectAgentPassword",
    );
    asks_for_the_password(&script);
    assert!(script.state.form.problem.is_some());
}

#[test]
fn a_session_is_used_again_and_ended_when_it_is_cleared() {
    // Any response works for a session: the shell removes the session from it.
    let reach = || {
        let mut script = Script::new();
        let cluster = cluster_info(true);
        script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        script.tell(FlowEvent::SignInWith(SignIn::RootPassword));
        script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        script.open_routes(&cluster);
        script.data(LOGIN, r#""sealed""#);
        script.data(UNFINISHED, NO_TASKS);
        script.tell(FlowEvent::Confirm {
            typed: ADDRESS.into(),
        });
        script.open_routes(&cluster);
        script.newest(None);
        script.data("/api/v1/obproxy", &dag("READY", "RUN", 1, None));
        fail(&mut script, &cluster);
        script.tell(FlowEvent::StartOver);
        assert!(!script.targets().contains(&LOGOUT));
        script
    };
    let mut script = reach();
    script.tell(FlowEvent::ConnectAgain);
    script.open_routes(&cluster_info(true));
    script.data(UNFINISHED, NO_TASKS);
    assert!(matches!(script.state.screen, Screen::Review(_)));
    // Cleared before the agent was read again: the agent of the session is known.
    let mut script = reach();
    script.tell(FlowEvent::SignOut);
    let logout = script.take(LOGOUT);
    assert_eq!(logout.agent.to_string(), ADDRESS);
}

#[test]
fn what_nobody_typed_is_not_kept() {
    let mut script = Script::with(Settings {
        host_signs_in: true,
        ..Settings::default()
    });
    script.reach_task();
    fail(&mut script, &info(true));
    script.tell(FlowEvent::StartOver);
    assert_eq!(script.state.form.signed_in, None);
    assert_eq!(script.forgotten, 1);
    // After a destroyed ODP the credential is already cleared.
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN; 4])));
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    script.tell(FlowEvent::StartOver);
    assert_eq!(script.state.form.signed_in, None);
}

/// A person requests the next read immediately.
#[test]
fn a_lost_agent_is_asked_at_once_where_a_person_says_so() {
    let contact = |script: &Script| match &script.state.screen {
        Screen::Task(Task { contact, .. }) => contact.clone(),
        other => panic!("{other:?}"),
    };
    let mut script = Script::new();
    script.reach_task();
    script.tell(FlowEvent::TryNow);
    assert_eq!(script.targets(), [DAG], "the question under way is enough");
    script.lose(DAG);
    assert!(matches!(contact(&script), Contact::Retrying { .. }));
    assert!(script.calls.is_empty());
    script.tell(FlowEvent::TryNow);
    assert_eq!(script.calls.len(), 3, "the open routes");
    script.tell(FlowEvent::TryNow);
    assert_eq!(script.calls.len(), 3, "once");
    let timer = script.timer.take();
    if let Some((timer, _)) = timer {
        script.tell(FlowEvent::Due(timer));
    }
    assert_eq!(script.calls.len(), 3, "the wait is over with it");
    script.open_routes(&info(true));
    script.data(DAG, &dag("RUNNING", "RUN", 1, None));
    assert_eq!(contact(&script), Contact::Good);

    let mut script = Script::new();
    script.reach_finding_out(None);
    script.lose("/api/v1/info");
    assert!(script.calls.is_empty());
    script.tell(FlowEvent::TryNow);
    assert_eq!(script.calls.len(), 3);
}
