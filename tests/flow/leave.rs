//! Tests leaving: the page is left and may be restored, or the console is idle for long.

use odp_console::flow::ending::Ending;
use odp_console::flow::event::FlowEvent;
use odp_console::flow::operation::Operation;
use odp_console::flow::state::{
    ConnectProblem, Contact, FactsLookup, OperationPhase, Screen, SignIn, SubmitPhase, Submitting,
    Task,
};
use odp_console::obshell::error::{Failure, NotSent, WipeReason};

use super::script::{
    ADDRESS, DAG, LOGIN, LOGOUT, RAN, Script, UNFINISHED, WAITS, cluster_info, dag, info,
};

/// The idle time of the settings, in milliseconds.
const IDLE: u32 = 900_000;
const FAILED: (&str, &str) = ("FAILED", "RUN");
const GIVEN: FlowEvent = FlowEvent::Connect {
    has_credential: true,
};
const GIVEN_AGAIN: FlowEvent = FlowEvent::Authenticate {
    has_credential: true,
};

fn forgotten(why: WipeReason) -> Failure {
    Failure::NotSent(NotSent::CredentialWiped(why))
}

/// Checks that the connect form asks for the password of the same agent and gives the reason.
#[track_caller]
fn asks_at_the_form(script: &Script, why: WipeReason) {
    let form = &script.state.form;
    assert!(matches!(script.state.screen, Screen::Connect));
    assert_eq!(
        form.problem,
        Some(ConnectProblem::Credential(forgotten(why)))
    );
    assert_eq!(form.address, ADDRESS);
    assert!(!form.connecting);
    assert_eq!(script.state.wipe_reason(), Some(why));
    assert_eq!(script.idle_at, None, "nothing is left to watch");
}

fn task(script: &Script) -> &Task {
    match &script.state.screen {
        Screen::Task(task) => task,
        Screen::Ended(ended) => ended.task.as_ref().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn asks_beside_the_task(script: &Script, why: WipeReason) {
    assert!(matches!(script.state.screen, Screen::Task(_)));
    assert_eq!(
        task(script).contact,
        Contact::Unauthenticated(forgotten(why))
    );
}

fn at_review() -> Script {
    let mut script = Script::new();
    script.reach_review();
    script
}

fn failed() -> Script {
    let mut script = Script::new();
    script.reach_task();
    script.data(
        DAG,
        &dag("FAILED", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
    );
    script.data("/api/v1/info", &info(true));
    assert!(matches!(script.ending(), Ending::Failed { .. }));
    script
}

fn confirm(script: &mut Script) {
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
}

#[test]
fn a_page_that_is_left_before_the_confirmation_asks_for_the_password_again() {
    for reach in [
        Script::reach_review as fn(&mut Script),
        |script| {
            script.reach_review();
            script.tell(FlowEvent::Recheck);
        },
        // While the console connects.
        |script| {
            script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
            script.tell(GIVEN);
            script.open_routes(&info(true));
        },
    ] {
        // One of the two events suffices.
        for events in [
            &[FlowEvent::PageLeft, FlowEvent::PageRestored][..],
            &[FlowEvent::PageLeft],
            &[FlowEvent::PageRestored],
        ] {
            let mut script = Script::new();
            reach(&mut script);
            events.iter().for_each(|event| script.tell(event.clone()));
            asks_at_the_form(&script, WipeReason::PageLeft);
            assert_eq!(script.forgotten, 1);
            assert!(script.targets().is_empty());
            confirm(&mut script);
            assert_eq!(script.deletes(), 0);
            assert!(
                matches!(script.state.form.lookup, FactsLookup::Read(_)),
                "{events:?}"
            );
            // The same steps as before, with the password.
            script.tell(GIVEN);
            script.open_routes(&info(true));
            script.data(UNFINISHED, r#"{"contents":[]}"#);
            assert!(matches!(script.state.screen, Screen::Review(_)));
            assert_eq!(script.state.wipe_reason(), None);
        }
    }
}

#[test]
fn a_page_that_was_never_signed_in_comes_back_as_it_was() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::AddressChosen);
    script.open_routes(&info(true));
    let before = script.state.clone();
    script.tell(FlowEvent::PageLeft);
    script.tell(FlowEvent::PageRestored);
    script.tell(FlowEvent::Active);
    assert_eq!(script.state, before);
    assert_eq!((script.forgotten, script.idle_at), (0, None));
}

#[test]
fn a_hidden_page_is_not_left() {
    let mut script = at_review();
    script.tell(FlowEvent::Visible(false));
    script.now += 60_000;
    script.tell(FlowEvent::Visible(true));
    assert!(matches!(script.state.screen, Screen::Review(_)));
    assert_eq!(script.forgotten, 0);
}

#[test]
fn a_confirmed_delete_that_has_not_left_does_not_leave_after_the_page() {
    let mut script = Script::new();
    script.reach_submitting();
    script.tell(FlowEvent::PageLeft);
    assert_eq!(
        *script.ending(),
        Ending::NotSent(forgotten(WipeReason::PageLeft))
    );
    assert!(script.targets().is_empty());
    script.tell(FlowEvent::PageRestored);
    // Another confirmation starts with the password.
    script.tell(FlowEvent::Recheck);
    asks_at_the_form(&script, WipeReason::PageLeft);
    assert_eq!(script.deletes(), 0);
}

#[test]
fn a_delete_under_way_keeps_the_credential_until_the_page_comes_back() {
    let mut script = Script::new();
    script.reach_deleting();
    script.tell(FlowEvent::PageLeft);
    assert_eq!(script.forgotten, 0);
    // The response arrives before the page is frozen: the task is read at once.
    let mut answered = script;
    answered.data("/api/v1/obproxy", &dag("READY", "RUN", 1, None));
    assert_eq!(answered.targets(), [DAG]);

    let mut script = Script::new();
    script.reach_deleting();
    script.tell(FlowEvent::PageLeft);
    script.tell(FlowEvent::PageRestored);
    assert_eq!(script.forgotten, 1);
    assert!(matches!(
        &script.state.screen,
        Screen::Submitting(Submitting {
            phase: SubmitPhase::Deleting(_),
            ..
        })
    ));
    script.data("/api/v1/obproxy", &dag("READY", "RUN", 1, None));
    asks_beside_the_task(&script, WipeReason::PageLeft);
    assert!(script.targets().is_empty(), "nothing is sealed");
    script.tell(GIVEN_AGAIN);
    script.open_routes(&info(true));
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN; 4])));
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    assert_eq!(script.deletes(), 1);
}

#[test]
fn what_came_of_a_lost_delete_is_found_out_after_the_password_was_given_in_place() {
    // The browser aborts the DELETE when it freezes the page.
    let mut frozen = Script::new();
    frozen.reach_deleting();
    frozen.tell(FlowEvent::PageLeft);
    frozen.tell(FlowEvent::PageRestored);
    frozen.lose("/api/v1/obproxy");
    frozen.open_routes(&info(true));
    // The page is left while the outcome is being determined.
    let mut doubting = Script::new();
    doubting.reach_finding_out(None);
    doubting.tell(FlowEvent::PageLeft);
    doubting.tell(FlowEvent::PageRestored);
    for mut script in [frozen, doubting] {
        let contact = &script.uncertain().unwrap().contact;
        assert_eq!(
            *contact,
            Contact::Unauthenticated(forgotten(WipeReason::PageLeft))
        );
        assert!(script.targets().is_empty());
        assert_eq!(script.forgotten, script.forgotten.max(1));
        script.tell(GIVEN_AGAIN);
        let task = dag("RUNNING", "RUN", 1, None);
        script.look(2, &info(true), Some(&task), &[&task]);
        assert_eq!(task_id(&script), "42130706433028861");
        assert_eq!(script.deletes(), 1);
    }
}

fn task_id(script: &Script) -> String {
    task(script).dag.id.to_string()
}

#[test]
fn a_task_that_runs_is_watched_on_once_the_password_was_given() {
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &dag("RUNNING", "RUN", 2, None));
    script.tell(FlowEvent::Operate(Operation::Cancel));
    script.tell(FlowEvent::PageLeft);
    asks_beside_the_task(&script, WipeReason::PageLeft);
    assert_eq!(script.forgotten, 1);
    script.tell(FlowEvent::PageRestored);
    script.tell(FlowEvent::Visible(true));
    asks_beside_the_task(&script, WipeReason::PageLeft);
    assert_eq!(task(&script).operating, None, "the question is gone");
    script.tell(FlowEvent::ConfirmOperation);
    assert!(script.targets().is_empty());
    script.tell(GIVEN_AGAIN);
    script.open_routes(&info(true));
    script.data(DAG, &dag("RUNNING", "RUN", 2, None));
    assert_eq!(task(&script).contact, Contact::Good);
    assert_eq!(task(&script).operating, None);
}

#[test]
fn an_operation_that_has_not_left_does_not_leave_and_one_under_way_is_waited_for() {
    let confirmed = || {
        let mut script = failed();
        script.tell(FlowEvent::Operate(Operation::Retry));
        script.tell(FlowEvent::ConfirmOperation);
        script
    };
    let mut script = confirmed();
    script.tell(FlowEvent::PageLeft);
    asks_beside_the_task(&script, WipeReason::PageLeft);
    let phase = &task(&script).operating.as_ref().unwrap().phase;
    let not_sent = OperationPhase::NotSent(Some(forgotten(WipeReason::PageLeft)));
    assert_eq!(*phase, not_sent);
    assert!(!script.asked.iter().any(|call| call.starts_with("POST")));

    let mut script = confirmed();
    script.open_routes(&info(true));
    script.data(
        DAG,
        &dag("FAILED", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
    );
    let before = script.forgotten;
    script.tell(FlowEvent::PageLeft);
    assert_eq!(script.forgotten, before, "it is under way");
    script.tell(FlowEvent::PageRestored);
    assert_eq!(script.forgotten, before + 1);
    script.data(DAG, "null");
    let phase = &task(&script).operating.as_ref().unwrap().phase;
    assert_eq!(*phase, OperationPhase::Accepted);
    asks_beside_the_task(&script, WipeReason::PageLeft);
}

#[test]
fn a_session_is_ended_when_the_page_is_left() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::AddressChosen);
    script.open_routes(&cluster_info(true));
    script.tell(FlowEvent::SignInWith(SignIn::RootPassword));
    script.tell(GIVEN);
    script.open_routes(&cluster_info(true));
    script.data(LOGIN, r#""c2VhbGVk""#);
    script.data(UNFINISHED, r#"{"contents":[]}"#);
    script.tell(FlowEvent::PageLeft);
    assert_eq!(script.targets(), [LOGOUT]);
    asks_at_the_form(&script, WipeReason::PageLeft);
    assert_eq!(script.state.form.sign_in, SignIn::RootPassword);
}

/// Ends the idle time by the browser's timer.
fn idle_due(script: &mut Script) {
    script.now = script.idle_at.take().expect("the idle time is counted");
    script.tell(FlowEvent::IdleDue);
}

#[test]
fn after_the_idle_time_the_credential_is_forgotten_wherever_nothing_runs() {
    let why = WipeReason::Idle(IDLE);
    {
        let mut script = at_review();
        let signed_in_at = script.idle_at.unwrap() - i64::from(IDLE);
        assert!(signed_in_at <= script.now);
        idle_due(&mut script);
        asks_at_the_form(&script, why);
        assert_eq!(script.forgotten, 1);
        confirm(&mut script);
        assert_eq!(script.deletes(), 0);
        // There is nothing to clear.
        script.now += 10 * i64::from(IDLE);
        script.tell(FlowEvent::IdleDue);
        script.tell(FlowEvent::Active);
        asks_at_the_form(&script, why);
        assert_eq!(script.forgotten, 1);
    }
}

#[test]
fn whoever_uses_the_console_is_not_idle() {
    let mut script = at_review();
    for _ in 0..3 {
        script.now += i64::from(IDLE) - 1_000;
        script.tell(FlowEvent::Active);
    }
    // The timer started at the beginning; it is set again for the remaining time.
    script.idle_at = None;
    script.now += 1_000;
    script.tell(FlowEvent::IdleDue);
    assert_eq!(script.idle_at, Some(script.now + i64::from(IDLE) - 1_000));
    assert!(matches!(script.state.screen, Screen::Review(_)));
    idle_due(&mut script);
    asks_at_the_form(&script, WipeReason::Idle(IDLE));
}

/// Timers stop while a computer sleeps: the first event after it comes too late.
#[test]
fn a_computer_that_slept_was_idle_by_the_clock() {
    for first in [
        FlowEvent::Confirm {
            typed: ADDRESS.into(),
        },
        FlowEvent::Active,
        FlowEvent::Visible(true),
        FlowEvent::Back,
        FlowEvent::IdleDue,
    ] {
        let mut script = at_review();
        script.now += i64::from(IDLE);
        script.tell(first);
        asks_at_the_form(&script, WipeReason::Idle(IDLE));
        assert_eq!(script.deletes(), 0);
    }
}

#[test]
fn a_clock_that_is_set_back_does_not_make_the_idle_time_longer() {
    let mut script = at_review();
    script.now -= 86_400_000;
    script.tell(FlowEvent::IdleDue);
    assert_eq!(script.idle_at, Some(script.now + i64::from(IDLE)));
    idle_due(&mut script);
    asks_at_the_form(&script, WipeReason::Idle(IDLE));
}

#[test]
fn while_a_task_runs_nobody_is_idle_and_after_its_end_the_time_counts_from_there() {
    let running = dag(
        "RUNNING",
        "RUN",
        2,
        Some([RAN, ("RUNNING", "RUN"), WAITS, WAITS]),
    );
    let mut script = Script::new();
    script.reach_task();
    // Late by less than a jump of the clock.
    for _ in 0..250 {
        script.data(DAG, &running);
        script.now += 4_000;
        script.tell(FlowEvent::IdleDue);
        script.due();
    }
    assert_eq!(script.forgotten, 0);
    script.data(
        DAG,
        &dag("FAILED", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
    );
    script.data("/api/v1/info", &info(true));
    let ended = script.now;
    assert_eq!(script.idle_at, Some(ended + i64::from(IDLE)));
    script.tell(FlowEvent::Operate(Operation::Retry));
    assert!(task(&script).awaits_confirmation());

    // The ending stays and says so; the confirmation is gone.
    idle_due(&mut script);
    assert!(matches!(script.ending(), Ending::Failed { .. }));
    assert_eq!(script.state.wipe_reason(), Some(WipeReason::Idle(IDLE)));
    assert_eq!(script.forgotten, 1);
    assert_eq!(task(&script).operating, None);

    // An act that needs a password asks for it.
    script.tell(FlowEvent::Operate(Operation::Retry));
    script.tell(FlowEvent::ConfirmOperation);
    script.open_routes(&info(true));
    asks_beside_the_task(&script, WipeReason::Idle(IDLE));
    assert!(script.targets().is_empty());
    assert!(!script.asked.iter().any(|call| call.starts_with("POST")));
}

#[test]
fn a_delete_and_a_doubt_are_never_idle() {
    let mut deleting = Script::new();
    deleting.reach_deleting();
    let mut doubting = Script::new();
    doubting.reach_finding_out(None);
    for mut script in [deleting, doubting] {
        script.now += 2 * i64::from(IDLE);
        script.tell(FlowEvent::IdleDue);
        script.tell(FlowEvent::Active);
        assert_eq!(script.forgotten, 0);
        assert_eq!(script.state.wipe_reason(), None);
    }
}

#[test]
fn another_way_from_an_end_asks_for_the_password_first() {
    let mut script = Script::new();
    script.reach_submitting();
    script.lose("/api/v1/info");
    assert!(matches!(script.ending(), Ending::NotSent(_)));
    idle_due(&mut script);
    assert!(matches!(script.ending(), Ending::NotSent(_)));
    script.tell(FlowEvent::Recheck);
    asks_at_the_form(&script, WipeReason::Idle(IDLE));
    assert!(script.targets().is_empty());
}

#[test]
fn a_password_that_came_with_a_wrong_address_is_not_kept() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited("no address".into()));
    script.tell(GIVEN);
    assert!(script.state.form.address_problem.is_some());
    assert_eq!(script.forgotten, 1);
}

#[test]
fn a_computer_that_slept_while_it_connected_has_to_sign_in_again() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(GIVEN);
    script.open_routes(&info(true));
    script.now += i64::from(IDLE);
    // A sign-in in progress is not aborted.
    script.tell(FlowEvent::IdleDue);
    script.data(UNFINISHED, r#"{"contents":[]}"#);
    assert!(matches!(script.state.screen, Screen::Review(_)));
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    asks_at_the_form(&script, WipeReason::Idle(IDLE));
}
