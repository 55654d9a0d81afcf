//! Tests two clocks, each of which may be hours off or jump.

use odp_console::flow::event::{Answered, FlowEvent};
use odp_console::flow::operation::Operation;
use odp_console::flow::preflight::{Finding, Verdict, checks};
use odp_console::flow::state::{Screen, Task};

use super::script::{
    ADDRESS, ALL, DAG, KEY, OPEN_ROUTES, RAN, START, Script, UNFINISHED, WAITS, dag, info, ok,
};

const HOUR: i64 = 3_600_000;
const RUNS: (&str, &str) = ("RUNNING", "RUN");

fn running() -> String {
    dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]))
}

/// Returns a script that follows a task; the next read is due later.
fn watching() -> Script {
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &running());
    script
}

fn task(script: &Script) -> &Task {
    match &script.state.screen {
        Screen::Task(task) => task,
        other => panic!("{other:?}"),
    }
}

/// Checks the agent's time in the header of the call to `target`: the script's agent, whose clock
/// shows `seconds` after the start.
fn is_sealed_for(script: &Script, target: &str, seconds: i64) {
    let call = script
        .calls
        .iter()
        .find(|call| call.request.target() == target);
    let clock = call.unwrap().seal.as_ref().unwrap().clock;
    let agent = clock.agent_time(script.now) - START;
    assert!(
        (agent - seconds * 1000).abs() < 100,
        "{agent} ms instead of {seconds} s"
    );
}

#[test]
fn headers_are_right_with_the_browser_hours_off() {
    for (off, ahead) in [
        (-2 * HOUR, 2 * HOUR),
        (0, 0),
        (30_000, -30_000),
        (2 * HOUR, -2 * HOUR),
    ] {
        let mut script = Script::new();
        script.now += off;
        script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        script.open_routes(&info(true));
        is_sealed_for(&script, UNFINISHED, 0);
        script.data(UNFINISHED, r#"{"contents":[]}"#);
        let Screen::Review(review) = &script.state.screen else {
            panic!("{:?}", script.state.form)
        };
        let clock = checks(&review.preflight, true)
            .into_iter()
            .find(|check| matches!(check.finding, Finding::Clock { .. }))
            .unwrap();
        let verdict = if ahead.abs() < 60_000 {
            Verdict::Pass
        } else {
            Verdict::Warn
        };
        assert_eq!(clock.verdict, verdict, "{off}");
        assert!(
            matches!(clock.finding, Finding::Clock { ahead: found } if (found - ahead).abs() < 100),
            "{clock:?}"
        );
    }
}

#[test]
fn a_clock_that_jumps_between_two_questions_is_measured_before_the_next() {
    for jump in [-2 * HOUR, -10_000, 10_000, 2 * HOUR] {
        let mut script = watching();
        script.now += jump;
        script.due();
        assert_eq!(script.targets(), OPEN_ROUTES, "{jump}");
        script.open_routes_at(&info(true), 1);
        is_sealed_for(&script, DAG, 1);
        script.data(DAG, &running());
        // Not again.
        script.due();
        assert_eq!(script.targets(), [DAG]);
    }
}

#[test]
fn a_wait_that_ends_as_waits_do_measures_nothing() {
    for late in [-3, 0, 20, 1_500] {
        let mut script = watching();
        script.now += late;
        script.due();
        assert_eq!(script.targets(), [DAG], "{late}");
    }
}

#[test]
fn a_computer_that_slept_while_a_question_was_under_way_measures_before_the_next() {
    let mut script = watching();
    script.due();
    let call = script.take(DAG);
    let sent_at = script.now;
    script.now += 2 * HOUR;
    script.tell(FlowEvent::Answered(Answered {
        id: call.id,
        sent_at,
        received_at: script.now,
        trace_id: None,
        reply: ok(&running()),
    }));
    assert_eq!(
        task(&script).dag.stage,
        2,
        "the answer is good all the same"
    );
    script.due();
    assert_eq!(script.targets(), OPEN_ROUTES);
}

#[test]
fn a_measurement_during_which_the_clock_jumped_is_made_again() {
    for jump in [-2 * HOUR, 2 * HOUR] {
        let mut script = Script::new();
        script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        script.data("/api/v1/info", &info(true));
        let call = script.take("/api/v1/time");
        let sent_at = script.now;
        script.now += jump;
        script.tell(FlowEvent::Answered(Answered {
            id: call.id,
            sent_at,
            received_at: script.now,
            trace_id: None,
            reply: ok("\"2026-11-23T12:00:00Z\""),
        }));
        script.data("/api/v1/secret", &format!(r#"{{"public_key":"{}"}}"#, KEY));
        assert_eq!(script.targets(), OPEN_ROUTES, "{jump}");
        script.open_routes(&info(true));
        is_sealed_for(&script, UNFINISHED, 0);
    }
}

#[test]
fn a_page_that_was_hidden_for_long_measures_on_return() {
    for (hidden, measures) in [(900, false), (4_000, false), (60_000, true), (-HOUR, true)] {
        let mut script = watching();
        script.tell(FlowEvent::Visible(false));
        script.now += hidden;
        script.tell(FlowEvent::Visible(true));
        if measures {
            assert_eq!(script.targets(), OPEN_ROUTES, "{hidden}");
            script.open_routes_at(&info(true), 60);
            is_sealed_for(&script, DAG, 60);
        } else {
            assert_eq!(script.targets(), [DAG], "{hidden}");
        }
    }
}

#[test]
fn what_changes_something_lives_only_as_long_as_the_way_asks_for() {
    for (way, life) in [(4, 16), (1_000, 19), (4_000, 31), (20_000, 60)] {
        let mut script = Script::new();
        script.reach_submitting();
        let life_of = |script: &Script, target: &str| {
            let call = script
                .calls
                .iter()
                .find(|call| call.request.target() == target);
            call.unwrap().seal.as_ref().unwrap().life_seconds
        };
        let measure = |script: &mut Script| {
            script.data("/api/v1/info", &info(true));
            let call = script.take("/api/v1/time");
            let sent_at = script.now;
            script.now += way;
            let reply = script.stamped(ok("\"2026-11-23T12:00:00Z\""));
            script.tell(FlowEvent::Answered(Answered {
                id: call.id,
                sent_at,
                received_at: script.now,
                trace_id: None,
                reply,
            }));
            script.data("/api/v1/secret", &format!(r#"{{"public_key":"{KEY}"}}"#));
        };
        measure(&mut script);
        assert_eq!(life_of(&script, ALL), 60);
        script.newest(None);
        assert_eq!(life_of(&script, "/api/v1/obproxy"), life, "{way}");
        script.data("/api/v1/obproxy", &dag("READY", "RUN", 1, None));
        assert_eq!(life_of(&script, DAG), 60);
        script.data(DAG, &running());
        script.tell(FlowEvent::Operate(Operation::Cancel));
        script.tell(FlowEvent::ConfirmOperation);
        measure(&mut script);
        script.data(DAG, &running());
        assert_eq!(life_of(&script, DAG), life, "{way}: the POST");
    }
}

#[test]
fn a_delete_does_not_leave_on_a_clock_that_jumped() {
    let mut script = Script::new();
    script.reach_submitting();
    script.open_routes(&info(true));
    let call = script.take(ALL);
    let sent_at = script.now;
    script.now -= 2 * HOUR;
    let reply = script.stamped(ok(r#"{"contents":[]}"#));
    script.tell(FlowEvent::Answered(Answered {
        id: call.id,
        sent_at,
        received_at: script.now,
        trace_id: None,
        reply,
    }));
    assert_eq!(script.targets(), OPEN_ROUTES);
    script.open_routes(&info(true));
    script.newest(None);
    assert_eq!(script.deletes(), 1);
    is_sealed_for(&script, "/api/v1/obproxy", 0);
}
