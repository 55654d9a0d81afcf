//! The credential and the pending calls of one flow.

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

/// The credential and the pending calls of one flow. Dropping a caller aborts the reads; a DELETE
/// continues.
#[derive(Debug, Default)]
pub struct Caller {
    /// Stores the credential.
    pub vault: Vault,
    calls: Vec<(CallId, CallGuard)>,
}

/// How requests reach an agent.
#[derive(Clone, Copy, Debug)]
pub struct RequestContext<'a> {
    /// The settings, with the endpoints of the agents.
    pub settings: &'a Settings,
    /// The URL against which relative endpoints are resolved.
    pub page: &'a str,
    /// The language requested from the agent.
    pub language: Language,
}

impl Caller {
    /// Seals and sends a request. `report` is called once, with the outcome.
    pub fn call(
        &mut self,
        call: Call,
        context: RequestContext<'_>,
        report: impl FnOnce(Answered) + 'static,
    ) {
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
        let RequestContext {
            settings,
            page,
            language,
        } = context;
        let prepared = Endpoint::resolve(&settings.endpoint(&call.agent), page)
            .ok_or(Failure::NotSent(NotSent::Browser))
            .and_then(|endpoint| {
                let wire = wire(settings, &endpoint, &call, &self.vault, sent_at)?;
                Ok((endpoint.url(&wire.target), wire))
            });
        match prepared {
            Err(failure) => answer(None, Err(failure)),
            Ok((url, mut wire)) => {
                self.vault.request_sent(id, wire.session_key.take());
                let trace_id = wire.trace_id.clone();
                let done = move |reply| answer(trace_id, reply);
                let guard = fetch::send(&url, &wire, language, call.timeout, done);
                self.calls.extend(guard.map(|guard| (id, guard)));
            }
        }
    }

    /// Removes a call that has ended. Stores the session of a login in the vault.
    pub fn answered(&mut self, answered: &mut Answered) {
        self.calls.retain(|(id, _)| *id != answered.id);
        self.vault.take_session(answered);
    }

    /// Aborts all pending reads and discards the result of a pending login.
    pub fn abandon_reads(&mut self) {
        self.calls.retain(|(_, guard)| !guard.is_read());
        self.vault.abandon_login();
    }

    /// Stops waiting for all answers. A DELETE continues.
    pub fn give_up(&mut self) {
        self.calls.clear();
    }
}

/// The request of a call in wire form, sealed if its endpoint requires it.
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
