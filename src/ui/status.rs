//! The icons and colours for the state of a task, a stage or a sub task.

use super::icon::IconKind;
use crate::obshell::dag::{Operator, State};

/// The icon for a state and the last operator.
pub(super) fn icon_of(state: &State, operator: &Operator) -> IconKind {
    match (state, operator) {
        (State::Succeed, Operator::Pass) => IconKind::Skipped,
        (State::Failed, Operator::Cancel) => IconKind::Cancelled,
        (State::Succeed, _) => IconKind::Pass,
        (State::Failed, _) => IconKind::Fail,
        (State::Running, _) | (State::Pending | State::Ready, Operator::Cancel) => {
            IconKind::Running
        }
        (State::Pending | State::Ready, _) => IconKind::Waiting,
        (State::Unknown(_), _) => IconKind::Info,
    }
}

/// The colour for a state and the last operator, beside its name.
pub(super) fn tone_of(state: &State, operator: &Operator) -> Option<&'static str> {
    match icon_of(state, operator) {
        IconKind::Pass => Some("good"),
        IconKind::Fail => Some("bad"),
        IconKind::Skipped | IconKind::Cancelled => Some("warn"),
        IconKind::Running => Some("running"),
        _ => None,
    }
}

/// Whether the item is running, including running to a stop.
pub(super) fn is_running(state: &State, operator: &Operator) -> bool {
    *state == State::Running || (!state.is_final() && *operator == Operator::Cancel)
}
