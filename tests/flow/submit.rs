use odp_console::flow::ending::{Ending, Holder, Unknown};
use odp_console::flow::event::{Event, Reply};
use odp_console::flow::state::{Origin, Screen};
use odp_console::obshell::error::{
    ErrorKind, Failure, NoAnswer, NotObshell, NotObshellKind, NotSent,
};

use super::script::{ADDRESS, Script, dag, info, refusal};

#[test]
fn only_the_exact_address_confirms() {
    let mut script = Script::new();
    script.reach_preflight();
    script.tell(Event::Review);
    for typed in ["", "127.0.0.1", "127.0.0.1:2886 ", "127.0.0.1:28866", "yes"] {
        script.tell(Event::Confirm {
            typed: typed.into(),
        });
        assert!(
            matches!(&script.state.screen, Screen::Review(review) if review.mismatch),
            "{typed:?}"
        );
    }
    assert_eq!(script.calls.len(), 0);
    script.tell(Event::Confirm {
        typed: ADDRESS.into(),
    });
    assert!(matches!(script.state.screen, Screen::Submitting(_)));
}

#[test]
fn one_confirmation_sends_one_delete_however_often_it_is_clicked() {
    let mut script = Script::new();
    script.reach_submitting();
    script.tell(Event::Confirm {
        typed: ADDRESS.into(),
    });
    assert_eq!(script.deletes(), 0, "key and clock are read anew first");
    script.open_routes(&info(true));
    for event in [
        Event::Confirm {
            typed: ADDRESS.into(),
        },
        Event::Back,
        Event::Review,
        Event::Recheck,
        Event::Connect {
            has_credential: true,
        },
        Event::StartOver,
        Event::FollowHolder,
        Event::Visible(false),
        Event::Visible(true),
    ] {
        script.tell(event);
    }
    assert_eq!(script.deletes(), 1);
    script.data("/api/v1/obproxy", &dag("READY", "RUN", 1, None));
    assert!(
        matches!(&script.state.screen, Screen::Task(task) if matches!(task.origin, Origin::Mine(_)))
    );
    assert_eq!(script.deletes(), 1);
}

#[test]
fn what_fails_before_the_delete_left_is_not_sent() {
    for lost in ["/api/v1/info", "/api/v1/time", "/api/v1/secret"] {
        let mut script = Script::new();
        script.reach_submitting();
        script.lose(lost);
        assert_eq!(
            *script.ending(),
            Ending::NotSent(Failure::NoAnswer(NoAnswer::Network))
        );
        assert_eq!(script.deletes(), 0);
    }
    let mut script = Script::new();
    script.reach_deleting();
    let call = script.take("/api/v1/obproxy");
    script.finish(&call, Err(Failure::NotSent(NotSent::NoCredential)));
    assert_eq!(
        *script.ending(),
        Ending::NotSent(Failure::NotSent(NotSent::NoCredential))
    );
}

#[test]
fn every_refusal_that_proves_nothing_was_done_is_refused_and_the_others_are_unknown() {
    for kind in ErrorKind::ALL {
        let Some(err_code) = kind.err_code() else {
            continue;
        };
        if matches!(
            kind,
            ErrorKind::HeaderDecryptFailed | ErrorKind::UnderMaintenance
        ) {
            continue;
        }
        let mut script = Script::new();
        script.reach_deleting();
        script.refuse("/api/v1/obproxy", 401, err_code);
        match script.ending() {
            Ending::Refused(error) if kind.proves_nothing_was_done() => {
                assert_eq!(error.kind, *kind);
            }
            Ending::OutcomeUnknown(Unknown::Answer(Failure::Refused(error)))
                if !kind.proves_nothing_was_done() =>
            {
                assert_eq!(error.kind, *kind);
            }
            other => panic!("{kind:?}: {other:?}"),
        }
        assert_eq!(script.deletes(), 1);
    }
}

#[test]
fn a_header_that_could_not_be_decrypted_is_sealed_anew_once() {
    let code = "Security.Authentication.Header.DecryptFailed";
    let mut script = Script::new();
    script.reach_deleting();
    script.refuse("/api/v1/obproxy", 401, code);
    assert_eq!(script.deletes(), 1);
    script.open_routes(&info(true));
    assert_eq!(script.deletes(), 2);
    script.refuse("/api/v1/obproxy", 401, code);
    assert!(
        matches!(script.ending(), Ending::Refused(error) if error.kind == ErrorKind::HeaderDecryptFailed)
    );
    assert_eq!(script.deletes(), 2);
}

#[test]
fn nothing_managed_is_not_destroyed() {
    let mut script = Script::new();
    script.reach_deleting();
    let call = script.take("/api/v1/obproxy");
    script.finish(
        &call,
        Ok(Reply {
            status: 204,
            body: Vec::new(),
        }),
    );
    assert_eq!(*script.ending(), Ending::NothingToDestroy);
    assert_eq!(script.forgotten, 1);
}

#[test]
fn an_answer_that_did_not_come_leaves_the_outcome_unknown() {
    let page = NotObshell {
        status: 502,
        kind: NotObshellKind::Page,
    };
    for (reply, failure) in [
        (
            Err(Failure::NoAnswer(NoAnswer::Network)),
            Failure::NoAnswer(NoAnswer::Network),
        ),
        (
            Err(Failure::NoAnswer(NoAnswer::Timeout(60_000))),
            Failure::NoAnswer(NoAnswer::Timeout(60_000)),
        ),
        (
            Ok(Reply {
                status: 502,
                body: b"<html>".to_vec(),
            }),
            Failure::NotObshell(page),
        ),
    ] {
        let mut script = Script::new();
        script.reach_deleting();
        let call = script.take("/api/v1/obproxy");
        script.finish(&call, reply);
        assert_eq!(
            *script.ending(),
            Ending::OutcomeUnknown(Unknown::Answer(failure))
        );
        assert_eq!(script.deletes(), 1);
        assert_eq!(script.calls.len(), 0);
    }
}

#[test]
fn someone_elses_task_is_found_and_can_be_followed() {
    let mut script = Script::new();
    script.reach_deleting();
    let call = script.take("/api/v1/obproxy");
    script.finish(&call, refusal(500, "Agent.UnderMaintenance"));
    assert!(matches!(
        script.ending(),
        Ending::SomeoneElse {
            holder: Holder::Searching,
            ..
        }
    ));
    let list = format!(
        r#"{{"contents":[{},{}]}}"#,
        dag("FAILED", "CANCEL", 1, None),
        dag("RUNNING", "RUN", 2, None).replace("42130706433028861", "42130706433028867"),
    );
    script.data("/api/v1/task/dag/agent/unfinish", &list);
    script.tell(Event::FollowHolder);
    let Screen::Task(task) = &script.state.screen else {
        panic!()
    };
    assert_eq!(task.dag.id.as_str(), "42130706433028867");
    assert_eq!(task.origin, Origin::Followed);
    assert_eq!(script.targets(), ["/api/v1/task/dag/42130706433028867"]);
    assert_eq!(script.deletes(), 1);
}

#[test]
fn someone_elses_task_that_is_gone_or_cannot_be_read_is_told_as_that() {
    for gone in [true, false] {
        let mut script = Script::new();
        script.reach_deleting();
        let call = script.take("/api/v1/obproxy");
        script.finish(&call, refusal(500, "Agent.UnderMaintenance"));
        if gone {
            script.data("/api/v1/task/dag/agent/unfinish", r#"{"contents":null}"#);
        } else {
            script.lose("/api/v1/task/dag/agent/unfinish");
        }
        match script.ending() {
            Ending::SomeoneElse {
                holder: Holder::NotFound,
                ..
            } if gone => {}
            Ending::SomeoneElse {
                holder: Holder::Unreadable(_),
                ..
            } if !gone => {}
            other => panic!("{other:?}"),
        }
    }
}
