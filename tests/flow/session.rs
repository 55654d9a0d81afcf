//! Tests the root password of OceanBase, and the session that a CLUSTER AGENT returns for it.

use odp_console::flow::ending::Ending;
use odp_console::flow::event::FlowEvent;
use odp_console::flow::preflight::{Finding, Verdict, checks, obstacle};
use odp_console::flow::state::{ConnectProblem, Contact, Screen, SignIn};
use odp_console::obshell::error::{ErrorKind, Failure};

use super::script::{
    ADDRESS, ALL, DAG, LOGIN, LOGOUT, OPEN_ROUTES, RAN, Script, UNFINISHED, WAITS, cluster_info,
    dag, info,
};

const RUNS: (&str, &str) = ("RUNNING", "RUN");
const NO_TASKS: &str = r#"{"contents":[]}"#;
const SEALED: &str = r#""c2VhbGVk""#;
const ROOT: FlowEvent = FlowEvent::SignInWith(SignIn::RootPassword);
const GIVEN: FlowEvent = FlowEvent::Connect {
    has_credential: true,
};
const GIVEN_AGAIN: FlowEvent = FlowEvent::Authenticate {
    has_credential: true,
};

/// A script that has read the facts of a CLUSTER AGENT.
fn seen(password_set: bool) -> Script {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::AddressChosen);
    script.open_routes(&cluster_info(password_set));
    script
}

/// A script that has sent the login with the root password.
fn logging_in() -> Script {
    let mut script = seen(true);
    script.tell(ROOT);
    script.tell(GIVEN);
    script.open_routes(&cluster_info(true));
    assert_eq!(script.targets(), [LOGIN]);
    script
}

/// A script with the checks, signed in by a session.
fn checked() -> Script {
    let mut script = logging_in();
    script.data(LOGIN, SEALED);
    assert_eq!(script.targets(), [UNFINISHED]);
    script.data(UNFINISHED, NO_TASKS);
    assert!(matches!(script.state.screen, Screen::Review(_)));
    script
}

/// A script that follows a running task with a session.
fn watching() -> Script {
    let mut script = checked();
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    script.open_routes(&cluster_info(true));
    script.newest(None);
    script.data("/api/v1/obproxy", &dag("READY", "RUN", 1, None));
    script.data(DAG, &running());
    script
}

fn running() -> String {
    dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]))
}

fn contact(script: &Script) -> &Contact {
    match &script.state.screen {
        Screen::Task(task) => &task.contact,
        other => panic!("{other:?}"),
    }
}

fn asked(script: &Script, call: &str) -> usize {
    script.asked.iter().filter(|asked| *asked == call).count()
}

fn refused(script: &Script) -> ErrorKind {
    match &script.state.form.problem {
        Some(ConnectProblem::Credential(Failure::Refused(error))) => error.kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_root_password_is_used_for_one_login_and_the_session_for_the_rest() {
    let mut script = watching();
    assert_eq!(asked(&script, "POST /api/v1/login"), 1);
    assert_eq!(asked(&script, "DELETE /api/v1/obproxy"), 1);
    assert_eq!(asked(&script, "POST /api/v1/logout"), 0);
    script.due();
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN; 4])));
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    // Nothing remains to be read, so the session ends.
    assert_eq!(script.targets(), [LOGOUT]);
    assert_eq!(script.forgotten, 1);
    // Whatever the result.
    let ended = script.state.clone();
    script.refuse(LOGOUT, 401, "Security.Authentication.SessionInvalid");
    assert_eq!(script.state, ended);
}

#[test]
fn a_cluster_agent_without_an_agent_password_is_signed_in_to_with_the_root_password() {
    let mut script = seen(false);
    assert_eq!(script.state.form.sign_in, SignIn::RootPassword);
    assert_eq!(script.state.form.problem, None);
    // The unavailable choice is reported when it is selected, and only then.
    script.tell(FlowEvent::SignInWith(SignIn::AgentPassword));
    assert!(matches!(
        script.state.form.problem,
        Some(ConnectProblem::PasswordNotSet { .. })
    ));
    script.tell(ROOT);
    assert_eq!(script.state.form.problem, None);

    script.tell(GIVEN);
    script.open_routes(&cluster_info(false));
    script.data(LOGIN, SEALED);
    script.data(UNFINISHED, NO_TASKS);
    let Screen::Review(review) = &script.state.screen else {
        panic!("{:?}", script.state.form)
    };
    let set = checks(&review.preflight, true)
        .into_iter()
        .find(|check| check.finding == Finding::PasswordSet);
    assert_eq!(set.unwrap().verdict, Verdict::Pass);
    assert_eq!(obstacle(review, false), None);
}

#[test]
fn an_agent_without_sessions_is_not_asked_for_one() {
    let no_sessions = cluster_info(false).replace("4.5.0.0-0", "4.3.3.0-1");
    for info in [
        no_sessions,
        info(true).replace(r#""security":true"#, r#""security":false"#),
    ] {
        let mut script = Script::new();
        script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        script.tell(FlowEvent::AddressChosen);
        script.open_routes(&info);
        assert_eq!(script.state.form.sign_in, SignIn::AgentPassword);
        assert!(matches!(
            script.state.form.problem,
            Some(ConnectProblem::PasswordNotSet { .. })
        ));
        assert_eq!(script.asked.len(), 3);
    }
    // The agent password works for a CLUSTER AGENT like for any other.
    let mut script = seen(true);
    script.tell(GIVEN);
    script.open_routes(&cluster_info(true));
    assert_eq!(script.targets(), [UNFINISHED]);
}

#[test]
fn a_refused_login_is_told_and_not_repeated() {
    for (err_code, kind) in [
        (
            "Security.Authentication.IncorrectOceanbasePassword",
            ErrorKind::IncorrectOceanBasePassword,
        ),
        (
            "Security.Authentication.WithAgentPassword",
            ErrorKind::WithAgentPassword,
        ),
    ] {
        let mut script = logging_in();
        script.refuse(LOGIN, 401, err_code);
        assert_eq!(refused(&script), kind);
        assert!(script.calls.is_empty() && script.timer.is_none());
        assert_eq!(script.forgotten, 1);
        // Only the password is lost.
        assert_eq!(script.state.form.address, ADDRESS);
        assert_eq!(script.state.form.sign_in, SignIn::RootPassword);
        script.tell(GIVEN);
        script.open_routes(&cluster_info(true));
        script.data(LOGIN, SEALED);
        script.data(UNFINISHED, NO_TASKS);
        assert!(matches!(script.state.screen, Screen::Review(_)));
    }
}

#[test]
fn another_address_is_another_agent() {
    let mut script = logging_in();
    let login = script.take(LOGIN);
    script.tell(FlowEvent::AddressEdited("10.0.0.2:2886".into()));
    assert_eq!(script.state.form.sign_in, SignIn::AgentPassword);
    assert_eq!(script.forgotten, 1);
    let before = script.state.clone();
    script.finish(&login, super::script::ok(SEALED));
    assert_eq!(script.state, before, "the late answer finds nobody");
}

#[test]
fn the_choice_waits_for_what_is_under_way() {
    let mut script = logging_in();
    let before = script.state.clone();
    script.tell(FlowEvent::SignInWith(SignIn::AgentPassword));
    assert_eq!(script.state, before);
}

#[test]
fn a_session_that_died_is_asked_for_in_place_and_the_task_goes_on() {
    for err_code in [
        "Security.Authentication.SessionInvalid",
        "Security.Authentication.SessionExpired",
    ] {
        let mut script = watching();
        script.due();
        script.refuse(DAG, 401, err_code);
        assert!(matches!(contact(&script), Contact::Unauthenticated(_)));
        assert_eq!(script.forgotten, 1);
        assert!(script.calls.is_empty() && script.timer.is_none());
        assert_eq!(asked(&script, "POST /api/v1/logout"), 0, "it is dead");

        // A wrong password is reported in place and not repeated.
        script.tell(GIVEN_AGAIN);
        assert_eq!(script.targets(), OPEN_ROUTES);
        script.open_routes(&cluster_info(true));
        script.refuse(
            LOGIN,
            401,
            "Security.Authentication.IncorrectOceanbasePassword",
        );
        assert!(
            matches!(contact(&script), Contact::Unauthenticated(Failure::Refused(error))
                if error.kind == ErrorKind::IncorrectOceanBasePassword)
        );
        assert!(script.calls.is_empty() && script.timer.is_none());

        script.tell(GIVEN_AGAIN);
        script.open_routes(&cluster_info(true));
        script.data(LOGIN, SEALED);
        script.data(DAG, &running());
        assert_eq!(*contact(&script), Contact::Good);
        assert_eq!(script.deletes(), 1);
    }
}

#[test]
fn in_place_the_agent_password_does_as_well() {
    let mut script = watching();
    script.due();
    script.refuse(DAG, 401, "Security.Authentication.SessionInvalid");
    script.tell(FlowEvent::SignInWith(SignIn::AgentPassword));
    script.tell(GIVEN_AGAIN);
    script.open_routes(&cluster_info(true));
    assert_eq!(script.targets(), [DAG]);
    // The reverse case.
    script.refuse(DAG, 401, "Security.Authentication.IncorrectAgentPassword");
    script.tell(ROOT);
    script.tell(GIVEN_AGAIN);
    script.open_routes(&cluster_info(true));
    script.data(LOGIN, SEALED);
    script.data(DAG, &running());
    assert_eq!(*contact(&script), Contact::Good);
}

#[test]
fn a_login_that_gets_lost_in_place_is_tried_again_as_any_other_question() {
    let mut script = watching();
    script.due();
    script.refuse(DAG, 401, "Security.Authentication.SessionInvalid");
    script.tell(GIVEN_AGAIN);
    script.open_routes(&cluster_info(true));
    script.lose(LOGIN);
    assert!(matches!(contact(&script), Contact::Retrying { .. }));
    script.due();
    script.open_routes(&cluster_info(true));
    script.data(LOGIN, SEALED);
    script.data(DAG, &running());
    assert_eq!(*contact(&script), Contact::Good);
}

#[test]
fn a_session_that_died_before_the_delete_sends_nothing() {
    let mut script = checked();
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    script.open_routes(&cluster_info(true));
    script.refuse(ALL, 401, "Security.Authentication.SessionInvalid");
    assert!(matches!(script.ending(), Ending::NotSent(_)));
    assert_eq!(script.deletes(), 0);
    // Another confirmation starts at the form, which asks only for the password.
    script.tell(FlowEvent::Recheck);
    script.open_routes(&cluster_info(true));
    script.refuse(UNFINISHED, 401, "Security.Authentication.SessionInvalid");
    assert_eq!(refused(&script), ErrorKind::SessionInvalid);
    assert_eq!(script.state.form.sign_in, SignIn::RootPassword);
    script.tell(GIVEN);
    script.open_routes(&cluster_info(true));
    script.data(LOGIN, SEALED);
    script.data(UNFINISHED, NO_TASKS);
    assert!(matches!(script.state.screen, Screen::Review(_)));
}

#[test]
fn a_recheck_uses_the_session_that_is_there() {
    let mut script = checked();
    script.tell(FlowEvent::Recheck);
    script.open_routes(&cluster_info(true));
    script.data(UNFINISHED, NO_TASKS);
    assert_eq!(asked(&script, "POST /api/v1/login"), 1);
}

#[test]
fn a_session_that_is_not_needed_any_more_is_ended() {
    for (reach, leave) in [
        (checked as fn() -> Script, FlowEvent::Back),
        (watching, FlowEvent::StartOver),
        (watching, FlowEvent::Unmounted),
    ] {
        let mut script = reach();
        script.tell(leave.clone());
        assert_eq!(asked(&script, "POST /api/v1/logout"), 1, "{leave:?}");
        let call = script.take(LOGOUT);
        assert_eq!(call.agent.to_string(), ADDRESS);
        assert!(call.seal.is_some());
        assert_eq!(script.forgotten, 1);
        // Once.
        script.tell(FlowEvent::Unmounted);
        assert_eq!(asked(&script, "POST /api/v1/logout"), 1);
    }
}

#[test]
fn what_a_session_was_given_for_is_not_cut_off_by_its_end() {
    let mut script = checked();
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    script.open_routes(&cluster_info(true));
    script.newest(None);
    script.tell(FlowEvent::Unmounted);
    assert_eq!(script.targets(), ["/api/v1/obproxy"]);
    assert_eq!(script.forgotten, 1);
}

#[test]
fn what_could_not_be_decrypted_on_the_way_in_is_sealed_anew_once() {
    let code = "Security.Authentication.Header.DecryptFailed";
    let mut script = logging_in();
    script.refuse(LOGIN, 401, code);
    assert_eq!(script.targets(), OPEN_ROUTES);
    assert_eq!(script.forgotten, 0, "the password is still good");
    script.open_routes(&cluster_info(true));
    script.data(LOGIN, SEALED);
    // Another request with a response restarts the count.
    script.refuse(UNFINISHED, 401, code);
    script.open_routes(&cluster_info(true));
    script.data(UNFINISHED, NO_TASKS);
    assert!(matches!(script.state.screen, Screen::Review(_)));
    assert_eq!(asked(&script, "POST /api/v1/login"), 2);

    for target in [LOGIN, UNFINISHED] {
        let mut script = logging_in();
        if target == UNFINISHED {
            script.data(LOGIN, SEALED);
        }
        for _ in 0..2 {
            if script.targets() == OPEN_ROUTES {
                script.open_routes(&cluster_info(true));
            }
            script.refuse(target, 401, code);
        }
        assert_eq!(refused(&script), ErrorKind::HeaderDecryptFailed);
        assert!(!script.targets().contains(&target), "said twice it is told");
    }
}

#[test]
fn that_root_has_no_password_is_a_choice_that_logs_in_and_an_empty_field_is_none() {
    let mut script = seen(false);
    script.tell(FlowEvent::Connect {
        has_credential: false,
    });
    assert!(script.state.form.password_missing);
    assert!(script.targets().is_empty());
    script.tell(FlowEvent::SignInWith(SignIn::NoRootPassword));
    assert!(!script.state.form.password_missing);
    assert_eq!(script.state.form.problem, None);
    script.tell(GIVEN);
    script.open_routes(&cluster_info(false));
    assert_eq!(script.targets(), [LOGIN]);
    script.data(LOGIN, SEALED);
    script.data(UNFINISHED, NO_TASKS);
    assert!(matches!(script.state.screen, Screen::Review(_)));
    // The choice applies to this agent.
    script.tell(FlowEvent::Back);
    script.tell(FlowEvent::AddressEdited("127.0.0.1:2887".into()));
    assert_eq!(script.state.form.sign_in, SignIn::AgentPassword);
}
