//! Tests operations on a task: which are offered, that each is sent at most once, and that no
//! intermediate state is shown as an ending.

use odp_console::flow::effect::Call;
use odp_console::flow::ending::Ending;
use odp_console::flow::event::{FlowEvent, Reply};
use odp_console::flow::operation::Operation;
use odp_console::flow::poll::SETTLING_MILLIS;
use odp_console::flow::state::{Contact, OperationPhase, Screen, Task};
use odp_console::obshell::answer;
use odp_console::obshell::dag::Dag;
use odp_console::obshell::error::{ErrorKind, Failure};
use odp_console::obshell::info::Version;
use odp_console::obshell::request::Method;

use super::script::{DAG, RAN, Script, WAITS, dag, info, ok, refusal};

const RUNS: (&str, &str) = ("RUNNING", "RUN");
const FAILED: (&str, &str) = ("FAILED", "RUN");
const NODE_2: &str = "/api/v1/task/node/42130706433028862";

fn read(dag: &str) -> Dag {
    let Ok(Reply { status, body }) = ok(dag) else {
        panic!()
    };
    answer::dag(status, &body).unwrap().value
}

fn accepted(dag: &str, version: &str) -> Vec<Operation> {
    let (dag, version) = (read(dag), Version::new(version));
    let all = Operation::ALL.into_iter();
    all.filter(|operation| operation.is_accepted(&dag, &version))
        .collect()
}

fn failed_at(stage: usize) -> String {
    let mut nodes = [RAN; 4];
    nodes[stage - 1] = FAILED;
    nodes[stage..].fill(WAITS);
    dag("FAILED", "RUN", stage, Some(nodes))
}

fn running_at(stage: usize) -> String {
    let mut nodes = [RAN; 4];
    nodes[stage - 1] = RUNS;
    nodes[stage..].fill(WAITS);
    dag("RUNNING", "RUN", stage, Some(nodes))
}

fn task(script: &Script) -> &Task {
    match &script.state.screen {
        Screen::Task(task) => task,
        Screen::Ended(ended) => ended.task.as_ref().expect("an end of a task"),
        other => panic!("no task: {other:?}"),
    }
}

fn phase(script: &Script) -> Option<&OperationPhase> {
    task(script)
        .operating
        .as_ref()
        .map(|operating| &operating.phase)
}

fn ended(script: &Script) -> bool {
    matches!(script.state.screen, Screen::Ended(_))
}

/// A task that failed at stage 2, as the console shows.
fn stopped() -> Script {
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &failed_at(2));
    script.data("/api/v1/info", &info(true));
    assert!(ended(&script));
    assert_eq!(script.forgotten, 0, "the credential is still of use");
    script
}

/// Continues until the operation is in transit.
fn send(script: &mut Script, operation: Operation, news: &str) {
    script.tell(FlowEvent::Operate(operation));
    script.tell(FlowEvent::ConfirmOperation);
    script.open_routes(&info(true));
    script.data(DAG, news);
    assert_eq!(phase(script), Some(&OperationPhase::Sent));
}

fn post(script: &mut Script) -> Call {
    let is_post = |call: &Call| call.request.method() == Method::Post;
    let index = script.calls.iter().position(is_post).expect("a POST");
    script.calls.remove(index).unwrap()
}

fn posts(script: &Script) -> usize {
    let asked = script.asked.iter();
    asked.filter(|call| call.starts_with("POST")).count()
}

#[test]
fn what_is_offered_is_what_the_agent_accepts() {
    use Operation::{Cancel, MarkDone, Retry, Skip};
    let of = |dag: &str| accepted(dag, "4.5.0.0-0");
    assert_eq!(of(&dag("READY", "RUN", 1, None)), [Cancel]);
    for stage in 1..=4 {
        assert_eq!(of(&running_at(stage)), [Cancel], "{stage}");
    }
    // The lock is released at this stage, and another task may hold it.
    assert_eq!(of(&failed_at(1)), [Retry, Skip]);
    for stage in 2..=4 {
        assert_eq!(of(&failed_at(stage)), [Retry, Skip, MarkDone], "{stage}");
        let cancelled = failed_at(stage).replace(r#""operator":"RUN""#, r#""operator":"CANCEL""#);
        assert_eq!(of(&cancelled), [Retry, Skip, MarkDone], "{stage}");
    }
    // The node is not failed yet if the task is cancelled before the node started.
    let pending = dag("FAILED", "CANCEL", 2, Some([RAN, WAITS, WAITS, WAITS]));
    assert_eq!(of(&pending), [Retry, MarkDone]);
    for over in [
        dag("SUCCEED", "RUN", 4, Some([RAN; 4])),
        dag("SUCCEED", "PASS", 2, Some([RAN; 4])),
        dag("READY", "CANCEL", 2, Some([RAN, RUNS, WAITS, WAITS])),
        dag("RUNNING", "CANCEL", 2, Some([RAN, RUNS, WAITS, WAITS])),
        dag("STRANGE", "RUN", 2, Some([RAN, FAILED, WAITS, WAITS])),
    ] {
        assert_eq!(of(&over), [], "{over}");
    }
    // Nodes cannot be passed at this version.
    assert_eq!(accepted(&failed_at(2), "4.2.6.0-1"), [Retry, MarkDone]);
    assert_eq!(accepted(&failed_at(2), "4.3.0.0-1"), [Retry, MarkDone]);
    assert_eq!(
        accepted(&failed_at(2), "4.3.1.0-1"),
        [Retry, Skip, MarkDone]
    );
    assert_eq!(accepted(&failed_at(2), "master"), [Retry, Skip, MarkDone]);
}

#[test]
fn the_one_stage_that_can_be_neither_passed_nor_cancelled_is_known() {
    let upgrade = |of: String| {
        of.replace("Delete obproxy\",\"stage", "Upgrade obproxy\",\"stage")
            .replace("Check obproxy status", "Create upgrade dir")
            .replace("\"Stop obproxy", "\"Download obproxy pkg from sqlite")
    };
    let of = |dag: &str| accepted(dag, "4.5.0.0-0");
    assert_eq!(of(&upgrade(running_at(2))), []);
    assert_eq!(of(&upgrade(failed_at(2))), [Operation::Retry]);
    assert_eq!(
        of(&upgrade(failed_at(1))),
        [Operation::Retry, Operation::Skip]
    );
    assert_eq!(of(&upgrade(failed_at(3))).len(), 3);
    // Not a task on an ODP.
    let other = failed_at(2).replace(r#""maintenance_type":4"#, r#""maintenance_type":1"#);
    assert_eq!(of(&other), []);
}

#[test]
fn nothing_leaves_without_a_confirmation_and_one_sends_one() {
    let mut script = stopped();
    script.tell(FlowEvent::ConfirmOperation);
    script.tell(FlowEvent::Operate(Operation::Cancel));
    assert_eq!(phase(&script), None, "it cannot be cancelled any more");
    script.tell(FlowEvent::Operate(Operation::Retry));
    assert_eq!(phase(&script), Some(&OperationPhase::AwaitingConfirmation));
    script.tell(FlowEvent::LeaveOperation);
    assert_eq!(phase(&script), None);
    script.tell(FlowEvent::ConfirmOperation);
    assert!(ended(&script) && script.calls.is_empty());

    send(&mut script, Operation::Retry, &failed_at(2));
    for again in [
        FlowEvent::ConfirmOperation,
        FlowEvent::Operate(Operation::Retry),
        FlowEvent::LeaveOperation,
        FlowEvent::Visible(true),
    ] {
        script.tell(again);
    }
    assert_eq!(script.targets(), [DAG], "the POST and nothing else");
    assert_eq!(posts(&script), 1);
    assert_eq!(script.deletes(), 1);
}

#[test]
fn after_an_accepted_retry_the_old_failure_is_no_ending() {
    let mut script = stopped();
    send(&mut script, Operation::Retry, &failed_at(2));
    let call = post(&mut script);
    assert_eq!(call.request.target(), DAG);
    script.finish(&call, ok("null"));
    assert_eq!(phase(&script), Some(&OperationPhase::Accepted));
    script.data(DAG, &failed_at(2));
    assert!(!ended(&script), "still as it was");
    assert_eq!(script.due(), 1_000);
    let odd = [RAN, ("PENDING", "RETRY"), WAITS, WAITS];
    script.data(
        DAG,
        &dag("READY", "RETRY", 2, Some(odd)).replace("2026-11-23T12", "1970-01-01T00"),
    );
    assert_eq!(phase(&script), None);
    script.due();
    let rolls = [RAN, ("RUNNING", "RETRY"), WAITS, WAITS];
    script.data(DAG, &dag("RUNNING", "RETRY", 2, Some(rolls)));
    script.due();
    // A node may be FAILED before its task is.
    script.data(
        DAG,
        &dag("RUNNING", "RETRY", 2, Some([RAN, FAILED, WAITS, WAITS])),
    );
    assert!(!ended(&script) && !task(&script).confirming);
    script.due();
    let again = failed_at(2).replace("execute_times\":1", "execute_times\":3");
    script.data(DAG, &again);
    script.data("/api/v1/info", &info(true));
    assert!(matches!(script.ending(), Ending::Failed { stage: 2, .. }));
    assert_eq!(posts(&script), 1);
}

#[test]
fn a_quick_second_failure_is_told_at_once() {
    let mut script = stopped();
    send(&mut script, Operation::Retry, &failed_at(2));
    let call = post(&mut script);
    script.finish(&call, ok("null"));
    let again = failed_at(2).replace("execute_times\":1", "execute_times\":3");
    script.data(DAG, &again);
    assert!(task(&script).confirming && task(&script).operating.is_none());
}

#[test]
fn a_lost_answer_is_not_sent_again_and_the_task_tells() {
    for seen in [false, true] {
        let mut script = stopped();
        send(&mut script, Operation::Retry, &failed_at(2));
        let call = post(&mut script);
        let cut = Failure::NoAnswer(odp_console::obshell::error::NoAnswer::Network);
        script.finish(&call, Err(cut));
        assert!(matches!(phase(&script), Some(OperationPhase::Lost(_))));
        let lost_at = script.now;
        script.data(DAG, &failed_at(2));
        if seen {
            script.due();
            script.data(DAG, &running_at(2));
            assert_eq!(phase(&script), None, "its effect is there");
            assert!(!ended(&script));
        } else {
            // As long as the operation may still arrive, the old failure is not shown as the
            // ending.
            while !task(&script).confirming {
                assert!(!ended(&script));
                script.due();
                script.data(DAG, &failed_at(2));
            }
            let waited = script.now - lost_at;
            assert!((26_000..28_000).contains(&waited), "{waited}");
            script.data("/api/v1/info", &info(true));
            assert!(ended(&script));
            assert!(matches!(phase(&script), Some(OperationPhase::Lost(_))));
        }
        assert_eq!(posts(&script), 1);
    }
}

#[test]
fn an_odd_answer_is_no_effect_of_an_operation() {
    let failed = failed_at(2);
    for odd in [
        failed.replace("2026-11-23T12:00:00Z", "0001-01-01T00:00:00Z"),
        failed.replace("2026-11-23T12:00:00Z", "2027-11-23T12:00:00Z"),
        failed.replace(r#""Get obproxy pid: 8897""#, "null"),
        failed.replace(r#""execute_times":1"#, r#""execute_times":"1""#),
        failed.replacen(r#""node_id":1"#, r#""id":7"#, 1),
        dag("FAILED", "RUN", 2, None),
    ] {
        // Before and after the operation is sent.
        for (before, after) in [(&failed, &odd), (&odd, &failed)] {
            let mut script = stopped();
            send(&mut script, Operation::Retry, before);
            let call = post(&mut script);
            script.finish(&call, ok("null"));
            script.data(DAG, after);
            assert_eq!(phase(&script), Some(&OperationPhase::Accepted), "{after}");
            assert!(!task(&script).confirming && !ended(&script), "{after}");
        }
    }
}

#[test]
fn an_empty_204_by_a_gateway_is_no_acceptance() {
    let mut script = stopped();
    send(&mut script, Operation::Retry, &failed_at(2));
    let call = post(&mut script);
    let empty = Reply {
        status: 204,
        body: Vec::new(),
    };
    script.finish(&call, Ok(empty));
    assert!(matches!(phase(&script), Some(OperationPhase::Lost(_))));
    assert_eq!(posts(&script), 1);
}

#[test]
fn an_answer_that_proves_nothing_is_as_good_as_none() {
    let page = Ok(Reply {
        status: 502,
        body: b"<html>".to_vec(),
    });
    for reply in [
        page,
        refusal(500, "Common.Unexpected"),
        refusal(500, "New.Error"),
    ] {
        let mut script = stopped();
        send(&mut script, Operation::MarkDone, &failed_at(2));
        let call = post(&mut script);
        script.finish(&call, reply);
        assert!(matches!(phase(&script), Some(OperationPhase::Lost(_))));
        let passed = ("SUCCEED", "PASS");
        let news = dag("SUCCEED", "PASS", 2, Some([RAN, passed, passed, passed]));
        script.data(DAG, &news);
        script.data("/api/v1/info", &info(true));
        let skipped = Ending::Skipped {
            managed: Some(true),
        };
        assert_eq!(*script.ending(), skipped);
        assert_eq!(script.forgotten, 1);
    }
}

#[test]
fn a_refusal_is_kept_in_sight() {
    let mut script = stopped();
    send(&mut script, Operation::Skip, &failed_at(2));
    let call = post(&mut script);
    assert_eq!(call.request.target(), NODE_2);
    script.finish(&call, refusal(400, "Task.Node.Operator.PassNotFailedNode"));
    assert!(matches!(phase(&script), Some(OperationPhase::Checking(_))));
    script.data(DAG, &failed_at(2));
    // Another copy may be in transit: the old failure is not an ending yet.
    let refused_at = script.now;
    while !task(&script).confirming {
        assert!(matches!(phase(&script), Some(OperationPhase::Refused(_))));
        script.due();
        script.data(DAG, &failed_at(2));
    }
    let waited = script.now - refused_at;
    assert!((26_000..28_000).contains(&waited), "{waited}");
    script.data("/api/v1/info", &info(true));
    assert!(ended(&script));
    match phase(&script) {
        Some(OperationPhase::Refused(error)) => {
            assert_eq!(error.kind, ErrorKind::NodePassNotFailed);
        }
        other => panic!("{other:?}"),
    }
    // The next operation replaces it.
    script.tell(FlowEvent::Operate(Operation::Retry));
    assert_eq!(phase(&script), Some(&OperationPhase::AwaitingConfirmation));
}

#[test]
fn an_operation_whose_second_copy_was_refused_was_accepted_where_the_task_shows_it() {
    let passed = ("SUCCEED", "PASS");
    let retried = [RAN, ("PENDING", "RETRY"), WAITS, WAITS];
    let news = |operation| match operation {
        Operation::Retry => dag("READY", "RETRY", 2, Some(retried)),
        Operation::Skip => dag("RUNNING", "RUN", 3, Some([RAN, passed, RUNS, WAITS])),
        Operation::MarkDone => dag("SUCCEED", "PASS", 2, Some([RAN, passed, passed, passed])),
        Operation::Cancel => dag("READY", "CANCEL", 2, Some([RAN, RUNS, WAITS, WAITS])),
    };
    for operation in Operation::ALL {
        for kind in ErrorKind::ALL {
            let Some(err_code) = kind.err_code().filter(|_| kind.proves_nothing_was_done()) else {
                continue;
            };
            let mut script = if operation == Operation::Cancel {
                let mut script = Script::new();
                script.reach_task();
                script.data(DAG, &running_at(2));
                send(&mut script, operation, &running_at(2));
                script
            } else {
                let mut script = stopped();
                send(&mut script, operation, &failed_at(2));
                script
            };
            let call = post(&mut script);
            script.finish(&call, refusal(401, err_code));
            assert!(
                matches!(phase(&script), Some(OperationPhase::Checking(error)) if error.kind == *kind),
                "{kind:?}: {:?}",
                phase(&script)
            );
            // Nothing else is sent meanwhile.
            for again in Operation::ALL {
                script.tell(FlowEvent::Operate(again));
                script.tell(FlowEvent::ConfirmOperation);
            }
            if matches!(task(&script).contact, Contact::Unauthenticated(_)) {
                script.tell(FlowEvent::Authenticate {
                    has_credential: true,
                });
                script.open_routes(&info(true));
            }
            script.data(DAG, &news(operation));
            assert_eq!(phase(&script), None, "{operation:?} {kind:?}");
            assert_eq!(posts(&script), 1);
        }
    }
}

#[test]
fn a_copy_of_a_refused_operation_that_acts_late_is_seen() {
    let mut script = stopped();
    send(&mut script, Operation::Retry, &failed_at(2));
    let call = post(&mut script);
    script.finish(&call, refusal(401, "Security.Authentication.Expired"));
    script.data(DAG, &failed_at(2));
    assert!(matches!(phase(&script), Some(OperationPhase::Refused(_))));
    script.due();
    script.data(DAG, &running_at(2));
    assert_eq!(phase(&script), None);
    assert!(!ended(&script));
}

#[test]
fn the_next_operation_does_not_make_a_copy_of_the_last_forgotten() {
    let mut script = stopped();
    send(&mut script, Operation::Retry, &failed_at(2));
    let call = post(&mut script);
    let life = call.seal.as_ref().unwrap().life_seconds * 1000;
    script.finish(&call, refusal(401, "Security.Authentication.Expired"));
    script.data(DAG, &failed_at(2));
    let refused_at = script.now;
    // The confirmation replaces the rejection, and is withdrawn.
    script.tell(FlowEvent::Operate(Operation::MarkDone));
    assert_eq!(phase(&script), Some(&OperationPhase::AwaitingConfirmation));
    script.tell(FlowEvent::LeaveOperation);
    assert_eq!(phase(&script), None);
    while !task(&script).confirming {
        script.due();
        script.data(DAG, &failed_at(2));
    }
    assert!(script.now - refused_at >= life + SETTLING_MILLIS);
    // A copy that is executed meanwhile is noticed.
    let mut script = stopped();
    send(&mut script, Operation::Retry, &failed_at(2));
    let call = post(&mut script);
    script.finish(&call, refusal(401, "Security.Authentication.Expired"));
    script.data(DAG, &failed_at(2));
    script.tell(FlowEvent::Operate(Operation::MarkDone));
    script.tell(FlowEvent::LeaveOperation);
    script.due();
    script.data(DAG, &running_at(2));
    assert!(!ended(&script) && !task(&script).confirming);
}

#[test]
fn a_cancel_leaves_although_the_task_went_on() {
    for news in [
        running_at(1),
        running_at(2),
        running_at(4),
        dag("READY", "RUN", 3, Some([RAN, RAN, WAITS, WAITS])),
    ] {
        let mut script = Script::new();
        script.reach_task();
        script.data(DAG, &dag("READY", "RUN", 1, Some([WAITS; 4])));
        send(&mut script, Operation::Cancel, &news);
        assert_eq!(posts(&script), 1, "{news}");
    }
    for news in [
        dag("SUCCEED", "RUN", 4, Some([RAN; 4])),
        failed_at(2),
        dag("READY", "CANCEL", 2, Some([RAN, RUNS, WAITS, WAITS])),
    ] {
        let mut script = Script::new();
        script.reach_task();
        script.data(DAG, &running_at(1));
        script.tell(FlowEvent::Operate(Operation::Cancel));
        script.tell(FlowEvent::ConfirmOperation);
        script.open_routes(&info(true));
        script.data(DAG, &news);
        assert_eq!(
            phase(&script),
            Some(&OperationPhase::NotSent(None)),
            "{news}"
        );
        assert_eq!(posts(&script), 0);
    }
}

#[test]
fn what_is_marked_as_done_may_have_failed_further_on() {
    let mut script = stopped();
    send(&mut script, Operation::MarkDone, &failed_at(4));
    assert_eq!(posts(&script), 1);
    // After the lock is released, the operation no longer fits.
    let mut script = stopped();
    script.tell(FlowEvent::Operate(Operation::MarkDone));
    script.tell(FlowEvent::ConfirmOperation);
    script.open_routes(&info(true));
    script.data(DAG, &failed_at(1));
    assert_eq!(phase(&script), Some(&OperationPhase::NotSent(None)));
}

#[test]
fn a_task_that_is_not_as_it_was_is_not_operated_on() {
    for news in [
        dag("READY", "RETRY", 2, Some([RAN, WAITS, WAITS, WAITS])),
        failed_at(4),
        dag("SUCCEED", "RUN", 4, Some([RAN; 4])),
    ] {
        let mut script = stopped();
        script.tell(FlowEvent::Operate(Operation::Skip));
        script.tell(FlowEvent::ConfirmOperation);
        script.open_routes(&info(true));
        script.data(DAG, &news);
        assert_eq!(phase(&script), Some(&OperationPhase::NotSent(None)));
        assert_eq!(posts(&script), 0);
        assert!(!ended(&script));
    }
}

#[test]
fn what_cannot_be_read_before_is_not_sent_and_not_sent_later_either() {
    let mut script = stopped();
    script.tell(FlowEvent::Operate(Operation::Retry));
    script.tell(FlowEvent::ConfirmOperation);
    script.lose("/api/v1/info");
    assert!(matches!(
        phase(&script),
        Some(OperationPhase::NotSent(Some(Failure::NoAnswer(_))))
    ));
    script.due();
    script.open_routes(&info(true));
    script.data(DAG, &failed_at(2));
    script.data("/api/v1/info", &info(true));
    assert!(ended(&script));
    assert_eq!(posts(&script), 0);
    assert!(matches!(
        phase(&script),
        Some(OperationPhase::NotSent(Some(_)))
    ));
}

#[test]
fn a_credential_that_is_refused_is_asked_for_in_place_and_the_question_stands_again() {
    for before in [true, false] {
        let mut script = stopped();
        script.tell(FlowEvent::Operate(Operation::Retry));
        script.tell(FlowEvent::ConfirmOperation);
        script.open_routes(&info(true));
        let wrong = "Security.Authentication.IncorrectAgentPassword";
        if before {
            script.refuse(DAG, 401, wrong);
        } else {
            script.data(DAG, &failed_at(2));
            let call = post(&mut script);
            script.finish(&call, refusal(401, wrong));
        }
        assert!(matches!(task(&script).contact, Contact::Unauthenticated(_)));
        if before {
            assert_eq!(phase(&script), Some(&OperationPhase::AwaitingConfirmation));
        } else {
            assert!(matches!(phase(&script), Some(OperationPhase::Checking(_))));
        }
        assert_eq!(script.forgotten, 1);
        let sent = posts(&script);
        script.tell(FlowEvent::Authenticate {
            has_credential: true,
        });
        script.open_routes(&info(true));
        script.data(DAG, &failed_at(2));
        script.data("/api/v1/info", &info(true));
        assert!(ended(&script));
        assert_eq!(phase(&script), Some(&OperationPhase::AwaitingConfirmation));
        assert_eq!(posts(&script), sent, "only a confirmation sends");
    }
}

#[test]
fn a_running_task_is_cancelled_and_the_end_is_told_as_such() {
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &running_at(2));
    send(&mut script, Operation::Cancel, &running_at(2));
    let call = post(&mut script);
    script.finish(&call, ok("null"));
    // Another log line is not an effect of the operation.
    let line = running_at(2).replace("8897\"]", "8897\",\"Check obproxy process\"]");
    script.data(DAG, &line);
    assert_eq!(phase(&script), Some(&OperationPhase::Accepted));
    script.due();
    let nodes = [RAN, RUNS, WAITS, WAITS];
    script.data(DAG, &dag("READY", "CANCEL", 2, Some(nodes)));
    assert_eq!(phase(&script), None);
    script.due();
    let nodes = [RAN, ("FAILED", "CANCEL"), WAITS, WAITS];
    script.data(DAG, &dag("FAILED", "CANCEL", 2, Some(nodes)));
    script.data("/api/v1/info", &info(true));
    let cancelled = Ending::Cancelled {
        stage: 2,
        managed: Some(true),
    };
    assert_eq!(*script.ending(), cancelled);
}

#[test]
fn a_question_goes_as_soon_as_it_does_not_fit_any_more() {
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &running_at(4));
    script.tell(FlowEvent::Operate(Operation::Cancel));
    script.due();
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN; 4])));
    assert_eq!(phase(&script), None);
    script.tell(FlowEvent::ConfirmOperation);
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    for operation in Operation::ALL {
        script.tell(FlowEvent::Operate(operation));
    }
    assert_eq!(phase(&script), None);
    assert_eq!(posts(&script), 0);
}

#[test]
fn a_cancel_that_comes_too_late_is_refused_and_the_true_end_is_told() {
    let mut script = Script::new();
    script.reach_task();
    script.data(DAG, &running_at(4));
    send(&mut script, Operation::Cancel, &running_at(4));
    let call = post(&mut script);
    script.finish(&call, refusal(400, "Task.Dag.Operator.CancelFinishedDag"));
    script.data(DAG, &dag("SUCCEED", "RUN", 4, Some([RAN; 4])));
    script.data("/api/v1/info", &info(false));
    assert_eq!(*script.ending(), Ending::Destroyed);
    assert!(matches!(phase(&script), Some(OperationPhase::Refused(_))));
}

#[test]
fn who_leaves_while_an_operation_is_under_way_is_not_told_of_it() {
    let mut script = stopped();
    send(&mut script, Operation::Retry, &failed_at(2));
    script.tell(FlowEvent::StartOver);
    let call = post(&mut script);
    let before = script.state.clone();
    script.finish(&call, ok("null"));
    assert_eq!(script.state, before);
}
