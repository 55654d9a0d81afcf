//! Tests requests that arrive twice: a browser repeats a request on its own if a connection breaks
//! before the response begins, and returns only the response to the last copy (protocol: 13.13).
//! The agent may have executed either copy.

use odp_console::flow::ending::{Cause, Ending, Unknown};
use odp_console::flow::event::{FlowEvent, Reply};
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{Contact, Origin, Screen};
use odp_console::obshell::error::{ErrorKind, Failure, NoAnswer, NotSent};
use std::rc::Rc;

use super::script::{
    ADDRESS, DAG, DELETE, KEY, NEWEST, OTHER_KEY, RAN, Script, UNFINISHED, dag, info, numbered, ok,
    refusal,
};

const DECRYPT_FAILED: &str = "Security.Authentication.Header.DecryptFailed";
/// The first second at which no agent accepts the DELETE any longer, and at which its task would be
/// visible.
const OVER: i64 = 28;

fn old() -> String {
    dag("SUCCEED", "RUN", 4, None).replace("Delete obproxy", "Add obproxy")
}

/// The running delete with this number.
fn delete(number: i64) -> String {
    numbered(&dag("RUNNING", "RUN", 2, None), number)
}

fn is_followed_as_presumably_this_ones(script: &Script) -> bool {
    matches!(&script.state.screen, Screen::Task(task)
        if matches!(task.origin, Origin::Presumed(_)) && !task.revises_ending)
}

/// Every rejection that proves that the copy with this response did nothing.
fn refusals() -> impl Iterator<Item = (ErrorKind, &'static str)> {
    let all = ErrorKind::ALL.iter();
    all.filter(|kind| kind.proves_nothing_was_done())
        .filter_map(|kind| Some((*kind, kind.err_code()?)))
}

/// Signs in again if the rejection was about the password.
fn sign_in_if_asked(script: &mut Script) -> bool {
    let uncertain = script.uncertain().expect("it is found out");
    let asked = matches!(uncertain.contact, Contact::Unauthenticated(_));
    if asked {
        assert!(script.calls.is_empty() && script.timer.is_none());
        script.tell(FlowEvent::Authenticate {
            has_credential: true,
        });
    }
    asked
}

/// Continues to read until there is an ending.
fn look_until_the_end(script: &mut Script, info: &str, newest: Option<&str>) -> i64 {
    let mut at = (script.now - super::script::START) / 1000;
    loop {
        script.look(at, info, newest, &[]);
        if script.uncertain().is_none() {
            return at;
        }
        assert!(at < 200, "no end");
        script.due();
        at = (script.now - super::script::START) / 1000;
    }
}

#[test]
fn a_204_for_the_second_copy_is_not_nothing_to_destroy() {
    let mut script = Script::new();
    script.reach_deleting();
    script.now += 20_000;
    script.nothing_managed();
    let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
    script.look(20, &info(false), Some(&done), &[]);
    assert!(is_followed_as_presumably_this_ones(&script));
    script.data(DAG, &done);
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    assert_eq!(script.deletes(), 1);
}

#[test]
fn a_second_copy_that_met_a_new_key_is_not_sealed_anew_where_the_first_was_acted_on() {
    let mut script = Script::new();
    script.reach_deleting_after(Some(&old()));
    script.refuse(DELETE, 401, DECRYPT_FAILED);
    script.open_routes_with(&info(true), 20, OTHER_KEY);
    script.look_at_tasks(Some(&delete(2)), &[&delete(2)]);
    assert!(is_followed_as_presumably_this_ones(&script));
    assert_eq!(script.deletes(), 1);
}

#[test]
fn a_gateways_204_is_found_out_like_a_lost_answer() {
    let mut script = Script::new();
    script.reach_deleting_after(Some(&old()));
    script.nothing_managed();
    assert_eq!(script.uncertain().unwrap().cause, Cause::NothingManaged);
    let at = look_until_the_end(&mut script, &info(true), Some(&old()));
    assert!(at >= OVER, "{at}");
    assert_eq!(*script.ending(), Ending::NotDone(Cause::NothingManaged));

    // Also if the DELETE was executed.
    let mut script = Script::new();
    script.reach_deleting_after(Some(&old()));
    script.nothing_managed();
    script.look(0, &info(true), Some(&old()), &[]);
    script.due();
    script.look(1, &info(true), Some(&delete(2)), &[&delete(2)]);
    assert!(is_followed_as_presumably_this_ones(&script));
}

#[test]
fn an_odp_that_went_without_a_task_is_not_taken_for_destroyed_or_for_never_there() {
    // An agent that does not report whether it manages an ODP does not confirm a 204.
    let silent = info(true).replace(r#""isObproxyAgent":true,"#, "");
    let mut script = Script::new();
    script.reach_deleting();
    script.nothing_managed();
    look_until_the_end(&mut script, &silent, None);
    assert_eq!(
        *script.ending(),
        Ending::OutcomeUnknown(Unknown::Answer(Cause::NothingManaged))
    );
}

#[test]
fn whatever_the_second_copy_was_refused_for_the_first_may_have_been_acted_on() {
    for (kind, err_code) in refusals() {
        for resent in [false, true] {
            let mut script = Script::new();
            script.reach_deleting_after(Some(&old()));
            if resent {
                script.refuse(DELETE, 401, DECRYPT_FAILED);
                script.look(0, &info(true), Some(&old()), &[]);
                assert_eq!(script.deletes(), 2, "{kind:?}");
            }
            script.refuse(DELETE, 401, err_code);
            assert!(script.uncertain().is_some(), "{kind:?}: before it is read");
            sign_in_if_asked(&mut script);
            script.look(1, &info(true), Some(&delete(2)), &[&delete(2)]);
            assert!(is_followed_as_presumably_this_ones(&script), "{kind:?}");
            assert_eq!(script.deletes(), 1 + usize::from(resent), "{kind:?}");
        }
    }
}

#[test]
fn a_refusal_is_told_as_one_when_the_agents_tasks_agree() {
    for (kind, err_code) in refusals() {
        if kind == ErrorKind::UnderMaintenance || kind == ErrorKind::HeaderDecryptFailed {
            continue;
        }
        let mut script = Script::new();
        script.reach_deleting_after(Some(&old()));
        script.refuse(DELETE, 401, err_code);
        sign_in_if_asked(&mut script);
        // An agent whose ODP is gone without a task proves nothing.
        script.look(1, &info(false), Some(&old()), &[]);
        assert!(script.uncertain().is_some(), "{kind:?}");
        script.due();
        script.look(2, &info(true), Some(&old()), &[]);
        assert!(
            matches!(script.ending(), Ending::Refused(error) if error.kind == kind),
            "{kind:?}: {:?}",
            script.ending()
        );
        assert!(!script.uncertain_delete().expired);
        assert_eq!(script.deletes(), 1);
    }
}

#[test]
fn who_does_not_sign_in_again_is_told_that_the_outcome_is_unknown() {
    let mut script = Script::new();
    script.reach_deleting();
    script.refuse(
        DELETE,
        401,
        "Security.Authentication.IncorrectAgentPassword",
    );
    script.tell(FlowEvent::StartOver);
    assert!(
        matches!(script.ending(), Ending::OutcomeUnknown(Unknown::Answer(Cause::Failure(
            Failure::Refused(error)))) if error.kind == ErrorKind::IncorrectAgentPassword)
    );
}

#[test]
fn a_delete_is_sealed_anew_only_where_all_is_as_it_was_noted() {
    let stop = |number| numbered(&old().replace("Add obproxy", "Stop obproxy"), number);
    let at_another_time = old().replace("2026-11-23", "2026-11-24");
    for (baseline, newest, managed, again) in [
        (Some(old()), Some(old()), true, true),
        (None, None, true, true),
        // Another task started meanwhile.
        (Some(old()), Some(stop(2)), true, false),
        (None, Some(old()), true, false),
        // The agent's numbering restarts, once to the same number.
        (Some(numbered(&old(), 3)), Some(old()), true, false),
        (Some(old()), None, true, false),
        (Some(old()), Some(stop(1)), true, false),
        (Some(old()), Some(at_another_time), true, false),
        // The ODP is gone.
        (Some(old()), Some(old()), false, false),
    ] {
        for key in [KEY, OTHER_KEY] {
            let mut script = Script::new();
            script.reach_deleting_after(baseline.as_deref());
            script.refuse(DELETE, 401, DECRYPT_FAILED);
            assert_eq!(script.deletes(), 1);
            script.open_routes_with(&info(managed), 0, key);
            script.look_at_tasks(newest.as_deref(), &[]);
            assert_eq!(
                script.deletes(),
                1 + usize::from(again),
                "{baseline:?} {newest:?} {managed}"
            );
        }
    }
}

#[test]
fn a_delete_is_not_sealed_anew_long_after_the_confirmation_or_against_the_hosts_will() {
    for read_only in [false, true] {
        let mut script = Script::new();
        script.reach_deleting();
        script.refuse(DELETE, 401, DECRYPT_FAILED);
        if read_only {
            script.state.settings = Rc::new(Settings {
                read_only,
                ..Settings::default()
            });
        } else {
            script.now += 61_000;
        }
        script.look(61, &info(true), None, &[]);
        if script.uncertain().is_some() {
            // Read again because more time has passed than the wait.
            script.look(61, &info(true), None, &[]);
        }
        assert!(
            matches!(script.ending(), Ending::Refused(error) if error.kind == ErrorKind::HeaderDecryptFailed),
            "{:?}",
            script.ending()
        );
        assert_eq!(script.deletes(), 1);
    }
}

#[test]
fn what_was_noted_stays_what_the_second_delete_is_compared_with() {
    for late in [
        refusal(500, "Agent.UnderMaintenance"),
        refusal(401, DECRYPT_FAILED),
        Err(Failure::NoAnswer(NoAnswer::Network)),
        Ok(Reply {
            status: 204,
            body: Vec::new(),
        }),
        Err(Failure::NotSent(NotSent::NoCredential)),
    ] {
        let mut script = Script::new();
        script.reach_deleting_after(Some(&old()));
        script.refuse(DELETE, 401, DECRYPT_FAILED);
        script.open_routes_with(&info(true), 0, OTHER_KEY);
        script.look_at_tasks(Some(&old()), &[]);
        assert_eq!(script.deletes(), 2);
        let call = script.take(DELETE);
        script.finish(&call, late.clone());
        // The task of the first copy has appeared.
        script.open_routes_with(&info(true), 1, OTHER_KEY);
        script.look_at_tasks(Some(&delete(2)), &[&delete(2)]);
        assert!(is_followed_as_presumably_this_ones(&script), "{late:?}");
        assert_eq!(script.deletes(), 2);
    }
}

#[test]
fn a_second_delete_that_never_left_does_not_make_the_first_one_unsent() {
    let mut script = Script::new();
    script.reach_deleting();
    script.refuse(DELETE, 401, DECRYPT_FAILED);
    script.look(0, &info(true), None, &[]);
    let call = script.take(DELETE);
    script.finish(&call, Err(Failure::NotSent(NotSent::Browser)));
    assert!(script.uncertain().is_some());
    script.look(1, &info(true), None, &[]);
    assert!(
        matches!(script.ending(), Ending::Refused(error) if error.kind == ErrorKind::HeaderDecryptFailed)
    );
    assert_eq!(script.deletes(), 2, "asked for; one left");
}

#[test]
fn the_new_key_is_the_agents_from_the_second_delete_on() {
    let mut script = Script::new();
    script.reach_deleting_after(Some(&old()));
    script.refuse(DELETE, 401, DECRYPT_FAILED);
    script.open_routes_with(&info(true), 0, OTHER_KEY);
    script.look_at_tasks(Some(&old()), &[]);
    script.lose(DELETE);
    script.now += OVER * 1000;
    script.open_routes_with(&info(true), OVER + 1, OTHER_KEY);
    // More time has passed than the limit of a read: everything is read again.
    script.look_at_tasks(Some(&old()), &[]);
    assert_eq!(
        *script.ending(),
        Ending::NotDone(Failure::NoAnswer(NoAnswer::Network).into())
    );
}

#[test]
fn an_answer_with_an_old_task_or_of_another_kind_is_no_answer_to_the_delete() {
    for answer in [numbered(&delete(1), 3), numbered(&old(), 4)] {
        let mut script = Script::new();
        script.reach_deleting_after(Some(&numbered(&old(), 3)));
        let call = script.take(DELETE);
        script.finish(&call, ok(&answer));
        assert!(script.uncertain().is_some(), "{answer}");
    }
}

// Endings that are withdrawn.

/// Returns a script with an ending that says that nothing was done.
fn nothing_done(cause: Result<Reply, Failure>) -> Script {
    let mut script = Script::new();
    script.reach_deleting_after(Some(&old()));
    let managed = !matches!(&cause, Ok(Reply { status: 204, .. }));
    let call = script.take(DELETE);
    script.finish(&call, cause);
    look_until_the_end(&mut script, &info(managed), Some(&old()));
    script
}

fn causes() -> Vec<Result<Reply, Failure>> {
    vec![
        Err(Failure::NoAnswer(NoAnswer::Network)),
        Ok(Reply {
            status: 204,
            body: Vec::new(),
        }),
        refusal(401, "Security.Authentication.Expired"),
        refusal(500, "Agent.UnderMaintenance"),
    ]
}

fn seconds(script: &Script) -> i64 {
    (script.now - super::script::START) / 1000
}

#[test]
fn nothing_was_done_is_taken_back_when_the_task_appears_after_all() {
    for cause in causes() {
        let mut script = nothing_done(cause.clone());
        assert!(script.ending().may_be_revised(), "{cause:?}");
        let ending = script.ending().clone();
        script.due();
        let at = seconds(&script);
        script.look(at, &info(true), Some(&old()), &[]);
        assert_eq!(*script.ending(), ending, "as it was told");
        script.due();
        let at = seconds(&script);
        script.look(at, &info(true), Some(&delete(2)), &[&delete(2)]);
        let Screen::Task(task) = &script.state.screen else {
            panic!("{cause:?}: {:?}", script.state.screen)
        };
        assert!(task.revises_ending);
        assert!(matches!(&task.origin, Origin::Presumed(sent) if sent.trace_id.is_some()));
        assert_eq!(task.dag.number, 2);
        assert_eq!(script.targets(), ["/api/v1/task/dag/42130706433028862"]);
        assert_eq!(script.deletes(), 1);
    }
}

#[test]
fn the_agent_is_read_more_slowly_once_the_header_has_expired() {
    let mut script = nothing_done(refusal(401, "Security.Authentication.Expired"));
    while !script.uncertain_delete().expired {
        assert_eq!(script.due(), 5_000);
        let at = seconds(&script);
        assert!(at < OVER + 5, "{at}");
        script.look(at, &info(true), Some(&old()), &[]);
    }
    assert!(seconds(&script) >= OVER);
    let mut waits = Vec::new();
    for _ in 0..60 {
        // Keeps the console in use: after 15 idle minutes it would sign out and stop checking.
        script.tell(FlowEvent::Active);
        waits.push(script.due());
        let at = seconds(&script);
        script.look(at, &info(true), Some(&old()), &[]);
    }
    assert_eq!((waits[0], waits[59]), (15_000, 30_000));
    assert_eq!(script.forgotten, 0);
    assert!(matches!(script.ending(), Ending::Refused(_)));
}

#[test]
fn a_hidden_page_does_not_look_on_and_looks_at_once_on_return() {
    let mut script = nothing_done(Err(Failure::NoAnswer(NoAnswer::Network)));
    script.tell(FlowEvent::Visible(false));
    assert!(script.calls.is_empty());
    let (timer, _) = script.timer.take().unwrap();
    script.tell(FlowEvent::Due(timer));
    assert!(script.calls.is_empty(), "the wait was given up");
    script.now += 600_000;
    script.tell(FlowEvent::Visible(true));
    let at = seconds(&script);
    script.look(at, &info(true), Some(&delete(2)), &[&delete(2)]);
    assert!(matches!(&script.state.screen, Screen::Task(task) if task.revises_ending));
}

/// After being hidden for longer than the idle time, the console signs out and says that it no
/// longer checks.
#[test]
fn an_ending_that_is_left_for_too_long_is_looked_after_no_longer() {
    let mut script = nothing_done(Err(Failure::NoAnswer(NoAnswer::Network)));
    let ending = script.ending().clone();
    script.tell(FlowEvent::Visible(false));
    script.now += 3_600_000;
    script.tell(FlowEvent::Visible(true));
    assert!(script.calls.is_empty() && script.forgotten == 1);
    assert_eq!(*script.ending(), ending);
    let contact = &script.uncertain_delete().contact;
    assert!(matches!(
        contact,
        Contact::Unauthenticated(Failure::NotSent(NotSent::CredentialWiped(_)))
    ));
}

#[test]
fn a_clock_that_is_set_back_makes_the_header_valid_again() {
    let mut script = nothing_done(Err(Failure::NoAnswer(NoAnswer::Network)));
    assert!(script.uncertain_delete().expired);
    script.due();
    let at = seconds(&script);
    script.look(at - 40, &info(true), Some(&old()), &[]);
    assert!(matches!(script.ending(), Ending::NotDone(_)));
    assert!(!script.uncertain_delete().expired);
    // Even a clock that was corrected has jumped.
    script.due();
    let at = seconds(&script);
    script.look(at, &info(true), Some(&old()), &[]);
    assert!(!script.uncertain_delete().expired);
}

#[test]
fn without_a_credential_it_is_not_looked_on() {
    for lost in [
        refusal(401, "Security.Authentication.IncorrectAgentPassword"),
        Err(Failure::NotSent(NotSent::NoCredential)),
    ] {
        let mut script = nothing_done(Err(Failure::NoAnswer(NoAnswer::Network)));
        let ending = script.ending().clone();
        script.due();
        let at = seconds(&script);
        script.open_routes_at(&info(true), at);
        let call = script.take(NEWEST);
        script.finish(&call, lost);
        assert_eq!(*script.ending(), ending);
        assert!(matches!(
            script.uncertain_delete().contact,
            Contact::Unauthenticated(_)
        ));
        assert_eq!(script.forgotten, 1);
        script.tell(FlowEvent::Visible(false));
        script.tell(FlowEvent::Visible(true));
        assert!(script.calls.is_empty() && script.timer.is_none());
    }
}

#[test]
fn an_agent_that_is_away_is_looked_for_on() {
    let mut script = nothing_done(Err(Failure::NoAnswer(NoAnswer::Network)));
    script.due();
    script.lose("/api/v1/info");
    assert!(matches!(
        script.uncertain_delete().contact,
        Contact::Retrying { .. }
    ));
    script.due();
    let at = seconds(&script);
    script.look(at, &info(true), Some(&old()), &[]);
    assert_eq!(script.uncertain_delete().contact, Contact::Good);
}

#[test]
fn what_cannot_be_told_any_more_is_not_said_any_more() {
    let three = numbered(&old(), 3);
    for (newest, unknown) in [
        // Two new tasks may hide a delete.
        (
            Some(three.as_str()),
            Unknown::Answer(Failure::NoAnswer(NoAnswer::Network).into()),
        ),
        (None, Unknown::Forgotten),
    ] {
        let mut script = nothing_done(Err(Failure::NoAnswer(NoAnswer::Network)));
        script.due();
        let at = seconds(&script);
        script.look(at, &info(true), newest, &[]);
        assert_eq!(*script.ending(), Ending::OutcomeUnknown(unknown));
        assert!(script.calls.is_empty());
    }
    // The same before the header has expired.
    let mut script = nothing_done(refusal(401, "Security.Authentication.Expired"));
    script.due();
    let at = seconds(&script);
    script.look(at, &info(true), Some(&three), &[]);
    assert!(matches!(script.ending(), Ending::OutcomeUnknown(_)));
    // In sequence all of them are seen.
    let mut script = nothing_done(Err(Failure::NoAnswer(NoAnswer::Network)));
    for number in [2, 3, 4, 5] {
        script.due();
        let at = seconds(&script);
        script.look(at, &info(true), Some(&numbered(&old(), number)), &[]);
        assert!(matches!(script.ending(), Ending::NotDone(_)), "{number}");
    }
}

#[test]
fn leaving_the_ending_ends_the_looking_and_keeps_the_credential_for_the_next_connect() {
    let mut script = nothing_done(Ok(Reply {
        status: 204,
        body: Vec::new(),
    }));
    assert_eq!(*script.ending(), Ending::NothingToDestroy);
    assert_eq!(script.forgotten, 0);
    script.due();
    script.tell(FlowEvent::StartOver);
    assert_eq!(script.forgotten, 0);
    assert!(script.state.form.signed_in.is_some());
    assert!(matches!(script.state.screen, Screen::Connect));
    assert!(
        script.calls.iter().all(|call| !call.request.needs_seal()),
        "{:?}",
        script.targets()
    );
}

#[test]
fn another_confirmation_is_compared_with_what_is_noted_anew() {
    let mut script = nothing_done(Err(Failure::NoAnswer(NoAnswer::Network)));
    script.tell(FlowEvent::Recheck);
    let at = seconds(&script);
    script.open_routes_at(&info(true), at);
    // The first DELETE starts now: the checks show the running task.
    let held = format!(r#"{{"contents":[{}]}}"#, delete(2));
    script.data(UNFINISHED, &held);
    let Screen::Review(review) = &script.state.screen else {
        panic!("{:?}", script.state.screen)
    };
    assert_eq!(review.preflight.holder.as_ref().unwrap().number, 2);
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert!(matches!(script.state.screen, Screen::Review(_)));
    assert_eq!(script.deletes(), 1);
}
