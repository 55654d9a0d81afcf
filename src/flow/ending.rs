//! The endings. There are no others.

use std::rc::Rc;

use crate::obshell::dag::Dag;
use crate::obshell::dag::proof::Contradiction;
use crate::obshell::error::{ApiError, Failure};

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
    /// 204: the agent manages no ODP.
    NothingToDestroy,
    /// The agent said no, and for certain nothing was done.
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
    /// The DELETE left, and its answer proved nothing; reading the agent proved that it was not
    /// carried out and that it is too late for it now.
    NotDone(Failure),
    /// The DELETE may have arrived, and nobody knows what came of it.
    OutcomeUnknown(Unknown),
    /// A task that is no delete ended with success.
    OtherTaskDone,
}

impl Ending {
    /// Whether nothing was done, for certain, and for a reason that may pass.
    #[must_use]
    pub fn may_confirm_again(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::NotDone(_))
    }
}

/// Why the outcome is not known.
#[derive(Clone, Debug, PartialEq)]
pub enum Unknown {
    /// The answer to the DELETE did not come, or says nothing; and reading the agent did not tell
    /// either, or the person did not wait for it.
    Answer(Failure),
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
