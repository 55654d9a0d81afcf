//! What one flow has under way: its credential and its calls.

use getrandom::SysRng;

use super::clock;
use super::endpoint::Endpoint;
use super::fetch::{self, CallGuard};
use super::vault::Vault;
use crate::flow::effect::{Call, CallId};
use crate::flow::event::{Answered, Language};
use crate::flow::settings::{Settings, SignedPath};
use crate::obshell::error::{Failure, NotSent};
use crate::obshell::request::{Seal, WireRequest};
use crate::obshell::time::Millis;

/// The credential and the calls of one flow. Dropping it gives up the reads; a DELETE goes on.
#[derive(Debug, Default)]
pub struct Caller {
    /// Holds the credential.
    pub vault: Vault,
    calls: Vec<(CallId, CallGuard)>,
}

/// How calls reach an agent.
#[derive(Clone, Copy, Debug)]
pub struct Way<'a> {
    /// Where the agents are.
    pub settings: &'a Settings,
    /// The URL that relative endpoints are resolved against.
    pub page: &'a str,
    /// The language that the agent is asked to speak.
    pub language: Language,
}

impl Caller {
    /// Seals and sends a request; `report` is called once with how it ended.
    pub fn call(&mut self, call: Call, way: Way<'_>, report: impl FnOnce(Answered) + 'static) {
        let sent_at = clock::now();
        let id = call.id;
        let answer = move |trace_id, reply| {
            report(Answered {
                id,
                sent_at,
                received_at: clock::now(),
                trace_id,
                reply,
            });
        };
        let Way {
            settings,
            page,
            language,
        } = way;
        let prepared = Endpoint::resolve(&settings.endpoint(&call.agent), page)
            .ok_or(Failure::NotSent(NotSent::Browser))
            .and_then(|endpoint| {
                let wire = wire(settings, &endpoint, &call, &self.vault, sent_at)?;
                Ok((endpoint.url(&wire.target), wire))
            });
        match prepared {
            Err(failure) => answer(None, Err(failure)),
            Ok((url, mut wire)) => {
                self.vault.leaves(id, wire.session_key.take());
                let trace_id = wire.trace_id.clone();
                let done = move |reply| answer(trace_id, reply);
                let guard = fetch::send(&url, &wire, language, call.timeout, done);
                self.calls.extend(guard.map(|guard| (id, guard)));
            }
        }
    }

    /// A call came to its end. The session that a login brought goes into the vault.
    pub fn answered(&mut self, answered: &mut Answered) {
        self.calls.retain(|(id, _)| *id != answered.id);
        self.vault.look_for_session(answered);
    }

    /// Gives up all reads under way, and what a login may bring.
    pub fn abandon_reads(&mut self) {
        self.calls.retain(|(_, guard)| !guard.is_read());
        self.vault.give_up_login();
    }

    /// Gives up the waits for all answers. A DELETE goes on.
    pub fn give_up(&mut self) {
        self.calls.clear();
    }
}

/// The wire form of a call's request, sealed where it needs to be.
fn wire(
    settings: &Settings,
    endpoint: &Endpoint,
    call: &Call,
    vault: &Vault,
    now: Millis,
) -> Result<WireRequest, Failure> {
    if !call.request.needs_seal() {
        return Ok(call.request.plain());
    }
    let Some(with) = &call.seal else {
        return Err(Failure::NotSent(NotSent::NoCredential));
    };
    let sealed = vault.lend(|credential| {
        let seal = Seal {
            key: &with.key,
            credential,
            agent_time: with.clock.agent_time(now),
            life_seconds: with.life_seconds,
            path_prefix: match settings.signed_path {
                SignedPath::Stripped => "",
                SignedPath::Full => endpoint.path(),
            },
        };
        call.request.seal(seal, &mut SysRng)
    });
    sealed
        .and_then(|wire| wire.map_err(NotSent::Seal))
        .map_err(Failure::NotSent)
}
