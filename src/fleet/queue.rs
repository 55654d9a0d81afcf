//! The request queue that all members share.

use std::collections::VecDeque;

use super::member::MemberId;
use crate::flow::effect::{Call, CallId};
use crate::obshell::request::Method;
use crate::obshell::time::Millis;

/// The maximum number of requests in flight, over all members: the number of connections that a
/// browser opens to one host with HTTP/1.1, so that no request waits in the browser, where it is
/// invisible.
pub const MAX_IN_FLIGHT: usize = 6;

/// The maximum number of requests sent within a second, over all members.
pub const MAX_PER_SECOND: usize = 20;

/// The longest time that a request waits behind requests of members on screen, in milliseconds.
pub const MAX_DEFERRAL: Millis = 5_000;

/// The longest time that a DELETE may be queued, in milliseconds. After that, the checks read
/// before it are no longer fresh, and a page that was suspended must not send it on return.
pub const MAX_DELETE_QUEUE_TIME: Millis = 10_000;

/// The queued requests and the requests in flight.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Queue {
    waiting: VecDeque<QueuedRequest>,
    in_flight: Vec<InFlight>,
    /// When the last [`MAX_PER_SECOND`] requests were sent, by the browser's clock, oldest first.
    sent_at: VecDeque<Millis>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct QueuedRequest {
    pub(super) member: MemberId,
    pub(super) call: Box<Call>,
    pub(super) since: Millis,
}

impl QueuedRequest {
    pub(super) fn is_delete(&self) -> bool {
        self.call.request.method() == Method::Delete
    }

    fn is_write(&self) -> bool {
        self.call.request.method() != Method::Get
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct InFlight {
    member: MemberId,
    id: CallId,
    is_read: bool,
}

impl Queue {
    pub(super) fn push(&mut self, member: MemberId, call: Call, now: Millis) {
        self.waiting.push_back(QueuedRequest {
            member,
            call: Box::new(call),
            since: now,
        });
    }

    /// Whether one more request may be in flight.
    pub(super) fn has_room(&self) -> bool {
        self.in_flight.len() < MAX_IN_FLIGHT
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Takes the next request from the queue and marks it as in flight; `None` if the queue is
    /// empty or a limit is reached. DELETEs come first, then other writes, then the requests of
    /// members on screen, then the others in order of arrival.
    pub(super) fn next(&mut self, now: Millis, shown: &[MemberId]) -> Option<QueuedRequest> {
        if self.in_flight.len() >= MAX_IN_FLIGHT || self.next_slot_at(now).is_some() {
            return None;
        }
        let rank = |it: &QueuedRequest| {
            let waited = now.saturating_sub(it.since) >= MAX_DEFERRAL;
            match () {
                () if it.is_delete() => 0,
                () if it.is_write() => 1,
                () if waited || shown.contains(&it.member) => 2,
                () => 3,
            }
        };
        // The first of several requests with the same rank.
        let (index, _) = self
            .waiting
            .iter()
            .enumerate()
            .min_by_key(|(_, it)| rank(it))?;
        let next = self.waiting.remove(index)?;
        self.mark_in_flight(next.member, next.call.id, !next.is_write(), now);
        Some(next)
    }

    /// When the next request may be sent, if [`MAX_PER_SECOND`] requests were sent within the last
    /// second.
    pub(super) fn next_slot_at(&mut self, now: Millis) -> Option<Millis> {
        // A browser clock that was set back must not block the queue.
        for at in &mut self.sent_at {
            *at = (*at).min(now);
        }
        let oldest = self.sent_at.front().copied()?;
        let opens = oldest.saturating_add(1_000);
        (self.sent_at.len() >= MAX_PER_SECOND && opens > now).then_some(opens)
    }

    /// Removes a call that has ended.
    pub(super) fn answered(&mut self, member: MemberId, id: CallId) {
        self.in_flight
            .retain(|it| (it.member, it.id) != (member, id));
    }

    /// Drops the reads of a member and its queued requests; a queued DELETE remains.
    pub(super) fn give_up(&mut self, member: MemberId) {
        self.in_flight
            .retain(|it| it.member != member || !it.is_read);
        self.waiting
            .retain(|it| it.member != member || it.is_delete());
    }

    /// Drops all requests of a removed member.
    pub(super) fn remove(&mut self, member: MemberId) {
        self.in_flight.retain(|it| it.member != member);
        self.waiting.retain(|it| it.member != member);
    }

    /// Removes the queued DELETEs for which `unwanted` holds, and returns them.
    pub(super) fn take_deletes(
        &mut self,
        unwanted: impl Fn(&QueuedRequest) -> bool,
    ) -> Vec<QueuedRequest> {
        let (out, stay) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|it| it.is_delete() && unwanted(it));
        self.waiting = stay;
        VecDeque::into(out)
    }

    /// Sends a request immediately, ahead of the queue, if the limits allow it. Returns whether
    /// they do.
    pub(super) fn passes(&mut self, member: MemberId, call: &Call, now: Millis) -> bool {
        let is_open = self.in_flight.len() < MAX_IN_FLIGHT && self.next_slot_at(now).is_none();
        if is_open {
            self.mark_in_flight(member, call.id, false, now);
        }
        is_open
    }

    fn mark_in_flight(&mut self, member: MemberId, id: CallId, is_read: bool, now: Millis) {
        self.in_flight.push(InFlight {
            member,
            id,
            is_read,
        });
        self.sent_at.push_back(now);
        if self.sent_at.len() > MAX_PER_SECOND {
            self.sent_at.pop_front();
        }
    }

    /// When the oldest queued DELETE exceeds [`MAX_DELETE_QUEUE_TIME`].
    pub(super) fn stale_at(&self) -> Option<Millis> {
        let deletes = self.waiting.iter().filter(|it| it.is_delete());
        let since = deletes.map(|it| it.since).min()?;
        Some(since.saturating_add(MAX_DELETE_QUEUE_TIME))
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obshell::address::AgentAddress;
    use crate::obshell::request::Request;

    fn call(id: u64, request: Request) -> Call {
        Call {
            id: CallId(id),
            agent: AgentAddress::parse("10.0.0.1:2886").unwrap(),
            request,
            seal: None,
            timeout: None,
        }
    }

    fn next_id(queue: &mut Queue, now: Millis, shown: &[MemberId]) -> Option<u64> {
        queue.next(now, shown).map(|it| it.call.id.0)
    }

    #[test]
    fn deletes_first_then_the_screen_and_nobody_waits_for_ever() {
        let mut queue = Queue::default();
        queue.push(MemberId(1), call(1, Request::info()), 0);
        queue.push(MemberId(2), call(2, Request::info()), 4_000);
        queue.push(MemberId(3), call(3, Request::info()), 4_000);
        queue.push(MemberId(4), call(4, Request::delete_odp()), 4_500);
        let shown = [MemberId(3)];
        assert_eq!(next_id(&mut queue, 4_600, &shown), Some(4));
        assert_eq!(next_id(&mut queue, 4_600, &shown), Some(3));
        queue.push(MemberId(3), call(5, Request::info()), 4_700);
        // A request that exceeded `MAX_DEFERRAL` precedes a later one of a member on screen.
        assert_eq!(next_id(&mut queue, 5_000, &shown), Some(1));
        assert_eq!(next_id(&mut queue, 5_000, &shown), Some(5));
        assert_eq!(next_id(&mut queue, 5_000, &shown), Some(2));
        assert_eq!(next_id(&mut queue, 5_000, &shown), None);
    }

    #[test]
    fn six_in_flight_and_twenty_a_second() {
        let mut queue = Queue::default();
        for id in 0..40 {
            queue.push(MemberId(1), call(id, Request::info()), 0);
        }
        for id in 0..20 {
            assert_eq!(next_id(&mut queue, 100, &[]), Some(id));
            if id >= 5 {
                queue.answered(MemberId(1), CallId(id - 5));
            }
        }
        assert_eq!(next_id(&mut queue, 100, &[]), None, "20 a second");
        assert_eq!(queue.next_slot_at(100), Some(1_100));
        assert_eq!(next_id(&mut queue, 1_100, &[]), Some(20));
        assert_eq!(next_id(&mut queue, 1_100, &[]), None, "6 in flight");
        // A browser clock that was set back does not block the queue.
        queue.answered(MemberId(1), CallId(20));
        assert!(queue.next_slot_at(-50_000).is_none_or(|at| at <= -49_000));
    }

    #[test]
    fn what_is_given_up_makes_room_and_a_delete_stays() {
        let mut queue = Queue::default();
        queue.push(MemberId(1), call(1, Request::info()), 0);
        assert_eq!(next_id(&mut queue, 0, &[]), Some(1));
        queue.push(MemberId(1), call(2, Request::info()), 0);
        queue.push(MemberId(1), call(3, Request::delete_odp()), 0);
        queue.give_up(MemberId(1));
        assert!(queue.in_flight.is_empty());
        assert_eq!(next_id(&mut queue, 0, &[]), Some(3));
        queue.give_up(MemberId(1));
        assert_eq!(queue.in_flight.len(), 1);
    }
}
