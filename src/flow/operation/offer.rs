//! What is offered for a task, and what became of it.

use super::Operation;
use crate::flow::state::{Contact, OperationPhase, Task};

impl Task {
    /// Whether an operation was confirmed and its effect is still to come, as far as is known: what
    /// the task shows is not the last word then.
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

    /// Whether the person is being asked about an operation.
    #[must_use]
    pub fn asks(&self) -> bool {
        let operating = self.operating.as_ref();
        operating.is_some_and(|operating| operating.phase == OperationPhase::Asked)
    }

    /// Whether what is shown of the task is the last known: the last question was not answered.
    #[must_use]
    pub fn is_last_known(&self) -> bool {
        self.contact != Contact::Good
    }

    /// Whether this operation can be asked for now. An agent that does not answer is asked for
    /// nothing.
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
