//! Tests the identification of the ODP, in parallel with the checks: it informs, and blocks
//! nothing.

use odp_console::flow::event::FlowEvent;
use odp_console::flow::state::{OdpLookup, Review, Screen, Tasks};
use odp_console::obshell::dag::id::DagId;
use odp_console::obshell::error::{Failure, NotObshell, NotObshellKind};

use super::script::{
    ADDRESS, ALL, DELETE, NEWEST, OPEN_ROUTES, RAN, Script, UNFINISHED, dag, info, numbered, ok,
    refusal,
};

const ADD_ID: &str = "/api/v1/task/dag/42130706433028864";
const START: &str = "start obproxy cmd: cd '/home/admin/px2'; ./bin/obproxy -o 'listen_port=2883,obproxy_sys_password=b4c56ee8d2854166dec66644f541b85247105b2c' -n 'px'";

/// A finished task with this name, number and log.
fn done(name: &str, number: i64, log: Option<&[&str]>) -> String {
    let nodes = log.map_or("null".to_owned(), |lines| {
        let lines = serde_json::to_string(lines).unwrap();
        let part =
            r#""id":"42130706433028861","name":"Start obproxy","state":"SUCCEED","operator":"RUN""#;
        format!(r#"[{{{part},"sub_tasks":[{{{part},"execute_times":1,"task_logs":{lines}}}]}}]"#)
    });
    format!(
        r#"{{"id":"4213070643302886{number}","dag_id":{number},"name":"{name}","stage":4,"max_stage":4,"maintenance_type":4,"state":"SUCCEED","operator":"RUN","start_time":"2026-11-23T11:19:47Z","end_time":"2026-11-23T11:20:04Z","nodes":{nodes}}}"#
    )
}

fn list(dags: &[String]) -> String {
    format!(r#"{{"contents":[{}]}}"#, dags.join(","))
}

fn told(script: &Script) -> (String, u16, String) {
    match script.state.odp() {
        OdpLookup::Found(odp) => (
            odp.name.as_ref().unwrap().to_string(),
            odp.port.unwrap(),
            odp.source.name.to_string(),
        ),
        other => panic!("{other:?}"),
    }
}

fn px() -> (String, u16, String) {
    ("px".to_owned(), 2883, "Add obproxy".to_owned())
}

fn found() -> Script {
    let mut script = Script::new();
    script.reach_review();
    assert_eq!(script.state.odp(), OdpLookup::Reading);
    script.data(ALL, &list(&[done("Add obproxy", 4, None)]));
    script.data(ADD_ID, &done("Add obproxy", 4, Some(&[START])));
    assert_eq!(told(&script), px());
    script
}

#[test]
fn the_odp_that_a_task_tells_is_known_from_the_checks_to_the_end() {
    let mut script = found();
    assert_eq!(told(&script), px());
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    assert_eq!(script.targets(), OPEN_ROUTES);
    script.open_routes(&info(true));
    // A task with a lock is known: the newest one is read at once.
    assert_eq!(script.targets(), [NEWEST]);
    script.data(NEWEST, &done("Add obproxy", 4, None));
    let delete = |state, nodes| numbered(&dag(state, "RUN", 4, nodes), 5);
    script.data(DELETE, &delete("READY", None));
    assert_eq!(told(&script), px());
    script.data(
        "/api/v1/task/dag/42130706433028865",
        &delete("SUCCEED", Some([RAN; 4])),
    );
    script.data("/api/v1/info", &info(false));
    assert!(matches!(script.state.screen, Screen::Ended(_)));
    assert_eq!(told(&script), px());
    assert!(!format!("{:?}", script.state).contains("b4c56ee8"));
}

#[test]
fn an_end_without_a_task_knows_the_odp_too() {
    let mut script = found();
    script.tell(FlowEvent::Confirm {
        typed: ADDRESS.into(),
    });
    script.lose("/api/v1/info");
    assert!(matches!(script.state.screen, Screen::Ended(_)));
    assert_eq!(told(&script), px());
}

#[test]
fn a_confirmation_does_not_wait_for_it() {
    for listed in [false, true] {
        let mut script = Script::new();
        script.reach_review();
        if listed {
            script.data(ALL, &list(&[done("Add obproxy", 4, None)]));
        }
        script.tell(FlowEvent::Confirm {
            typed: ADDRESS.into(),
        });
        assert_eq!(script.targets(), OPEN_ROUTES);
        assert_eq!(script.state.odp(), OdpLookup::NotFound);
        script.open_routes(&info(true));
        script.newest(None);
        assert_eq!(script.targets(), [DELETE]);
    }
}

#[test]
fn whatever_fails_leaves_it_unknown_and_the_way_open() {
    let too_large = || {
        Err(Failure::NotObshell(NotObshell {
            status: 200,
            kind: NotObshellKind::TooLarge,
        }))
    };
    let add = list(&[done("Add obproxy", 4, None)]);
    for (first, second) in [
        (too_large(), None),
        (refusal(400, "Common.NotFound"), None),
        (
            refusal(401, "Security.Authentication.Header.DecryptFailed"),
            None,
        ),
        (ok(r#"{"contents":null}"#), None),
        (ok(r#"{"contents":[null]}"#), None),
        (ok(r#"{"contents":[]}"#), None),
        (ok(&list(&[done("Stop obproxy", 4, None)])), None),
        (
            ok(&list(&[
                done("Add obproxy", 4, None),
                done("Delete obproxy", 5, None),
            ])),
            None,
        ),
        (ok(&add), Some(too_large())),
        (ok(&add), Some(refusal(400, "Task.GenericID.Invalid"))),
        (ok(&add), Some(refusal(404, "Task.NotFound"))),
        (ok(&add), Some(ok(&done("Add obproxy", 4, None)))),
        (ok(&add), Some(ok(&done("Add obproxy", 4, Some(&["x"]))))),
    ] {
        let mut script = Script::new();
        script.reach_review();
        let call = script.take(ALL);
        script.finish(&call, first);
        if let Some(second) = second {
            let call = script.take(ADD_ID);
            script.finish(&call, second);
        }
        assert_eq!(script.state.odp(), OdpLookup::NotFound);
        assert!(script.calls.is_empty());
        assert_eq!(script.forgotten, 0, "the password is still good");
        assert!(matches!(script.state.screen, Screen::Review(_)));
    }
}

#[test]
fn where_nothing_is_managed_nothing_is_asked() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.open_routes(&info(false));
    script.data(UNFINISHED, r#"{"contents":[]}"#);
    assert!(script.calls.is_empty());
    assert_eq!(script.state.odp(), OdpLookup::NotRequested);
}

#[test]
fn a_list_with_details_tells_it_by_itself() {
    let mut script = Script::new();
    script.reach_review();
    script.data(ALL, &list(&[done("Add obproxy", 4, Some(&[START]))]));
    assert!(script.calls.is_empty());
    assert_eq!(told(&script), px());
}

#[test]
fn an_agent_without_a_list_of_all_tells_it_in_its_newest_task() {
    let old = info(true).replace("4.5.0.0-0", "4.2.6.0-0");
    let reach = || {
        let mut script = Script::new();
        script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        script.tell(FlowEvent::Connect {
            has_credential: true,
        });
        script.open_routes(&old);
        script.data(UNFINISHED, r#"{"contents":[]}"#);
        assert_eq!(script.targets(), [NEWEST]);
        script
    };
    let mut script = reach();
    script.data(NEWEST, &done("Add obproxy", 4, Some(&[START])));
    assert_eq!(told(&script), px());
    let mut script = reach();
    script.refuse(NEWEST, 404, "Task.NotFound");
    assert_eq!(script.state.odp(), OdpLookup::NotFound);

    // The person's list uses the read in progress.
    let mut script = reach();
    script.tell(FlowEvent::ListTasks);
    script.refuse(ALL, 400, "Common.NotFound");
    script.data(UNFINISHED, r#"{"contents":[]}"#);
    assert_eq!(script.targets(), [NEWEST]);
    script.data(NEWEST, &done("Add obproxy", 4, Some(&[START])));
    assert_eq!(told(&script), px());
    let Screen::Review(Review { preflight, .. }) = &script.state.screen else {
        panic!("{:?}", script.state.screen)
    };
    assert!(matches!(&preflight.tasks, Tasks::ListedInPart(listed) if listed.len() == 1));
}

#[test]
fn one_read_of_the_list_serves_the_person_and_the_odp() {
    let mut script = Script::new();
    script.reach_review();
    script.tell(FlowEvent::ListTasks);
    assert_eq!(script.targets(), [ALL]);
    script.data(ALL, &list(&[done("Add obproxy", 4, None)]));
    let Screen::Review(Review { preflight, .. }) = &script.state.screen else {
        panic!("{:?}", script.state.screen)
    };
    assert!(matches!(&preflight.tasks, Tasks::Listed(listed) if listed.len() == 1));
    // The log is read once, even if another list arrives meanwhile.
    script.tell(FlowEvent::ListTasks);
    script.data(ALL, &list(&[done("Add obproxy", 4, None)]));
    assert_eq!(script.targets(), [ADD_ID]);
    script.data(ADD_ID, &done("Add obproxy", 4, Some(&[START])));
    assert_eq!(told(&script), px());

    let mut script = Script::new();
    script.reach_review();
    script.tell(FlowEvent::ListTasks);
    script.lose(ALL);
    assert_eq!(script.state.odp(), OdpLookup::NotFound);
}

#[test]
fn an_old_list_out_of_a_cache_tells_nothing() {
    let mut script = Script::new();
    script.reach_review();
    let call = script.take(ALL);
    let cached = ok(&list(&[done("Add obproxy", 4, Some(&[START]))])).map(|mut reply| {
        let body = String::from_utf8(reply.body).unwrap();
        reply.body = body
            .replacen("2026-11-23T12:00:00Z", "2026-11-22T12:00:00.5Z", 1)
            .into_bytes();
        reply
    });
    script.finish(&call, cached);
    assert_eq!(script.state.odp(), OdpLookup::NotFound);
}

const OPENED_ID: &str = "/api/v1/task/dag/42130706433028865";

/// Opens a link to the delete with number 5 at this stage.
fn opened(stage: usize) -> Script {
    let mut script = Script::new();
    script.tell(FlowEvent::Open {
        address: None,
        task: Some(DagId::parse("42130706433028865").unwrap()),
    });
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.open_routes(&info(true));
    script.data(OPENED_ID, &numbered(&dag("RUNNING", "RUN", stage, None), 5));
    assert!(matches!(script.state.screen, Screen::Task(_)));
    script
}

#[test]
fn a_task_that_is_opened_by_a_link_tells_which_odp_it_is_about() {
    let mut script = opened(3);
    assert_eq!(script.state.odp(), OdpLookup::Reading);
    // The delete may have removed the ODP, and another was added after it.
    let tasks = [
        done("Add obproxy", 4, None),
        numbered(&dag("RUNNING", "RUN", 3, None), 5),
        done("Add obproxy", 6, None),
    ];
    script.data(ALL, &list(&tasks));
    script.data(ADD_ID, &done("Add obproxy", 4, Some(&[START])));
    assert_eq!(told(&script), px());
    // In parallel the task is followed as usual.
    let running = numbered(&dag("RUNNING", "RUN", 3, Some([RAN; 4])), 5);
    script.data(OPENED_ID, &running);
    assert_eq!(script.due(), 1_000);
}

#[test]
fn the_task_of_a_link_is_followed_whatever_comes_of_the_read_for_its_odp() {
    // Without a response the task is still read, also on return to the page.
    let mut script = opened(2);
    let runs_on = |script: &mut Script| {
        let running = numbered(&dag("RUNNING", "RUN", 2, Some([RAN; 4])), 5);
        script.data(OPENED_ID, &running);
    };
    runs_on(&mut script);
    script.tell(FlowEvent::Visible(false));
    script.tell(FlowEvent::Visible(true));
    assert_eq!(script.targets(), [ALL, OPENED_ID]);

    // Lost with the agent: the ODP is unknown, and the agent is read again.
    script.lose(OPENED_ID);
    script.due();
    script.lose("/api/v1/info");
    assert_eq!(script.state.odp(), OdpLookup::NotFound);
    assert!(script.targets().is_empty());
    script.tell(FlowEvent::TryNow);
    assert_eq!(script.targets(), OPEN_ROUTES);

    // The response arrives after the end.
    let mut script = opened(4);
    let succeeded = numbered(&dag("SUCCEED", "RUN", 4, Some([RAN; 4])), 5);
    script.data(OPENED_ID, &succeeded);
    script.data("/api/v1/info", &info(false));
    assert!(matches!(script.state.screen, Screen::Ended(_)));
    script.data(ALL, &list(&[done("Add obproxy", 4, Some(&[START]))]));
    assert_eq!(told(&script), px());
}
