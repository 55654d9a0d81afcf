//! Which operations a task offers, and their progress.

use super::Operation;
use crate::flow::state::{Contact, OperationPhase, Task};

impl Task {
    /// Whether an operation was confirmed and its effect is still expected, as far as is known: the
    /// state that the task shows is then not final.
    #[must_use]
    pub fn awaits_effect(&self) -> bool {
        self.operating.as_ref().is_some_and(|operating| {
            matches!(
                operating.phase,
                OperationPhase::Refreshing
                    | OperationPhase::Sent
                    | OperationPhase::Checking(_)
                    | OperationPhase::Accepted
                    | OperationPhase::Lost(_)
            )
        })
    }

    /// Whether the person is being asked to confirm an operation.
    #[must_use]
    pub fn awaits_confirmation(&self) -> bool {
        let operating = self.operating.as_ref();
        operating.is_some_and(|operating| operating.phase == OperationPhase::AwaitingConfirmation)
    }

    /// Whether the task on the screen is only the last known state: the last request was not
    /// answered.
    #[must_use]
    pub fn is_last_known(&self) -> bool {
        self.contact != Contact::Good
    }

    /// Whether this operation can be requested now. None is offered while the agent does not
    /// answer.
    #[must_use]
    pub fn offers(&self, operation: Operation) -> bool {
        let under_way = self.operating.as_ref().is_some_and(|operating| {
            matches!(
                operating.phase,
                OperationPhase::Refreshing | OperationPhase::Sent | OperationPhase::Checking(_)
            )
        });
        !under_way
            && !self.is_last_known()
            && !self.watch.by_lists
            && operation.is_accepted(&self.dag, &self.facts.info.version)
    }
}
