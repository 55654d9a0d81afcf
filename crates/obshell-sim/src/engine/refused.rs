//! What the engine says when it does nothing.

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    NotFound,
    UnderMaintenance,
    RetryNotFailedDag,
    RollbackNotFailedDag,
    RollbackNotAllowed(&'static str),
    CancelFinishedDag,
    CancelNotAllowed(&'static str),
    PassNotFailedDag,
    PassNotAllowed(&'static str),
    NodePassNotFailedDag,
    NodePassNotFailedNode(&'static str),
}
