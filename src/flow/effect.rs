//! The effects that the flow requests from the shell.

use crate::obshell::address::AgentAddress;
use crate::obshell::crypto::public_key::PublicKey;
use crate::obshell::request::Request;
use crate::obshell::time::ClockOffset;

/// Identifies a call, so that its response can be matched to it. Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CallId(pub u64);

/// Identifies a wait; only the latest one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerId(pub u64);

/// An action outside the flow.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send this request once and report the result as
    /// [`Answered`](super::event::FlowEvent::Answered).
    Call(Call),
    /// Report [`Due`](super::event::FlowEvent::Due) after this many milliseconds. A new wait
    /// replaces the previous one.
    Wait {
        /// The name of this wait.
        timer: TimerId,
        /// Milliseconds.
        millis: u32,
    },
    /// Report [`IdleDue`](super::event::FlowEvent::IdleDue) after this many milliseconds, unless
    /// the credential is wiped before. A new watch replaces the previous one.
    WatchIdle {
        /// Milliseconds.
        millis: u32,
    },
    /// Abandon all pending reads and any pending login. A pending DELETE is never abandoned.
    AbandonReads,
    /// Wipe the credential.
    WipeCredential,
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
    /// What to seal the request with, besides the credential; `None` for open routes.
    pub seal: Option<SealWith>,
    /// How long to wait for the response, in milliseconds; `None`: no limit.
    pub timeout: Option<u32>,
}

/// Key and clock of the agent, and the lifetime of the header.
#[derive(Clone, Debug, PartialEq)]
pub struct SealWith {
    /// The public key.
    pub key: PublicKey,
    /// The agent's clock.
    pub clock: ClockOffset,
    /// The lifetime of the header, in seconds.
    pub life_seconds: i64,
}
