//! Checks that the endings state exactly what happened.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "words_world/world.rs"]
mod world;

use std::rc::Rc;

use odp_console::flow::ending::{Ending, Unknown};
use odp_console::flow::event::Language;
use odp_console::flow::state::{Contact, Ended, Origin};
use odp_console::obshell::answer;
use odp_console::obshell::dag::Dag;
use odp_console::obshell::dag::progress::Progress;
use odp_console::obshell::error::{ErrorKind, Failure};
use odp_console::text::ending::{EndingText, ending};

use world::{
    BUSY, CHECK, CLEAN, DELETE, KILLED, LANGUAGES, NOT_A_PID, STOP, cancelled_at, dag, destroyed,
    done, ended, endings, failed_at, passed_dag, passed_node, stop_task,
};

fn english(ended: &Ended) -> EndingText {
    ending(ended, Language::English)
}

/// Returns all sentences of an ending in one text.
fn whole(text: &EndingText) -> String {
    let mut all = vec![text.name.clone(), text.summary.clone()];
    all.extend(text.facts.clone());
    all.extend(text.next.clone());
    all.join("\n")
}

fn facts(ended: &Ended) -> String {
    english(ended).facts.join("\n")
}

fn failed(stage: usize, managed: Option<bool>, logs: &[&str]) -> Ended {
    ended(
        Ending::Failed { stage, managed },
        Some(failed_at(stage, logs)),
    )
}

fn skipped(managed: Option<bool>, dag: Dag) -> Ended {
    ended(Ending::Skipped { managed }, Some(dag))
}

/// Whether a text says that something was destroyed, without a negation.
fn claims_destruction(text: &str) -> bool {
    let lower = text.to_lowercase();
    let english = lower
        .match_indices("destroyed")
        .any(|(at, _)| !lower[..at].ends_with("not "));
    let chinese = ["已销毁", "已被销毁", "销毁成功", "完成销毁", "销毁完成"];
    english || chinese.iter().any(|claim| text.contains(claim))
}

#[test]
fn destruction_is_claimed_by_one_ending_alone() {
    let mut claims = 0;
    for ended in endings() {
        for language in LANGUAGES {
            let text = ending(&ended, language);
            let claimed = claims_destruction(&whole(&text));
            assert_eq!(claimed, ended.ending == Ending::Destroyed, "{text:#?}");
            claims += usize::from(claimed);
        }
    }
    assert_eq!(claims, 8);
    assert!(claims_destruction("The ODP was destroyed"));
    assert!(!claims_destruction("Skipped, not destroyed"));
}

#[test]
fn names_are_those_of_the_table() {
    for (ending, name) in [
        (Ending::Destroyed, "Destroyed"),
        (Ending::Skipped { managed: None }, "Skipped, not destroyed"),
        (
            Ending::Failed {
                stage: 2,
                managed: None,
            },
            "Failed at stage 2",
        ),
        (
            Ending::Cancelled {
                stage: 3,
                managed: None,
            },
            "Cancelled at stage 3",
        ),
        (Ending::NothingToDestroy, "Nothing to destroy"),
        (
            Ending::Refused(world::api_error(ErrorKind::UriMismatch)),
            "Refused",
        ),
        (
            Ending::NotSent(world::failures().remove(0)),
            "Request not sent",
        ),
        (
            Ending::OutcomeUnknown(Unknown::StillManaged),
            "Outcome unknown",
        ),
    ] {
        assert_eq!(english(&ended(ending, None)).name, name);
    }
    let someone = world::someone_else(None);
    assert_eq!(english(&someone).name, "Another task is running");
}

#[test]
fn a_failure_at_the_check_changed_nothing_and_gave_the_lock_back() {
    let text = facts(&failed(1, Some(true), &[]));
    assert!(text.contains("changed nothing"), "{text}");
    assert!(text.contains("still manages"), "{text}");
    assert!(text.contains("released the agent's ODP lock"), "{text}");
    assert!(!text.contains("kill"), "{text}");
    // Another task's first stage may change something.
    let other = ended(
        Ending::Failed {
            stage: 1,
            managed: Some(true),
        },
        Some(dag(
            "Upgrade obproxy",
            1,
            ("FAILED", "RUN"),
            &[world::failed("Create upgrade dir", &[])],
        )),
    );
    let text = facts(&other);
    assert!(!text.contains("changed nothing"), "{text}");
    assert!(!text.contains("lock"), "{text}");
}

#[test]
fn what_became_of_obproxy_is_read_from_the_log() {
    for (logs, says) in [
        (&[NOT_A_PID][..], "no attempt to kill"),
        (
            &["Kill obproxy process 8897"],
            "may be dead or may still be running",
        ),
        (&KILLED, "confirmed that the process was gone"),
        (
            &["Get obproxy pid: ", "Obproxy is not running"],
            "found no running obproxy",
        ),
        // Killed by the first attempt, found gone by the second.
        (
            &[
                "Kill obproxy process 8897",
                "ERROR: x",
                "Obproxy is not running",
            ],
            "confirmed that the process was gone",
        ),
        // Gone, started again by obproxyd, and killed again.
        (
            &[
                "Successfully killed the obproxy process",
                "Kill obproxy process 9",
            ],
            "may be dead or may still be running",
        ),
    ] {
        for ended in [
            failed(2, Some(true), logs),
            ended(
                Ending::Cancelled {
                    stage: 2,
                    managed: Some(true),
                },
                Some(cancelled_at(2, logs)),
            ),
        ] {
            let text = facts(&ended);
            assert!(text.contains(says), "{logs:?}: {text}");
            assert!(text.contains("still manages"), "{text}");
            assert!(text.contains("keeps the agent's ODP lock"), "{text}");
            assert!(text.contains("removed no folder"), "{text}");
        }
    }
    // Without details it is unknown.
    let blind = ended(
        Ending::Failed {
            stage: 2,
            managed: Some(true),
        },
        Some(dag(DELETE, 2, ("FAILED", "RUN"), &[])),
    );
    let text = facts(&blind);
    assert!(text.contains("may or may not have been killed"), "{text}");
    assert!(text.contains("is unknown whether the folders"), "{text}");
}

#[test]
fn a_failure_at_the_folders_names_those_that_may_remain() {
    let ended = failed(4, Some(false), &[BUSY]);
    let text = facts(&ended);
    assert!(
        text.contains("confirmed that the process was gone"),
        "{text}"
    );
    assert!(text.contains("returns 204 for a DELETE request"), "{text}");
    assert!(
        text.contains("Removed under the ODP's home: etc, log, run. These may remain, in part or whole: bin, lib."),
        "{text}"
    );
    assert!(
        text.contains("home folder itself and everything else in it remain"),
        "{text}"
    );
    let next = english(&ended).next.join("\n");
    assert!(next.contains("mount point"), "{next}");

    let text = facts(&failed(4, Some(false), &["ERROR: exit status 3"]));
    assert!(text.contains("the later ones may remain"), "{text}");
    assert!(!text.contains("Removed under"), "{text}");
}

#[test]
fn a_stage_that_succeeded_before_the_cancellation_counts_as_done() {
    // CANCEL between the end of the sub task and the end of its node.
    let forget = world::stage(
        DELETE,
        ("FAILED", "CANCEL"),
        ("SUCCEED", "RUN"),
        1,
        Some(&[]),
    );
    let late = dag(
        DELETE,
        3,
        ("FAILED", "CANCEL"),
        &[
            done(CHECK, &[]),
            done(STOP, &KILLED),
            forget,
            world::pending(CLEAN),
        ],
    );
    let managed = None;
    let text = facts(&ended(Ending::Cancelled { stage: 3, managed }, Some(late)));
    assert!(
        text.contains("task reports that the agent deleted its record"),
        "{text}"
    );
    assert!(text.contains("removed no folder"), "{text}");
    // The rollback step of a RETRY is not a success of the stage.
    let step = world::stage(
        DELETE,
        ("FAILED", "CANCEL"),
        ("SUCCEED", "ROLLBACK"),
        2,
        Some(&[]),
    );
    let mid_retry = dag(
        DELETE,
        3,
        ("FAILED", "CANCEL"),
        &[
            done(CHECK, &[]),
            done(STOP, &KILLED),
            step,
            world::pending(CLEAN),
        ],
    );
    let text = facts(&ended(
        Ending::Cancelled { stage: 3, managed },
        Some(mid_retry),
    ));
    assert!(
        text.contains("is unknown whether the agent still manages"),
        "{text}"
    );
}

#[test]
fn a_skipped_stop_is_not_taken_for_a_kill_later_on() {
    // Stage 2 was passed, then stage 4 failed.
    let dag = dag(
        DELETE,
        4,
        ("FAILED", "RUN"),
        &[
            done(CHECK, &[]),
            world::failed_then_passed(STOP, &[NOT_A_PID]),
            done(DELETE, &[]),
            world::failed(CLEAN, &[BUSY]),
        ],
    );
    let ended = ended(
        Ending::Failed {
            stage: 4,
            managed: Some(false),
        },
        Some(dag),
    );
    let text = facts(&ended);
    assert!(text.contains("most likely still is"), "{text}");
    assert!(!text.contains("confirmed that the process"), "{text}");
}

#[test]
fn skipping_the_task_and_skipping_a_stage_are_told_apart() {
    let whole_task = skipped(Some(true), passed_dag());
    let text = english(&whole_task);
    assert!(
        text.summary
            .contains("marked as done before it was complete"),
        "{text:?}"
    );
    let said = text.facts.join("\n");
    for stage in [
        "Stage 2 ran without success",
        "Stage 3 did not run",
        "Stage 4 did not run",
    ] {
        assert!(said.contains(stage), "{said}");
    }
    assert!(!said.contains("Stage 1"), "{said}");
    assert!(said.contains("still manages"), "{said}");
    assert!(said.contains("removed no folder"), "{said}");
    assert!(said.contains("lock is released"), "{said}");
    assert!(
        text.next.iter().any(|next| next.contains("start over")),
        "{text:?}"
    );

    let one_stage = skipped(Some(false), passed_node());
    let text = english(&one_stage);
    assert!(
        text.summary.contains("some stages were skipped"),
        "{text:?}"
    );
    let said = text.facts.join("\n");
    assert!(said.contains("Stage 2 ran without success"), "{said}");
    assert!(
        !said.contains("Stage 3") && !said.contains("Stage 4"),
        "{said}"
    );
    assert!(said.contains("most likely still is"), "{said}");
    assert!(
        said.contains("Removed under the ODP's home: etc, log, run, bin and lib."),
        "{said}"
    );
}

#[test]
fn a_stage_without_an_execution_did_not_run_whatever_its_state_says() {
    let odd = world::stage(STOP, ("SUCCEED", "RUN"), ("SUCCEED", "RUN"), 0, Some(&[]));
    let dag = dag(
        DELETE,
        3,
        ("FAILED", "RUN"),
        &[
            done(CHECK, &[]),
            odd,
            world::failed(DELETE, &[]),
            world::pending(CLEAN),
        ],
    );
    let managed = Some(true);
    let text = facts(&ended(Ending::Failed { stage: 3, managed }, Some(dag)));
    assert!(text.contains("stop stage did not run"), "{text}");
}

#[test]
fn nothing_managed_says_nothing_of_the_past() {
    let text = english(&ended(Ending::NothingToDestroy, None));
    let all = whole(&text);
    assert!(all.contains("204"), "{all}");
    assert!(
        all.contains("does not mean that an ODP was removed"),
        "{all}"
    );
    assert!(all.contains("may remain"), "{all}");
    assert!(all.contains("obproxy may still be running"), "{all}");
}

#[test]
fn refused_says_that_nothing_was_done_where_that_is_certain_only() {
    for kind in ErrorKind::ALL {
        let text = english(&ended(Ending::Refused(world::api_error(*kind)), None));
        assert_eq!(
            text.summary.contains("nothing was done"),
            kind.proves_nothing_was_done(),
            "{kind:?}"
        );
        let all = whole(&text);
        assert!(all.contains("the agent's own message"), "{all}");
    }
}

#[test]
fn a_lost_answer_is_neither_success_nor_failure_and_is_not_sent_again() {
    for failure in world::failures() {
        if matches!(failure, Failure::NotSent(_)) {
            continue;
        }
        let text = english(&ended(
            Ending::OutcomeUnknown(Unknown::Answer(failure.into())),
            None,
        ));
        let all = whole(&text);
        assert!(all.contains("may have done nothing"), "{all}");
        assert!(
            all.contains("does not resend the request automatically"),
            "{all}"
        );
        assert!(all.contains("task/dag/maintain/agent"), "{all}");
        assert!(!text.summary.contains("nothing was done"), "{all}");
    }
}

#[test]
fn a_success_that_the_agent_does_not_confirm_says_what_info_says() {
    let unknown = Ending::OutcomeUnknown(Unknown::StillManaged);
    let mut ended = ended(unknown, Some(destroyed()));
    assert!(english(&ended).summary.contains("still manages an ODP"));
    ended.facts = Rc::new(world::facts(None));
    let text = english(&ended);
    assert!(text.summary.contains("does not confirm"), "{text:?}");
    assert!(
        text.facts.join("\n").contains("/info did not confirm it"),
        "{text:?}"
    );
}

#[test]
fn a_failed_task_says_what_the_agent_can_still_be_told() {
    let text = english(&failed(2, Some(true), &[NOT_A_PID]));
    assert!(text.next[0].contains("run/obproxy.pid"), "{text:?}");
    let go_on = text.next.last().unwrap();
    assert!(
        go_on.contains("Retry, Skip this stage, Mark as done."),
        "{text:?}"
    );
    // At stage 1 the lock is free: a new destroy is possible.
    let text = english(&failed(1, Some(true), &[]));
    assert!(text.next.last().unwrap().contains("start over"), "{text:?}");
}

#[test]
fn a_task_that_is_no_destroy_is_not_spoken_of_as_one() {
    let managed = Some(true);
    for ended in [
        ended(
            Ending::Failed { stage: 2, managed },
            Some(stop_task(2, ("FAILED", "RUN"))),
        ),
        skipped(managed, stop_task(2, ("SUCCEED", "PASS"))),
    ] {
        let text = facts(&ended);
        assert!(text.contains("is not a destroy task"), "{text}");
        assert!(!text.contains("folder"), "{text}");
    }
    let other = english(&ended(
        Ending::OtherTaskDone,
        Some(stop_task(2, ("SUCCEED", "RUN"))),
    ));
    assert!(whole(&other).contains("removed no ODP"), "{other:?}");
}

#[test]
fn destroyed_still_asks_for_a_look_at_the_host() {
    // Killed only by pid file: obproxyd may have started it again.
    let text = english(&ended(Ending::Destroyed, Some(destroyed())));
    assert!(
        text.next.iter().any(|next| next.contains("obproxyd")),
        "{text:?}"
    );
    let quiet = dag(
        DELETE,
        4,
        ("SUCCEED", "RUN"),
        &[
            done(CHECK, &[]),
            done(STOP, &["Get obproxy pid: ", "Obproxy is not running"]),
            done(DELETE, &[]),
            done(CLEAN, &[]),
        ],
    );
    let text = facts(&ended(Ending::Destroyed, Some(quiet)));
    assert!(text.contains("killed no process"), "{text}");
    assert!(!text.contains("sessions through it were dropped"), "{text}");
}

/// Returns the tasks with details of a recording, in its order.
fn recorded(recording: &str) -> Vec<Dag> {
    recording
        .lines()
        .filter(|line| line.starts_with('{') && line.contains("\"sub_tasks\""))
        .filter_map(|line| answer::dag(200, line.as_bytes()).ok())
        .map(|answer| answer.value)
        .collect()
}

/// Returns the flow's ending for a task.
fn end_of(dag: Dag, managed: Option<bool>) -> Ended {
    let ending = match dag.progress() {
        Progress::Done => Ending::Destroyed,
        Progress::Skipped => Ending::Skipped { managed },
        Progress::Failed { stage } => Ending::Failed { stage, managed },
        Progress::Cancelled { stage } => Ending::Cancelled { stage, managed },
        other => panic!("{other:?}"),
    };
    ended(ending, Some(dag))
}

#[test]
fn recorded_tasks_are_told_as_they_were() {
    let ended_of = |recording, managed| {
        let mut ended: Vec<_> = recorded(recording)
            .into_iter()
            .filter(|dag| dag.progress().is_final())
            .map(|dag| end_of(dag, Some(managed)))
            .collect();
        assert!(!ended.is_empty());
        ended.remove(0)
    };
    let success = ended_of(
        include_str!("fixtures/captures/03-delete-success.txt"),
        false,
    );
    let text = english(&success);
    assert_eq!(text.name, "Destroyed");
    assert!(
        text.facts[0].contains("confirmed that the process was gone"),
        "{text:?}"
    );

    let garbage = include_str!("fixtures/captures/04-delete-stop-fails-retry.txt");
    let text = english(&ended_of(garbage, true));
    assert_eq!(text.name, "Failed at stage 2");
    assert!(text.facts[0].contains("no attempt to kill"), "{text:?}");
    assert!(text.next[0].contains("does not hold a number"), "{text:?}");

    let cancelled = include_str!("fixtures/captures/08-cancel-ready.txt");
    let text = english(&ended_of(cancelled, true));
    assert_eq!(text.name, "Cancelled at stage 1");
    assert!(text.facts[0].contains("changed nothing"), "{text:?}");

    let zombie = include_str!("fixtures/captures/10-stop-timeout-zombie.txt");
    let text = english(&ended_of(zombie, true));
    assert_eq!(text.name, "Failed at stage 2");
    assert!(text.facts[0].contains("did not see it end"), "{text:?}");
    assert!(text.next[0].contains("15 kill -9 signals"), "{text:?}");
}

#[test]
fn nothing_done_is_said_of_a_lost_delete_where_it_was_proven_only() {
    for failure in world::failures() {
        let text = english(&ended(Ending::NotDone(failure.into()), None));
        let all = whole(&text);
        assert!(text.summary.contains("nothing was done"), "{all}");
        assert!(all.contains("expired"), "{all}");
        assert!(
            all.contains("does not resend the request automatically"),
            "{all}"
        );
    }
}

#[test]
fn nothing_was_done_is_not_said_while_a_copy_may_be_on_its_way() {
    for ending in [
        Ending::NothingToDestroy,
        Ending::Refused(world::api_error(ErrorKind::UriMismatch)),
        world::someone_else(None).ending,
        Ending::NotDone(world::failures().pop().unwrap().into()),
    ] {
        let mut ended = ended(ending, None);
        let over = whole(&english(&ended));
        assert!(
            over.contains("the header of the DELETE request had expired"),
            "{over}"
        );
        assert!(over.contains("checks the agent's tasks"), "{over}");

        ended.uncertain_delete.as_mut().unwrap().expired = false;
        let early = english(&ended);
        assert!(early.summary.contains("no task so far"), "{early:?}");
        assert!(!early.summary.contains("did nothing"), "{early:?}");
        assert!(!early.summary.contains("nothing was done"), "{early:?}");
        assert!(
            whole(&early).contains("Until the header of the DELETE request expires"),
            "{early:?}"
        );
    }
}

#[test]
fn an_ending_that_is_not_looked_after_any_more_says_so() {
    let refused = Failure::Refused(world::api_error(ErrorKind::IncorrectAgentPassword));
    let mut ended = ended(Ending::NotDone(refused.clone().into()), None);
    ended.uncertain_delete.as_mut().unwrap().contact = Contact::Unauthenticated(refused);
    let all = whole(&english(&ended));
    assert!(all.contains("no longer checks"), "{all}");
    assert!(!all.contains("While this page is open"), "{all}");
}

#[test]
fn what_was_said_too_early_is_taken_back_in_plain_words() {
    let mut ended = ended(Ending::Destroyed, Some(destroyed()));
    assert!(!whole(&english(&ended)).contains("that report was wrong"));
    Rc::make_mut(ended.task.as_mut().unwrap()).revises_ending = true;
    assert!(whole(&english(&ended)).contains("that report was wrong"));
}

#[test]
fn an_ending_says_whose_task_it_was_where_that_is_not_plain() {
    for (origin, says) in [
        (Origin::Mine(world::submission()), None),
        (
            Origin::Presumed(world::submission()),
            Some("does not show who started the task"),
        ),
        (Origin::Followed, Some("Who started the task is not known")),
    ] {
        for (ending, dag) in [
            (Ending::Destroyed, destroyed()),
            (
                Ending::Failed {
                    stage: 2,
                    managed: Some(true),
                },
                failed_at(2, &[NOT_A_PID]),
            ),
        ] {
            let mut ended = ended(ending, Some(dag));
            Rc::make_mut(ended.task.as_mut().unwrap()).origin = origin.clone();
            let text = facts(&ended);
            for part in [
                "does not show who started the task",
                "Who started the task is not known",
            ] {
                assert_eq!(
                    text.contains(part),
                    says == Some(part),
                    "{origin:?}: {text}"
                );
            }
        }
    }
}

#[test]
fn an_agent_that_lost_its_records_is_not_taken_for_one_that_destroyed() {
    let forgotten = Ending::OutcomeUnknown(Unknown::Forgotten);
    let text = english(&ended(forgotten, Some(failed_at(2, &[]))));
    let all = whole(&text);
    assert!(all.contains("The outcome is unknown"), "{all}");
    assert!(
        all.contains("failed at stage 2 of 4"),
        "the last news: {all}"
    );
    assert!(all.contains("reinstalled"), "{all}");
}

#[test]
fn a_success_that_its_stages_do_not_show_is_told_by_stage_and_claims_nothing() {
    for managed in [None, Some(true), Some(false)] {
        for dag in world::contradicted() {
            let contradiction = dag.contradiction().unwrap();
            let unknown = Unknown::Contradicted {
                contradiction,
                managed,
            };
            let all = whole(&english(&ended(Ending::OutcomeUnknown(unknown), Some(dag))));
            assert!(all.contains("the task's stages do not show it"), "{all}");
            assert!(!claims_destruction(&all), "{all}");
            assert!(!all.contains("Every stage succeeded"), "{all}");
        }
    }
    let [failed, bare, early, unread] = world::contradicted();
    for (dag, says) in [
        (
            failed,
            "Stage 2 (Kill obproxy): Failed; its sub task: Failed.",
        ),
        (bare, "nothing shows that each of them ran"),
        (
            early,
            "ended at stage 3 of 4, and the agent listed 4 stages",
        ),
        (unread, "stages or sub tasks are missing here"),
    ] {
        let unknown = Unknown::Contradicted {
            contradiction: dag.contradiction().unwrap(),
            managed: Some(false),
        };
        let text = facts(&ended(Ending::OutcomeUnknown(unknown), Some(dag)));
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn what_the_agent_cannot_be_told_is_not_proposed() {
    let mut refused = failed(2, Some(true), &[NOT_A_PID]);
    Rc::make_mut(refused.task.as_mut().unwrap()).watch.by_lists = true;
    let all = whole(&english(&refused));
    assert!(all.contains("refuses the ID of this task"), "{all}");
    assert!(!all.contains("Available actions"), "{all}");
    let all = whole(&english(&failed(2, Some(true), &[NOT_A_PID])));
    assert!(all.contains("Available actions"), "{all}");
}

#[test]
fn a_lock_that_no_task_tells_of_is_not_spoken_of() {
    let mut dag = failed_at(2, &[NOT_A_PID]);
    let lock = "keeps the agent's ODP lock";
    let text = |dag: &Dag| {
        let failed = Ending::Failed {
            stage: 2,
            managed: Some(true),
        };
        facts(&ended(failed, Some(dag.clone())))
    };
    assert!(text(&dag).contains(lock));
    // Before 4.3.1.0 only the name identifies the task.
    dag.maintenance_type = None;
    assert!(text(&dag).contains(lock));
    dag.name = "Rename obproxy".into();
    assert!(!text(&dag).contains(lock));
    dag.name = "Start obproxy".into();
    assert!(!text(&dag).contains(lock));
}
