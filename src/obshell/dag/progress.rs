//! The progress of a task, derived from its state and operator.

use super::{Dag, Operator, State};

/// The progress of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Waiting for the agent's scheduler.
    Waiting,
    /// Running.
    Running,
    /// Cancelled by an operation, but not stopped yet.
    Cancelling,
    /// Ended: every stage was done, as its parts show. After a delete, `/info` must confirm the
    /// result.
    Done,
    /// Ended: the agent reports a success that the stages do not confirm, neither as run nor as
    /// passed ([`Dag::contradiction`]).
    Contradicted,
    /// Ended: marked as done although at least one stage was passed.
    Skipped,
    /// Ended: failed at `stage`, counted from 1.
    Failed {
        /// The failed node.
        stage: usize,
    },
    /// Ended: cancelled at `stage`, counted from 1.
    Cancelled {
        /// The number of the node that was running or about to run.
        stage: usize,
    },
    /// A state that this console does not know: shown as written, and read again.
    Unknown,
}

impl Progress {
    /// Whether the progress is final: it changes only through an operation.
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
    /// The progress of the task. The state of the DAG decides: a node may be `FAILED`, or a sub
    /// task `SUCCEED` with the operator `ROLLBACK`, while the task continues (protocol: 4.5, 4.6).
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
            // A success by an unknown operator does not count as a success.
            (State::Succeed, _) | (State::Unknown(_), _) => Progress::Unknown,
        }
    }

    /// Whether a stage or a sub task in the answer did not succeed, neither by running nor by being
    /// passed.
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
