//! When the credential is wiped although neither the agent rejected it nor the person asked for it:
//! the page was left, or the console is idle.

use std::rc::Rc;

use super::Machine;
use crate::flow::effect::Effect;
use crate::flow::event::FlowEvent;
use crate::flow::state::{
    ConnectProblem, Contact, CredentialStatus, Ended, Facts, FactsLookup, Operating,
    OperationPhase, Preflight, Purpose, Review, Screen, SubmitPhase, Task,
};
use crate::obshell::error::{Failure, NotSent, WipeReason};
use crate::obshell::time::Millis;

impl Machine {
    /// The browser leaves the page. A pending DELETE or operation keeps the credential, since its
    /// outcome may have to be read before the page is unloaded.
    pub(super) fn page_left(&mut self) {
        if !self.writes() {
            self.wipe_because(WipeReason::PageLeft);
        }
    }

    /// A person uses the console.
    pub(super) fn active(&mut self) {
        if let CredentialStatus::Idle { since } = &mut self.state.calls.credential {
            *since = self.now;
        }
    }

    /// Checks again after the rest of the idle time if the console was used in the meantime.
    pub(super) fn idle_due(&mut self) {
        let limit = self.state.settings.timeouts.idle;
        if let CredentialStatus::Idle { since } = &self.state.calls.credential {
            let rest = i64::from(limit) - idle(*since, self.now);
            let millis = u32::try_from(rest).unwrap_or(limit).max(1);
            self.effects.push(Effect::WatchIdle { millis });
        }
    }

    /// Runs before an event is handled: a computer that wakes from sleep delivers a late timer, or
    /// the next action of a person. Does nothing if the credential was given at this very moment or
    /// is being tested: that ends on its own.
    pub(super) fn wipe_if_idle(&mut self, event: &FlowEvent) {
        let given = matches!(
            event,
            FlowEvent::Connect {
                has_credential: true
            } | FlowEvent::Authenticate {
                has_credential: true
            }
        );
        let limit = self.state.settings.timeouts.idle;
        let CredentialStatus::Idle { since } = &mut self.state.calls.credential else {
            return;
        };
        // A clock that was set back must not extend the time.
        *since = (*since).min(self.now);
        let is_over = idle(*since, self.now) >= i64::from(limit);
        if is_over && !given && !self.state.form.connecting {
            if let FlowEvent::Answered(answered) = event {
                // The call is no longer pending, and its response is ignored.
                let open = &mut self.state.calls.open;
                open.retain(|(id, _)| *id != answered.id);
            }
            self.wipe_because(WipeReason::Idle(limit));
        }
    }

    /// Runs after an event is handled: the idle time counts while there is a credential and nothing
    /// that needs it is in progress.
    pub(super) fn watch_idle(&mut self) {
        let runs = matches!(self.state.screen, Screen::Submitting(_) | Screen::Task(_));
        let credential = &mut self.state.calls.credential;
        match credential {
            CredentialStatus::InUse if !runs => {
                *credential = CredentialStatus::Idle { since: self.now };
                let millis = self.state.settings.timeouts.idle;
                self.effects.push(Effect::WatchIdle { millis });
            }
            CredentialStatus::Idle { .. } if runs => *credential = CredentialStatus::InUse,
            CredentialStatus::Absent(_)
            | CredentialStatus::InUse
            | CredentialStatus::Idle { .. } => {}
        }
    }

    /// Wipes the credential and shows the screen that requests it again: the connect form, or the
    /// watched task. A pending confirmation is dropped.
    pub(super) fn wipe_because(&mut self, why: WipeReason) {
        if matches!(self.state.calls.credential, CredentialStatus::Absent(_)) {
            return;
        }
        let writes = self.writes();
        self.wipe_credential();
        self.state.calls.credential = CredentialStatus::Absent(Some(why));
        if writes {
            // The response is still awaited; the next read finds no credential.
            return;
        }
        self.abandon_reads();
        let failure = Failure::NotSent(NotSent::CredentialWiped(why));
        match &mut self.state.screen {
            Screen::Connect => self.ask_to_connect(None, failure),
            Screen::Review(Review { preflight, .. }) => {
                let Preflight { facts, .. } = preflight;
                let facts = Rc::clone(facts);
                self.ask_to_connect(Some(facts), failure);
            }
            Screen::Submitting(submitting) => match &mut submitting.phase {
                SubmitPhase::DeterminingOutcome(uncertain) => {
                    uncertain.contact = Contact::Unauthenticated(failure);
                }
                SubmitPhase::Refreshing => self.not_sent(failure),
                // The response is still awaited.
                SubmitPhase::Deleting(_) => {}
            },
            Screen::Task(task) => {
                withdraw_operation(task, &failure);
                task.confirming = false;
                task.contact = Contact::Unauthenticated(failure);
            }
            Screen::Ended(Ended {
                task,
                uncertain_delete,
                ..
            }) => {
                if let Some(task) = task {
                    withdraw_operation(Rc::make_mut(task), &failure);
                }
                if let Some(uncertain) = uncertain_delete {
                    uncertain.contact = Contact::Unauthenticated(failure);
                }
            }
        }
    }

    /// Shows the connect form, which requests the password and keeps the agent.
    pub(super) fn ask_to_connect(&mut self, facts: Option<Rc<Facts>>, why: Failure) {
        self.state.screen = Screen::Connect;
        let form = &mut self.state.form;
        match facts {
            Some(facts) => form.lookup = FactsLookup::Read(facts),
            // The pending read was abandoned.
            None if form.lookup == FactsLookup::Reading => form.lookup = FactsLookup::NotRequested,
            None => {}
        }
        form.connecting = false;
        form.problem = Some(ConnectProblem::Credential(why));
    }

    /// Whether a request that changes the agent is in progress.
    pub(super) fn writes(&self) -> bool {
        let writes = |purpose| matches!(purpose, Purpose::Delete | Purpose::Operate);
        let mut open = self.state.calls.open.iter();
        open.any(|(_, purpose)| writes(*purpose))
    }
}

/// Withdraws the confirmation question; a confirmed operation that has not been sent is not sent.
fn withdraw_operation(task: &mut Task, why: &Failure) {
    match &mut task.operating {
        Some(Operating {
            phase: OperationPhase::AwaitingConfirmation,
            ..
        }) => task.operating = None,
        Some(Operating { phase, .. }) if *phase == OperationPhase::Refreshing => {
            *phase = OperationPhase::NotSent(Some(why.clone()));
        }
        _ => {}
    }
}

/// How long the console has been idle, in milliseconds.
fn idle(since: Millis, now: Millis) -> i64 {
    now.saturating_sub(since).max(0)
}
