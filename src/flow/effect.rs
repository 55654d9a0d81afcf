//! What the flow asks the shell to do.

use crate::obshell::address::AgentAddress;
use crate::obshell::crypto::public_key::PublicKey;
use crate::obshell::request::Request;
use crate::obshell::time::ClockOffset;

/// Names a call, so that its answer finds its way back. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallId(pub u64);

/// Names a wait; only the latest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId(pub u64);

/// Something to be done outside of the flow.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send this request, once, and report its answer as
    /// [`Answered`](super::event::Event::Answered).
    Call(Call),
    /// Report [`Due`](super::event::Event::Due) after this many milliseconds. A new wait replaces
    /// the one before.
    Wait {
        /// The name of this wait.
        timer: TimerId,
        /// Milliseconds.
        millis: u32,
    },
    /// Report [`IdleDue`](super::event::Event::IdleDue) after this many milliseconds, unless the
    /// credential is forgotten before. A new one replaces the one before.
    WatchIdle {
        /// Milliseconds.
        millis: u32,
    },
    /// Give up all reads under way, and what a login may bring. A DELETE under way is never given
    /// up.
    AbandonReads,
    /// Wipe the credential.
    Forget,
}

/// A request to send.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its name.
    pub id: CallId,
    /// The agent.
    pub agent: AgentAddress,
    /// The request.
    pub request: Request,
    /// What to seal it with, besides the credential; `None` for open routes.
    pub seal: Option<SealWith>,
    /// How long to wait for the answer, in milliseconds; `None`: as long as it takes.
    pub timeout: Option<u32>,
}

/// Key and clock of the agent, and how long the header is valid.
#[derive(Clone, Debug, PartialEq)]
pub struct SealWith {
    /// The public key.
    pub key: PublicKey,
    /// The agent's clock.
    pub clock: ClockOffset,
    /// How long the header is valid, in seconds.
    pub life_seconds: i64,
}
