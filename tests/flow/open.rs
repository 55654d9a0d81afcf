//! Tests links to a task, and the agent's list of tasks.

use odp_console::flow::ending::Ending;
use odp_console::flow::event::FlowEvent;
use odp_console::flow::settings::{ListedAgent, Settings};
use odp_console::flow::state::{ConnectProblem, FactsLookup, Origin, Screen, SignIn, Tasks};
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::dag::id::DagId;
use odp_console::obshell::error::{ErrorKind, Failure};

use super::script::{
    ADDRESS, DAG, LOGIN, LOGOUT, RAN, Script, UNFINISHED, WAITS, cluster_info, dag, info, numbered,
};

const ID: &str = "42130706433028861";
const LIST: &str = "/api/v1/task/dags/agent?show_details=false";

fn id(text: &str) -> DagId {
    DagId::parse(text).unwrap()
}

fn link(task: &str) -> FlowEvent {
    FlowEvent::Open {
        address: None,
        task: Some(id(task)),
    }
}

fn agent(address: &str) -> FlowEvent {
    FlowEvent::Open {
        address: Some(address.into()),
        task: None,
    }
}

fn connect(script: &mut Script) {
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.open_routes(&info(true));
}

fn list(script: &mut Script, dags: &[String]) {
    script.tell(FlowEvent::ListTasks);
    script.data(LIST, &format!(r#"{{"contents":[{}]}}"#, dags.join(",")));
}

fn tasks(script: &Script) -> &Tasks {
    match &script.state.screen {
        Screen::Review(review) => &review.preflight.tasks,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_link_to_a_task_leads_to_it_with_the_password_alone() {
    let mut script = Script::new();
    script.tell(link(ID));
    assert_eq!(script.state.form.address, ADDRESS, "from the id");
    script.open_routes(&info(true));
    assert!(matches!(script.state.form.lookup, FactsLookup::Read(_)));
    connect(&mut script);
    assert_eq!(script.targets(), [DAG]);
    let running = dag(
        "RUNNING",
        "RUN",
        2,
        Some([RAN, ("RUNNING", "RUN"), WAITS, WAITS]),
    );
    script.data(DAG, &running);
    match &script.state.screen {
        Screen::Task(task) => assert_eq!(task.origin, Origin::Opened),
        other => panic!("{other:?}"),
    }
    assert_eq!(script.state.form.task, None);
    // The task continues like any other.
    script.data(DAG, &running);
    script.due();
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN; 4])));
    script.data("/api/v1/info", &info(false));
    assert_eq!(script.ending(), &Ending::Destroyed);
    assert_eq!(script.deletes(), 0);
}

#[test]
fn a_link_says_which_agent_to_ask_where_that_is_not_the_owner() {
    let mut script = Script::new();
    script.tell(FlowEvent::Open {
        address: Some("db-7.example:2886".into()),
        task: Some(id(ID)),
    });
    assert_eq!(script.state.form.address, "db-7.example:2886");
}

#[test]
fn an_owner_that_this_site_does_not_allow_is_not_proposed() {
    let listed = ListedAgent {
        address: AgentAddress::parse("10.0.0.1:2886").unwrap(),
        label: None,
        group: None,
        endpoint: None,
    };
    let mut script = Script::with(Settings {
        agents: vec![listed],
        typed_address: false,
        ..Settings::default()
    });
    script.tell(link(ID));
    assert_eq!(script.state.form.address, "10.0.0.1:2886");
    assert_eq!(script.state.form.task, Some(id(ID)));
}

#[test]
fn a_task_that_the_agent_does_not_know_is_told_and_can_be_let_go() {
    let mut script = Script::new();
    script.tell(link(ID));
    script.open_routes(&info(true));
    connect(&mut script);
    script.refuse(DAG, 404, "Task.NotFound");
    match &script.state.form.problem {
        Some(ConnectProblem::Credential(Failure::Refused(error))) => {
            assert_eq!(error.kind, ErrorKind::TaskNotFound);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(script.state.form.task, Some(id(ID)), "nothing is lost");
    script.tell(FlowEvent::CancelOpen);
    assert_eq!(script.state.form.problem, None);
    connect(&mut script);
    assert_eq!(script.targets(), ["/api/v1/task/dag/agent/unfinish"]);
}

#[test]
fn a_link_to_where_one_is_changes_nothing() {
    let mut script = Script::new();
    script.reach_review();
    let before = script.state.clone();
    script.tell(agent(ADDRESS));
    assert_eq!(script.state, before);
    let mut script = Script::new();
    script.reach_task();
    let before = script.state.clone();
    script.tell(link(ID));
    assert_eq!(script.state, before);
    assert_eq!(script.forgotten, 0);
}

#[test]
fn a_link_elsewhere_forgets_the_password_and_what_was_under_way() {
    let mut script = Script::new();
    script.reach_task();
    assert_eq!(script.targets(), [DAG]);
    script.tell(agent("10.0.0.2:2886"));
    assert!(matches!(script.state.screen, Screen::Connect));
    assert_eq!(script.state.form.address, "10.0.0.2:2886");
    assert_eq!(script.forgotten, 1);
    assert!(!script.targets().contains(&DAG));
}

#[test]
fn no_link_leads_away_from_a_delete_under_way() {
    let mut script = Script::new();
    script.reach_deleting();
    let before = script.state.clone();
    script.tell(agent("10.0.0.2:2886"));
    script.tell(link("42130706433028869"));
    assert_eq!(script.state, before);
    assert_eq!(script.targets(), ["/api/v1/obproxy"]);
}

#[test]
fn the_list_shows_odp_tasks_what_runs_first_then_what_failed_and_the_newest_first() {
    let mut script = Script::new();
    script.reach_review();
    let done = dag("SUCCEED", "RUN", 4, None);
    let failed = dag("FAILED", "RUN", 2, None);
    let other = done
        .replace("Delete obproxy", "Restart observer")
        .replace("\"maintenance_type\":4", "\"maintenance_type\":2");
    list(
        &mut script,
        &[
            numbered(&done, 1),
            numbered(&failed, 2),
            numbered(&other, 3),
            numbered(&failed, 4),
            numbered(&done, 5),
            numbered(&dag("RUNNING", "RUN", 2, None), 6),
            numbered(&done, 7),
        ],
    );
    let Tasks::Listed(listed) = tasks(&script) else {
        panic!("{:?}", tasks(&script));
    };
    let numbers: Vec<_> = listed.iter().map(|dag| dag.number).collect();
    assert_eq!(numbers, [6, 4, 2, 7, 5, 1]);

    script.tell(FlowEvent::OpenTask(id("42130706433028864")));
    match &script.state.screen {
        Screen::Task(task) => {
            assert_eq!(task.dag.number, 4);
            assert_eq!(task.origin, Origin::Opened);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(script.targets(), ["/api/v1/task/dag/42130706433028864"]);
}

#[test]
fn only_a_task_of_the_list_opens() {
    let mut script = Script::new();
    script.reach_review();
    list(&mut script, &[]);
    let before = script.state.clone();
    script.tell(FlowEvent::OpenTask(id(ID)));
    assert_eq!(script.state, before);
}

#[test]
fn a_list_that_does_not_come_is_told_and_can_be_asked_for_again() {
    let mut script = Script::new();
    script.reach_review();
    script.tell(FlowEvent::ListTasks);
    script.tell(FlowEvent::ListTasks);
    assert_eq!(script.targets(), [LIST]);
    script.lose(LIST);
    assert!(matches!(tasks(&script), Tasks::Failed(_)));
    list(&mut script, &[dag("SUCCEED", "RUN", 4, None)]);
    assert!(matches!(tasks(&script), Tasks::Listed(_)));
}

#[test]
fn a_list_is_read_again_with_the_checks() {
    let mut script = Script::new();
    script.reach_review();
    recheck(&mut script);
    assert_eq!(*tasks(&script), Tasks::NotRequested);
    list(&mut script, &[]);
    recheck(&mut script);
    assert_eq!(*tasks(&script), Tasks::Reading);
    // A read in progress is aborted for it.
    recheck(&mut script);
    assert_eq!(script.targets(), [LIST]);
    script.data(LIST, r#"{"contents":[]}"#);
    assert!(matches!(tasks(&script), Tasks::Listed(_)));
}

fn recheck(script: &mut Script) {
    script.tell(FlowEvent::Recheck);
    script.open_routes(&info(true));
    script.data(UNFINISHED, r#"{"contents":[]}"#);
}

#[test]
fn a_list_under_way_is_dropped_by_the_confirmation() {
    let mut script = Script::new();
    script.reach_review();
    script.tell(FlowEvent::ListTasks);
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert!(!script.targets().contains(&LIST));
}

#[test]
fn a_key_that_changed_meanwhile_is_read_anew_for_a_link_and_for_the_list() {
    let code = "Security.Authentication.Header.DecryptFailed";
    let mut script = Script::new();
    script.tell(link(ID));
    script.open_routes(&info(true));
    connect(&mut script);
    script.refuse(DAG, 401, code);
    script.open_routes(&info(true));
    script.data(DAG, &dag("RUNNING", "RUN", 1, None));
    assert!(matches!(script.state.screen, Screen::Task(_)));

    let mut script = Script::new();
    script.reach_review();
    script.tell(FlowEvent::ListTasks);
    script.refuse(LIST, 401, code);
    assert_eq!(*tasks(&script), Tasks::Reading);
    script.open_routes(&info(true));
    script.data(LIST, r#"{"contents":[]}"#);
    assert!(matches!(tasks(&script), Tasks::Listed(_)));
    // A second rejection in a row is reported.
    script.tell(FlowEvent::ListTasks);
    script.refuse(LIST, 401, code);
    script.open_routes(&info(true));
    script.refuse(LIST, 401, code);
    assert!(matches!(tasks(&script), Tasks::Failed(Failure::Refused(_))));
    assert!(script.calls.is_empty());
    // A failure to read the key is also reported.
    script.tell(FlowEvent::ListTasks);
    script.data(LIST, r#"{"contents":[]}"#);
    script.tell(FlowEvent::ListTasks);
    script.refuse(LIST, 401, code);
    script.lose("/api/v1/info");
    assert!(matches!(
        tasks(&script),
        Tasks::Failed(Failure::NoAnswer(_))
    ));
    assert!(script.calls.is_empty());
}

#[test]
fn another_link_ends_the_session_and_asks_for_the_agent_password() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::AddressChosen);
    script.open_routes(&cluster_info(false));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.open_routes(&cluster_info(false));
    script.data(LOGIN, "\"c2VhbGVk\"");
    script.data("/api/v1/task/dag/agent/unfinish", r#"{"contents":[]}"#);
    script.tell(agent("10.10.10.2:2886"));
    assert_eq!(
        script.take(LOGOUT).agent.to_string(),
        ADDRESS,
        "where it was had"
    );
    assert_eq!(script.forgotten, 1);
    assert_eq!(script.state.form.sign_in, SignIn::AgentPassword);
}
