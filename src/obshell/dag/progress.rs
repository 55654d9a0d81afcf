//! What a task's state means, in the few words that matter to a person.

use super::{Dag, Operator, State};

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Waits for the agent's scheduler.
    Waiting,
    /// Runs.
    Running,
    /// Was told to stop and has not stopped yet.
    Cancelling,
    /// Ended: every stage was done, and its parts show it. For a delete `/info` must still agree.
    Done,
    /// Ended: with success as the agent says, while its stages do not show one, be it by being run
    /// or by being passed over
    /// ([`Dag::contradiction`]).
    Contradicted,
    /// Ended: counted as done although at least one stage was passed over.
    Skipped,
    /// Ended: failed at `stage`, counted from 1.
    Failed {
        /// The failed node.
        stage: usize,
    },
    /// Ended: cancelled at `stage`, counted from 1.
    Cancelled {
        /// The node that was running or about to run.
        stage: usize,
    },
    /// In a state that this console does not know: shown as written, and asked for again.
    Unknown,
}

impl Progress {
    /// Whether nothing more happens by itself.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Done
                | Self::Contradicted
                | Self::Skipped
                | Self::Failed { .. }
                | Self::Cancelled { .. }
        )
    }
}

impl Dag {
    /// How far the task is. The DAG's own state decides: a node may be `FAILED`, or a sub task
    /// `SUCCEED` with the operator `ROLLBACK`, while the task goes on (protocol: 4.5, 4.6).
    #[must_use]
    pub fn progress(&self) -> Progress {
        let stage = self.stage;
        match (&self.state, &self.operator) {
            (State::Ready | State::Running, Operator::Cancel) => Progress::Cancelling,
            (State::Ready | State::Pending, _) => Progress::Waiting,
            (State::Running, _) => Progress::Running,
            (State::Succeed, _) if self.has_part_without_success() => Progress::Contradicted,
            (State::Succeed, Operator::Pass) => Progress::Skipped,
            (State::Succeed, _) if self.has_passed_part() => Progress::Skipped,
            (State::Succeed, Operator::Run | Operator::Retry) => match self.contradiction() {
                None => Progress::Done,
                Some(_) => Progress::Contradicted,
            },
            (State::Failed, Operator::Cancel) => Progress::Cancelled { stage },
            (State::Failed, _) => Progress::Failed { stage },
            // A success by an operator that is not known here is not taken for one.
            (State::Succeed, _) | (State::Unknown(_), _) => Progress::Unknown,
        }
    }

    /// Whether a part is told that did not succeed, be it by being run or by being passed over.
    fn has_part_without_success(&self) -> bool {
        self.nodes.iter().flatten().any(|node| {
            let mut parts = node.sub_tasks.iter().flatten();
            node.state != State::Succeed || parts.any(|part| part.state != State::Succeed)
        })
    }

    fn has_passed_part(&self) -> bool {
        self.nodes.iter().flatten().any(|node| {
            let mut parts = node.sub_tasks.iter().flatten();
            node.operator == Operator::Pass || parts.any(|part| part.operator == Operator::Pass)
        })
    }
}
