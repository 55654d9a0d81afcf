//! The endings. There are no others.

use std::rc::Rc;

use crate::obshell::dag::Dag;
use crate::obshell::dag::proof::Contradiction;
use crate::obshell::error::{ApiError, Failure};

/// Why the answer to a DELETE alone does not tell what came of the DELETE. A browser may send a
/// request twice by itself and hands out the answer to the last copy only (protocol: 13.13), so
/// this is any answer but a task that the DELETE began.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// There is no answer, it is not the agent's, or it is the agent's refusal.
    Failure(Failure),
    /// 204: whatever answered has no ODP to destroy.
    NothingManaged,
}

impl From<Failure> for Cause {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The DAG succeeded, every node and sub task of it shows that it was run with success, and
    /// the same agent manages no ODP any more.
    Destroyed,
    /// Counted as done although at least one stage was passed over.
    Skipped {
        /// What `/info` says after the end; `None` where it could not be read.
        managed: Option<bool>,
    },
    /// The DAG failed.
    Failed {
        /// The failed node, counted from 1.
        stage: usize,
        /// What `/info` says after the end; `None` where it could not be read.
        managed: Option<bool>,
    },
    /// The DAG was cancelled.
    Cancelled {
        /// The node that was running or about to run, counted from 1.
        stage: usize,
        /// What `/info` says after the end; `None` where it could not be read.
        managed: Option<bool>,
    },
    /// 204, and the agent's tasks and `/info` agree: this DELETE began nothing, and the agent
    /// manages no ODP.
    NothingToDestroy,
    /// The agent said no, and its tasks show that this DELETE began nothing.
    Refused(ApiError),
    /// Another task holds the agent.
    SomeoneElse {
        /// The agent's refusal.
        error: ApiError,
        /// That task; `None` where the agent's list shows none any more.
        holder: Option<Rc<Dag>>,
    },
    /// The DELETE never left.
    NotSent(Failure),
    /// The DELETE left, and its answer proved nothing; reading the agent showed that it had begun
    /// nothing by the time when it was too late for it.
    NotDone(Cause),
    /// The DELETE may have arrived, and nobody knows what came of it.
    OutcomeUnknown(Unknown),
    /// A task that is no delete ended with success.
    OtherTaskDone,
}

impl Ending {
    /// Whether nothing was done, as far as reading can show, and for a reason that may pass.
    #[must_use]
    pub fn may_confirm_again(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::NotDone(_))
    }

    /// Whether this says of a DELETE that left that it began nothing. The agent is read on as long
    /// as such an ending is on the screen: a copy of the DELETE may be on its way, and an agent may
    /// take long to write a task down.
    #[must_use]
    pub fn may_be_taken_back(&self) -> bool {
        matches!(
            self,
            Self::NothingToDestroy | Self::Refused(_) | Self::SomeoneElse { .. } | Self::NotDone(_)
        )
    }
}

/// Why the outcome is not known.
#[derive(Clone, Debug, PartialEq)]
pub enum Unknown {
    /// The answer to the DELETE did not come, or says nothing; and reading the agent did not tell
    /// either, or the person did not wait for it.
    Answer(Cause),
    /// The agent answers, and does not know the task any more: it was reinstalled, most likely.
    Forgotten,
    /// The DAG says success, and `/info` still shows a managed ODP.
    StillManaged,
    /// The DAG says success, and its nodes and sub tasks do not show one.
    Contradicted {
        /// What stands against it.
        contradiction: Contradiction,
        /// What `/info` says after the end; `None` where it could not be read.
        managed: Option<bool>,
    },
}
