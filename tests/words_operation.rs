//! Checks the texts of an operation before and after its confirmation: complete sentences in both
//! languages that are true at the stage.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "words_world/world.rs"]
mod world;

use std::collections::HashSet;
use std::rc::Rc;

use odp_console::flow::ending::Ending;
use odp_console::flow::event::Language;
use odp_console::flow::operation::Operation;
use odp_console::flow::state::{OdpLookup, Operating, OperationPhase, Task};
use odp_console::obshell::dag::Dag;
use odp_console::obshell::error::{ErrorKind, Failure, NoAnswer};
use odp_console::text::operation::{confirm, effect, heading, leave, name, question, status};
use odp_console::text::problem::failure;
use odp_console::text::split_command;

use world::{ADDRESS, DELETE, LANGUAGES, NOT_A_PID};

/// Returns a destroy at a stage, in the state in which this operation is offered.
fn destroy(operation: Operation, stage: usize) -> Dag {
    if operation != Operation::Cancel {
        return world::failed_at(stage, &[NOT_A_PID]);
    }
    let names = [world::CHECK, world::STOP, DELETE, world::CLEAN];
    let stages: Vec<_> = names
        .into_iter()
        .enumerate()
        .map(|(index, name)| match (index + 1).cmp(&stage) {
            std::cmp::Ordering::Less => world::done(name, &[]),
            std::cmp::Ordering::Equal => {
                world::stage(name, ("RUNNING", "RUN"), ("RUNNING", "RUN"), 1, Some(&[]))
            }
            std::cmp::Ordering::Greater => world::pending(name),
        })
        .collect();
    world::dag(DELETE, stage, ("RUNNING", "RUN"), &stages)
}

fn said(operation: Operation, stage: usize) -> String {
    effect(operation, &destroy(operation, stage), Language::English).join("\n")
}

fn task(operation: Operation, phase: OperationPhase, dag: Dag) -> Task {
    let ending = Ending::Failed {
        stage: 2,
        managed: Some(true),
    };
    let ended = world::ended(ending, Some(dag));
    let task = ended.task.unwrap();
    Task {
        odp: OdpLookup::NotRequested,
        operating: Some(Operating {
            operation,
            phase,
            before: Rc::clone(&task.dag),
            at: 0,
            life_seconds: 15,
        }),
        ..(*task).clone()
    }
}

fn phases() -> Vec<OperationPhase> {
    let mut phases = vec![
        OperationPhase::Refreshing,
        OperationPhase::Sent,
        OperationPhase::Accepted,
        OperationPhase::NotSent(None),
    ];
    for failure in world::failures() {
        if let Failure::Refused(error) = &failure {
            phases.push(OperationPhase::Checking(error.clone()));
            phases.push(OperationPhase::Refused(error.clone()));
        }
        phases.push(OperationPhase::NotSent(Some(failure.clone())));
        phases.push(OperationPhase::Lost(failure));
    }
    phases
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Checks that a sentence of the console is complete and in this language only.
fn check_sentence(sentence: &str, language: Language) {
    let own = split_command(sentence).0;
    assert!(
        !own.contains("{0}") && !own.contains("{1}"),
        "unfilled: {sentence}"
    );
    assert_eq!(own.trim(), own);
    assert!(!own.contains("  ") && !own.contains(['!', '！']), "{own}");
    match language {
        Language::English => {
            assert!(!own.contains(is_han), "{own}");
            assert!(own.ends_with(['.', '?', ':', ']']), "{own}");
        }
        Language::Chinese => {
            assert!(own.contains(is_han), "{own}");
            assert!(own.ends_with(['。', '？', '：', ']']), "{own}");
            let chars: Vec<char> = own.chars().collect();
            for pair in chars.windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let unspaced = is_han(a) && b.is_ascii_alphanumeric()
                    || a.is_ascii_alphanumeric() && is_han(b);
                assert!(!unspaced, "a space is missing at {a}{b}: {own}");
                let half = is_han(a) && [',', ';', ':', '?', '.', '(', ')'].contains(&b);
                assert!(!half, "{a}{b}: {own}");
            }
        }
    }
}

#[test]
fn every_operation_has_its_own_words_at_every_stage_in_both_languages() {
    for language in LANGUAGES {
        let mut names = HashSet::new();
        let mut questions = HashSet::new();
        let mut effects = HashSet::new();
        for operation in Operation::ALL {
            for word in [name(operation, language), confirm(operation, language)] {
                assert!(names.insert(word), "{word} names two things");
                assert_eq!(word.contains(is_han), language == Language::Chinese);
                assert!(!word.ends_with(['.', '。']), "{word}");
            }
            for stage in 1..=4 {
                let dag = destroy(operation, stage);
                let asked = question(operation, &dag, language);
                check_sentence(&asked, language);
                assert!(asked.ends_with(['?', '？']), "{asked}");
                assert!(asked.contains(&stage.to_string()), "{asked}");
                let told = effect(operation, &dag, language);
                assert!(!told.is_empty());
                for sentence in &told {
                    check_sentence(sentence, language);
                }
                assert!(questions.insert(asked));
                // Marking as done has the same effect at the stages that change only obproxy.
                let same = operation == Operation::MarkDone && stage == 2;
                assert!(effects.insert(told.concat()) != same, "{told:?}");
            }
        }
        for word in [heading(language), leave(language)] {
            assert!(names.insert(word), "{word} names two things");
            assert_eq!(word.contains(is_han), language == Language::Chinese);
        }
    }
}

#[test]
fn both_languages_say_the_same_number_of_things() {
    for operation in Operation::ALL {
        for stage in 0..=5 {
            for dag in [
                destroy(operation, stage),
                world::dag(DELETE, stage, ("FAILED", "RUN"), &[]),
                world::stop_task(stage, ("FAILED", "RUN")),
            ] {
                let [english, chinese] =
                    LANGUAGES.map(|language| effect(operation, &dag, language));
                assert_eq!(english.len(), chinese.len());
                for (english, chinese) in english.iter().zip(&chinese) {
                    check_sentence(english, Language::English);
                    check_sentence(chinese, Language::Chinese);
                    for word in ["kill -9", "etc", "obproxy"] {
                        assert_eq!(
                            english.contains(word),
                            chinese.contains(word),
                            "{english}\n{chinese}"
                        );
                    }
                }
                for language in LANGUAGES {
                    check_sentence(&question(operation, &dag, language), language);
                }
            }
        }
    }
}

/// Checks the announced effect of each operation at each stage (protocol: 3.1, 4.5, 12): what it
/// must say, and what it must not.
#[test]
fn what_is_said_of_an_effect_is_what_it_does_at_that_stage() {
    use Operation::{Cancel, MarkDone, Retry, Skip};
    const KILLS: &str = "killed immediately (kill -9)";
    const FORGETS: &str = "forgets the ODP";
    const FOLDERS: &str = "folders etc, log, run, bin and lib";
    const TAKES_LOCK: &str = "takes its ODP lock again";
    const KEEPS_LOCK: &str = "keeps the agent's ODP lock";
    const FREES_LOCK: &str = "lock is released";
    const NO_WAY_BACK: &str = "cannot be undone";
    type Row = (
        Operation,
        usize,
        &'static [&'static str],
        &'static [&'static str],
    );
    let table: [Row; 15] = [
        (
            Retry,
            1,
            &[TAKES_LOCK, KILLS, FORGETS, FOLDERS, NO_WAY_BACK],
            &[KEEPS_LOCK, FREES_LOCK],
        ),
        (
            Retry,
            2,
            &[
                KILLS,
                "if it is running",
                "sessions",
                FORGETS,
                FOLDERS,
                NO_WAY_BACK,
            ],
            &[TAKES_LOCK, FREES_LOCK],
        ),
        (
            Retry,
            3,
            &[FORGETS, FOLDERS, NO_WAY_BACK],
            &["kill", TAKES_LOCK],
        ),
        (
            Retry,
            4,
            &["what remains of", FOLDERS, NO_WAY_BACK],
            &["kill", "forget", TAKES_LOCK],
        ),
        (
            Cancel,
            1,
            &[
                "nothing was changed",
                "lock is released",
                "may have been killed",
            ],
            &[KEEPS_LOCK, NO_WAY_BACK],
        ),
        (
            Cancel,
            2,
            &["not undone", "most likely kill -9", KEEPS_LOCK],
            &[FREES_LOCK, "folder"],
        ),
        (
            Cancel,
            3,
            &["not undone", "may have already forgotten", KEEPS_LOCK],
            &[FREES_LOCK, "kill"],
        ),
        (
            Cancel,
            4,
            &[
                "not undone",
                "has forgotten the ODP",
                "may already be gone",
                KEEPS_LOCK,
            ],
            &[FREES_LOCK, "kill"],
        ),
        (
            Skip,
            1,
            &[TAKES_LOCK, "without the check", KILLS, FORGETS, NO_WAY_BACK],
            &[KEEPS_LOCK],
        ),
        (
            Skip,
            2,
            &[FORGETS, "keeps running", "by hand", NO_WAY_BACK],
            &["kill -9", TAKES_LOCK],
        ),
        (
            Skip,
            3,
            &[FOLDERS, "may still manage", NO_WAY_BACK],
            &["kill", FORGETS],
        ),
        (
            Skip,
            4,
            &["ends as done", "is kept", "by hand", FREES_LOCK],
            &["kill", FORGETS, NO_WAY_BACK],
        ),
        (
            MarkDone,
            2,
            &[
                "Nothing more runs",
                "not destroyed",
                "still manages",
                FREES_LOCK,
            ],
            &["kill -9", FORGETS, NO_WAY_BACK],
        ),
        (
            MarkDone,
            3,
            &[
                "Nothing more runs",
                "folders remain",
                "may still manage",
                FREES_LOCK,
            ],
            &["kill", FORGETS],
        ),
        (
            MarkDone,
            4,
            &[
                "Nothing more runs",
                "what remains of",
                "by hand",
                FREES_LOCK,
            ],
            &["kill", FORGETS, "managing"],
        ),
    ];
    for (operation, stage, says, never) in table {
        let said = said(operation, stage);
        for part in says {
            assert!(said.contains(part), "{operation:?} {stage}: {part}: {said}");
        }
        for part in never {
            assert!(
                !said.contains(part),
                "{operation:?} {stage}: {part}: {said}"
            );
        }
    }
}

#[test]
fn a_task_that_is_no_destroy_is_not_spoken_of_as_one() {
    for operation in Operation::ALL {
        for stage in 1..=4 {
            let dag = world::stop_task(stage, ("FAILED", "RUN"));
            let said = effect(operation, &dag, Language::English).join("\n");
            for part in ["destroy", "kill", "folder", "forget"] {
                assert!(!said.contains(part), "{operation:?}: {said}");
            }
        }
    }
}

#[test]
fn what_came_of_it_is_told_in_whole_sentences_and_with_the_agents_own_words() {
    for operation in Operation::ALL {
        for phase in phases() {
            for dag in [destroy(operation, 2), world::failed_at(2, &[])] {
                let task = task(operation, phase.clone(), dag);
                for language in LANGUAGES {
                    let told = status(&task, language).unwrap();
                    check_sentence(&told.what, language);
                    assert!(
                        told.what.starts_with(name(operation, language)),
                        "{}",
                        told.what
                    );
                    if let OperationPhase::Checking(error) | OperationPhase::Refused(error) = &phase
                    {
                        assert!(told.what.contains(error.message.raw()), "{}", told.what);
                        assert!(
                            told.what.contains(error.shown_code().raw()),
                            "{}",
                            told.what
                        );
                    }
                    let cause = match &phase {
                        OperationPhase::NotSent(Some(cause)) | OperationPhase::Lost(cause) => {
                            cause.clone()
                        }
                        OperationPhase::Checking(error) | OperationPhase::Refused(error) => {
                            Failure::Refused(error.clone())
                        }
                        _ => {
                            assert_eq!(told.fix, "");
                            continue;
                        }
                    };
                    let why = failure(&cause, ADDRESS, language);
                    assert!(told.what.contains(&why.what), "{}", told.what);
                    assert_eq!(told.fix, why.fix);
                }
            }
        }
        let asked = task(
            operation,
            OperationPhase::AwaitingConfirmation,
            destroy(operation, 2),
        );
        assert_eq!(status(&asked, Language::English), None);
    }
}

#[test]
fn what_is_not_certain_is_not_told_as_certain() {
    let told = |phase, dag| {
        let task = task(Operation::Retry, phase, dag);
        status(&task, Language::English).unwrap().what
    };
    let stopped = || world::failed_at(2, &[]);
    let running = || destroy(Operation::Cancel, 2);
    let network = || Failure::NoAnswer(NoAnswer::Network);
    for dag in [stopped(), running()] {
        let lost = told(OperationPhase::Lost(network()), dag);
        assert!(lost.contains("does not show whether"), "{lost}");
        assert!(
            lost.contains("does not resend the request automatically"),
            "{lost}"
        );
        assert!(!lost.contains("not sent."), "{lost}");
    }
    let lost = told(OperationPhase::Lost(network()), stopped());
    assert!(lost.contains("no effect so far"), "{lost}");
    let refused = world::api_error(ErrorKind::UnderMaintenance);
    let refused = told(OperationPhase::Refused(refused), stopped());
    assert!(
        refused.contains("the agent refused the request, and the task shows no effect"),
        "{refused}"
    );
    let changed = told(OperationPhase::NotSent(None), stopped());
    assert!(
        changed.contains("not sent") && changed.contains("no longer as it was"),
        "{changed}"
    );
    let sent = told(OperationPhase::Sent, stopped());
    assert!(sent.contains("sent once"), "{sent}");
}
