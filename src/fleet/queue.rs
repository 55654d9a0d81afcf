//! The requests of all members, which share one line.

use std::collections::VecDeque;

use super::member::MemberId;
use crate::flow::effect::{Call, CallId};
use crate::obshell::request::Method;
use crate::obshell::time::Millis;

/// How many requests are in flight at most, over all members: what a browser opens to one host at
/// most by HTTP/1.1, so that none waits in the browser, where nobody sees it.
pub const MOST_IN_FLIGHT: usize = 6;

/// How many requests leave within a second at most, over all members.
pub const MOST_A_SECOND: usize = 20;

/// How long a request waits at most behind those of members on the screen, in milliseconds.
pub const PATIENCE: Millis = 5_000;

/// How long a DELETE may wait in line, in milliseconds. What was read before it is not fresh
/// enough then, and a page that was away does not send it as it comes back.
pub const DELETE_PATIENCE: Millis = 10_000;

/// Requests that wait, and those that are in flight.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    flying: Vec<Flying>,
    /// When the last [`MOST_A_SECOND`] left, by the browser's clock, the oldest first.
    left: VecDeque<Millis>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Waiting {
    pub(super) member: MemberId,
    pub(super) call: Box<Call>,
    pub(super) since: Millis,
}

impl Waiting {
    pub(super) fn is_delete(&self) -> bool {
        self.call.request.method() == Method::Delete
    }

    fn is_write(&self) -> bool {
        self.call.request.method() != Method::Get
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Flying {
    member: MemberId,
    id: CallId,
    is_read: bool,
}

impl Queue {
    pub(super) fn push(&mut self, member: MemberId, call: Call, now: Millis) {
        self.waiting.push_back(Waiting {
            member,
            call: Box::new(call),
            since: now,
        });
    }

    /// Whether one more may be in flight.
    pub(super) fn has_room(&self) -> bool {
        self.flying.len() < MOST_IN_FLIGHT
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The next request to leave, which is in flight from now on; `None` where none waits or the
    /// limits are reached. DELETEs go first, then whatever else changes an agent, then the requests
    /// of members on the screen, then the others in the order in which they came.
    pub(super) fn next(&mut self, now: Millis, shown: &[MemberId]) -> Option<Waiting> {
        if self.flying.len() >= MOST_IN_FLIGHT || self.opens_at(now).is_some() {
            return None;
        }
        let rank = |it: &Waiting| {
            let waited = now.saturating_sub(it.since) >= PATIENCE;
            match () {
                () if it.is_delete() => 0,
                () if it.is_write() => 1,
                () if waited || shown.contains(&it.member) => 2,
                () => 3,
            }
        };
        // Of equals the first.
        let (index, _) = self
            .waiting
            .iter()
            .enumerate()
            .min_by_key(|(_, it)| rank(it))?;
        let next = self.waiting.remove(index)?;
        self.flies(next.member, next.call.id, !next.is_write(), now);
        Some(next)
    }

    /// When a further request may leave, where [`MOST_A_SECOND`] left within the last second.
    pub(super) fn opens_at(&mut self, now: Millis) -> Option<Millis> {
        // A clock that was set back does not keep the line shut.
        for at in &mut self.left {
            *at = (*at).min(now);
        }
        let oldest = self.left.front().copied()?;
        let opens = oldest.saturating_add(1_000);
        (self.left.len() >= MOST_A_SECOND && opens > now).then_some(opens)
    }

    /// A call came to its end.
    pub(super) fn answered(&mut self, member: MemberId, id: CallId) {
        self.flying.retain(|it| (it.member, it.id) != (member, id));
    }

    /// Gives up the reads of a member, and what has not left; a DELETE in line stays.
    pub(super) fn give_up(&mut self, member: MemberId) {
        self.flying.retain(|it| it.member != member || !it.is_read);
        self.waiting
            .retain(|it| it.member != member || it.is_delete());
    }

    /// A member is gone, and so is everything that it asked for.
    pub(super) fn remove(&mut self, member: MemberId) {
        self.flying.retain(|it| it.member != member);
        self.waiting.retain(|it| it.member != member);
    }

    /// Takes the DELETEs out of the line that `unwanted` names.
    pub(super) fn take_deletes(&mut self, unwanted: impl Fn(&Waiting) -> bool) -> Vec<Waiting> {
        let (out, stay) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|it| it.is_delete() && unwanted(it));
        self.waiting = stay;
        VecDeque::into(out)
    }

    /// Lets a request leave at once, whatever waits, if the limits allow it; whether it does.
    pub(super) fn passes(&mut self, member: MemberId, call: &Call, now: Millis) -> bool {
        let is_open = self.flying.len() < MOST_IN_FLIGHT && self.opens_at(now).is_none();
        if is_open {
            self.flies(member, call.id, false, now);
        }
        is_open
    }

    fn flies(&mut self, member: MemberId, id: CallId, is_read: bool, now: Millis) {
        self.flying.push(Flying {
            member,
            id,
            is_read,
        });
        self.left.push_back(now);
        if self.left.len() > MOST_A_SECOND {
            self.left.pop_front();
        }
    }

    /// When the first DELETE in line has waited for too long.
    pub(super) fn stale_at(&self) -> Option<Millis> {
        let deletes = self.waiting.iter().filter(|it| it.is_delete());
        let since = deletes.map(|it| it.since).min()?;
        Some(since.saturating_add(DELETE_PATIENCE))
    }

    /// Nothing waits any more.
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

    fn left(queue: &mut Queue, now: Millis, shown: &[MemberId]) -> Option<u64> {
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
        assert_eq!(left(&mut queue, 4_600, &shown), Some(4));
        assert_eq!(left(&mut queue, 4_600, &shown), Some(3));
        queue.push(MemberId(3), call(5, Request::info()), 4_700);
        // One that has waited for long goes before one on the screen that came later.
        assert_eq!(left(&mut queue, 5_000, &shown), Some(1));
        assert_eq!(left(&mut queue, 5_000, &shown), Some(5));
        assert_eq!(left(&mut queue, 5_000, &shown), Some(2));
        assert_eq!(left(&mut queue, 5_000, &shown), None);
    }

    #[test]
    fn six_in_flight_and_twenty_a_second() {
        let mut queue = Queue::default();
        for id in 0..40 {
            queue.push(MemberId(1), call(id, Request::info()), 0);
        }
        for id in 0..20 {
            assert_eq!(left(&mut queue, 100, &[]), Some(id));
            if id >= 5 {
                queue.answered(MemberId(1), CallId(id - 5));
            }
        }
        assert_eq!(left(&mut queue, 100, &[]), None, "20 a second");
        assert_eq!(queue.opens_at(100), Some(1_100));
        assert_eq!(left(&mut queue, 1_100, &[]), Some(20));
        assert_eq!(left(&mut queue, 1_100, &[]), None, "6 in flight");
        // A clock that was set back does not shut it.
        queue.answered(MemberId(1), CallId(20));
        assert!(queue.opens_at(-50_000).is_none_or(|at| at <= -49_000));
    }

    #[test]
    fn what_is_given_up_makes_room_and_a_delete_stays() {
        let mut queue = Queue::default();
        queue.push(MemberId(1), call(1, Request::info()), 0);
        assert_eq!(left(&mut queue, 0, &[]), Some(1));
        queue.push(MemberId(1), call(2, Request::info()), 0);
        queue.push(MemberId(1), call(3, Request::delete_odp()), 0);
        queue.give_up(MemberId(1));
        assert!(queue.flying.is_empty());
        assert_eq!(left(&mut queue, 0, &[]), Some(3));
        queue.give_up(MemberId(1));
        assert_eq!(queue.flying.len(), 1);
    }
}
