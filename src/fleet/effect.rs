//! The effects of a run, performed by the shell.

use super::member::MemberId;
use crate::flow::effect::Effect;

/// An effect outside the state machine. Effects are performed in order.
#[derive(Clone, Debug, PartialEq)]
pub enum FleetEffect {
    /// An effect of a member's flow: a [`Call`](Effect::Call), within the limits that all members
    /// share; [`AbandonReads`](Effect::AbandonReads); [`Forget`](Effect::WipeCredential). Never a
    /// wait: the fleet has one timer for all members.
    Member(MemberId, Effect),
    /// Ask the host for a credential and report
    /// [`HostResponded`](super::event::FleetEvent::HostResponded).
    AskHost(MemberId),
    /// Report [`Due`](super::event::FleetEvent::Due) after this number of milliseconds. A new wait
    /// replaces the previous one.
    Wait {
        /// Milliseconds.
        millis: u32,
    },
    /// Store the [`Journal`](super::journal::Journal) of the fleet as of the end of this step,
    /// before the subsequent effects are performed.
    StoreJournal,
    /// Remove the stored journal.
    DiscardJournal,
}
