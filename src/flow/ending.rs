//! The endings. There are no others.

use std::rc::Rc;

use crate::obshell::dag::Dag;
use crate::obshell::error::{ApiError, Failure};

/// How it ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The DAG succeeded, was not passed, and the agent manages no ODP any more.
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
        /// That task.
        holder: Holder,
    },
    /// The DELETE never left.
    NotSent(Failure),
    /// The DELETE may have arrived, and nobody knows what came of it.
    OutcomeUnknown(Unknown),
    /// A task that is no delete ended with success.
    OtherTaskDone,
}

/// The task that holds the agent.
#[derive(Clone, Debug, PartialEq)]
pub enum Holder {
    /// Being looked for.
    Searching,
    /// This one.
    Found(Rc<Dag>),
    /// The agent's list shows none; it may have ended meanwhile.
    NotFound,
    /// The list could not be read.
    Unreadable(Failure),
}

/// Why the outcome is not known.
#[derive(Clone, Debug, PartialEq)]
pub enum Unknown {
    /// The answer to the DELETE did not come, or says nothing.
    Answer(Failure),
    /// The DAG says success, and `/info` still shows a managed ODP.
    StillManaged,
}
