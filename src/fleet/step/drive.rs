//! Drives the flow of a member with its own events, and queues its requests.

use std::rc::Rc;

use super::Machine;
use crate::fleet::effect::FleetEffect;
use crate::fleet::journal::Sent;
use crate::fleet::member::{
    LeftOut, Member, MemberId, MemberStatus, PendingCredential, Turn, is_unreachable,
};
use crate::fleet::queue::MAX_DELETE_QUEUE_TIME;
use crate::flow::effect::{Call, CallId, Effect};
use crate::flow::ending::Ending;
use crate::flow::event::{Answered, FlowEvent};
use crate::flow::state::{Origin, Review, Screen, SignIn, State, SubmitPhase};
use crate::flow::step::step;
use crate::obshell::error::{Failure, NotSent};
use crate::obshell::request::Request;
use crate::obshell::time::Millis;

impl Machine {
    /// Passes an event to the flow of a member and handles the resulting effects.
    pub(super) fn drive(&mut self, id: MemberId, event: FlowEvent) {
        let now = self.now;
        let Some(member) = self.member(id) else {
            return;
        };
        let before = Rc::clone(&member.flow);
        let (state, effects) = step((*before).clone(), now, event);
        let kept = kept_credential(member.sign_in, &before, &state);
        if state != *before
            && let Some(member) = self.member_mut(id)
        {
            member.flow = Rc::new(state);
        }
        for effect in effects {
            match effect {
                Effect::Call(call) => self.enqueue(id, call),
                Effect::Wait { timer, millis } => {
                    if let Some(member) = self.member_mut(id) {
                        member.timer = Some((timer, now.saturating_add(millis.into())));
                    }
                }
                // The fleet measures the idle time for all members.
                Effect::WatchIdle { .. } => {}
                Effect::AbandonReads => {
                    self.fleet.queue.give_up(id);
                    self.effects
                        .push(FleetEffect::Member(id, Effect::AbandonReads));
                }
                Effect::WipeCredential => {
                    if let Some(member) = self.member_mut(id) {
                        member.credential = kept;
                    }
                    if kept != PendingCredential::Held {
                        self.effects
                            .push(FleetEffect::Member(id, Effect::WipeCredential));
                    }
                }
            }
        }
        self.settle(id, &before);
    }

    fn enqueue(&mut self, id: MemberId, call: Call) {
        // A logout cannot be queued, because the credential that it needs is wiped next. If the
        // limits do not allow the logout, the session expires at the agent.
        if call.request == Request::logout() {
            if self.fleet.queue.passes(id, &call, self.now) {
                self.effects
                    .push(FleetEffect::Member(id, Effect::Call(call)));
            }
            return;
        }
        self.fleet.queue.push(id, call, self.now);
    }

    /// Updates the status of a member from its flow.
    fn settle(&mut self, id: MemberId, before: &State) {
        let now = self.now;
        let Some(member) = self.member(id) else {
            return;
        };
        let was_read = matches!(&before.screen, Screen::Review(Review { preflight, .. }) if !preflight.rechecking);
        let is_read = member.review().is_some_and(|it| !it.preflight.rechecking);
        if is_read
            && !was_read
            && let Some(member) = self.member_mut(id)
        {
            member.checked_at = Some(now);
        }
        self.record_task(id);
        let Some(member) = self.member(id) else {
            return;
        };
        match member.status {
            _ if member.unread => self.determine_outcome(id),
            MemberStatus::Unchecked
            | MemberStatus::Checking
            | MemberStatus::Waiting
            | MemberStatus::LeftOut(LeftOut::Unread | LeftOut::Obstacle(_) | LeftOut::NotReady)
                if self.fleet.run.is_none() =>
            {
                let status = self.readiness(member);
                self.set_status(id, status);
            }
            MemberStatus::InProgress if member.turn == Some(Turn::Destroy) => {}
            MemberStatus::InProgress => self.settle_in_progress(id),
            // The reported ending was premature, or the person operates on the task.
            MemberStatus::Ended if matches!(member.flow.screen, Screen::Task(_)) => {
                if let Some(member) = self.member_mut(id) {
                    member.status = MemberStatus::InProgress;
                    member.ended = None;
                    member.turn = None;
                }
                self.reopen_run();
                self.store_journal();
            }
            _ => {}
        }
    }

    fn settle_in_progress(&mut self, id: MemberId) {
        let now = self.now;
        let Some(member) = self.member(id) else {
            return;
        };
        let Screen::Ended(ended) = &member.flow.screen else {
            return;
        };
        let is_destroyed = matches!(ended.ending, Ending::Destroyed);
        let not_sent = match &ended.ending {
            Ending::NotSent(failure) => Some(failure.clone()),
            _ => None,
        };
        if let Some(failure) = not_sent {
            // No request was sent.
            if let Some(member) = self.member_mut(id) {
                member.deletes = 0;
                member.sent = None;
            }
            let waits_again = matches!(
                failure,
                Failure::NotSent(NotSent::Withdrawn | NotSent::CredentialWiped(_))
            );
            if waits_again {
                return self.return_to_waiting(id);
            }
        }
        if let Some(member) = self.member_mut(id) {
            member.status = MemberStatus::Ended;
            member.ended = Some(now);
        }
        self.ended(id, is_destroyed);
    }

    /// Records the task that the DELETE of a member started, and restores the origin of such a task
    /// when it is opened again.
    fn record_task(&mut self, id: MemberId) {
        let Some(member) = self.member(id) else {
            return;
        };
        let (Some(sent), Screen::Task(task)) = (&member.sent, &member.flow.screen) else {
            return;
        };
        let shown = task.dag.id.as_str();
        let is_known = sent.task.as_deref() == Some(shown);
        match &task.origin {
            Origin::Mine(submission) | Origin::Presumed(submission) if !is_known => {
                let sent = Sent {
                    sent_at: submission.sent_at,
                    trace_id: submission.trace_id.clone(),
                    task: Some(shown.to_owned()),
                    presumed: matches!(task.origin, Origin::Presumed(_)),
                    ..(**sent).clone()
                };
                if let Some(member) = self.member_mut(id) {
                    member.sent = Some(Rc::new(sent));
                }
                self.store_journal();
            }
            Origin::Opened | Origin::Followed if is_known && is_same_key(member, sent) => {
                let origin = sent.origin();
                if let Some(member) = self.member_mut(id)
                    && let Screen::Task(task) = &mut Rc::make_mut(&mut member.flow).screen
                {
                    task.origin = origin;
                }
            }
            _ => {}
        }
    }

    // The queue.

    /// Sends queued requests within the limits. Only this function sends a DELETE.
    pub(super) fn send(&mut self) {
        self.withdraw_deletes();
        let shown = Rc::clone(&self.fleet.shown);
        while let Some(next) = self.fleet.queue.next(self.now, &shown) {
            if next.is_delete() {
                self.record_delete(next.member);
                self.store_journal();
            }
            self.effects
                .push(FleetEffect::Member(next.member, Effect::Call(*next.call)));
        }
    }

    /// Withdraws the queued DELETEs that may not be sent: the run is paused, or a DELETE was queued
    /// for too long.
    fn withdraw_deletes(&mut self) {
        if self.fleet.queue.stale_at().is_none() {
            return;
        }
        let (may, now) = (self.may_destroy(), self.now);
        let ready = self.members_where(may_send_delete);
        let unwanted = self.fleet.queue.take_deletes(|waiting| {
            let waited = now.saturating_sub(waiting.since);
            !may || !(0..=MAX_DELETE_QUEUE_TIME).contains(&waited)
                || !ready.contains(&waiting.member)
        });
        for waiting in unwanted {
            self.withdrawn(waiting.member, waiting.call.id);
        }
    }

    fn withdrawn(&mut self, id: MemberId, call: CallId) {
        self.drive(
            id,
            FlowEvent::Answered(Answered {
                id: call,
                sent_at: self.now,
                received_at: self.now,
                trace_id: None,
                reply: Err(Failure::NotSent(NotSent::Withdrawn)),
            }),
        );
    }

    /// Records a DELETE that is being sent.
    fn record_delete(&mut self, id: MemberId) {
        let now: Millis = self.now;
        let Some(member) = self.member_mut(id) else {
            return;
        };
        member.deletes = member.deletes.saturating_add(1);
        let Screen::Submitting(submitting) = &member.flow.screen else {
            return;
        };
        if let SubmitPhase::Deleting(deleting) = &submitting.phase {
            let key = deleting.baseline.facts.key.as_ref();
            member.sent = Some(Rc::new(Sent {
                sent_at: now,
                noted: deleting.baseline.number(),
                key: key.map_or_else(|_| String::new(), |key| key.fingerprint().to_owned()),
                trace_id: None,
                task: None,
                presumed: false,
            }));
        }
    }
}

/// The credential that remains after a flow has used it: an unreachable agent has not rejected the
/// credential, and is read again with the same one.
fn kept_credential(sign_in: SignIn, before: &State, after: &State) -> PendingCredential {
    let stopped = matches!(after.screen, Screen::Connect)
        && !after.form.connecting
        && match &before.screen {
            Screen::Connect => before.form.connecting,
            Screen::Review(review) => review.preflight.rechecking,
            _ => false,
        };
    match sign_in {
        _ if !stopped || !is_unreachable(after) => PendingCredential::Nothing,
        SignIn::Host => PendingCredential::Host,
        // The password is cleared, and its session has ended.
        _ if before.holds_session() => PendingCredential::Nothing,
        _ => PendingCredential::Held,
    }
}

/// Whether the one DELETE of this confirmation has not been sent, or the flow may send it a second
/// time, sealed again (`docs/guarantees.md`).
fn may_send_delete(member: &Member) -> bool {
    match &member.flow.screen {
        Screen::Submitting(submitting) => member.deletes <= u8::from(submitting.resent()),
        _ => false,
    }
}

/// Whether an agent still has the key that it had when the DELETE was sent.
pub(super) fn is_same_key(member: &Member, sent: &Sent) -> bool {
    let key = member
        .flow
        .facts()
        .and_then(|facts| facts.key.as_ref().ok());
    key.is_some_and(|key| key.fingerprint() == sent.key)
}
