//! What reading the agent says of a DELETE whose answer proved nothing.

use std::rc::Rc;

use super::ending::{Ending, Unknown};
use super::poll::{MOST_WAITS, SETTLING_MILLIS};
use super::preflight::holder;
use super::state::{Doubt, Facts};
use crate::obshell::dag::Dag;
use crate::obshell::error::{ErrorKind, Failure};
use crate::obshell::request::expiry;
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
    /// It is over.
    End(Ending),
    /// Nothing yet: it may still be on its way.
    NothingYet,
}

/// Compares what the agent tells now with what it told just before the DELETE left.
///
/// `noted` is the number of the newest task with a lock then. `facts` were read before
/// `doubt.newest`, and that before `unfinished`: what the agent's clock showed, it showed before
/// the tasks were looked at.
pub(super) fn found(doubt: &Doubt, noted: i64, facts: &Facts, unfinished: Vec<Dag>) -> Found {
    let newest = doubt.newest.as_ref().map_or(0, |dag| dag.number);
    let deletes = unfinished.iter().chain(doubt.newest.as_deref());
    let deletes = deletes.filter(|dag| dag.is_delete() && dag.number > noted);
    if let Some(dag) = deletes.max_by_key(|dag| dag.number) {
        return Found::Task(Rc::new(dag.clone()));
    }
    // Numbers never go back.
    if newest < noted {
        return Found::End(Ending::OutcomeUnknown(Unknown::Forgotten));
    }
    // One new task is the newest, and is no delete; behind two new ones a delete may have come and
    // gone between two looks. And a reinstalled agent, which counts anew, has another key.
    let none_began = newest <= noted + 1 && facts.key == doubt.before.key;
    let same = facts.info.manages_odp == doubt.before.info.manages_odp;
    let over = doubt.steady && expired(doubt, facts);
    Found::End(match &doubt.cause {
        Failure::Refused(error) if none_began && error.kind == ErrorKind::UnderMaintenance => {
            Ending::SomeoneElse {
                error: error.clone(),
                holder: holder(unfinished).map(Rc::new),
            }
        }
        cause if over && none_began && same => Ending::NotDone(cause.clone()),
        cause if over || doubt.waits >= MOST_WAITS => {
            Ending::OutcomeUnknown(Unknown::Answer(cause.clone()))
        }
        _ => return Found::NothingYet,
    })
}

/// Whether the agent refuses the DELETE if it arrives only now, and shows its task if it arrived
/// in time.
fn expired(doubt: &Doubt, facts: &Facts) -> bool {
    let sealed_at = doubt.before.clock.agent_time(doubt.submission.sent_at);
    facts.agent_time.millis() > expiry(sealed_at).saturating_add(1) * 1000 + SETTLING_MILLIS
}

/// Whether two measurements show one clock that went on as clocks do. A measurement that took long
/// does not show it.
pub(super) fn steady(before: ClockOffset, now: ClockOffset) -> bool {
    before.millis.abs_diff(now.millis) <= STEADY_MILLIS
}
