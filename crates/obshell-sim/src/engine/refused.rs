//! The refusals of the engine.

/// Why the engine refused.
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
