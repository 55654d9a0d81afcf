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

/// How far two measurements of the agent's clock may be apart, besides what they may be wrong by,
/// in milliseconds: what clocks drift apart and are pulled together again in a minute.
const DRIFT_MILLIS: i64 = 2_000;

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
    let unknown = || Ending::OutcomeUnknown(Unknown::Answer(doubt.cause.clone()));
    Found::End(match &doubt.cause {
        Failure::Refused(error) if error.kind == ErrorKind::UnderMaintenance => {
            Ending::SomeoneElse {
                error: error.clone(),
                holder: holder(unfinished).map(Rc::new),
            }
        }
        // Numbers never go back.
        _ if newest < noted => Ending::OutcomeUnknown(Unknown::Forgotten),
        cause if doubt.steady && expired(doubt, facts) => {
            // With a newer task of another kind, or without the ODP, a delete may have come and
            // gone between two looks.
            if newest == noted && facts.info.manages_odp == doubt.before.info.manages_odp {
                Ending::NotDone(cause.clone())
            } else {
                unknown()
            }
        }
        _ if doubt.waits >= MOST_WAITS => unknown(),
        _ => return Found::NothingYet,
    })
}

/// Whether the agent refuses the DELETE if it arrives only now, and shows its task if it arrived
/// in time.
fn expired(doubt: &Doubt, facts: &Facts) -> bool {
    let sealed_at = doubt.before.clock.agent_time(doubt.submission.sent_at);
    facts.agent_time.millis() > expiry(sealed_at).saturating_add(1) * 1000 + SETTLING_MILLIS
}

/// Whether two measurements fit one clock that went on as clocks do.
pub(super) fn steady(before: ClockOffset, now: ClockOffset) -> bool {
    let error = before.uncertainty.saturating_add(now.uncertainty);
    before.millis.abs_diff(now.millis) <= error.saturating_add(DRIFT_MILLIS).unsigned_abs()
}
