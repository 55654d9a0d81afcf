use odp_console::flow::ending::{Cause, Ending};
use odp_console::flow::event::FlowEvent;
use odp_console::flow::state::{Contact, Origin, Screen};
use odp_console::obshell::error::{
    ErrorKind, Failure, NoAnswer, NotObshell, NotObshellKind, NotSent,
};

use super::script::{ADDRESS, ALL, NEWEST, Script, UNFINISHED, dag, info, numbered, refusal};

#[test]
fn only_the_address_confirms() {
    let mut script = Script::new();
    script.reach_review();
    for typed in ["", "127.0.0.1", "127.0.0.2:2886", "127.0.0.1:28866", "yes"] {
        script.tell(FlowEvent::Confirm {
            typed: typed.into(),
        });
        assert!(
            matches!(&script.state.screen, Screen::Review(review) if review.mismatch),
            "{typed:?}"
        );
    }
    assert_eq!(
        script.targets(),
        [ALL],
        "which ODP it is, beside the checks"
    );
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert!(matches!(script.state.screen, Screen::Submitting(_)));

    // Invisible additions of an input method or a copied text are ignored.
    for typed in [
        "127.0.0.1:2886 ",
        "１２７。０。０。１：２８８６",
        "\u{200b}127.0.0.1:2886\u{feff}",
    ] {
        let mut script = Script::new();
        script.reach_review();
        script.tell(FlowEvent::Confirm {
            typed: typed.into(),
        });
        assert!(
            matches!(script.state.screen, Screen::Submitting(_)),
            "{typed:?}"
        );
    }
}

#[test]
fn one_confirmation_sends_one_delete_however_often_it_is_clicked() {
    let mut script = Script::new();
    script.reach_submitting();
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert_eq!(script.deletes(), 0, "key and clock are read anew first");
    script.open_routes(&info(true));
    assert_eq!(script.deletes(), 0, "and the newest task is noted");
    script.newest(None);
    for event in [
        FlowEvent::Confirm {
            typed: ADDRESS.into(),
        },
        FlowEvent::Back,
        FlowEvent::ContinueAnyway,
        FlowEvent::Recheck,
        FlowEvent::Connect {
            has_credential: true,
        },
        FlowEvent::StartOver,
        FlowEvent::FollowHolder,
        FlowEvent::Visible(false),
        FlowEvent::Visible(true),
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
    for lost in [
        "/api/v1/info",
        "/api/v1/time",
        "/api/v1/secret",
        ALL,
        NEWEST,
    ] {
        let mut script = Script::new();
        script.reach_submitting();
        if [ALL, NEWEST].contains(&lost) {
            script.open_routes(&info(true));
        }
        if lost == NEWEST {
            script.data(ALL, r#"{"contents":null}"#);
        }
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
fn every_refusal_that_proves_nothing_was_done_is_refused_and_the_others_are_looked_into() {
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
        let uncertain = script.uncertain().expect("its tasks are read first");
        assert!(
            matches!(&uncertain.cause, Cause::Failure(Failure::Refused(error)) if error.kind == *kind)
        );
        if matches!(uncertain.contact, Contact::Unauthenticated(_)) {
            script.tell(FlowEvent::Authenticate {
                has_credential: true,
            });
        }
        script.look(1, &info(true), None, &[]);
        if script.uncertain().is_some() {
            assert!(!kind.proves_nothing_was_done(), "{kind:?}");
            assert_eq!(script.deletes(), 1);
            continue;
        }
        match script.ending() {
            Ending::Refused(error) if kind.proves_nothing_was_done() => {
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
    script.look(0, &info(true), None, &[]);
    assert_eq!(script.deletes(), 2);
    script.refuse("/api/v1/obproxy", 401, code);
    script.look(0, &info(true), None, &[]);
    assert!(
        matches!(script.ending(), Ending::Refused(error) if error.kind == ErrorKind::HeaderDecryptFailed)
    );
    assert_eq!(script.deletes(), 2);
}

#[test]
fn nothing_managed_is_not_destroyed() {
    let mut script = Script::new();
    script.reach_deleting();
    script.nothing_managed();
    script.look(0, &info(false), None, &[]);
    assert_eq!(*script.ending(), Ending::NothingToDestroy);
    assert_eq!(script.forgotten, 0, "the agent is read on");
}

#[test]
fn a_question_before_the_delete_that_could_not_be_decrypted_is_asked_once_more() {
    let code = "Security.Authentication.Header.DecryptFailed";
    let mut script = Script::new();
    script.reach_submitting();
    for _ in 0..2 {
        script.open_routes(&info(true));
        script.refuse(ALL, 401, code);
    }
    script.refuse(NEWEST, 401, code);
    assert!(
        matches!(script.ending(), Ending::NotSent(Failure::Refused(error)) if error.kind == ErrorKind::HeaderDecryptFailed)
    );
    assert_eq!(script.deletes(), 0);
}

#[test]
fn what_was_not_sent_can_be_confirmed_again_through_checks_and_review() {
    let mut script = Script::new();
    script.reach_submitting();
    script.lose("/api/v1/info");
    let forgotten = script.forgotten;
    script.tell(FlowEvent::Recheck);
    script.tell(FlowEvent::Recheck);
    script.open_routes(&info(true));
    script.data(UNFINISHED, r#"{"contents":[]}"#);
    assert!(matches!(script.state.screen, Screen::Review(_)));
    assert_eq!(script.forgotten, forgotten, "the password is still good");
    assert_eq!(script.deletes(), 0);
}

#[test]
fn the_way_to_another_confirmation_is_open_where_nothing_was_done_only() {
    let mut script = Script::new();
    script.reach_deleting();
    script.nothing_managed();
    script.look(0, &info(false), None, &[]);
    let before = script.state.clone();
    script.tell(FlowEvent::Recheck);
    assert_eq!(script.state, before);
}

/// A browser logs an error status as an error although nothing is wrong.
#[test]
fn an_agent_without_any_task_with_a_lock_is_not_asked_for_its_newest_one() {
    let lockless = r#"{"id":"42130706433028862","dag_id":2,"name":"Start obproxy","stage":1,"max_stage":2,"maintenance_type":1,"state":"SUCCEED","operator":"RUN"}"#;
    for listed in ["", lockless] {
        let mut script = Script::new();
        script.reach_submitting();
        script.open_routes(&info(true));
        script.data(ALL, &format!(r#"{{"contents":[{listed}]}}"#));
        assert_eq!(script.targets(), ["/api/v1/obproxy"], "{listed}");
        assert!(script.asked.iter().all(|call| !call.ends_with(NEWEST)));
    }
}

#[test]
fn the_newest_task_is_asked_for_where_the_list_does_not_exclude_one() {
    let delete = numbered(&dag("FAILED", "RUN", 1, None), 7);
    let unknown = delete
        .replace("Delete obproxy", "Start observer")
        .replace(r#""maintenance_type":4,"#, "");
    for listed in [
        format!("[{delete}]"),
        format!("[{unknown}]"),
        "[null]".to_owned(),
        "null".to_owned(),
    ] {
        let mut script = Script::new();
        script.reach_submitting();
        script.open_routes(&info(true));
        script.data(ALL, &format!(r#"{{"contents":{listed}}}"#));
        script.data(NEWEST, &delete);
        assert_eq!(script.targets(), ["/api/v1/obproxy"], "{listed}");
        // An older delete in the response does not count as the task of this DELETE.
        script.data("/api/v1/obproxy", &delete);
        assert!(script.uncertain().is_some(), "{listed}");
    }
}

#[test]
fn a_list_that_fails_does_not_stand_in_the_way() {
    let too_large = Failure::NotObshell(NotObshell {
        status: 200,
        kind: NotObshellKind::TooLarge,
    });
    let timeout = Failure::NoAnswer(NoAnswer::Timeout(10_000));
    for reply in [
        Err(too_large),
        Err(timeout),
        refusal(400, "Common.NotFound"),
        refusal(500, "Common.Unexpected"),
    ] {
        let mut script = Script::new();
        script.reach_submitting();
        script.open_routes(&info(true));
        let call = script.take(ALL);
        script.finish(&call, reply);
        script.newest(None);
        assert_eq!(script.targets(), ["/api/v1/obproxy"]);
    }
}

#[test]
fn an_agent_without_a_list_of_all_is_asked_for_its_newest_task_alone() {
    let mut script = Script::new();
    script.reach_submitting();
    script.open_routes(&info(true).replace("4.5.0.0-0", "4.2.6.0-0"));
    assert_eq!(script.targets(), [NEWEST]);
}
