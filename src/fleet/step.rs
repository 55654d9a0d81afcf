//! The transition function.

use super::effect::FleetEffect;
use super::event::FleetEvent;
use super::state::Fleet;
use crate::obshell::time::Millis;

/// The next fleet, and what to do, in this order. Total: an event that does not fit the state
/// changes nothing. `now` is milliseconds since 1970 by the browser's clock.
#[must_use]
pub fn step(fleet: Fleet, now: Millis, event: FleetEvent) -> (Fleet, Vec<FleetEffect>) {
    let _ = (now, event);
    (fleet, Vec::new())
}
