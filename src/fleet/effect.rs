//! What a run asks the shell to do.

use super::member::MemberId;
use crate::flow::effect::Effect;

/// Something to be done outside of the run, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub enum FleetEffect {
    /// What the flow of a member asks for: a [`Call`](Effect::Call), within the limits that all
    /// members share; [`AbandonReads`](Effect::AbandonReads); [`Forget`](Effect::Forget). Never a
    /// wait: the fleet has one for all.
    Member(MemberId, Effect),
    /// Ask the host for a credential and report
    /// [`HostGave`](super::event::FleetEvent::HostGave).
    AskHost(MemberId),
    /// Report [`Due`](super::event::FleetEvent::Due) after this many milliseconds. A new wait
    /// replaces the one before.
    Wait {
        /// Milliseconds.
        millis: u32,
    },
    /// Store the [`Journal`](super::journal::Journal) of the fleet as it is after this step, before
    /// the effects behind this one.
    Keep,
    /// Remove the stored journal.
    Discard,
}
