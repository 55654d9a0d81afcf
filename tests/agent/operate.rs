//! Tests operations on a destroy from the request to the ending, at every stage and with the
//! behaviour of every version. The announced effect is compared with the agent's final state.

use obshell_sim::{Broken, Config, Fail, Matching, Version};
use odp_console::flow::ending::Ending;
use odp_console::flow::event::{FlowEvent, Language};
use odp_console::flow::operation::Operation;
use odp_console::flow::state::{Contact, OperationPhase, Screen, State, Task};
use odp_console::obshell::dag::State as NodeState;
use odp_console::obshell::error::ErrorKind;
use odp_console::text;

use super::config;
use super::shell::{Console, PASSWORD};

fn watched(state: &State) -> Option<&Task> {
    match &state.screen {
        Screen::Task(task) => Some(task),
        Screen::Ended(ended) => ended.task.as_deref(),
        _ => None,
    }
}

fn phase(state: &State) -> Option<&OperationPhase> {
    let operating = watched(state)?.operating.as_ref()?;
    Some(&operating.phase)
}

fn operators() -> Matching {
    Matching::new("POST", "/api/v1/task/*")
}

/// Returns a console with a destroy that failed at this stage; the stage fails `times` times.
async fn failed_at(stage: usize, times: u32, config: Config) -> Console {
    let mut console = Console::beside(config).await;
    console.control.fail_stage(stage, times);
    console.connect(PASSWORD).await;
    console.review_and_confirm().await;
    let managed = Some(stage < 4);
    assert_eq!(*console.ending(), Ending::Failed { stage, managed });
    console
}

/// Returns the text of the confirmation.
async fn ask(console: &mut Console, operation: Operation) -> String {
    console
        .act_until(FlowEvent::Operate(operation), |_| true)
        .await;
    assert_eq!(
        phase(&console.state),
        Some(&OperationPhase::AwaitingConfirmation)
    );
    let dag = &watched(&console.state).unwrap().dag;
    text::operation::effect(operation, dag, Language::English).join("\n")
}

async fn operate(console: &mut Console, operation: Operation) -> String {
    let told = ask(console, operation).await;
    assert_eq!(console.operators(), 0, "nothing leaves before");
    console.act(FlowEvent::ConfirmOperation).await;
    assert_eq!(console.operators(), 1);
    assert_eq!(console.deletes(), 1);
    told
}

#[tokio::test]
pub async fn a_retry_goes_on_to_the_end_from_every_stage() {
    for stage in 1..=4 {
        let mut console = failed_at(stage, 1, config()).await;
        operate(&mut console, Operation::Retry).await;
        let managed = Some(stage < 4);
        let failed = Ending::Failed { stage, managed };
        assert_eq!(console.told, [failed, Ending::Destroyed], "{stage}");
        let agent = console.control.snapshot();
        assert_eq!((agent.managed_home, agent.locked), (None, false));
        // The intermediate states were seen, and none of them was shown as an ending.
        let seen = console.seen.join("\n");
        assert!(seen.contains(&format!("READY {stage} ")), "{seen}");
    }
}

#[tokio::test]
pub async fn a_retry_that_fails_again_is_told_again_and_another_is_another_decision() {
    let mut console = failed_at(2, 2, config()).await;
    operate(&mut console, Operation::Retry).await;
    let managed = Some(true);
    assert_eq!(*console.ending(), Ending::Failed { stage: 2, managed });
    assert_eq!(phase(&console.state), None);
    let runs = watched(&console.state).unwrap().dag.nodes.clone().unwrap()[1]
        .sub_tasks
        .clone()
        .unwrap()[0]
        .execute_times;
    assert_eq!(runs, 3, "once, rolled back, and again");
    ask(&mut console, Operation::Retry).await;
    console.act(FlowEvent::ConfirmOperation).await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    assert_eq!(console.operators(), 2, "one for each confirmation");
}

#[tokio::test]
pub async fn skipping_the_failed_stage_ends_as_skipped_and_does_what_was_said() {
    for stage in 1..=4 {
        let mut console = failed_at(stage, 1, config()).await;
        let said = operate(&mut console, Operation::Skip).await;
        let agent = console.control.snapshot();
        let managed = agent.managed_home.is_some();
        assert_eq!(managed, stage == 3, "nobody forgot it");
        assert_eq!(said.contains("may still manage"), managed, "{said}");
        assert_eq!(agent.odp_pid.is_some(), stage == 2);
        assert_eq!(said.contains("keeps running"), stage == 2, "{said}");
        assert!(!agent.locked);
        let skipped = Ending::Skipped {
            managed: Some(managed),
        };
        assert_eq!(*console.ending(), skipped, "{stage}");
        assert_eq!(console.told.len(), 2, "{:?}", console.told);
    }
}

#[tokio::test]
pub async fn marking_as_done_runs_nothing_and_does_what_was_said() {
    for stage in 2..=4 {
        let mut console = failed_at(stage, 1, config()).await;
        let before = console.control.snapshot();
        let said = operate(&mut console, Operation::MarkDone).await;
        let agent = console.control.snapshot();
        assert_eq!(agent.managed_home, before.managed_home);
        assert_eq!(agent.odp_pid, before.odp_pid);
        assert!(before.locked && !agent.locked);
        assert!(said.contains("lock is released"), "{said}");
        let managed = agent.managed_home.is_some();
        assert_eq!(said.contains("manage"), managed, "{said}");
        let skipped = Ending::Skipped {
            managed: Some(managed),
        };
        assert_eq!(*console.ending(), skipped, "{stage}");
        assert_eq!(console.told.len(), 2, "{:?}", console.told);
    }
}

#[tokio::test]
pub async fn a_task_that_gave_the_lock_back_cannot_be_marked_as_done() {
    let mut console = failed_at(1, 1, config()).await;
    console
        .act_until(FlowEvent::Operate(Operation::MarkDone), |_| true)
        .await;
    console.act(FlowEvent::ConfirmOperation).await;
    assert_eq!(console.operators(), 0);
}

#[tokio::test]
pub async fn a_cancel_stops_at_every_stage_and_does_what_was_said() {
    for node in [NodeState::Pending, NodeState::Running] {
        for stage in 1..=4 {
            let mut console = Console::beside(config()).await;
            console.connect(PASSWORD).await;
            let typed = console.address();
            console
                .act_until(FlowEvent::Confirm { typed }, |state| {
                    watched(state).is_some_and(|task| {
                        let current = task.dag.current_node();
                        task.dag.stage == stage && current.is_some_and(|it| it.state == node)
                    })
                })
                .await;
            let said = operate(&mut console, Operation::Cancel).await;
            let agent = console.control.snapshot();
            let managed = agent.managed_home.is_some();
            let cancelled = Ending::Cancelled {
                stage,
                managed: Some(managed),
            };
            assert_eq!(console.told, [cancelled], "{stage} {node}");
            let keeps = said.contains("keeps the agent's ODP lock");
            assert_eq!(
                agent.locked, keeps,
                "{stage} {node} {:?}: {said}",
                console.seen
            );
            assert_eq!(
                agent.locked,
                stage > 1,
                "{stage} {node} {:?}: {said}",
                console.seen
            );
            let killed = agent.odp_pid.is_none();
            let reached = stage > 2 || stage == 2 && node == NodeState::Running;
            assert_eq!(killed, reached, "{stage} {node} {:?}", console.seen);
            assert!(
                said.contains("nothing was changed") == (stage == 1),
                "{said}"
            );
            // The operation that is then offered leads to the end.
            console
                .act_until(FlowEvent::Operate(Operation::Retry), |_| true)
                .await;
            console.act(FlowEvent::ConfirmOperation).await;
            assert_eq!(*console.ending(), Ending::Destroyed, "{stage} {node}");
            assert_eq!(console.operators(), 2);
        }
    }
}

#[tokio::test]
pub async fn every_version_is_operated_on_in_its_own_manner() {
    for version in Version::KNOWN {
        for operation in [Operation::Retry, Operation::Skip, Operation::MarkDone] {
            let config = Config {
                version,
                ..config()
            };
            let mut console = failed_at(2, 1, config).await;
            let task = watched(&console.state).unwrap();
            let offers = task.offers(operation);
            match operation {
                Operation::Skip => assert_eq!(offers, version.has_node_pass(), "{version}"),
                // A release may accept what the recorded agent rejects, so the operation may be
                // offered.
                Operation::MarkDone if !version.can_cancel_and_pass() => {}
                _ => assert!(offers, "{version} {operation:?}"),
            }
            if offers {
                operate(&mut console, operation).await;
                let ending = match operation {
                    Operation::Retry => Ending::Destroyed,
                    Operation::Skip => Ending::Skipped {
                        managed: Some(false),
                    },
                    _ if !version.can_cancel_and_pass() => Ending::Failed {
                        stage: 2,
                        managed: Some(true),
                    },
                    _ => Ending::Skipped {
                        managed: Some(true),
                    },
                };
                assert_eq!(*console.ending(), ending, "{version} {operation:?}");
            }
        }
    }
}

#[tokio::test]
pub async fn of_two_consoles_that_retry_at_once_one_is_refused_and_both_see_the_end() {
    for version in Version::KNOWN {
        let config = Config {
            version,
            ..config()
        };
        let mut first = failed_at(2, 1, config).await;
        let mut second = first.twin();
        second.connect(PASSWORD).await;
        second.act(FlowEvent::FollowHolder).await;
        ask(&mut first, Operation::Retry).await;
        ask(&mut second, Operation::Retry).await;
        // Both consoles have read the task, and neither has seen the other's retry.
        let sent = |state: &State| phase(state) == Some(&OperationPhase::Sent);
        first.act_until(FlowEvent::ConfirmOperation, sent).await;
        let accepted = |state: &State| phase(state) == Some(&OperationPhase::Accepted);
        second
            .act_until(FlowEvent::ConfirmOperation, accepted)
            .await;
        let checking = |state: &State| matches!(phase(state), Some(OperationPhase::Checking(_)));
        first.act_until(FlowEvent::Visible(true), checking).await;
        match phase(&first.state) {
            Some(OperationPhase::Checking(error)) => {
                assert_eq!(error.kind, ErrorKind::RetryNotFailed, "{version}");
                assert!(!error.message.is_empty());
            }
            other => panic!("{version}: {other:?}"),
        }
        first.go_on().await;
        second.go_on().await;
        // The task shows a retry of unknown origin: a browser may send a retry twice.
        assert_eq!(phase(&first.state), None, "{version}");
        for console in [&first, &second] {
            assert_eq!(console.told.last(), Some(&Ending::Destroyed), "{version}");
            assert_eq!(console.told.len(), 2, "{version}: {:?}", console.told);
        }
        assert_eq!(first.operators(), 2);
        assert_eq!(first.control.snapshot().tasks.len(), 1);
    }
}

#[tokio::test]
pub async fn a_lock_that_somebody_else_took_is_told_in_the_agents_words() {
    for version in Version::KNOWN {
        let config = Config {
            version,
            ..config()
        };
        let mut console = failed_at(1, 1, config).await;
        let mut other = console.twin();
        other.connect(PASSWORD).await;
        other.confirm_without_news().await;
        ask(&mut console, Operation::Retry).await;
        console.time_passes = true;
        console.act(FlowEvent::ConfirmOperation).await;
        match phase(&console.state) {
            Some(OperationPhase::Refused(error)) => {
                assert_eq!(error.kind, ErrorKind::UnderMaintenance, "{version}");
            }
            other => panic!("{version}: {other:?}"),
        }
        // The other destroy ended while a copy of the retry could still arrive.
        let managed = Some(false);
        assert_eq!(*console.ending(), Ending::Failed { stage: 1, managed });
        assert_eq!(console.operators(), 1);
    }
}

#[tokio::test]
pub async fn an_answer_that_got_lost_after_the_agent_acted_is_seen_in_the_task() {
    for lost in [None, Some(Broken::TruncatedByLength)] {
        for (operation, ending) in [
            (Operation::Retry, Ending::Destroyed),
            (
                Operation::Skip,
                Ending::Skipped {
                    managed: Some(false),
                },
            ),
            (
                Operation::MarkDone,
                Ending::Skipped {
                    managed: Some(true),
                },
            ),
        ] {
            let mut console = failed_at(2, 1, config()).await;
            match lost {
                None => console.control.cut_after_acting(operators()),
                Some(broken) => console.control.broken_proxy(operators(), broken, 1),
            }
            operate(&mut console, operation).await;
            assert_eq!(*console.ending(), ending, "{operation:?}");
            assert_eq!(console.told.len(), 2, "{:?}", console.told);
            assert_eq!(phase(&console.state), None, "its effect was seen");
        }
    }
}

#[tokio::test]
pub async fn an_operation_that_got_lost_before_is_not_sent_again_and_the_old_end_is_told_late() {
    for lost in [None, Some(Broken::Html(502)), Some(Broken::Empty(504))] {
        let mut console = failed_at(2, 1, config()).await;
        console.time_passes = true;
        match lost {
            None => console.control.cut_before_acting(operators()),
            Some(broken) => console.control.broken_proxy(operators(), broken, 1),
        }
        ask(&mut console, Operation::Retry).await;
        let began = console.waited;
        console.act(FlowEvent::ConfirmOperation).await;
        let seconds = (console.waited - began) / 1000;
        assert!((10..35).contains(&seconds), "{seconds}");
        assert!(matches!(
            phase(&console.state),
            Some(OperationPhase::Lost(_))
        ));
        let managed = Some(true);
        assert_eq!(*console.ending(), Ending::Failed { stage: 2, managed });
        assert_eq!(console.operators(), 0, "and nothing by itself");

        ask(&mut console, Operation::Retry).await;
        console.act(FlowEvent::ConfirmOperation).await;
        assert_eq!(*console.ending(), Ending::Destroyed);
        assert_eq!(console.operators(), 1);
    }
}

#[tokio::test]
pub async fn a_key_that_changes_is_read_before_and_told_where_it_is_too_late() {
    let mut console = failed_at(2, 1, config()).await;
    console.control.rotate_key().unwrap();
    operate(&mut console, Operation::Retry).await;
    assert_eq!(*console.ending(), Ending::Destroyed);

    let mut console = failed_at(2, 1, config()).await;
    ask(&mut console, Operation::Retry).await;
    let sent = |state: &State| phase(state) == Some(&OperationPhase::Sent);
    console.act_until(FlowEvent::ConfirmOperation, sent).await;
    console.control.rotate_key().unwrap();
    console.time_passes = true;
    console.go_on().await;
    match phase(&console.state) {
        Some(OperationPhase::Refused(error)) => {
            assert_eq!(error.kind, ErrorKind::HeaderDecryptFailed)
        }
        other => panic!("{other:?}"),
    }
    let managed = Some(true);
    assert_eq!(*console.ending(), Ending::Failed { stage: 2, managed });
    ask(&mut console, Operation::Retry).await;
    console.act(FlowEvent::ConfirmOperation).await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    assert_eq!(console.operators(), 2, "one for each confirmation");
}

#[tokio::test]
pub async fn a_changed_password_is_asked_for_and_only_a_confirmation_sends() {
    let mut console = failed_at(2, 1, config()).await;
    ask(&mut console, Operation::Retry).await;
    console.control.set_password(Some("another"));
    console.act(FlowEvent::ConfirmOperation).await;
    let contact = &watched(&console.state).unwrap().contact;
    assert!(matches!(contact, Contact::Unauthenticated(_)));
    console.give("another");
    console
        .act(FlowEvent::Authenticate {
            has_credential: true,
        })
        .await;
    assert_eq!(
        phase(&console.state),
        Some(&OperationPhase::AwaitingConfirmation)
    );
    assert_eq!(console.operators(), 0);
    console.act(FlowEvent::ConfirmOperation).await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    assert_eq!(console.operators(), 1);
}

#[tokio::test]
pub async fn a_restart_between_confirmation_and_effect_is_followed_through() {
    let mut console = failed_at(2, 1, config()).await;
    console.restart_after_waits = Some(1);
    operate(&mut console, Operation::Retry).await;
    assert_eq!(*console.ending(), Ending::Destroyed);
    assert!(watched(&console.state).unwrap().restarted);
}

#[tokio::test]
pub async fn an_operation_in_vain_leaves_what_is_so() {
    // The stage cannot succeed: a retry fails, and skipping continues.
    let mut console = Console::beside(Config {
        fail: Fail::Clean,
        ..config()
    })
    .await;
    console.connect(PASSWORD).await;
    console.review_and_confirm().await;
    let failed = Ending::Failed {
        stage: 4,
        managed: Some(false),
    };
    assert_eq!(*console.ending(), failed);
    operate(&mut console, Operation::Retry).await;
    assert_eq!(*console.ending(), failed);
    ask(&mut console, Operation::Skip).await;
    console.act(FlowEvent::ConfirmOperation).await;
    let skipped = Ending::Skipped {
        managed: Some(false),
    };
    assert_eq!(*console.ending(), skipped);
    assert_eq!(console.operators(), 2);
}
