//! Concludes from the agent's tasks what became of a DELETE whose response does not show it.

use std::rc::Rc;

use super::ending::{Cause, Ending, Unknown};
use super::poll::{MAX_WAITS, SETTLING_MILLIS};
use super::preflight::holder;
use super::state::{AgentSnapshot, Facts, UncertainDelete};
use crate::obshell::dag::Dag;
use crate::obshell::error::{ErrorKind, Failure};
use crate::obshell::time::ClockOffset;

/// How much two measurements of the agent's clock may differ, in milliseconds: clock drift plus the
/// measurement error. Less than [`SETTLING_MILLIS`], so that an unnoticed jump does not matter.
const STEADY_MILLIS: u64 = 5_000;

/// What the agent's tasks show about a DELETE.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Conclusion {
    /// This task may have been started by the DELETE.
    Task(Rc<Dag>),
    /// The agent could not decrypt the DELETE and started no task: the DELETE may be sealed again.
    SendAgain,
    /// The search is finished, with this ending.
    End(Ending),
    /// No task has started, and the DELETE may still be on its way.
    NothingYet,
    /// No task is shown, but one may have been started: a delete may have started and ended between
    /// two reads, or the ODP disappeared without one.
    Unclear,
}

impl UncertainDelete {
    /// Compares the agent's current facts and tasks with those noted just before the first DELETE
    /// of the confirmation was sent, and stores what this reading shows.
    ///
    /// `facts` are read before the newest task, and the newest task before `unfinished`, so the
    /// agent's clock reading in `facts` is older than every task read.
    pub(super) fn conclude(
        &mut self,
        facts: &Rc<Facts>,
        unfinished: Vec<Dag>,
        may_send_again: bool,
    ) -> Conclusion {
        let now = AgentSnapshot {
            facts: Rc::clone(facts),
            newest: self.newest.take(),
        };
        let deletes = unfinished.iter().chain(now.newest.as_deref());
        let deletes = deletes.filter(|dag| dag.is_delete() && dag.number > self.baseline.number());
        if let Some(dag) = deletes.max_by_key(|dag| dag.number) {
            return Conclusion::Task(Rc::new(dag.clone()));
        }
        // Task numbers never decrease.
        if now.number() < self.seen.number() {
            return Conclusion::End(Ending::OutcomeUnknown(Unknown::Forgotten));
        }
        // If the clock is set back into the header's lifetime, the header is valid again.
        self.expired = self.has_expired(facts) && (self.expired || self.clock_steady);
        let as_noted = matches_baseline(&self.baseline, &now);
        let none_began = none_began(&self.seen, &now);
        // The agent has not stopped managing an ODP since the noted state.
        let managed = facts.info.manages_odp;
        let kept = managed == Some(true) || managed == self.baseline.facts.info.manages_odp;
        let nothing_done = none_began && kept;
        let ending = match &self.cause {
            Cause::Failure(Failure::Refused(error)) => match error.kind {
                // Under a different key, the noted tasks must still be there.
                ErrorKind::HeaderDecryptFailed if as_noted && may_send_again && !self.resent => {
                    self.seen = now;
                    return Conclusion::SendAgain;
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
            // An agent that manages an ODP does not answer 204: another server did.
            Cause::NothingManaged if none_began && managed == Some(false) => {
                Some(Ending::NothingToDestroy)
            }
            _ => None,
        };
        if none_began || ending.is_some() {
            self.seen = now;
        }
        Conclusion::End(match ending {
            Some(ending) => ending,
            None if self.expired && nothing_done => Ending::NotDone(self.cause.clone()),
            None if self.expired || self.waits >= MAX_WAITS => {
                Ending::OutcomeUnknown(Unknown::Answer(self.cause.clone()))
            }
            None if nothing_done => return Conclusion::NothingYet,
            None => return Conclusion::Unclear,
        })
    }

    /// Whether the agent refuses a DELETE of this confirmation that arrives now, and shows its task
    /// if it arrived in time.
    fn has_expired(&self, facts: &Facts) -> bool {
        let refused_from = self.expires.saturating_add(1).saturating_mul(1000);
        facts.agent_time.millis() > refused_from.saturating_add(SETTLING_MILLIS)
    }
}

/// Whether no delete started between two readings, the later of which shows none. One new task is
/// the newest one, which is no delete; behind two new tasks, a delete may have started and ended. A
/// reinstalled agent restarts its numbering, but has a different key and different tasks.
fn none_began(before: &AgentSnapshot, now: &AgentSnapshot) -> bool {
    let same_agent = now.facts.key == before.facts.key
        || match (&before.newest, &now.newest) {
            (Some(before), Some(now)) => before.span.started.is_some() && is_same(before, now),
            _ => false,
        };
    same_agent && now.number() <= before.number().saturating_add(1)
}

/// Whether the agent's newest task is the noted one, and the agent manages an ODP exactly if it did
/// then.
fn matches_baseline(baseline: &AgentSnapshot, now: &AgentSnapshot) -> bool {
    now.facts.info.manages_odp == baseline.facts.info.manages_odp
        && match (&baseline.newest, &now.newest) {
            (Some(baseline), Some(now)) => is_same(baseline, now),
            (None, None) => true,
            _ => false,
        }
}

/// Whether two task records of an agent are the same task. A reinstalled agent assigns the same
/// numbers and ids again, at a different time.
fn is_same(before: &Dag, now: &Dag) -> bool {
    before.id == now.id
        && before.number == now.number
        && before.name == now.name
        && (before.span.started.is_none() || before.span.started == now.span.started)
}

/// Whether two measurements show one clock that ran without a jump. A measurement with a long round
/// trip is too imprecise to show this.
pub(super) fn steady(before: ClockOffset, now: ClockOffset) -> bool {
    before.millis.abs_diff(now.millis) <= STEADY_MILLIS
}
