use odp_console::flow::event::FlowEvent;
use odp_console::flow::preflight::{Finding, Obstacle, Verdict, checks, obstacle};
use odp_console::flow::settings::{AddressProblem, Settings};
use odp_console::flow::state::{ConnectProblem, FactsLookup, Screen};
use odp_console::obshell::address::AddressError;
use odp_console::obshell::error::{ErrorKind, Failure, NoAnswer, NotObshellKind};

use super::script::{ADDRESS, Script, dag, info, ok};

#[test]
fn both_missing_inputs_are_named_at_once_and_nothing_is_sent() {
    let mut script = Script::new();
    script.tell(FlowEvent::Connect {
        has_credential: false,
    });
    assert_eq!(
        script.state.form.address_problem,
        Some(AddressProblem::Malformed(AddressError::Empty))
    );
    assert!(script.state.form.password_missing);
    assert_eq!(script.asked.len(), 0);

    script.tell(FlowEvent::AddressEdited("10.0.0.1".into()));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    assert_eq!(
        script.state.form.address_problem,
        Some(AddressProblem::Malformed(AddressError::NoPort))
    );
    assert_eq!(script.state.form.address, "10.0.0.1");
    assert_eq!(script.asked.len(), 0);
}

#[test]
fn choosing_an_address_reads_the_open_routes_once_and_shows_them() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::AddressChosen);
    script.tell(FlowEvent::AddressChosen);
    assert_eq!(
        script.asked,
        ["GET /api/v1/info", "GET /api/v1/time", "GET /api/v1/secret"]
    );
    script.open_routes(&info(true));
    assert!(
        matches!(&script.state.form.lookup, FactsLookup::Read(facts) if facts.info.manages_odp == Some(true))
    );
    script.tell(FlowEvent::AddressChosen);
    assert_eq!(script.asked.len(), 3);
}

#[test]
fn leaving_the_field_with_a_bad_address_moves_nothing() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited("10.0.0.1".into()));
    let before = script.state.clone();
    script.tell(FlowEvent::AddressChosen);
    assert_eq!(script.state, before);
    assert_eq!(script.asked.len(), 0);
}

#[test]
fn answers_for_an_address_that_was_changed_meanwhile_find_nobody() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::AddressChosen);
    let late = script.take("/api/v1/info");
    script.tell(FlowEvent::AddressEdited("10.0.0.2:2886".into()));
    let before = script.state.clone();
    script.finish(&late, ok(&info(true)));
    assert_eq!(script.state, before);
}

#[test]
fn an_agent_that_cannot_serve_stops_the_way_before_the_password_is_used() {
    for (info, problem) in [
        (info(false).replace("4.5.0.0-0", "4.2.5.0-1"), "too old"),
        (
            info(true).replace(r#""security":true"#, r#""security":false"#),
            "no password",
        ),
    ] {
        let mut script = Script::new();
        script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        script.open_routes(&info);
        match (&script.state.form.problem, problem) {
            (Some(ConnectProblem::TooOld(_)), "too old")
            | (Some(ConnectProblem::PasswordNotSet { .. }), "no password") => {}
            other => panic!("{other:?}"),
        }
        assert!(matches!(script.state.screen, Screen::Connect));
        assert!(!script.state.form.connecting);
        assert_eq!(script.state.form.address, ADDRESS);
        assert_eq!(script.calls.len(), 0, "nothing sealed is sent");
        assert_eq!(script.forgotten, 1);
    }
}

#[test]
fn an_unusable_key_is_told_and_nothing_goes_out_unsealed() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.data("/api/v1/info", &info(true));
    script.data("/api/v1/time", "\"2026-11-23T12:00:00Z\"");
    script.data("/api/v1/secret", r#"{"public_key":"not a key"}"#);
    assert!(matches!(
        script.state.form.problem,
        Some(ConnectProblem::Key(_))
    ));
    assert_eq!(script.calls.len(), 0);
}

#[test]
fn a_web_page_in_the_agents_place_is_told() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    let call = script.take("/api/v1/info");
    let page = odp_console::flow::event::Reply {
        status: 200,
        body: b"<!doctype html>".to_vec(),
    };
    script.finish(&call, Ok(page));
    match &script.state.form.problem {
        Some(ConnectProblem::OpenRoutes(Failure::NotObshell(answer))) => {
            assert_eq!(answer.kind, NotObshellKind::Page);
        }
        other => panic!("{other:?}"),
    }
    assert!(!script.state.form.connecting);
}

#[test]
fn a_wrong_password_is_asked_for_again_and_the_address_stays() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.open_routes(&info(true));
    script.refuse(
        "/api/v1/task/dag/agent/unfinish",
        401,
        "Security.Authentication.IncorrectAgentPassword",
    );
    match &script.state.form.problem {
        Some(ConnectProblem::Credential(Failure::Refused(error))) => {
            assert_eq!(error.kind, ErrorKind::IncorrectAgentPassword);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(script.state.form.address, ADDRESS);
    assert_eq!(script.forgotten, 1);
    assert_eq!(script.calls.len(), 0, "no automatic repetition");
}

#[test]
fn the_checks_say_what_was_read() {
    let mut script = Script::new();
    script.reach_review();
    let Screen::Review(review) = &script.state.screen else {
        panic!()
    };
    let found = checks(&review.preflight, false);
    let worst = found.iter().map(|check| check.verdict).max();
    assert_eq!(worst, Some(Verdict::Warn), "plain http is a warning");
    let verdict = |wanted: fn(&Finding) -> bool| {
        found
            .iter()
            .find(|check| wanted(&check.finding))
            .unwrap()
            .verdict
    };
    assert_eq!(
        verdict(|f| matches!(f, Finding::Transport { secure: false })),
        Verdict::Warn
    );
    assert_eq!(
        verdict(|f| matches!(f, Finding::Key { bits: 1024, .. })),
        Verdict::Pass
    );
    assert_eq!(
        verdict(|f| matches!(f, Finding::Managed(Some(true)))),
        Verdict::Pass
    );
    assert_eq!(
        verdict(|f| matches!(f, Finding::Holder { holder: None, .. })),
        Verdict::Pass
    );
}

#[test]
fn a_task_that_holds_the_agent_blocks_the_confirmation_and_can_be_followed() {
    for (state, stage, holds) in [
        ("RUNNING", 1, true),
        ("READY", 1, true),
        ("FAILED", 2, true),
        // A failed first stage releases the lock, but the task stays in the list.
        ("FAILED", 1, false),
    ] {
        let mut script = Script::new();
        script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        script.open_routes(&info(true));
        let list = format!(r#"{{"contents":[{}]}}"#, dag(state, "RUN", stage, None));
        script.data("/api/v1/task/dag/agent/unfinish", &list);
        script.tell(FlowEvent::Confirm {
            typed: ADDRESS.into(),
        });
        let reviewing = matches!(&script.state.screen, Screen::Review(review) if !review.mismatch);
        assert_eq!(reviewing, holds, "{state} at stage {stage}");
        if holds {
            script.tell(FlowEvent::FollowHolder);
            assert!(matches!(script.state.screen, Screen::Task(_)));
            assert_eq!(script.deletes(), 0);
        }
    }
}

#[test]
fn a_recheck_that_fails_leads_back_to_the_form() {
    let mut script = Script::new();
    script.reach_review();
    script.tell(FlowEvent::Recheck);
    script.tell(FlowEvent::Recheck);
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert!(
        matches!(script.state.screen, Screen::Review(_)),
        "no confirmation on stale checks"
    );
    script.lose("/api/v1/info");
    assert!(matches!(
        script.state.form.problem,
        Some(ConnectProblem::OpenRoutes(Failure::NoAnswer(
            NoAnswer::Network
        )))
    ));
    assert!(matches!(script.state.screen, Screen::Connect));
}

#[test]
fn a_recheck_leaves_the_review_as_it_is() {
    let mut script = Script::new();
    script.reach_review();
    script.tell(FlowEvent::Confirm {
        typed: "127.0.0.1".into(),
    });
    script.tell(FlowEvent::Recheck);
    script.open_routes_at(&info(true), 5);
    script.data("/api/v1/task/dag/agent/unfinish", r#"{"contents":[]}"#);
    let Screen::Review(review) = &script.state.screen else {
        panic!("{:?}", script.state.screen)
    };
    assert!(review.mismatch && !review.preflight.rechecking);
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert!(matches!(script.state.screen, Screen::Submitting(_)));
}

/// Returns a review of an agent that manages no ODP.
fn nothing_managed() -> Script {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.open_routes(&info(false));
    script.data("/api/v1/task/dag/agent/unfinish", r#"{"contents":[]}"#);
    script
}

#[test]
fn a_delete_that_is_known_to_do_nothing_is_sent_to_those_who_insist() {
    let mut script = nothing_managed();
    let before = script.state.clone();
    let typed = ADDRESS.to_owned();
    script.tell(FlowEvent::Confirm { typed });
    assert_eq!(script.state, before, "the confirmation is not offered");
    script.tell(FlowEvent::ContinueAnyway);
    let Screen::Review(review) = &script.state.screen else {
        panic!("{:?}", script.state.screen)
    };
    assert!(review.continues_anyway);
    assert_eq!(obstacle(review, false), None);
    assert_eq!(script.calls.len(), 0, "to insist is not to confirm");
    let typed = ADDRESS.to_owned();
    script.tell(FlowEvent::Confirm { typed });
    script.open_routes(&info(false));
    script.newest(None);
    assert_eq!(script.deletes(), 1);
}

#[test]
fn insisting_is_for_an_agent_that_manages_nothing_only() {
    let mut script = Script::new();
    script.reach_review();
    let before = script.state.clone();
    script.tell(FlowEvent::ContinueAnyway);
    assert_eq!(script.state, before);

    // A failed check has precedence.
    let mut script = nothing_managed();
    script.tell(FlowEvent::Recheck);
    script.open_routes(&info(false));
    let list = format!(r#"{{"contents":[{}]}}"#, dag("RUNNING", "RUN", 1, None));
    script.data("/api/v1/task/dag/agent/unfinish", &list);
    let before = script.state.clone();
    script.tell(FlowEvent::ContinueAnyway);
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert_eq!(script.state, before);
    let Screen::Review(review) = &script.state.screen else {
        panic!("{:?}", script.state.screen)
    };
    assert_eq!(obstacle(review, false), Some(Obstacle::CheckFailed));
    assert_eq!(obstacle(review, true), Some(Obstacle::ReadOnly));
}

#[test]
fn the_sites_list_binds() {
    let mut script = Script::with(Settings {
        typed_address: false,
        ..Settings::default()
    });
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    assert_eq!(
        script.state.form.address_problem,
        Some(AddressProblem::NotListed)
    );
    assert_eq!(script.asked.len(), 0);
}
