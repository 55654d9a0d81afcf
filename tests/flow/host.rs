//! Tests the decisions of a host: read-only use, time limits, and sign-in.

use std::rc::Rc;

use odp_console::flow::ending::Ending;
use odp_console::flow::event::FlowEvent;
use odp_console::flow::operation::Operation;
use odp_console::flow::settings::{ListedAgent, Settings, Timeouts};
use odp_console::flow::state::{OperationPhase, Screen, SignIn};
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::error::{Failure, NotSent};

use super::script::{
    ADDRESS, ALL, DAG, DELETE, OTHER_KEY, Script, UNFINISHED, cluster_info, dag, info,
};

fn read_only() -> Settings {
    Settings {
        read_only: true,
        ..Settings::default()
    }
}

#[test]
fn looking_only_confirms_nothing() {
    // The ODP is identified in parallel with the checks, if there is one.
    for (info, reads) in [(info(true), &[ALL][..]), (info(false), &[])] {
        let mut script = Script::with(read_only());
        script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        script.open_routes(&info);
        script.data(UNFINISHED, r#"{"contents":[]}"#);
        let before = script.state.clone();
        script.tell(FlowEvent::ContinueAnyway);
        script.tell(FlowEvent::Confirm {
            typed: ADDRESS.into(),
        });
        assert_eq!(script.state, before);
        assert_eq!(script.targets(), reads);
        assert_eq!(script.deletes(), 0);
    }
}

#[test]
fn a_host_that_allows_looking_only_in_the_middle_of_a_review_ends_it() {
    let mut script = Script::new();
    script.reach_review();
    script.state.settings = Rc::new(read_only());
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert!(matches!(script.state.screen, Screen::Review(_)));
    assert_eq!(
        script.targets(),
        [ALL],
        "which ODP it is, beside the checks"
    );
    assert_eq!(script.deletes(), 0);
}

fn confirmed() -> FlowEvent {
    FlowEvent::Confirm {
        typed: ADDRESS.into(),
    }
}

/// Settings with these agents, and an endpoint of their own if given.
fn listing(addresses: &[&str], endpoint: Option<&str>, typed_address: bool) -> Rc<Settings> {
    let agent = |address: &&str| ListedAgent {
        address: AgentAddress::parse(address).unwrap(),
        label: None,
        group: None,
        endpoint: endpoint.map(str::to_owned),
    };
    Rc::new(Settings {
        agents: addresses.iter().map(agent).collect(),
        typed_address,
        ..Settings::default()
    })
}

/// The list changes before the confirmation, and while the agent is read again after it.
#[test]
fn a_destroy_leaves_only_for_an_agent_that_is_reached_as_its_checks_were() {
    const OTHER: &str = "10.0.0.2:2886";
    let listed = || listing(&[ADDRESS], None, true);
    for (changed, refused) in [
        (listing(&[OTHER], None, true), NotSent::Unlisted),
        (listing(&[OTHER], None, false), NotSent::Unlisted),
        (
            listing(&[ADDRESS], Some("https://elsewhere"), false),
            NotSent::Rerouted,
        ),
    ] {
        for confirmed_before in [false, true] {
            let mut script = Script::with((*listed()).clone());
            script.reach_review();
            if confirmed_before {
                script.tell(confirmed());
            }
            script.state.settings = Rc::clone(&changed);
            if confirmed_before {
                script.open_routes(&info(true));
                script.newest(None);
            } else {
                script.tell(confirmed());
            }
            let Screen::Ended(ended) = &script.state.screen else {
                panic!("{:?}", script.state.screen);
            };
            let expected = Ending::NotSent(Failure::NotSent(refused.clone()));
            assert_eq!(ended.ending, expected);
            assert_eq!(script.deletes(), 0);
        }
    }
    // Adding or removing another agent changes nothing.
    let mut script = Script::with((*listed()).clone());
    script.reach_review();
    script.state.settings = listing(&[OTHER, ADDRESS], None, false);
    script.tell(confirmed());
    script.open_routes(&info(true));
    script.newest(None);
    assert_eq!(script.deletes(), 1);
}

/// The agent is removed from the list before the one response after which a DELETE is sent again.
#[test]
fn no_destroy_is_sent_again_for_an_agent_that_was_taken_off_the_list() {
    let mut settings = (*listing(&[ADDRESS], None, true)).clone();
    let mut script = Script::with(settings.clone());
    script.reach_submitting();
    script.open_routes(&info(true));
    script.newest(None);
    assert_eq!(script.deletes(), 1);
    settings.agents.clear();
    script.state.settings = Rc::new(settings);
    script.refuse(DELETE, 401, "Security.Authentication.Header.DecryptFailed");
    script.open_routes_with(&info(true), 0, OTHER_KEY);
    script.look_at_tasks(None, &[]);
    assert_eq!(script.deletes(), 1);
}

#[test]
fn looking_only_operates_on_nothing() {
    let asked = |script: &Script| match &script.state.screen {
        Screen::Task(task) => task.operating.is_some(),
        other => panic!("{other:?}"),
    };
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &dag("RUNNING", "RUN", 2, None));
    script.tell(FlowEvent::Operate(Operation::Cancel));
    assert!(asked(&script));
    script.state.settings = Rc::new(read_only());
    script.tell(FlowEvent::ConfirmOperation);
    assert!(!asked(&script));
    script.tell(FlowEvent::Operate(Operation::Cancel));
    assert!(!asked(&script));
    assert!(!script.asked.iter().any(|call| call.starts_with("POST")));
}

/// The list changes before the confirmation, and while the agent and the task are read once more
/// after it.
#[test]
fn an_operation_leaves_only_for_an_agent_that_is_reached_as_its_task_was() {
    const OTHER: &str = "10.0.0.2:2886";
    let running = || dag("RUNNING", "RUN", 2, None);
    let posts = |script: &Script| {
        let asked = script.asked.iter();
        asked.filter(|call| call.starts_with("POST")).count()
    };
    // A task whose cancellation is asked for.
    let asked = || {
        let mut script = Script::with((*listing(&[ADDRESS], None, true)).clone());
        script.reach_task();
        script.data(DAG, &running());
        script.tell(FlowEvent::Operate(Operation::Cancel));
        script
    };
    for (changed, refused) in [
        (listing(&[OTHER], None, true), NotSent::Unlisted),
        (listing(&[OTHER], None, false), NotSent::Unlisted),
        (
            listing(&[ADDRESS], Some("https://elsewhere"), false),
            NotSent::Rerouted,
        ),
    ] {
        for confirmed_before in [false, true] {
            let mut script = asked();
            if confirmed_before {
                script.tell(FlowEvent::ConfirmOperation);
                script.state.settings = Rc::clone(&changed);
                script.open_routes(&info(true));
                script.data(DAG, &running());
            } else {
                script.state.settings = Rc::clone(&changed);
                script.tell(FlowEvent::ConfirmOperation);
            }
            let Screen::Task(task) = &script.state.screen else {
                panic!("{:?}", script.state.screen);
            };
            let phase = task.operating.as_ref().map(|operating| &operating.phase);
            let expected = OperationPhase::NotSent(Some(Failure::NotSent(refused.clone())));
            assert_eq!(phase, Some(&expected));
            // Reading the task again does not make it right.
            script.tell(FlowEvent::Operate(Operation::Cancel));
            script.tell(FlowEvent::ConfirmOperation);
            assert_eq!(posts(&script), 0);
        }
    }
    // A neighbour that comes or goes changes nothing.
    let mut script = asked();
    script.state.settings = listing(&[OTHER, ADDRESS], None, false);
    script.tell(FlowEvent::ConfirmOperation);
    script.open_routes(&info(true));
    script.data(DAG, &running());
    assert_eq!(posts(&script), 1);
}

#[test]
fn answers_are_waited_for_as_long_as_the_host_says() {
    let timeouts = Timeouts {
        read: 4_000,
        destroy: 300_000,
        ..Timeouts::default()
    };
    let mut script = Script::with(Settings {
        timeouts,
        ..Settings::default()
    });
    script.reach_submitting();
    assert_eq!(script.calls.len(), 3);
    assert!(script.calls.iter().all(|call| call.timeout == Some(4_000)));
    script.open_routes(&info(true));
    assert_eq!(script.calls[0].timeout, Some(4_000));
    script.newest(None);
    assert_eq!(script.calls[0].timeout, Some(300_000));
    assert_eq!(script.targets(), ["/api/v1/obproxy"]);
}

#[test]
fn a_host_that_signs_in_is_asked_for_every_agent_and_needs_no_login() {
    let settings = Settings {
        host_signs_in: true,
        ..Settings::default()
    };
    let mut script = Script::with(settings);
    assert_eq!(script.state.form.sign_in, SignIn::Host);
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::AddressChosen);
    // Without an agent password the person is not asked to set one: the host may have a session.
    script.open_routes(&cluster_info(false));
    assert_eq!(script.state.form.sign_in, SignIn::Host);
    assert_eq!(script.state.form.problem, None);
    script.tell(FlowEvent::Connect {
        has_credential: false,
    });
    assert!(script.state.form.password_missing);
    assert!(script.targets().is_empty());
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.open_routes(&cluster_info(false));
    assert_eq!(script.targets(), [UNFINISHED]);
    script.data(UNFINISHED, r#"{"contents":[]}"#);
    // The session belongs to the host: leaving does not end it.
    script.tell(FlowEvent::Back);
    assert!(!script.asked.iter().any(|call| call.contains("session")));
    // The choice of a password applies to one agent.
    script.tell(FlowEvent::SignInWith(SignIn::AgentPassword));
    script.tell(FlowEvent::AddressEdited("127.0.0.1:2887".into()));
    assert_eq!(script.state.form.sign_in, SignIn::Host);
}
