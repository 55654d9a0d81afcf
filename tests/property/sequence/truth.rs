//! The invariants of a sequence.

use odp_console::flow::state::Operating;
use odp_console::obshell::dag::proof::Contradiction;
use odp_console::obshell::time::AgentTime;

use super::*;

impl Sequence {
    /// Checks that the flow continues on its own unless it waits for a person.
    pub(super) fn check_motion(&self) -> Checked {
        let going = !self.flights.is_empty() || self.timer.is_some();
        let (must, may_be_hidden) = match &self.state.screen {
            Screen::Connect => (self.state.form.connecting, false),
            Screen::Review(Review { preflight, .. }) => {
                let lists = preflight.tasks == Tasks::Reading;
                (preflight.rechecking || lists, false)
            }
            Screen::Submitting(submitting) => match &submitting.phase {
                SubmitPhase::DeterminingOutcome(uncertain) => {
                    (!is_unauthenticated(&uncertain.contact), true)
                }
                _ => (true, false),
            },
            Screen::Task(task) => (!is_unauthenticated(&task.contact), true),
            Screen::Ended(ended) => {
                let looks = ended.uncertain_delete.as_ref();
                (
                    looks.is_some_and(|uncertain| !is_unauthenticated(&uncertain.contact)),
                    true,
                )
            }
        };
        ensure!(
            !must || going || may_be_hidden && !self.state.visible,
            "stuck: {}",
            self.brief()
        );
        Ok(())
    }

    /// Checks that every shown time is a real one of the agent.
    pub(super) fn check_times(&self, dag: &Dag) -> Checked {
        let is = |time: Option<&AgentTime>, mark: &str| {
            time.is_none_or(|time| time.text().ends_with(mark))
        };
        ensure!(
            is(dag.created.as_ref(), A_CREATION),
            "no time of a creation: {:?}",
            dag.created
        );
        let nodes = dag.nodes.iter().flatten();
        let parts = nodes
            .clone()
            .flat_map(|node| node.sub_tasks.iter().flatten());
        let spans = nodes.map(|node| &node.span);
        let spans = spans.chain(parts.map(|part| &part.span));
        for span in spans.chain([&dag.span]) {
            let (started, ended) = (span.started.as_ref(), span.ended.as_ref());
            ensure!(
                is(started, A_START) && is(ended, AN_END),
                "a time that the agent did not mean: {span:?}"
            );
            ensure!(
                started
                    .zip(ended)
                    .is_none_or(|(started, ended)| !started.is_after(ended)),
                "it ended before it started: {span:?}"
            );
        }
        Ok(())
    }

    /// Checks that an operation with a visible effect had one; an odd response is not an effect.
    pub(super) fn check_effect(&self, awaited: Option<&Operating>, task: &Watched) -> Checked {
        let waited = awaited.is_some_and(|operating| {
            operating.operation != Operation::Cancel
                && matches!(
                    operating.phase,
                    OperationPhase::Accepted
                        | OperationPhase::Lost(_)
                        | OperationPhase::Checking(_)
                        | OperationPhase::Refused(_)
                )
                // After a rejected credential the confirmation is shown again, and disappears if
                // the task does not offer the operation.
                && !matches!(&operating.phase, OperationPhase::Checking(error) if error.status == 401)
        });
        // A different reported state looks like a change.
        let mut odds = self.agent.odds.iter();
        let lied = odds.any(|odd| matches!(odd, Odd::ClaimsSuccess | Odd::StageFailed));
        ensure!(
            !waited || lied || task.operating.is_some() || self.shown != self.shown_before,
            "the effect of an operation is seen, and nothing has changed"
        );
        Ok(())
    }

    pub(super) fn by_this_confirmation(&self) -> bool {
        let number = self.confirmations.len() as u32;
        self.agent.past.iter().any(|task| task.by == Some(number))
    }

    /// Whether the agent's list has a task of the last confirmation.
    pub(super) fn is_listed(&self) -> bool {
        let number = self.confirmations.len() as u32;
        self.agent.tasks.iter().any(|task| task.by == Some(number))
    }

    /// Checks that "nothing was done" is shown only while the agent's list, at its last read, has
    /// no task of this confirmation, and that it is checked as long as it is shown.
    pub(super) fn check_claim(&mut self, seen: &mut Seen) -> Checked {
        let Screen::Ended(ended) = &self.state.screen else {
            return Ok(());
        };
        ensure!(
            ended.uncertain_delete.is_some() == ended.ending.may_be_revised(),
            "an ending that is not looked after, or that need not be"
        );
        let Some(uncertain) = &ended.uncertain_delete else {
            return Ok(());
        };
        let over = uncertain.expired;
        // Between the reads of the newest task and of the unfinished ones, a round is incomplete.
        ensure!(
            !self.listed || !self.flights.is_empty() || uncertain.contact != Contact::Good,
            "nothing was done, it says, and the agent's list showed its task"
        );
        if self.is_listed() {
            seen.meet("nothing was done, and it was not so");
        }
        if let Some(last) = self.confirmations.last_mut() {
            if over && last.never {
                seen.meet("not done again and again");
            }
            last.never = over && !self.set_back;
        }
        Ok(())
    }

    pub(super) fn check_origin(
        &mut self,
        task: &Watched,
        before: Option<String>,
        seen: &mut Seen,
    ) -> Checked {
        ensure!(before.is_none(), "a task from a task");
        let number = task.dag.number;
        let confirmation = self.confirmations.len() as u32;
        let mine = |past: &Task| past.number == number && past.by == Some(confirmation);
        let mine = self.agent.past.iter().any(mine);
        match &task.origin {
            Origin::Mine(_) => ensure!(mine, "another's task is called this console's"),
            Origin::Presumed(_) => {
                let baseline = self.confirmations.last().map_or(0, |last| last.baseline);
                ensure!(
                    number > baseline,
                    "an old task is presumed to be this console's"
                );
                if task.revises_ending {
                    seen.meet("nothing was done, and it was taken back");
                }
                seen.meet(if mine {
                    "presumed, and it was this console's"
                } else {
                    "presumed, and it was another's"
                });
            }
            Origin::Followed => {}
            Origin::Opened => seen.meet("opened by a link or from the list"),
        }
        Ok(())
    }

    pub(super) fn check_ending(&mut self, seen: &mut Seen) -> Checked {
        let Screen::Ended(ended) = &self.state.screen else {
            return Ok(());
        };
        let ending = &ended.ending;
        let watched = ended.task.as_ref().map(|task| task.dag.clone());
        // A state from before an operation is not an ending after it.
        let operated = watched.as_ref().is_some_and(|dag| {
            let since = self.agent.since.first();
            self.read_at > self.operated_at
                && since.is_some_and(|task| task.id() == dag.id.as_str())
        });
        let past = if operated {
            &self.agent.since
        } else {
            &self.agent.past
        };
        let was = |wanted: &dyn Fn(&Task) -> bool| {
            let Some(dag) = &watched else { return false };
            let same = |task: &&Task| task.id() == dag.id.as_str();
            past.iter().filter(same).any(wanted)
        };
        let what = match ending {
            Ending::Destroyed => {
                ensure!(
                    was(&|task| task.kind == Kind::Delete
                        && task.state == "SUCCEED"
                        && task.operator != "PASS"
                        && task.passed.is_empty()),
                    "destroyed by no task"
                );
                let added_since = |task: &Task| task.kind == Kind::Add && task.state == "SUCCEED";
                ensure!(
                    !self.agent.managed
                        || self.agent.adopted
                        || self.agent.past.iter().any(added_since),
                    "destroyed, and still managed"
                );
                "destroyed"
            }
            Ending::Skipped { .. } => {
                ensure!(
                    was(&|task| task.state == "SUCCEED"
                        && (task.operator == "PASS" || !task.passed.is_empty())),
                    "skipped, and it was not"
                );
                "skipped"
            }
            Ending::Failed { stage, .. } => {
                ensure!(
                    was(&|task| task.state == "FAILED"
                        && task.operator != "CANCEL"
                        && task.stage == *stage),
                    "failed, and it did not"
                );
                "failed"
            }
            Ending::Cancelled { stage, .. } => {
                ensure!(
                    was(&|task| task.state == "FAILED"
                        && task.operator == "CANCEL"
                        && task.stage == *stage),
                    "cancelled, and it was not"
                );
                "cancelled"
            }
            Ending::OtherTaskDone => {
                ensure!(
                    was(&|task| task.kind != Kind::Delete && task.state == "SUCCEED"),
                    "another task is done, and it is not"
                );
                "other task done"
            }
            Ending::NothingToDestroy => {
                ensure!(!self.managed, "nothing to destroy, and an ODP is managed");
                "nothing to destroy"
            }
            Ending::OutcomeUnknown(Unknown::Answer(_)) => "unknown: answer",
            Ending::OutcomeUnknown(Unknown::Forgotten) => {
                // A clock that was set back cannot be told from records that were set back.
                ensure!(
                    self.agent.reinstalled || self.set_back,
                    "an agent that forgot nothing"
                );
                "unknown: forgotten"
            }
            Ending::OutcomeUnknown(Unknown::StillManaged) => {
                ensure!(
                    was(&|task| task.kind == Kind::Delete && task.state == "SUCCEED"),
                    "a success that was none"
                );
                "unknown: still managed"
            }
            Ending::OutcomeUnknown(Unknown::Contradicted { contradiction, .. }) => {
                let ever = |odd| self.agent.odds.contains(&odd);
                let (told, what) = match contradiction {
                    Contradiction::NoDetails => (ever(Odd::NoStages), "contradicted: no details"),
                    Contradiction::Unreadable => (
                        ever(Odd::NullStage) || ever(Odd::NullSubTask),
                        "contradicted: unreadable",
                    ),
                    Contradiction::Stages { in_answer: 3 | 1 } => {
                        (ever(Odd::FewerStages), "contradicted: too few stages")
                    }
                    Contradiction::Stages { .. } => (false, "contradicted: another number"),
                    Contradiction::NotSucceeded(stages) => (
                        ever(Odd::StageFailed) && stages.contains(&1)
                            || ever(Odd::ClaimsSuccess) && !stages.is_empty(),
                        "contradicted: a stage did not succeed",
                    ),
                };
                ensure!(told, "a contradiction of no agent: {contradiction:?}");
                ensure!(
                    ever(Odd::ClaimsSuccess) || was(&|task| task.state == "SUCCEED"),
                    "a success that nobody told"
                );
                what
            }
            Ending::Refused(_) => "refused",
            Ending::SomeoneElse { .. } => "someone else",
            Ending::NotSent(_) => "not sent",
            Ending::NotDone(_) => "not done",
        };
        seen.meet(what);
        match (what, self.agent.version, self.agent.refuses_ids) {
            ("destroyed", Version::V4_2_6_0, _) => seen.meet("destroyed on 4.2.6.0"),
            ("destroyed", Version::V4_3_0_0, _) => seen.meet("destroyed on 4.3.0.0"),
            ("destroyed", _, true) => seen.meet("destroyed, and found by the lists"),
            ("failed", Version::V4_2_6_0, _) => seen.meet("failed on 4.2.6.0"),
            ("failed", _, true) => seen.meet("failed, and found by the lists"),
            _ => {}
        }
        if operated {
            match what {
                "destroyed" => seen.meet("destroyed after an operation"),
                "failed" => seen.meet("failed after an operation"),
                "cancelled" => seen.meet("cancelled after an operation"),
                _ => {}
            }
        }
        if ended.task.as_ref().is_some_and(|task| task.restarted) {
            seen.meet("restarted");
        }
        ensure!(
            !ending.may_be_revised() || !self.listed,
            "{what}, and the agent's list shows its task"
        );
        ensure!(
            !matches!(ending, Ending::NotSent(_)) || !self.by_this_confirmation(),
            "not sent, and its task is there"
        );
        Ok(())
    }
}
