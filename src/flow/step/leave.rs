//! When the credential is forgotten although no agent turned it down and nobody asked for that: the
//! page was left, or nobody uses the console.

use std::rc::Rc;

use super::Machine;
use crate::flow::effect::Effect;
use crate::flow::event::Event;
use crate::flow::state::{
    ConnectProblem, Contact, Ended, Facts, Held, Look, Operating, OperationPhase, Preflight,
    Purpose, Review, Screen, SubmitPhase, Task,
};
use crate::obshell::error::{Failure, Forgotten, NotSent};
use crate::obshell::time::Millis;

impl Machine {
    /// The browser leaves the page. A DELETE or an operation under way keeps the credential, as what
    /// comes of it may have to be read before the page is gone.
    pub(super) fn left(&mut self) {
        if !self.writes() {
            self.forget_because(Forgotten::Left);
        }
    }

    /// Somebody uses the console.
    pub(super) fn active(&mut self) {
        if let Held::Idle { since } = &mut self.state.calls.held {
            *since = self.now;
        }
    }

    /// Looks again when the rest of the idle time is over: it was used meanwhile.
    pub(super) fn idle_due(&mut self) {
        let limit = self.state.settings.timeouts.idle;
        if let Held::Idle { since } = &self.state.calls.held {
            let rest = i64::from(limit) - idle(*since, self.now);
            let millis = u32::try_from(rest).unwrap_or(limit).max(1);
            self.effects.push(Effect::WatchIdle { millis });
        }
    }

    /// Before anything else is done: a computer that slept wakes up to a timer that is late, or to a
    /// person who goes on. Not where a credential was given this very moment, or is being tried: that
    /// ends by itself.
    pub(super) fn forget_if_idle(&mut self, event: &Event) {
        let given = matches!(
            event,
            Event::Connect {
                has_credential: true
            } | Event::Authenticate {
                has_credential: true
            }
        );
        let limit = self.state.settings.timeouts.idle;
        let Held::Idle { since } = &mut self.state.calls.held else {
            return;
        };
        // A clock that was set back must not make the time longer.
        *since = (*since).min(self.now);
        let is_over = idle(*since, self.now) >= i64::from(limit);
        if is_over && !given && !self.state.form.connecting {
            if let Event::Answered(answered) = event {
                // It is not under way any more, and finds nobody.
                let open = &mut self.state.calls.open;
                open.retain(|(id, _)| *id != answered.id);
            }
            self.forget_because(Forgotten::Idle(limit));
        }
    }

    /// After everything else was done: the idle time is counted while there is a credential and
    /// nothing runs that needs it.
    pub(super) fn watch_idle(&mut self) {
        let runs = matches!(self.state.screen, Screen::Submitting(_) | Screen::Task(_));
        let held = &mut self.state.calls.held;
        match held {
            Held::InUse if !runs => {
                *held = Held::Idle { since: self.now };
                let millis = self.state.settings.timeouts.idle;
                self.effects.push(Effect::WatchIdle { millis });
            }
            Held::Idle { .. } if runs => *held = Held::InUse,
            Held::Nothing(_) | Held::InUse | Held::Idle { .. } => {}
        }
    }

    /// Forgets the credential and leads to where it is asked for again: the connect form, or the
    /// task that is watched. Nothing that was about to be confirmed is left.
    pub(super) fn forget_because(&mut self, why: Forgotten) {
        if matches!(self.state.calls.held, Held::Nothing(_)) {
            return;
        }
        let writes = self.writes();
        self.forget();
        self.state.calls.held = Held::Nothing(Some(why));
        if writes {
            // Its answer is waited for; the next read finds no credential.
            return;
        }
        self.abandon_reads();
        let failure = Failure::NotSent(NotSent::Forgotten(why));
        match &mut self.state.screen {
            Screen::Connect => self.ask_to_connect(None, failure),
            Screen::Review(Review { preflight, .. }) => {
                let Preflight { facts, .. } = preflight;
                let facts = Rc::clone(facts);
                self.ask_to_connect(Some(facts), failure);
            }
            Screen::Submitting(submitting) => match &mut submitting.phase {
                SubmitPhase::FindingOut(doubt) => {
                    doubt.contact = Contact::Unauthenticated(failure);
                }
                SubmitPhase::Refreshing => self.not_sent(failure),
                // Its answer is waited for.
                SubmitPhase::Deleting(_) => {}
            },
            Screen::Task(task) => {
                unasked(task, &failure);
                task.confirming = false;
                task.contact = Contact::Unauthenticated(failure);
            }
            Screen::Ended(Ended { task, looking, .. }) => {
                if let Some(task) = task {
                    unasked(Rc::make_mut(task), &failure);
                }
                if let Some(doubt) = looking {
                    doubt.contact = Contact::Unauthenticated(failure);
                }
            }
        }
    }

    /// The connect form, which asks for the password and keeps the agent.
    pub(super) fn ask_to_connect(&mut self, facts: Option<Rc<Facts>>, why: Failure) {
        self.state.screen = Screen::Connect;
        let form = &mut self.state.form;
        match facts {
            Some(facts) => form.look = Look::Seen(facts),
            // What was being read was given up.
            None if form.look == Look::Asking => form.look = Look::Nothing,
            None => {}
        }
        form.connecting = false;
        form.problem = Some(ConnectProblem::Credential(why));
    }

    /// Whether something is under way that changes the agent.
    pub(super) fn writes(&self) -> bool {
        let writes = |purpose| matches!(purpose, Purpose::Delete | Purpose::Operate);
        let mut open = self.state.calls.open.iter();
        open.any(|(_, purpose)| writes(*purpose))
    }
}

/// A question is withdrawn, and what was confirmed and has not left does not leave.
fn unasked(task: &mut Task, why: &Failure) {
    match &mut task.operating {
        Some(Operating {
            phase: OperationPhase::Asked,
            ..
        }) => task.operating = None,
        Some(Operating { phase, .. }) if *phase == OperationPhase::Refreshing => {
            *phase = OperationPhase::NotSent(Some(why.clone()));
        }
        _ => {}
    }
}

/// For how long nobody has used the console, in milliseconds.
fn idle(since: Millis, now: Millis) -> i64 {
    now.saturating_sub(since).max(0)
}
