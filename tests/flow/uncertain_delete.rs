//! Tests the outcome of a DELETE whose response proves nothing.

use odp_console::flow::ending::{Cause, Ending, Unknown};
use odp_console::flow::event::{FlowEvent, Reply};
use odp_console::flow::state::{Contact, Origin, Screen};
use odp_console::obshell::error::{ErrorKind, Failure, NoAnswer};

use super::script::{ALL, DAG, KEY, RAN, Script, UNFINISHED, dag, info, numbered, ok, refusal};

const LOST: Failure = Failure::NoAnswer(NoAnswer::Network);

fn lost() -> Cause {
    LOST.into()
}

/// The first second at which no agent accepts the DELETE any longer, and at which its task would be
/// visible: the header is valid for 16 s, to the end of that second, and a task may take 10 s.
const OVER: i64 = 28;

fn old() -> String {
    dag("SUCCEED", "RUN", 4, None).replace("Delete obproxy", "Add obproxy")
}

fn delete(number: i64, state: &str) -> String {
    numbered(&dag(state, "RUN", 1, None), number)
}

/// Ends the wait and advances the script's clock and the agent's together.
fn wait(script: &mut Script) -> i64 {
    script.due();
    (script.now - super::script::START) / 1000
}

/// Continues to read until the script is at least this many seconds old; no read shows a change.
fn nothing_happens_until(script: &mut Script, seconds: i64, newest: Option<&str>) {
    script.look(0, &info(true), newest, &[]);
    loop {
        let now = wait(script);
        script.look(now, &info(true), newest, &[]);
        if now >= seconds {
            return;
        }
        assert!(
            script.uncertain().is_some(),
            "{now}: {:?}",
            script.state.screen
        );
    }
}

#[test]
fn every_answer_that_proves_nothing_is_looked_into_at_once() {
    let page = |status, body: &str| {
        Ok(Reply {
            status,
            body: body.into(),
        })
    };
    let whole = ok(&dag("READY", "RUN", 1, None)).unwrap();
    for reply in [
        Err(LOST),
        Err(Failure::NoAnswer(NoAnswer::Timeout(60_000))),
        page(502, "<html>"),
        page(503, ""),
        page(504, "upstream timed out"),
        page(200, "<!doctype html>"),
        Ok(Reply {
            body: whole.body[..whole.body.len() / 2].to_vec(),
            ..whole
        }),
        refusal(500, "Common.Unexpected"),
        refusal(500, "Task.CreateFailed"),
        refusal(500, "Something.New"),
    ] {
        let mut script = Script::new();
        script.reach_deleting();
        let call = script.take("/api/v1/obproxy");
        script.finish(&call, reply);
        assert!(script.uncertain().is_some(), "{:?}", script.state.screen);
        assert_eq!(
            script.targets(),
            ["/api/v1/info", "/api/v1/time", "/api/v1/secret"]
        );
        assert_eq!(script.deletes(), 1);
    }
}

#[test]
fn a_delete_that_was_not_there_before_is_followed_as_presumably_this_ones() {
    for (baseline, newest, unfinished) in [
        (None, delete(1, "RUNNING"), vec![delete(1, "RUNNING")]),
        (Some(old()), delete(2, "READY"), vec![delete(2, "READY")]),
        // The delete is already done.
        (Some(old()), delete(2, "SUCCEED"), vec![]),
        // The delete is hidden by a later task.
        (Some(old()), numbered(&old(), 3), vec![delete(2, "FAILED")]),
    ] {
        let mut script = Script::new();
        script.reach_finding_out(baseline.as_deref());
        let unfinished: Vec<_> = unfinished.iter().map(String::as_str).collect();
        script.look(1, &info(true), Some(&newest), &unfinished);
        let Screen::Task(task) = &script.state.screen else {
            panic!("{:?}", script.state.screen)
        };
        assert!(matches!(&task.origin, Origin::Presumed(sent) if sent.trace_id.is_some()));
        assert_eq!(task.dag.number, 1 + i64::from(baseline.is_some()));
        assert_eq!(script.deletes(), 1);
    }
}

#[test]
fn it_is_followed_to_its_end() {
    let mut script = Script::new();
    script.reach_finding_out(None);
    let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
    script.look(30, &info(false), Some(&done), &[]);
    script.data(DAG, &done);
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    assert!(
        matches!(&script.state.screen, Screen::Ended(ended) if ended.submission.is_some()),
        "the DELETE stays part of the evidence"
    );
}

#[test]
fn a_delete_that_was_there_before_is_not_this_ones() {
    let mut script = Script::new();
    let before = delete(1, "FAILED");
    script.reach_finding_out(Some(&before));
    script.look(1, &info(true), Some(&before), &[&before]);
    assert!(script.uncertain().is_some());
}

#[test]
fn nothing_was_done_is_told_when_it_can_not_happen_any_more_and_no_sooner() {
    for baseline in [None, Some(old())] {
        let mut script = Script::new();
        script.reach_finding_out(baseline.as_deref());
        nothing_happens_until(&mut script, OVER, baseline.as_deref());
        assert_eq!(*script.ending(), Ending::NotDone(lost()));
        assert_eq!(script.deletes(), 1);
        assert!(script.calls.is_empty());

        script.tell(FlowEvent::Recheck);
        script.open_routes(&info(true));
        script.data(UNFINISHED, r#"{"contents":[]}"#);
        assert!(matches!(script.state.screen, Screen::Review(_)));
        assert_eq!(script.deletes(), 1, "only another confirmation sends one");
    }
}

#[test]
fn the_life_of_the_header_is_counted_by_the_agents_clock() {
    let mut script = Script::new();
    script.reach_finding_out(None);
    // A laptop that was asleep: the browser's clock advanced by that time.
    script.now += (OVER - 1) * 1000;
    script.look(OVER - 2, &info(true), None, &[]);
    assert!(script.uncertain().is_some());
    assert_eq!(script.due(), 1000);
    script.look(OVER, &info(true), None, &[]);
    assert_eq!(*script.ending(), Ending::NotDone(lost()));
}

#[test]
fn a_clock_that_jumped_proves_nothing() {
    for jump in [-7200, -60, 60, 7200] {
        let mut script = Script::new();
        script.reach_finding_out(None);
        let mut at = 0;
        while script.uncertain().is_some() {
            assert!(at < 1_000);
            let shown = if at > 2 { at + jump } else { at };
            script.look(shown, &info(true), None, &[]);
            if script.timer.is_some() {
                at = wait(&mut script);
            }
        }
        assert_eq!(
            *script.ending(),
            Ending::OutcomeUnknown(Unknown::Answer(lost())),
            "{jump}"
        );
        assert!(at > OVER, "{jump}: a delete may still come to light");
    }
}

#[test]
fn a_clock_that_was_set_and_set_right_is_seen_where_the_browser_was_away_too() {
    let mut script = Script::new();
    script.reach_deleting_after(Some(&old()));
    script.tell(FlowEvent::Visible(false));
    script.now += 20_000;
    script.lose("/api/v1/obproxy");
    // The read started before the page was visible again; the computer may have been asleep.
    script.tell(FlowEvent::Visible(true));
    script.open_routes_at(&info(true), -3_600);
    // The read is repeated, with the right clock of the agent.
    script.look(20, &info(true), Some(&old()), &[]);
    while script.uncertain().is_some() {
        let now = wait(&mut script);
        script.look(now, &info(true), Some(&old()), &[]);
    }
    assert!(
        matches!(script.ending(), Ending::OutcomeUnknown(_)),
        "{:?}",
        script.ending()
    );
}

#[test]
fn what_changed_otherwise_is_not_certain_either() {
    for (info, newest) in [
        // Two new tasks may hide a delete.
        (info(true), numbered(&old(), 3)),
        // No delete, but the ODP is gone.
        (info(false), old()),
    ] {
        let mut script = Script::new();
        script.reach_finding_out(Some(&old()));
        script.look(1, &info, Some(&newest), &[]);
        assert!(script.uncertain().is_some());
        script.now += OVER * 1000;
        wait(&mut script);
        script.look(OVER + 2, &info, Some(&newest), &[]);
        assert_eq!(
            *script.ending(),
            Ending::OutcomeUnknown(Unknown::Answer(lost()))
        );
    }
}

#[test]
fn a_task_of_another_kind_that_began_alone_does_not_matter() {
    let mut script = Script::new();
    script.reach_finding_out(Some(&old()));
    let newest = numbered(&old(), 2);
    nothing_happens_until(&mut script, OVER, Some(&newest));
    assert_eq!(*script.ending(), Ending::NotDone(lost()));
}

#[test]
fn a_reinstalled_agent_cannot_tell() {
    for newest in [None, Some(old())] {
        let mut script = Script::new();
        script.reach_finding_out(Some(&numbered(&old(), 7)));
        script.look(1, &info(false), newest.as_deref(), &[]);
        assert_eq!(*script.ending(), Ending::OutcomeUnknown(Unknown::Forgotten));
    }
}

#[test]
fn an_agent_with_another_key_may_be_another_installation_that_counts_anew() {
    let mut script = Script::new();
    script.reach_finding_out(None);
    script.now += OVER * 1000;
    script.data("/api/v1/info", &info(true));
    script.data("/api/v1/time", "\"2026-11-23T12:00:28Z\"");
    let key = KEY.replace("TKpsj", "TKpsi");
    script.data("/api/v1/secret", &format!(r#"{{"public_key":"{key}"}}"#));
    script.newest(None);
    script.data(UNFINISHED, r#"{"contents":[]}"#);
    assert_eq!(
        *script.ending(),
        Ending::OutcomeUnknown(Unknown::Answer(lost()))
    );
}

#[test]
fn an_agent_that_is_away_is_asked_until_it_is_back() {
    let mut script = Script::new();
    script.reach_finding_out(None);
    for failures in 1..=8 {
        script.lose("/api/v1/info");
        assert!(
            matches!(&script.uncertain().unwrap().contact, Contact::Retrying { failures: counted, .. } if *counted == failures)
        );
        script.due();
    }
    script.look(200, &info(true), Some(&delete(1, "RUNNING")), &[]);
    assert!(matches!(script.state.screen, Screen::Task(_)));
    assert_eq!(script.deletes(), 1);
}

#[test]
fn a_key_that_changed_meanwhile_is_read_anew() {
    for target in [ALL, UNFINISHED] {
        let mut script = Script::new();
        script.reach_finding_out(None);
        script.open_routes(&info(true));
        if target == UNFINISHED {
            script.newest(None);
        }
        script.refuse(target, 401, "Security.Authentication.Header.DecryptFailed");
        assert_eq!(script.uncertain().unwrap().contact, Contact::Good);
        script.look(3, &info(true), Some(&delete(1, "RUNNING")), &[]);
        assert!(matches!(script.state.screen, Screen::Task(_)));
    }
}

#[test]
fn a_password_that_changed_meanwhile_is_asked_for_in_place() {
    let mut script = Script::new();
    script.reach_finding_out(None);
    script.open_routes(&info(true));
    script.refuse(ALL, 401, "Security.Authentication.IncorrectAgentPassword");
    assert!(matches!(
        script.uncertain().unwrap().contact,
        Contact::Unauthenticated(_)
    ));
    assert_eq!(script.forgotten, 1);
    script.tell(FlowEvent::Visible(true));
    script.tell(FlowEvent::Authenticate {
        has_credential: false,
    });
    assert!(script.calls.is_empty() && script.timer.is_none());
    script.tell(FlowEvent::Authenticate {
        has_credential: true,
    });
    script.look(9, &info(true), Some(&delete(1, "RUNNING")), &[]);
    assert!(matches!(script.state.screen, Screen::Task(_)));
}

#[test]
fn a_hidden_page_does_not_look_and_looks_at_once_on_return() {
    let mut script = Script::new();
    script.reach_finding_out(None);
    script.tell(FlowEvent::Visible(false));
    script.look(1, &info(true), None, &[]);
    assert!(script.timer.is_none() && script.calls.is_empty());
    script.now += 3_600_000;
    script.tell(FlowEvent::Visible(true));
    script.tell(FlowEvent::Visible(true));
    assert_eq!(script.calls.len(), 3);
    script.look(3_600, &info(true), None, &[]);
    assert_eq!(*script.ending(), Ending::NotDone(lost()));
}

#[test]
fn giving_up_says_that_it_is_not_known() {
    let mut script = Script::new();
    script.reach_finding_out(None);
    let late = script.take("/api/v1/time");
    script.tell(FlowEvent::StartOver);
    assert_eq!(
        *script.ending(),
        Ending::OutcomeUnknown(Unknown::Answer(lost()))
    );
    assert!(script.calls.is_empty());
    let before = script.state.clone();
    script.finish(&late, ok("\"2026-11-23T12:10:00Z\""));
    assert_eq!(script.state, before);
    script.tell(FlowEvent::StartOver);
    assert!(matches!(script.state.screen, Screen::Connect));
    assert_eq!(script.deletes(), 1);
}

fn busy(baseline: Option<&str>) -> Script {
    let mut script = Script::new();
    script.reach_deleting_after(baseline);
    let call = script.take("/api/v1/obproxy");
    script.finish(&call, refusal(500, "Agent.UnderMaintenance"));
    script
}

#[test]
fn someone_elses_task_is_found_and_can_be_followed() {
    let holder = numbered(&dag("RUNNING", "RUN", 2, None), 7);
    let mut script = busy(Some(&holder));
    let failed = dag("FAILED", "CANCEL", 1, None);
    script.look(1, &info(true), Some(&holder), &[&failed, &holder]);
    assert!(
        matches!(script.ending(), Ending::SomeoneElse { holder: Some(dag), .. } if dag.number == 7)
    );
    script.tell(FlowEvent::FollowHolder);
    let Screen::Task(task) = &script.state.screen else {
        panic!()
    };
    assert_eq!(task.dag.number, 7);
    assert_eq!(task.origin, Origin::Followed);
    assert_eq!(script.targets(), ["/api/v1/task/dag/42130706433028867"]);
    assert_eq!(script.deletes(), 1);
}

#[test]
fn a_task_of_another_kind_in_the_way_is_someone_elses_even_if_it_is_new() {
    let mut script = busy(None);
    let stop = dag("RUNNING", "RUN", 1, None).replace("Delete obproxy", "Stop obproxy");
    script.look(1, &info(true), Some(&stop), &[&stop]);
    assert!(
        matches!(script.ending(), Ending::SomeoneElse { holder: Some(dag), .. } if !dag.is_delete())
    );
}

#[test]
fn someone_elses_task_that_is_gone_is_told_as_that() {
    let done = old();
    let mut script = busy(Some(&done));
    script.look(1, &info(true), Some(&done), &[]);
    assert!(matches!(
        script.ending(),
        Ending::SomeoneElse { holder: None, .. }
    ));
    script.tell(FlowEvent::FollowHolder);
    assert!(matches!(script.state.screen, Screen::Ended(_)));
}

#[test]
fn a_refusal_for_a_delete_that_the_browser_may_have_sent_twice_is_no_proof() {
    let mut script = busy(None);
    let new = delete(1, "RUNNING");
    script.look(1, &info(true), Some(&new), &[&new]);
    assert!(
        matches!(&script.state.screen, Screen::Task(task) if matches!(task.origin, Origin::Presumed(_)))
    );
}

#[test]
fn a_refusal_that_cannot_be_looked_into_is_asked_about_again() {
    let mut script = busy(None);
    script.lose("/api/v1/info");
    script.due();
    script.tell(FlowEvent::StartOver);
    assert!(
        matches!(script.ending(), Ending::OutcomeUnknown(Unknown::Answer(Cause::Failure(Failure::Refused(error)))) if error.kind == ErrorKind::UnderMaintenance)
    );
}
