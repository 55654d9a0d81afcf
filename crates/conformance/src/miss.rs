//! The result of a check.

use crate::report::Outcome;

/// Why a statement did not pass.
#[derive(Debug, Clone)]
pub(super) enum Miss {
    Fail { expected: String, seen: String },
    NotApplicable(String),
}

/// The result of a check.
pub(super) type Check = Result<(), Miss>;

impl Miss {
    pub(super) fn fail(expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Self::Fail {
            expected: expected.into(),
            seen: seen.into(),
        }
    }

    pub(super) fn not_applicable(why: impl Into<String>) -> Self {
        Self::NotApplicable(why.into())
    }

    /// Adds the circumstance in which an expectation was missed.
    pub(super) fn when(self, circumstance: &str) -> Self {
        match self {
            Self::Fail { expected, seen } => Self::Fail {
                expected: format!("{circumstance}: {expected}"),
                seen,
            },
            other => other,
        }
    }
}

impl From<Miss> for Outcome {
    fn from(miss: Miss) -> Self {
        match miss {
            Miss::Fail { expected, seen } => Self::Fail { expected, seen },
            Miss::NotApplicable(why) => Self::NotApplicable { why },
        }
    }
}
