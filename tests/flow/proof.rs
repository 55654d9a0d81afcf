//! Tests what a response proves about the followed task: by its parts, by its agent, and by its
//! time.

use odp_console::flow::ending::{Ending, Unknown};
use odp_console::flow::event::{FlowEvent, Reply};
use odp_console::flow::state::{Contact, FactsLookup, Screen, Task};
use odp_console::obshell::dag::proof::Contradiction;
use odp_console::obshell::error::{Failure, Unusable};

use super::script::{
    ADDRESS, DAG, KEY, OPEN_ROUTES, RAN, Script, WAITS, dag, info, numbered, refusal,
};

const RUNS: (&str, &str) = ("RUNNING", "RUN");
const FAILED: (&str, &str) = ("FAILED", "RUN");
const PASSED: (&str, &str) = ("SUCCEED", "PASS");

fn task(script: &Script) -> &Task {
    match &script.state.screen {
        Screen::Task(task) => task,
        other => panic!("no task: {other:?}"),
    }
}

/// `/info` of another agent.
fn other_info(managed: bool) -> String {
    info(managed).replace("/home/admin/a", "/home/admin/b")
}

fn unusable(script: &Script) -> Option<Unusable> {
    match &task(script).contact {
        Contact::Retrying {
            failure: Failure::Unusable(why),
            ..
        } => Some(*why),
        _ => None,
    }
}

/// A response from before the start of the script.
fn old(data: &str) -> Result<Reply, Failure> {
    answered("2026-11-23T11:59:59Z", data)
}

fn answered(timestamp: &str, data: &str) -> Result<Reply, Failure> {
    Ok(Reply {
        status: 200,
        body: format!(
            r#"{{"successful":true,"timestamp":"{timestamp}","duration":1,"status":200,"traceId":"aa","data":{data}}}"#
        )
        .into_bytes(),
    })
}

#[test]
fn a_success_that_its_stages_do_not_show_is_asked_for_again_and_told_as_that() {
    let bare = dag("SUCCEED", "RUN", 4, None);
    let failed = dag("SUCCEED", "RUN", 4, Some([RAN, FAILED, RAN, RAN]));
    let passed = dag("SUCCEED", "RUN", 4, Some([RAN, PASSED, FAILED, RAN]));
    let early = dag("SUCCEED", "RUN", 3, Some([RAN; 4]));
    let unread =
        dag("SUCCEED", "RUN", 4, Some([RAN; 4])).replacen(r#""node_id":1"#, r#""id":7"#, 1);
    let fewer =
        dag("SUCCEED", "RUN", 4, Some([RAN; 4])).replace(r#""max_stage":4"#, r#""max_stage":5"#);
    for (news, found) in [
        (bare, Contradiction::NoDetails),
        (failed, Contradiction::NotSucceeded(vec![2])),
        (passed, Contradiction::NotSucceeded(vec![2, 3])),
        (early, Contradiction::Stages { in_answer: 4 }),
        (unread, Contradiction::Unreadable),
        (fewer, Contradiction::Stages { in_answer: 4 }),
    ] {
        for managed in [true, false] {
            let mut script = Script::new();
            script.reach_task();
            script.data(DAG, &news);
            assert!(
                !task(&script).confirming,
                "it may have been read in between"
            );
            assert_eq!(script.due(), 1000);
            script.data(DAG, &news);
            assert!(task(&script).confirming);
            script.data("/api/v1/info", &info(managed));
            assert_eq!(
                *script.ending(),
                Ending::OutcomeUnknown(Unknown::Contradicted {
                    contradiction: found.clone(),
                    managed: Some(managed)
                })
            );
        }
    }
}

#[test]
fn a_contradiction_that_was_read_in_between_is_none() {
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN, RAN, RAN, RUNS])));
    script.due();
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN; 4])));
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
}

#[test]
fn an_answer_about_another_task_is_none_and_the_last_state_stays() {
    let mut script = Script::new();
    script.reach_task();
    let news = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    script.data(DAG, &news);
    script.due();
    let done = numbered(&dag("SUCCEED", "RUN", 4, Some([RAN; 4])), 2);
    script.data(DAG, &done);
    assert_eq!(unusable(&script), Some(Unusable::OtherTask));
    assert_eq!(task(&script).dag.stage, 2);
    script.due();
    script.open_routes(&info(true));
    script.data(DAG, &news);
    assert_eq!(task(&script).contact, Contact::Good);
}

#[test]
fn a_task_without_its_number_is_no_answer() {
    let mut script = Script::new();
    script.reach_task();
    let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
    for odd in [
        "",
        r#""dag_id":null,"#,
        r#""dag_id":0,"#,
        r#""dag_id":"1","#,
    ] {
        script.data(DAG, &done.replace(r#""dag_id":1,"#, odd));
        assert!(
            matches!(task(&script).contact, Contact::Retrying { .. }),
            "{odd}"
        );
        script.due();
        script.open_routes(&info(true));
    }
    script.data(DAG, &done);
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
}

#[test]
fn another_number_or_an_earlier_start_means_that_the_records_are_gone() {
    let news = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    let started = r#""operator":"RUN","start_time":"2026-11-23T12:00:00Z","end_time":"2026-11-23T12:00:00Z","additional_data":{}"#;
    let earlier = started.replacen("12:00:00Z", "11:59:00Z", 1);
    for other in [
        news.replace(r#""dag_id":1,"#, r#""dag_id":2,"#),
        news.replace(started, &earlier),
    ] {
        assert_ne!(other, news);
        let mut script = Script::new();
        script.reach_task();
        script.data(DAG, &news);
        script.due();
        script.data(DAG, &other);
        assert_eq!(*script.ending(), Ending::OutcomeUnknown(Unknown::Forgotten));
    }
    // A retry has no start at first, and then a later one.
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &news);
    for start in ["1970-01-01T00:00:00Z", "2026-11-23T12:00:01Z"] {
        let retried = started.replacen("2026-11-23T12:00:00Z", start, 1);
        script.due();
        script.data(DAG, &news.replace(started, &retried));
        assert_eq!(task(&script).contact, Contact::Good, "{start}");
    }
}

#[test]
fn another_agent_confirms_nothing_and_contradicts_nothing() {
    let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
    for managed in [true, false] {
        let mut script = Script::new();
        script.reach_task();
        script.data(DAG, &done);
        script.data("/api/v1/info", &other_info(managed));
        assert_eq!(unusable(&script), Some(Unusable::OtherAgent));
        script.due();
        // The other agent is still there, and the task is not read from it.
        script.open_routes(&other_info(managed));
        assert_eq!(unusable(&script), Some(Unusable::OtherAgent));
        assert!(script.calls.is_empty());
        assert_eq!(task(&script).facts.info.home_path, "/home/admin/a");
        script.due();
        script.open_routes(&info(true));
        script.data(DAG, &done);
        script.data("/api/v1/info", &info(false));
        assert_eq!(*script.ending(), Ending::Destroyed);
    }
    // A failure is still a failure; whether that agent manages an ODP is unknown.
    let mut script = Script::new();
    script.reach_task();
    script.data(
        DAG,
        &dag("FAILED", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
    );
    script.data("/api/v1/info", &other_info(false));
    assert_eq!(
        *script.ending(),
        Ending::Failed {
            stage: 2,
            managed: None
        }
    );
}

#[test]
fn an_old_answer_out_of_a_cache_is_no_news() {
    let mut script = Script::new();
    script.reach_task();
    let news = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    script.data(DAG, &news);
    script.due();
    let cached = dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS]));
    let call = script.take(DAG);
    script.finish(&call, old(&cached));
    assert_eq!(unusable(&script), Some(Unusable::Stale));
    assert_eq!(task(&script).dag.stage, 2, "the last state stays");
    // The open routes are not cached, so the clock was not set back.
    script.due();
    script.open_routes(&info(true));
    let call = script.take(DAG);
    script.finish(&call, old(&cached));
    assert_eq!(unusable(&script), Some(Unusable::Stale));
    script.due();
    script.open_routes(&info(true));
    script.data(DAG, &news);
    assert_eq!(task(&script).contact, Contact::Good);
}

#[test]
fn the_very_same_answer_twice_is_an_old_one() {
    let mut script = Script::new();
    script.reach_task();
    let news = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    let reply = answered("2026-11-23T12:00:01.5Z", &news);
    let call = script.take(DAG);
    script.finish(&call, reply.clone());
    assert_eq!(task(&script).contact, Contact::Good);
    script.due();
    let call = script.take(DAG);
    script.finish(&call, reply);
    assert_eq!(unusable(&script), Some(Unusable::Stale));
}

#[test]
fn an_old_info_neither_confirms_nor_contradicts() {
    for managed in [true, false] {
        let mut script = Script::new();
        script.reach_task();
        let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
        script.data(DAG, &done);
        let call = script.take("/api/v1/info");
        script.finish(&call, old(&info(managed)));
        assert_eq!(unusable(&script), Some(Unusable::Stale));
        script.due();
        script.open_routes(&info(true));
        script.data(DAG, &done);
        script.data("/api/v1/info", &info(false));
        assert_eq!(*script.ending(), Ending::Destroyed);
    }
}

#[test]
fn an_old_refusal_does_not_make_an_agent_forget() {
    let mut script = Script::new();
    script.reach_task();
    let news = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    for _ in 0..3 {
        script.data(DAG, &news);
        script.due();
        let call = script.take(DAG);
        let missing = refusal(404, "Task.NotFound").map(|reply| Reply {
            body: String::from_utf8(reply.body)
                .unwrap()
                .replace("12:00:00Z", "11:59:59Z")
                .into_bytes(),
            ..reply
        });
        script.finish(&call, missing);
        assert_eq!(unusable(&script), Some(Unusable::Stale));
        script.due();
        script.open_routes(&info(true));
    }
    script.data(DAG, &news);
    assert_eq!(task(&script).contact, Contact::Good);
}

/// Responds for the open routes with a clock at this second of 11:59.
fn open_routes_before(script: &mut Script, second: u32) {
    let at = |nano: u32| format!("2026-11-23T11:59:{second:02}.{nano:09}Z");
    let time = at(2);
    for (nano, (target, data)) in (1..).zip([
        ("/api/v1/info", info(true)),
        ("/api/v1/time", format!("\"{time}\"")),
        (
            "/api/v1/secret",
            format!(r#"{{"ip":"127.0.0.1","port":2886,"public_key":"{KEY}"}}"#),
        ),
    ]) {
        let call = script.take(target);
        script.finish(&call, answered(&at(nano), &data));
    }
}

#[test]
fn a_clock_that_was_set_back_goes_on_and_so_does_the_task() {
    let mut script = Script::new();
    script.reach_task();
    let news = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    script.data(DAG, &news);
    script.due();
    let call = script.take(DAG);
    script.finish(&call, answered("2026-11-23T11:59:10Z", &news));
    assert_eq!(unusable(&script), Some(Unusable::Stale));
    script.due();
    open_routes_before(&mut script, 11);
    assert_eq!(script.targets(), OPEN_ROUTES, "once more, at once");
    open_routes_before(&mut script, 12);
    assert!(task(&script).watch.clock_set);
    // By its new clock the agent runs the stage again, earlier than its first start.
    let earlier = news.replace("2026-11-23T12:00:00Z", "2026-11-23T11:59:12Z");
    let call = script.take(DAG);
    script.finish(&call, answered("2026-11-23T11:59:13Z", &earlier));
    assert_eq!(task(&script).contact, Contact::Good);
}

#[test]
fn open_routes_out_of_a_cache_are_not_a_clock_that_was_set_back() {
    let mut script = Script::new();
    script.reach_task();
    let news = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    script.data(DAG, &news);
    script.due();
    script.lose(DAG);
    for _ in 0..4 {
        script.due();
        open_routes_before(&mut script, 11);
        if !script.calls.is_empty() {
            open_routes_before(&mut script, 11);
        }
        assert_eq!(unusable(&script), Some(Unusable::Stale));
        assert!(script.calls.is_empty(), "the task is not asked for");
    }
    script.due();
    script.open_routes(&info(true));
    script.data(DAG, &news);
    assert_eq!(task(&script).contact, Contact::Good);
    assert!(!task(&script).watch.clock_set);
}

#[test]
fn one_of_the_open_routes_out_of_a_cache_is_noticed_from_the_first() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(ADDRESS.into()));
    script.tell(FlowEvent::AddressChosen);
    let call = script.take("/api/v1/info");
    script.finish(
        &call,
        old(&info(true)).map(|reply| Reply {
            body: String::from_utf8(reply.body)
                .unwrap()
                .replace("T11:59:59Z", "T11:58:00Z")
                .into_bytes(),
            ..reply
        }),
    );
    script.data("/api/v1/time", "\"2026-11-23T12:00:00Z\"");
    script.data(
        "/api/v1/secret",
        &format!(r#"{{"ip":"127.0.0.1","port":2886,"public_key":"{KEY}"}}"#),
    );
    assert_eq!(
        script.state.form.lookup,
        FactsLookup::Failed(Failure::Unusable(Unusable::Stale))
    );
}

#[test]
fn polling_keeps_its_pace_whatever_times_the_agent_writes() {
    let news = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    for start in [
        "0001-01-01T00:00:00Z",
        "1970-01-01T08:00:00+08:00",
        "2001-01-01T00:00:00Z",
        "2036-01-01T00:00:00Z",
        "never",
    ] {
        let mut script = Script::new();
        script.reach_task();
        for _ in 0..5 {
            script.data(DAG, &news.replace("2026-11-23T12:00:00Z", start));
            // An earlier start time is another case.
            if matches!(script.state.screen, Screen::Ended(_)) {
                assert_eq!(start, "2001-01-01T00:00:00Z");
                break;
            }
            assert_eq!(script.due(), 1000, "{start}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_left_out_and_the_task_goes_on() {
    let mut script = Script::new();
    script.reach_task();
    let news = |stage| dag("RUNNING", "RUN", stage, Some([RAN, RUNS, WAITS, WAITS]));
    for (stage, odd) in [
        (
            1,
            news(1).replacen(r#"["Get obproxy pid: 8897"]"#, r#"[null,"x"]"#, 1),
        ),
        (2, news(2).replacen(r#""port":2886"#, r#""port":"2886""#, 1)),
        (
            3,
            news(3).replacen(r#""execute_times":1"#, r#""execute_times":1.5"#, 1),
        ),
        (
            4,
            news(4).replacen(
                r#""start_time":"2026-11-23T12:00:00Z""#,
                r#""start_time":7"#,
                1,
            ),
        ),
        (
            1,
            news(1).replace(r#""maintenance_type":4"#, r#""maintenance_type":"4""#),
        ),
    ] {
        script.data(DAG, &odd);
        assert_eq!(task(&script).contact, Contact::Good, "{odd}");
        assert_eq!(task(&script).dag.stage, stage);
        assert_ne!(task(&script).dag.unparsed, Default::default(), "{odd}");
        script.due();
    }
    script.data(DAG, &news(2));
    assert_eq!(task(&script).dag.unparsed, Default::default());
}

#[test]
fn a_list_with_an_entry_that_cannot_be_read_does_not_make_an_agent_forget() {
    const NEWEST: &str = "/api/v1/task/dag/maintain/agent";
    const UNFINISHED: &str = "/api/v1/task/dag/agent/unfinish";
    const ALL: &str = "/api/v1/task/dags/agent";
    for (list, unread) in [
        (r#"{"contents":[null]}"#, true),
        (r#"{"contents":[]}"#, false),
    ] {
        let mut script = Script::new();
        script.reach_task();
        for turn in 0..5 {
            if !matches!(script.state.screen, Screen::Task(_)) {
                break;
            }
            if turn == 0 {
                script.refuse(DAG, 400, "Task.GenericID.Invalid");
            } else {
                script.due();
                script.open_routes(&info(true));
            }
            script.refuse(NEWEST, 404, "Task.NotFound");
            script.data(UNFINISHED, list);
            script.data(ALL, list);
            if unread {
                assert_eq!(unusable(&script), Some(Unusable::ListUnread));
            }
        }
        if unread {
            let found = numbered(&dag("RUNNING", "RUN", 2, None), 1);
            script.due();
            script.open_routes(&info(true));
            script.data(NEWEST, &found);
            assert_eq!(task(&script).contact, Contact::Good);
        } else {
            let forgotten = Ending::OutcomeUnknown(Unknown::Forgotten);
            assert_eq!(*script.ending(), forgotten);
        }
    }
}
