//! The complete set of endings.

use std::rc::Rc;

use crate::obshell::dag::Dag;
use crate::obshell::dag::proof::Contradiction;
use crate::obshell::error::{ApiError, Failure};

/// Why the response to a DELETE alone does not show its outcome. A browser may send a request twice
/// without telling the page and returns only the response to the last copy (protocol: 13.13), so
/// this is any response other than a task that the DELETE started.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// There is no response, it is not from the agent, or it is the agent's refusal.
    Failure(Failure),
    /// 204: the server that answered has no ODP to destroy.
    NothingManaged,
}

impl From<Failure> for Cause {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// How a DELETE or a watched task ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The DAG succeeded, every node and sub task of it is recorded as run successfully, and the
    /// same agent no longer manages an ODP.
    Destroyed,
    /// The DAG counts as done, although at least one stage was skipped.
    Skipped {
        /// What `/info` reports after the end; `None` if it could not be read.
        managed: Option<bool>,
    },
    /// The DAG failed.
    Failed {
        /// The failed node, counted from 1.
        stage: usize,
        /// What `/info` reports after the end; `None` if it could not be read.
        managed: Option<bool>,
    },
    /// The DAG was cancelled.
    Cancelled {
        /// The node that was running or about to run, counted from 1.
        stage: usize,
        /// What `/info` reports after the end; `None` if it could not be read.
        managed: Option<bool>,
    },
    /// 204, and the agent's tasks and `/info` agree: this DELETE started no task, and the agent
    /// manages no ODP.
    NothingToDestroy,
    /// The agent refused the DELETE, and its tasks show that this DELETE started none.
    Refused(ApiError),
    /// Another task holds the agent's ODP lock.
    SomeoneElse {
        /// The agent's refusal.
        error: ApiError,
        /// The task that holds the lock; `None` if the agent's list no longer shows one.
        holder: Option<Rc<Dag>>,
    },
    /// The DELETE was never sent.
    NotSent(Failure),
    /// The DELETE was sent, and its response proved nothing; reading the agent showed that it had
    /// started no task by the time it could no longer be accepted.
    NotDone(Cause),
    /// The DELETE may have arrived, and its outcome cannot be determined.
    OutcomeUnknown(Unknown),
    /// A task other than a delete succeeded.
    OtherTaskDone,
}

impl Ending {
    /// Whether nothing was done, as far as reading can show, for a reason that may be temporary.
    #[must_use]
    pub fn may_confirm_again(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::NotDone(_))
    }

    /// Whether this ending says that a DELETE that was sent started no task. The agent is read
    /// further while such an ending is on the screen: a copy of the DELETE may be on its way, and
    /// an agent may take long to record a task.
    #[must_use]
    pub fn may_be_revised(&self) -> bool {
        matches!(
            self,
            Self::NothingToDestroy | Self::Refused(_) | Self::SomeoneElse { .. } | Self::NotDone(_)
        )
    }
}

/// Why the outcome is unknown.
#[derive(Clone, Debug, PartialEq)]
pub enum Unknown {
    /// The response to the DELETE is missing or proves nothing, and reading the agent did not
    /// settle the outcome, or the person stopped waiting for it.
    Answer(Cause),
    /// The agent answers, but no longer knows the task: most likely it was reinstalled.
    Forgotten,
    /// The DAG reports success, and `/info` still shows a managed ODP.
    StillManaged,
    /// The DAG reports success, and its nodes and sub tasks contradict it.
    Contradicted {
        /// The contradiction found.
        contradiction: Contradiction,
        /// What `/info` reports after the end; `None` if it could not be read.
        managed: Option<bool>,
    },
}
