//! What reading the agent says of a DELETE whose answer does not tell what came of it.

use std::rc::Rc;

use super::ending::{Cause, Ending, Unknown};
use super::poll::{MOST_WAITS, SETTLING_MILLIS};
use super::preflight::holder;
use super::state::{Doubt, Facts, Noted};
use crate::obshell::dag::Dag;
use crate::obshell::error::{ErrorKind, Failure};
use crate::obshell::time::ClockOffset;

/// How far two measurements of the agent's clock may be apart, in milliseconds: what clocks drift,
/// and what measuring is wrong by. Less than [`SETTLING_MILLIS`], so that a jump which is not seen
/// does not matter.
const STEADY_MILLIS: u64 = 5_000;

/// What the agent's tasks say of a DELETE.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// This task may be its work.
    Task(Rc<Dag>),
    /// The agent could not decrypt it, and it began nothing: it may be sealed anew.
    SendAgain,
    /// It is over.
    End(Ending),
    /// It has begun nothing, and may still be on its way.
    NothingYet,
    /// It shows no task, and may have begun one: a delete may have come and gone between two looks,
    /// or the ODP is gone without one.
    Unclear,
}

impl Doubt {
    /// Compares what the agent tells now with what it told just before the first DELETE of the
    /// confirmation left, and keeps what this reading shows.
    ///
    /// `facts` were read before the newest task, and that before `unfinished`: what the agent's
    /// clock showed, it showed before the tasks were looked at.
    pub(super) fn find(
        &mut self,
        facts: &Rc<Facts>,
        unfinished: Vec<Dag>,
        may_send_again: bool,
    ) -> Found {
        let now = Noted {
            facts: Rc::clone(facts),
            newest: self.newest.take(),
        };
        let deletes = unfinished.iter().chain(now.newest.as_deref());
        let deletes = deletes.filter(|dag| dag.is_delete() && dag.number > self.noted.number());
        if let Some(dag) = deletes.max_by_key(|dag| dag.number) {
            return Found::Task(Rc::new(dag.clone()));
        }
        // Numbers never go back.
        if now.number() < self.seen.number() {
            return Found::End(Ending::OutcomeUnknown(Unknown::Forgotten));
        }
        // A clock that is set back into the header's life makes it valid again.
        self.over = self.has_expired(facts) && (self.over || self.steady);
        let as_noted = is_as_noted(&self.noted, &now);
        let none_began = none_began(&self.seen, &now);
        // No ODP has gone.
        let managed = facts.info.manages_odp;
        let kept = managed == Some(true) || managed == self.noted.facts.info.manages_odp;
        let nothing_done = none_began && kept;
        let told = match &self.cause {
            Cause::Failure(Failure::Refused(error)) => match error.kind {
                // With another key than noted, the same tasks must be there.
                ErrorKind::HeaderDecryptFailed if as_noted && may_send_again && !self.resent => {
                    self.seen = now;
                    return Found::SendAgain;
                }
                ErrorKind::HeaderDecryptFailed if as_noted => Some(Ending::Refused(error.clone())),
                ErrorKind::UnderMaintenance if none_began => Some(Ending::SomeoneElse {
                    error: error.clone(),
                    holder: holder(unfinished).map(Rc::new),
                }),
                ErrorKind::UnderMaintenance => None,
                kind if nothing_done && kind.proves_nothing_was_done() => {
                    Some(Ending::Refused(error.clone()))
                }
                _ => None,
            },
            // An agent that manages an ODP does not answer so: somebody else did.
            Cause::NothingManaged if none_began && managed == Some(false) => {
                Some(Ending::NothingToDestroy)
            }
            _ => None,
        };
        if none_began || told.is_some() {
            self.seen = now;
        }
        Found::End(match told {
            Some(ending) => ending,
            None if self.over && nothing_done => Ending::NotDone(self.cause.clone()),
            None if self.over || self.waits >= MOST_WAITS => {
                Ending::OutcomeUnknown(Unknown::Answer(self.cause.clone()))
            }
            None if nothing_done => return Found::NothingYet,
            None => return Found::Unclear,
        })
    }

    /// Whether the agent refuses a DELETE of this confirmation if it arrives only now, and shows its
    /// task if it arrived in time.
    fn has_expired(&self, facts: &Facts) -> bool {
        let refused_from = self.expires.saturating_add(1).saturating_mul(1000);
        facts.agent_time.millis() > refused_from.saturating_add(SETTLING_MILLIS)
    }
}

/// Whether no delete began between two readings, the later of which shows none. One new task is the
/// newest, and is no delete; behind two new ones a delete may have come and gone. And a reinstalled
/// agent, which counts anew, has another key, and not the same tasks.
fn none_began(before: &Noted, now: &Noted) -> bool {
    let same_agent = now.facts.key == before.facts.key
        || match (&before.newest, &now.newest) {
            (Some(before), Some(now)) => before.span.started.is_some() && is_same(before, now),
            _ => false,
        };
    same_agent && now.number() <= before.number().saturating_add(1)
}

/// Whether the agent's newest task is the one that was noted, and it manages an ODP as it did then.
fn is_as_noted(noted: &Noted, now: &Noted) -> bool {
    now.facts.info.manages_odp == noted.facts.info.manages_odp
        && match (&noted.newest, &now.newest) {
            (Some(noted), Some(now)) => is_same(noted, now),
            (None, None) => true,
            _ => false,
        }
}

/// Whether two tasks of an agent are one. A reinstalled agent gives the same numbers and ids again,
/// at another time.
fn is_same(before: &Dag, now: &Dag) -> bool {
    before.id == now.id
        && before.number == now.number
        && before.name == now.name
        && (before.span.started.is_none() || before.span.started == now.span.started)
}

/// Whether two measurements show one clock that went on as clocks do. A measurement that took long
/// does not show it.
pub(super) fn steady(before: ClockOffset, now: ClockOffset) -> bool {
    before.millis.abs_diff(now.millis) <= STEADY_MILLIS
}
