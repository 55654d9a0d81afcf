//! Plays every cell of the fault matrix without a browser, against every known version of the
//! agent. Time belongs to the shell: it passes only where a cell requires it.

#[expect(dead_code, reason = "some words are for docs/fault-matrix.md alone")]
#[path = "../browser/matrix/table.rs"]
mod table;

use obshell_sim::{
    Broken, Config, Control, Fail, Fate, Fault as Injected, Harm, Matching, Operator, Snapshot,
    State as Done, Version,
};
use odp_console::flow::ending::Ending as Told;
use odp_console::flow::event::{FlowEvent, Language};
use odp_console::flow::operation::Operation;
use odp_console::flow::state::{Contact, Screen, State, Task};
use odp_console::text;
use tokio::task::{LocalSet, spawn_local};

use super::config;
use super::shell::{Console, PASSWORD};
use super::versions::is_deleting;
use table::{Cell, DEVIATIONS, Deletes, Ending, Fault, Moment, TABLE};

const DELETE: &str = "/api/v1/obproxy";
/// A read of a destroy that is being followed.
const TASK: &str = "/api/v1/task/dag/4*";
/// The first request after the confirmation.
const FIRST: &str = "/api/v1/time";
/// The agent's new password.
const OTHER_PASSWORD: &str = "quark-Torte 2846";
/// The number of effects after a confirmation at which a run counts as endless.
const MOST_STEPS: u32 = 2000;

macro_rules! versions {
    ($($name:ident = $version:literal,)+) => {
        $(#[tokio::test]
        async fn $name() {
            play_all($version.parse().unwrap()).await;
        })+

        /// The versions that have a test.
        const PLAYED: &[&str] = &[$($version,)+];
    };
}

versions! {
    the_matrix_at_4_2_6_0 = "4.2.6.0",
    the_matrix_at_4_3_0_0 = "4.3.0.0",
    the_matrix_at_4_3_1_0 = "4.3.1.0",
    the_matrix_at_4_4_1_0 = "4.4.1.0",
    the_matrix_at_4_5_0_0 = "4.5.0.0",
}

#[test]
fn every_known_version_is_played() {
    assert_eq!(Version::KNOWN.map(|version| version.to_string()), PLAYED);
}

#[test]
fn every_deviation_is_of_a_cell_that_is_played() {
    for deviation in DEVIATIONS {
        let (_, cell) = cells()
            .find(|((fault, moment), _)| (*fault, *moment) == (deviation.fault, deviation.moment))
            .unwrap();
        let Cell::Played { endings, .. } = cell else {
            panic!("not played: {deviation:?}")
        };
        assert_ne!(endings, deviation.endings, "no deviation: {deviation:?}");
        assert!(PLAYED.contains(&deviation.version), "{deviation:?}");
    }
}

fn cells() -> impl Iterator<Item = ((Fault, Moment), Cell)> {
    TABLE.iter().flat_map(|row| {
        let cells = Moment::ALL.into_iter().zip(row.cells);
        cells.map(|(moment, cell)| ((row.fault, moment), cell))
    })
}

/// Plays every cell, and reports all deviations from the table together.
async fn play_all(version: Version) {
    LocalSet::new().run_until(play_every_cell(version)).await;
}

async fn play_every_cell(version: Version) {
    let mut wrong = Vec::new();
    let mut played = 0;
    for ((fault, moment), cell) in cells() {
        let Cell::Played {
            endings, deletes, ..
        } = cell
        else {
            continue;
        };
        let deviation = DEVIATIONS.iter().find(|it| {
            (it.fault, it.moment) == (fault, moment) && it.version == version.to_string()
        });
        let endings = deviation.map_or(endings, |deviation| deviation.endings);
        let cell = spawn_local(play(version, fault, moment, endings, deletes));
        match cell.await {
            Ok(Ok(())) => played += 1,
            Ok(Err(why)) => wrong.push(format!("{fault:?}, {moment:?}: {why}")),
            // The panic message is above.
            Err(_) => wrong.push(format!("{fault:?}, {moment:?}: could not be played")),
        }
    }
    assert!(wrong.is_empty(), "{version}:\n{}", wrong.join("\n"));
    assert_eq!(played, 46, "cells played");
}

async fn play(
    version: Version,
    fault: Fault,
    moment: Moment,
    endings: &'static [Ending],
    deletes: Deletes,
) -> Result<(), String> {
    let mut play = Play::new(version).await;
    match moment {
        Moment::Before => play.before(fault).await,
        Moment::During => play.during(fault).await,
        Moment::After => play.after(fault).await,
    }
    for (number, ending) in endings.iter().enumerate() {
        if number > 0 {
            play.retry().await;
        }
        play.see(*ending)?;
    }
    play.afterwards(fault, moment).await;
    let counted = play.counted();
    if counted != deletes {
        return Err(format!("{counted:?}, not {deletes:?}"));
    }
    Ok(())
}

fn task(state: &State) -> Option<&Task> {
    match &state.screen {
        Screen::Task(task) => Some(task),
        _ => None,
    }
}

/// Whether the page waits for a response about a task, or about the outcome of a DELETE.
fn has_no_news(state: &State) -> bool {
    match &state.screen {
        Screen::Task(task) => matches!(task.contact, Contact::Retrying { .. }),
        Screen::Submitting(_) => !is_deleting(state),
        _ => false,
    }
}

/// A cell that is being played.
struct Play {
    console: Console,
    other: Console,
    control: Control,
    deletes_of_others: usize,
}

impl Play {
    async fn new(version: Version) -> Self {
        let console = Console::beside(Config {
            version,
            ..config()
        })
        .await;
        Self {
            other: console.twin(),
            control: console.control.clone(),
            console,
            deletes_of_others: 0,
        }
    }

    async fn before(&mut self, fault: Fault) {
        self.review().await;
        let control = self.control.clone();
        match fault {
            Fault::CutBeforeActing
            | Fault::CutAfterActing
            | Fault::ErrorPage
            | Fault::ErrorPageAfterActing
            | Fault::Truncated => self.harm(fault, "GET", FIRST),
            Fault::FailsOnce => control.fail_stage(1, 1),
            Fault::FailsAlways => control.set_fail(Fail::Check),
            Fault::SecondConsole => {
                self.other_reviews().await;
                self.deletes_of_others += 1;
                self.other.confirm_without_news().await;
            }
            Fault::KeyRotated
            | Fault::ClockAhead
            | Fault::ClockBehind
            | Fault::Restart
            | Fault::Away
            | Fault::PasswordChanged => self.change(fault).await,
            Fault::Cancelled | Fault::Passed => panic!("there is no task"),
        }
        self.confirm().await;
    }

    async fn during(&mut self, fault: Fault) {
        self.review().await;
        let control = self.control.clone();
        match fault {
            Fault::CutBeforeActing
            | Fault::CutAfterActing
            | Fault::ErrorPage
            | Fault::ErrorPageAfterActing
            | Fault::Truncated => {
                self.harm(fault, "DELETE", DELETE);
                self.console.time_passes = true;
                self.confirm().await;
            }
            Fault::KeyRotated
            | Fault::ClockAhead
            | Fault::ClockBehind
            | Fault::FailsOnce
            | Fault::FailsAlways
            | Fault::PasswordChanged => {
                self.confirm_until(is_deleting).await;
                match fault {
                    Fault::FailsOnce => control.fail_stage(2, 1),
                    Fault::FailsAlways => control.set_fail(Fail::Stop),
                    _ => self.change(fault).await,
                }
                self.go_on().await;
                // The rejection ends the submission, or the page first reads the agent and needs
                // the new password.
                let ended = matches!(self.console.state.screen, Screen::Ended(_));
                if fault == Fault::PasswordChanged && !ended {
                    self.sign_in_anew().await;
                }
            }
            Fault::Away => {
                self.confirm_until(is_deleting).await;
                control.hold_requests(Matching::new("DELETE", DELETE));
                tokio::join!(follow_until(&mut self.console, has_no_news), async {
                    control
                        .wait_until(|seen| seen.on_the_way("DELETE", DELETE) == 1)
                        .await;
                    control.go_away().await.unwrap();
                    control.let_through();
                });
                // No request gets through at first; later every one does.
                follow_for(&mut self.console, 3).await;
                control.come_back().await.unwrap();
                self.console.time_passes = true;
                self.go_on().await;
            }
            Fault::Restart => {
                self.answer_comes_after(async |_| control.restart().await.unwrap())
                    .await;
            }
            Fault::Cancelled => {
                self.answer_comes_after(async |other| operate(other, Operation::Cancel).await)
                    .await;
            }
            Fault::Passed => {
                control.fail_stage(2, 1);
                self.answer_comes_after(async |other| {
                    assert!(control.step_to_end());
                    operate(other, Operation::MarkDone).await;
                })
                .await;
            }
            Fault::SecondConsole => {
                self.other_reviews().await;
                self.confirm_until(is_deleting).await;
                self.deletes_of_others += 1;
                control.hold_requests(Matching::new("DELETE", DELETE));
                tokio::join!(
                    follow_until(&mut self.console, |state| !is_deleting(state)),
                    self.other.confirm_at_once(),
                    async {
                        control
                            .wait_until(|seen| seen.on_the_way("DELETE", DELETE) == 2)
                            .await;
                        control.let_through();
                    }
                );
                self.go_on().await;
            }
        }
    }

    async fn after(&mut self, fault: Fault) {
        if fault == Fault::SecondConsole {
            self.other_reviews().await;
        }
        self.review().await;
        self.console.confirm_without_news().await;
        let control = self.control.clone();
        match fault {
            Fault::CutBeforeActing
            | Fault::CutAfterActing
            | Fault::ErrorPage
            | Fault::ErrorPageAfterActing
            | Fault::Truncated => {
                self.harm(fault, "GET", TASK);
                self.go_on().await;
                let requests = control.requests();
                let mut asked = requests.iter().filter(|request| {
                    Matching::new("GET", TASK).matches(&request.method, &request.target)
                });
                assert!(
                    asked.any(|it| matches!(it.fate, Fate::NeverSeen | Fate::ActedUnheard(_))),
                    "no question was harmed"
                );
                return;
            }
            Fault::KeyRotated | Fault::ClockAhead => {
                self.change(fault).await;
                self.go_on().await;
                assert!(self.console.refused > 0, "no question was refused");
                return;
            }
            Fault::ClockBehind => self.change(fault).await,
            Fault::Restart => {
                self.until_stage_2().await;
                self.change(fault).await;
            }
            Fault::Away => {
                self.change(fault).await;
                follow_until(&mut self.console, has_no_news).await;
                assert!(has_no_news(&self.console.state));
                control.come_back().await.unwrap();
            }
            Fault::FailsOnce => control.fail_stage(3, 1),
            Fault::FailsAlways => control.set_fail(Fail::Clean),
            Fault::Cancelled => {
                self.until_stage_2().await;
                operate_as_newcomer(&mut self.other, Operation::Cancel).await;
            }
            Fault::Passed => {
                self.console
                    .act_until(FlowEvent::Visible(false), |_| true)
                    .await;
                control.fail_stage(2, 1);
                assert!(control.step_to_end());
                operate_as_newcomer(&mut self.other, Operation::MarkDone).await;
                self.console.act(FlowEvent::Visible(true)).await;
                return;
            }
            Fault::PasswordChanged => {
                self.change(fault).await;
                self.go_on().await;
                let contact = &task(&self.console.state).expect("a task").contact;
                assert!(
                    matches!(contact, Contact::Unauthenticated(_)),
                    "{contact:?}"
                );
                self.sign_in_anew().await;
                return;
            }
            Fault::SecondConsole => {
                self.deletes_of_others += 1;
                self.other.confirm_at_once().await;
                let told = self.other.ending();
                assert!(matches!(told, Told::SomeoneElse { .. }), "{told:?}");
            }
        }
        self.go_on().await;
    }

    /// Checks the state outside of the page.
    async fn afterwards(&mut self, fault: Fault, moment: Moment) {
        if (fault, moment) == (Fault::SecondConsole, Moment::During) {
            self.other.go_on().await;
            let told = self.other.ending();
            assert_eq!(
                *told,
                Told::Destroyed,
                "the other one follows the same task"
            );
        }
    }

    // The acts of a person.

    async fn review(&mut self) {
        self.console.connect(PASSWORD).await;
    }

    async fn confirm(&mut self) {
        self.confirm_until(|_| false).await;
    }

    async fn confirm_until(&mut self, wanted: impl Fn(&State) -> bool) {
        let typed = self.console.address();
        limited(
            &mut self.console,
            Some(FlowEvent::Confirm { typed }),
            wanted,
        )
        .await;
    }

    async fn go_on(&mut self) {
        follow_until(&mut self.console, |_| false).await;
    }

    async fn retry(&mut self) {
        for event in [
            FlowEvent::Operate(Operation::Retry),
            FlowEvent::ConfirmOperation,
        ] {
            self.console.act(event).await;
        }
    }

    /// Signs in with the changed password.
    async fn sign_in_anew(&mut self) {
        self.console.give(OTHER_PASSWORD);
        let has_credential = true;
        self.console
            .act(FlowEvent::Authenticate { has_credential })
            .await;
    }

    async fn other_reviews(&mut self) {
        self.other.connect(PASSWORD).await;
    }

    // The faults.

    /// Damages the next response, or keeps the next request from the agent.
    fn harm(&self, fault: Fault, method: &str, path: &str) {
        let harm = match fault {
            Fault::CutBeforeActing => Harm::CutBeforeActing,
            Fault::CutAfterActing => Harm::CutAfterActing,
            Fault::ErrorPage => Harm::ProxyAnswers(Broken::Html(502)),
            Fault::ErrorPageAfterActing => Harm::ProxyAnswersAfterActing(Broken::Html(502)),
            Fault::Truncated => Harm::ProxyAnswersAfterActing(Broken::TruncatedByLength),
            other => panic!("{other:?} harms no single request"),
        };
        self.control.inject(Injected {
            matching: Matching::new(method, path),
            harm,
            times: 1,
        });
    }

    /// Changes the agent.
    async fn change(&self, fault: Fault) {
        let control = &self.control;
        match fault {
            Fault::KeyRotated => control.rotate_key().unwrap(),
            Fault::ClockAhead => control.set_clock_offset(7200),
            Fault::ClockBehind => control.set_clock_offset(-7200),
            Fault::Restart => control.restart().await.unwrap(),
            Fault::Away => control.go_away().await.unwrap(),
            Fault::PasswordChanged => control.set_password(Some(OTHER_PASSWORD)),
            other => panic!("{other:?} is no change of the agent"),
        }
    }

    /// Confirms. The agent executes the DELETE, and its response is held until `done` has run.
    async fn answer_comes_after(&mut self, done: impl AsyncFnOnce(&mut Console)) {
        self.confirm_until(is_deleting).await;
        let (control, other) = (self.control.clone(), &mut self.other);
        control.hold_answers(Matching::new("DELETE", DELETE));
        tokio::join!(
            follow_until(&mut self.console, |state| !is_deleting(state)),
            async {
                control
                    .wait_until(|seen| seen.count("DELETE", DELETE) == 1)
                    .await;
                other.connect(PASSWORD).await;
                done(other).await;
                control.let_through();
            }
        );
        self.go_on().await;
    }

    /// Advances the agent to stage 2, where it waits, until the page shows this stage.
    async fn until_stage_2(&mut self) {
        let runs = || {
            let seen = self.control.snapshot();
            let node = seen.last_task().and_then(|task| task.nodes.get(1).cloned());
            node.is_some_and(|node| node.sub_task.state == Done::Running)
        };
        while !runs() {
            self.control.pass();
        }
        let looks = |state: &State| task(state).is_some_and(|task| task.dag.stage == 2);
        self.console
            .act_until(FlowEvent::Visible(true), looks)
            .await;
        assert!(
            runs() && looks(&self.console.state),
            "stage 2 runs, and is seen"
        );
    }

    // The results.

    /// Checks the ending on the screen against the agent's state.
    fn see(&self, ending: Ending) -> Result<(), String> {
        let Screen::Ended(ended) = &self.console.state.screen else {
            return Err(format!("not ended: {:?}", self.console.state.screen));
        };
        let told = text::ending::name(&ended.ending, Language::English);
        if told != ending.to_string() {
            return Err(format!("{told:?}, not {:?}", ending.to_string()));
        }
        is_true(ending, &self.control.snapshot())
    }

    /// Counts the DELETEs that left the page and those that arrived.
    fn counted(&self) -> Deletes {
        let sent = usize::try_from(self.console.sent).unwrap();
        Deletes {
            sent,
            reached: self.console.deletes() - self.deletes_of_others,
            of_others: self.deletes_of_others,
        }
    }
}

/// Continues after an act of a person until the state is as `wanted`.
async fn follow_until(console: &mut Console, wanted: impl Fn(&State) -> bool) {
    limited(console, None, wanted).await;
}

/// Continues for a few steps.
async fn follow_for(console: &mut Console, steps: u32) {
    let left = std::cell::Cell::new(steps);
    let over = |_: &State| {
        let now = left.get();
        left.set(now.saturating_sub(1));
        now == 0
    };
    follow_until(console, over).await;
}

/// Fails if the page does not come to rest.
async fn limited(console: &mut Console, act: Option<FlowEvent>, wanted: impl Fn(&State) -> bool) {
    let steps = std::cell::Cell::new(0);
    let wanted = |state: &State| {
        steps.set(steps.get() + 1);
        steps.get() > MOST_STEPS || wanted(state)
    };
    match act {
        Some(event) => console.act_until(event, wanted).await,
        None => console.follow(wanted).await,
    }
    assert!(
        steps.get() <= MOST_STEPS,
        "no end: {:?}",
        console.state.screen
    );
}

/// Operates from another connected console on the task that it finds. Does nothing if the agent
/// does not offer the operation.
async fn operate(console: &mut Console, operation: Operation) {
    for event in [
        FlowEvent::FollowHolder,
        FlowEvent::Operate(operation),
        FlowEvent::ConfirmOperation,
    ] {
        console.act_at_once(event).await;
    }
}

async fn operate_as_newcomer(console: &mut Console, operation: Operation) {
    console.connect(PASSWORD).await;
    operate(console, operation).await;
}

/// Checks that an ending is true of the agent.
fn is_true(ending: Ending, seen: &Snapshot) -> Result<(), String> {
    let managed = seen.managed_home.is_some();
    let last = seen
        .last_task()
        .map(|task| (task.state, task.operator, task.stage));
    let so = match ending {
        Ending::Destroyed => !managed && matches!(last, Some((Done::Succeed, Operator::Run, 4))),
        Ending::NotSent | Ending::Refused => managed && last.is_none(),
        Ending::SomeoneElse => last.is_some(),
        Ending::Skipped => matches!(last, Some((Done::Succeed, Operator::Pass, _))),
        Ending::Failed(stage) => {
            managed == (stage < 4)
                && matches!(last, Some((Done::Failed, Operator::Run, at)) if at == stage)
        }
        Ending::Cancelled(stage) => {
            managed && matches!(last, Some((Done::Failed, Operator::Cancel, at)) if at == stage)
        }
    };
    if so && seen.tasks.len() <= 1 {
        Ok(())
    } else {
        Err(format!(
            "it says {ending}, and the agent has {last:?} of {} tasks, managing: {managed}",
            seen.tasks.len()
        ))
    }
}
