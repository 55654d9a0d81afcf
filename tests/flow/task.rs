use std::rc::Rc;

use odp_console::flow::ending::{Ending, Unknown};
use odp_console::flow::event::{FlowEvent, Reply};
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{Contact, Screen, Task};
use odp_console::obshell::error::{Failure, NoAnswer};

use super::script::{DAG, OPEN_ROUTES, RAN, Script, WAITS, dag, info, refusal};

fn task(script: &Script) -> &Task {
    match &script.state.screen {
        Screen::Task(task) => task,
        other => panic!("no task: {other:?}"),
    }
}

const RUNS: (&str, &str) = ("RUNNING", "RUN");
const FAILED: (&str, &str) = ("FAILED", "RUN");

/// Plays the last response of the task, and `/info` after it.
fn ends_with(news: &str, managed: bool) -> Script {
    let mut script = Script::new();
    script.reach_task();
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS])),
    );
    script.due();
    script.data(DAG, news);
    assert!(task(&script).confirming);
    script.data("/api/v1/info", &info(managed));
    script
}

#[test]
fn destroyed_needs_both_the_task_and_the_agent_to_say_so() {
    let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
    let script = ends_with(&done, false);
    assert_eq!(*script.ending(), Ending::Destroyed);
    assert_eq!(script.forgotten, 1);
    assert!(
        script.timer.is_none() && script.calls.is_empty(),
        "nothing goes on"
    );
    // An agent that reports otherwise, and one that does not report it.
    for said in [
        info(true),
        info(true).replace(r#""isObproxyAgent":true,"#, ""),
    ] {
        let mut script = Script::new();
        script.reach_task();
        script.data(DAG, &done);
        script.data("/api/v1/info", &said);
        assert_eq!(
            *script.ending(),
            Ending::OutcomeUnknown(Unknown::StillManaged)
        );
    }
}

#[test]
fn passed_cancelled_and_failed_are_told_apart() {
    let passed = ("SUCCEED", "PASS");
    for (news, managed, ending) in [
        (
            dag("SUCCEED", "PASS", 2, Some([RAN, passed, passed, passed])),
            true,
            Ending::Skipped {
                managed: Some(true),
            },
        ),
        (
            dag("SUCCEED", "RUN", 4, Some([RAN, passed, RAN, RAN])),
            false,
            Ending::Skipped {
                managed: Some(false),
            },
        ),
        (
            dag("FAILED", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
            true,
            Ending::Failed {
                stage: 2,
                managed: Some(true),
            },
        ),
        (
            dag("FAILED", "RUN", 4, Some([RAN, RAN, RAN, FAILED])),
            false,
            Ending::Failed {
                stage: 4,
                managed: Some(false),
            },
        ),
        (
            dag(
                "FAILED",
                "CANCEL",
                2,
                Some([RAN, ("FAILED", "CANCEL"), WAITS, WAITS]),
            ),
            true,
            Ending::Cancelled {
                stage: 2,
                managed: Some(true),
            },
        ),
    ] {
        let script = ends_with(&news, managed);
        assert_eq!(*script.ending(), ending);
    }
}

#[test]
fn a_success_that_cannot_be_checked_is_not_told() {
    let mut script = Script::new();
    script.reach_task();
    let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
    script.data(DAG, &done);
    script.lose("/api/v1/info");
    assert!(matches!(
        task(&script).contact,
        Contact::Retrying { failures: 1, .. }
    ));
    script.due();
    script.open_routes(&info(false));
    script.data(DAG, &done);
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
}

#[test]
fn a_success_is_not_told_as_long_as_something_else_answers_for_the_agent() {
    let page = |status, body: &str| {
        Ok(Reply {
            status,
            body: body.into(),
        })
    };
    for answer in [
        page(200, "<html>"),
        page(502, "<html>"),
        page(200, "{}"),
        page(204, ""),
        Err(Failure::NoAnswer(NoAnswer::Timeout(15_000))),
        refusal(500, "Common.Unexpected"),
    ] {
        let mut script = Script::new();
        script.reach_task();
        let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
        script.data(DAG, &done);
        for _ in 0..3 {
            let call = script.take("/api/v1/info");
            script.finish(&call, answer.clone());
            assert!(!task(&script).confirming);
            script.due();
            script.open_routes(&info(false));
            script.data(DAG, &done);
        }
        script.data("/api/v1/info", &info(false));
        assert_eq!(*script.ending(), Ending::Destroyed);
    }
}

#[test]
fn a_restart_in_mid_task_is_followed_through_and_noted() {
    let restarted = |managed| info(managed).replace("1795436032065896302", "1795436032065896303");
    let runs = dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS]));
    let done = dag("SUCCEED", "RUN", 4, Some([RAN; 4]));
    // Noticed when the agent is reachable again.
    let mut script = Script::new();
    script.reach_task();
    script.lose(DAG);
    script.due();
    script.open_routes(&restarted(true));
    script.data(DAG, &runs);
    assert!(task(&script).restarted);
    script.due();
    script.data(DAG, &done);
    script.data("/api/v1/info", &restarted(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    // Too short to be noticed, but seen at the end.
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &done);
    script.data("/api/v1/info", &restarted(false));
    assert!(task(&script).restarted && !task(&script).confirming);
    assert_eq!(script.due(), 1000, "and the task is read once more");
    script.data(DAG, &done);
    script.data("/api/v1/info", &restarted(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    assert!(
        matches!(&script.state.screen, Screen::Ended(ended) if ended.task.as_ref().unwrap().restarted)
    );
    // An agent that was unreachable without a restart.
    let mut script = Script::new();
    script.reach_task();
    script.lose(DAG);
    script.due();
    script.open_routes(&info(true));
    script.data(DAG, &runs);
    assert!(!task(&script).restarted);
}

#[test]
fn a_key_that_changed_meanwhile_is_read_anew_and_the_task_goes_on() {
    let mut script = Script::new();
    script.reach_task();
    let undecrypted = "Security.Authentication.Header.DecryptFailed";
    let news = dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS]));
    for _ in 0..2 {
        script.refuse(DAG, 401, undecrypted);
        assert_eq!(script.targets(), OPEN_ROUTES, "at once");
        assert_eq!(task(&script).contact, Contact::Good);
        script.open_routes(&info(true));
        script.data(DAG, &news);
        script.due();
    }
    // A second rejection in a row is reported, and the read is repeated with growing waits, once
    // each time.
    script.refuse(DAG, 401, undecrypted);
    script.open_routes(&info(true));
    for failures in 1..4 {
        script.refuse(DAG, 401, undecrypted);
        assert!(
            matches!(&task(&script).contact, Contact::Retrying { failures: counted, .. } if *counted == failures)
        );
        assert!(script.calls.is_empty());
        assert!(script.due() >= 1000 << (failures - 1));
        script.open_routes(&info(true));
    }
    script.data(DAG, &news);
    assert_eq!(task(&script).contact, Contact::Good);
}

#[test]
fn an_agent_that_knows_no_such_task_is_told_apart_from_one_that_is_away() {
    let mut script = Script::new();
    script.reach_task();
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS])),
    );
    script.due();
    script.refuse(DAG, 404, "Task.NotFound");
    assert!(matches!(task(&script).contact, Contact::Retrying { .. }));
    script.due();
    script.lose("/api/v1/info");
    script.due();
    script.open_routes(&info(false));
    script.refuse(DAG, 404, "Task.NotFound");
    assert!(
        matches!(task(&script).contact, Contact::Retrying { .. }),
        "said by an agent whose /info was read since, twice in a row"
    );
    script.due();
    script.open_routes(&info(false));
    script.refuse(DAG, 404, "Task.NotFound");
    assert_eq!(*script.ending(), Ending::OutcomeUnknown(Unknown::Forgotten));
    assert!(
        matches!(&script.state.screen, Screen::Ended(ended) if ended.task.as_ref().unwrap().dag.stage == 2),
        "the last news stays"
    );
}

#[test]
fn another_task_of_the_same_id_is_not_the_one_that_was_watched() {
    let mut script = Script::new();
    script.reach_task();
    let add = dag("SUCCEED", "RUN", 4, Some([RAN; 4])).replacen("Delete obproxy", "Add obproxy", 1);
    script.data(DAG, &add);
    assert_eq!(*script.ending(), Ending::OutcomeUnknown(Unknown::Forgotten));
}

#[test]
fn a_failure_is_told_even_where_info_cannot_be_read() {
    let mut script = Script::new();
    script.reach_task();
    script.data(
        DAG,
        &dag("FAILED", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
    );
    script.lose("/api/v1/info");
    assert_eq!(
        *script.ending(),
        Ending::Failed {
            stage: 2,
            managed: None
        }
    );
}

#[test]
fn a_failed_node_in_a_running_task_is_no_ending() {
    let mut script = Script::new();
    script.reach_task();
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
    );
    assert_eq!(task(&script).dag.stage, 2);
    assert!(!task(&script).confirming);
    script.due();
    script.data(
        DAG,
        &dag("DREAMING", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
    );
    assert_eq!(script.due(), 1000, "an unknown state is asked about again");
}

#[test]
fn one_question_at_a_time_about_once_a_second() {
    let mut script = Script::new();
    script.reach_task();
    for _ in 0..20 {
        assert_eq!(script.targets(), [DAG]);
        script.tell(FlowEvent::Visible(true));
        assert_eq!(script.targets(), [DAG]);
        script.data(
            DAG,
            &dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS])),
        );
        assert_eq!(script.targets().len(), 0);
        assert_eq!(script.due(), 1000);
    }
}

#[test]
fn what_did_not_change_is_the_same_and_what_changed_shares_the_rest() {
    let mut script = Script::new();
    script.reach_task();
    let news = dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS]));
    script.data(DAG, &news);
    let first = Rc::clone(&task(&script).dag);
    script.due();
    script.data(DAG, &news);
    assert!(Rc::ptr_eq(&first, &task(&script).dag));
    script.due();
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 2, Some([RAN, WAITS, WAITS, WAITS])),
    );
    let second = &task(&script).dag;
    let nodes = |dag: &odp_console::obshell::dag::Dag| dag.nodes.clone().unwrap();
    assert!(!Rc::ptr_eq(&nodes(&first)[0], &nodes(second)[0]));
    assert!(Rc::ptr_eq(&nodes(&first)[1], &nodes(second)[1]));
}

#[test]
fn a_hidden_page_asks_nothing_and_asks_at_once_on_return() {
    let mut script = Script::new();
    script.reach_task();
    script.tell(FlowEvent::Visible(false));
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS])),
    );
    assert!(script.timer.is_none() && script.calls.is_empty());
    script.tell(FlowEvent::Visible(true));
    assert_eq!(script.targets(), [DAG]);
}

#[test]
fn a_hidden_page_follows_a_task_slowly_where_its_end_is_to_be_notified() {
    let mut script = Script::with(Settings {
        notifications: true,
        ..Settings::default()
    });
    script.tell(FlowEvent::Notify(true));
    script.reach_task();
    let running = dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS]));
    script.data(DAG, &running);
    script.tell(FlowEvent::Visible(false));
    assert_eq!(script.due(), 20_000);
    script.data(DAG, &running);
    assert_eq!(script.due(), 20_000);
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN; 4])));
    script.data("/api/v1/info", &info(false));
    assert_eq!(script.ending(), &Ending::Destroyed);
    assert!(script.timer.is_none());
}

#[test]
fn a_hidden_page_asks_nothing_where_the_site_offers_no_notification() {
    let mut script = Script::new();
    script.tell(FlowEvent::Notify(true));
    assert!(!script.state.notifies);
    script.reach_task();
    script.tell(FlowEvent::Visible(false));
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS])),
    );
    assert!(script.timer.is_none() && script.calls.is_empty());
}

#[test]
fn an_old_wait_that_ends_after_a_return_asks_nothing_twice() {
    let mut script = Script::new();
    script.reach_task();
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS])),
    );
    script.tell(FlowEvent::Visible(false));
    script.tell(FlowEvent::Visible(true));
    assert_eq!(script.targets(), [DAG]);
    script.due();
    assert_eq!(script.targets(), [DAG]);
}

#[test]
fn lost_news_is_asked_for_with_growing_waits_and_the_last_news_stays() {
    let mut script = Script::new();
    script.reach_task();
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 2, Some([RAN, RUNS, WAITS, WAITS])),
    );
    let last_update = task(&script).last_update;
    script.due();
    script.lose(DAG);
    let mut waits = Vec::new();
    for _ in 0..6 {
        waits.push(script.due());
        script.lose("/api/v1/info");
        assert_eq!(task(&script).last_update, last_update);
        assert_eq!(task(&script).dag.stage, 2);
    }
    for (wait, least) in waits.iter().zip([1000, 2000, 4000, 8000, 16000, 30000]) {
        assert!((least..=least / 4 * 5).contains(wait), "{waits:?}");
    }
    script.due();
    script.open_routes(&info(true));
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 3, Some([RAN, RAN, RUNS, WAITS])),
    );
    assert_eq!(task(&script).contact, Contact::Good);
    assert_eq!(task(&script).dag.stage, 3);
}

#[test]
fn a_password_changed_meanwhile_is_asked_for_and_the_task_goes_on() {
    let mut script = Script::new();
    script.reach_task();
    script.refuse(DAG, 401, "Security.Authentication.IncorrectAgentPassword");
    assert!(matches!(task(&script).contact, Contact::Unauthenticated(_)));
    assert!(
        script.timer.is_none() && script.calls.is_empty(),
        "no automatic repetition"
    );
    assert_eq!(script.forgotten, 1);
    script.tell(FlowEvent::Visible(true));
    assert!(script.calls.is_empty());
    script.tell(FlowEvent::Authenticate {
        has_credential: true,
    });
    script.open_routes(&info(true));
    script.data(
        DAG,
        &dag("RUNNING", "RUN", 1, Some([RUNS, WAITS, WAITS, WAITS])),
    );
    assert_eq!(task(&script).contact, Contact::Good);
}

#[test]
fn leaving_a_task_gives_up_its_questions_and_the_credential() {
    let mut script = Script::new();
    script.reach_task();
    script.tell(FlowEvent::StartOver);
    assert!(matches!(script.state.screen, Screen::Connect));
    assert_eq!(script.forgotten, 1);
    assert!(!script.targets().contains(&DAG));
    assert_eq!(script.deletes(), 1);
}

#[test]
fn following_to_the_end_of_another_task_claims_no_destruction() {
    let mut script = Script::new();
    script.tell(FlowEvent::AddressEdited(super::script::ADDRESS.into()));
    script.tell(FlowEvent::Connect {
        has_credential: true,
    });
    script.open_routes(&info(true));
    let stop = |dag: String| dag.replace("Delete obproxy", "Stop obproxy");
    script.data(
        "/api/v1/task/dag/agent/unfinish",
        &format!(
            r#"{{"contents":[{}]}}"#,
            stop(dag("RUNNING", "RUN", 2, None))
        ),
    );
    script.tell(FlowEvent::FollowHolder);
    script.data(DAG, &stop(dag("SUCCEED", "RUN", 4, Some([RAN; 4]))));
    script.data("/api/v1/info", &info(true));
    assert_eq!(*script.ending(), Ending::OtherTaskDone);
    assert!(matches!(&script.state.screen, Screen::Ended(ended) if ended.submission.is_none()));
}

#[test]
fn no_answer_names_the_failure() {
    let mut script = Script::new();
    script.reach_task();
    script.lose(DAG);
    assert!(matches!(
        &task(&script).contact,
        Contact::Retrying {
            failure: Failure::NoAnswer(NoAnswer::Network),
            ..
        }
    ));
}
