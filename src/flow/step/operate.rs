//! Operations on a task, from the person's request to the agent's response.

use std::ops::Range;
use std::rc::Rc;

use super::credential::needs_credential;
use super::{Machine, opened};
use crate::flow::ending::Ending;
use crate::flow::event::Answered;
use crate::flow::operation::Operation;
use crate::flow::poll::{SETTLING_MILLIS, write_life_seconds};
use crate::flow::state::{Contact, Ended, Goal, Operating, OperationPhase, Purpose, Screen, Task};
use crate::obshell::answer;
use crate::obshell::error::Failure;
use crate::obshell::time::Millis;

impl Machine {
    /// Asks the person to confirm an operation.
    pub(super) fn operate(&mut self, operation: Operation) {
        let now = self.now;
        if !self.state.settings.read_only
            && let Some(task) = operable(&mut self.state.screen)
            && task.offers(operation)
        {
            keep_unsettled(task);
            task.operating = Some(Operating {
                operation,
                phase: OperationPhase::AwaitingConfirmation,
                before: Rc::clone(&task.dag),
                at: now,
                life_seconds: 0,
            });
        }
    }

    /// The person dismisses the operation.
    pub(super) fn leave_operation(&mut self) {
        if let Some(task) = operable(&mut self.state.screen)
            && task.awaits_confirmation()
        {
            task.operating = None;
        }
    }

    /// The only way to an operation. The question is removed in the same step, so a second
    /// confirmation finds none. The task is read once more before the operation is sent, because
    /// the person confirmed its effect at this stage.
    pub(super) fn confirm_operation(&mut self) {
        // The host may have made the console read-only since.
        if self.state.settings.read_only {
            return self.leave_operation();
        }
        let Some(task) = operable(&mut self.state.screen) else {
            return;
        };
        let Some(operating) = &mut task.operating else {
            return;
        };
        // The question is not shown while the agent does not answer.
        if operating.phase != OperationPhase::AwaitingConfirmation || task.contact != Contact::Good
        {
            return;
        }
        operating.before = Rc::clone(&task.dag);
        let facts = &task.facts;
        let settings = &self.state.settings;
        if let Err(changed) = settings.still_allow(&facts.address, &facts.route) {
            operating.phase = OperationPhase::NotSent(Some(Failure::NotSent(changed)));
            operating.at = self.now;
            return;
        }
        operating.phase = OperationPhase::Refreshing;
        let (task, address) = (task.clone(), task.facts.address.clone());
        self.abandon_reads();
        self.show_task(task);
        self.gather(Goal::Resume, address);
    }

    /// Sends the operation, once, if the task is still as confirmed. Returns whether it was sent.
    pub(super) fn send_operation(&mut self) -> bool {
        let Screen::Task(task) = &mut self.state.screen else {
            return false;
        };
        let (facts, dag) = (Rc::clone(&task.facts), Rc::clone(&task.dag));
        let Some(operating) = &mut task.operating else {
            return false;
        };
        if operating.phase != OperationPhase::Refreshing {
            return false;
        }
        let operation = operating.operation;
        let still = operation.still_fits(&operating.before, &dag, &facts.info.version);
        operating.before = Rc::clone(&dag);
        operating.life_seconds = write_life_seconds(facts.round_trip);
        operating.phase = OperationPhase::NotSent(None);
        let Some(request) = operation.request(&dag).filter(|_| still) else {
            return false;
        };
        // The host may have changed its list since the confirmation.
        let allowed = self
            .state
            .settings
            .still_allow(&facts.address, &facts.route);
        let sent = allowed
            .map_err(Failure::NotSent)
            .and_then(|()| self.sealed_call(Purpose::Operate, &facts, request));
        let (phase, sent) = match sent {
            Ok(()) => (OperationPhase::Sent, true),
            Err(failure) => (OperationPhase::NotSent(Some(failure)), false),
        };
        self.set_operation_phase(phase);
        sent
    }

    pub(super) fn operation_answered(&mut self, answered: &Answered) {
        let phase = match opened(answered, answer::done) {
            Ok(_) => OperationPhase::Accepted,
            // The question is shown again once there is a credential that the agent accepts.
            Err(failure @ Failure::NotSent(_)) if needs_credential(&failure) => {
                self.set_operation_phase(OperationPhase::AwaitingConfirmation);
                return self.update_failed(failure);
            }
            Err(failure @ Failure::NotSent(_)) => OperationPhase::NotSent(Some(failure)),
            Err(Failure::Refused(error)) if error.kind.proves_nothing_was_done() => {
                let failure = Failure::Refused(error.clone());
                self.set_operation_phase(OperationPhase::Checking(error));
                // A read with the same credential would be rejected again.
                return if needs_credential(&failure) {
                    self.update_failed(failure);
                } else {
                    self.request_update();
                };
            }
            Err(failure) => OperationPhase::Lost(failure),
        };
        self.set_operation_phase(phase);
        self.request_update();
    }

    /// The reads before an operation failed.
    pub(super) fn operation_not_sent(&mut self, failure: &Failure) {
        if let Screen::Task(task) = &self.state.screen
            && is_in(task, &OperationPhase::Refreshing)
        {
            self.set_operation_phase(if needs_credential(failure) {
                OperationPhase::AwaitingConfirmation
            } else {
                OperationPhase::NotSent(Some(failure.clone()))
            });
        }
    }

    fn set_operation_phase(&mut self, phase: OperationPhase) {
        let now = self.now;
        if let Screen::Task(task) = &mut self.state.screen
            && let Some(operating) = &mut task.operating
        {
            operating.phase = phase;
            operating.at = now;
        }
    }
}

/// The task that can be operated on: a watched or a stopped one.
fn operable(screen: &mut Screen) -> Option<&mut Task> {
    match screen {
        Screen::Task(task) => Some(task),
        Screen::Ended(Ended {
            ending: Ending::Failed { .. } | Ending::Cancelled { .. },
            task: Some(task),
            ..
        }) => Some(Rc::make_mut(task)),
        _ => None,
    }
}

fn is_in(task: &Task, phase: &OperationPhase) -> bool {
    task.operating
        .as_ref()
        .is_some_and(|operating| operating.phase == *phase)
}

/// Runs after an update of the task: removes a question that no longer fits, and an operation whose
/// effect is visible. A refusal without an effect is reported from now on; if the agent rejected
/// the credential, the question is shown again.
pub(super) fn settle(task: &mut Task, now: Millis) {
    let Some(operating) = &mut task.operating else {
        return;
    };
    let has_effect = operating.operation.shows(&operating.before, &task.dag);
    let is_over = match &operating.phase {
        OperationPhase::AwaitingConfirmation => false,
        OperationPhase::Accepted | OperationPhase::Lost(_) => {
            has_effect || operating.operation == Operation::Cancel && task.dag.progress().is_final()
        }
        OperationPhase::Checking(_) | OperationPhase::Refused(_) => has_effect,
        OperationPhase::Refreshing | OperationPhase::Sent | OperationPhase::NotSent(_) => false,
    };
    if let OperationPhase::Checking(error) = &operating.phase {
        let failure = Failure::Refused(error.clone());
        operating.phase = if needs_credential(&failure) {
            OperationPhase::AwaitingConfirmation
        } else {
            OperationPhase::Refused(error.clone())
        };
        operating.at = now;
    }
    let (asks, operation) = (
        operating.phase == OperationPhase::AwaitingConfirmation,
        operating.operation,
    );
    if is_over || asks && !task.offers(operation) {
        task.operating = None;
    }
}

/// Whether the end that the task shows may predate an operation, in which case it is not reported
/// as an ending again: the agent records the operation a moment later, and an operation whose
/// response got lost, or a copy of a refused one, may be on its way for the lifetime of its header.
pub(super) fn may_take_effect(task: &Task, now: Millis) -> bool {
    let present = task.operating.as_ref().and_then(may_arrive);
    let mut times = present.iter().chain(&task.watch.unsettled);
    times.any(|time| time.contains(&now))
}

/// The period in which an operation, or a copy of it, may still take effect. A range, because the
/// browser's clock may be set back.
fn may_arrive(operating: &Operating) -> Option<Range<Millis>> {
    let life = operating.life_seconds.saturating_mul(1000);
    let patience = match operating.phase {
        OperationPhase::Accepted => SETTLING_MILLIS,
        OperationPhase::Lost(_) => life.saturating_add(SETTLING_MILLIS),
        // A task that has ended cannot be cancelled.
        OperationPhase::Refused(_) if operating.operation != Operation::Cancel => {
            life.saturating_add(SETTLING_MILLIS)
        }
        _ => return None,
    };
    Some(operating.at..operating.at.saturating_add(patience))
}

/// Stores the period in which the last operation may still take effect, before the next one
/// replaces it.
fn keep_unsettled(task: &mut Task) {
    let last = task.operating.as_ref().and_then(may_arrive);
    let times = last.into_iter().chain(task.watch.unsettled.take());
    task.watch.unsettled = times.max_by_key(|time| time.end);
}
