//! The transition function.

use super::effect::Effect;
use super::event::Event;
use super::state::State;
use crate::obshell::time::Millis;

/// The next state, and what to do. Total: an event that does not fit the state changes nothing.
#[must_use]
pub fn step(state: State, _now: Millis, _event: Event) -> (State, Vec<Effect>) {
    (state, Vec::new())
}
