//! The record of a request that is being processed.

use std::sync::atomic::{AtomicBool, Ordering};

use hyper::header::ACCEPT_LANGUAGE;
use hyper::http::request::Parts;

use crate::answer;
use crate::faults::Side;
use crate::record::{Fate, Record};
use crate::reply::Reply;
use crate::request::Request;
use crate::shared::Shared;
use crate::state::State;

/// The record of the current request.
pub(super) struct Entry<'a> {
    shared: &'a Shared,
    pub(super) method: String,
    pub(super) target: String,
    number: u64,
    /// Whether its outcome has been recorded.
    noted: AtomicBool,
}

impl<'a> Entry<'a> {
    pub(super) fn new(shared: &'a Shared, parts: &Parts) -> Self {
        let method = parts.method.to_string();
        let target = parts.uri.to_string();
        let text = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let record = Record {
            method: method.clone(),
            target: target.clone(),
            accept_language: text(ACCEPT_LANGUAGE.as_str()),
            authenticated: text("x-ocs-agent-header")
                .or_else(|| text("x-ocs-header"))
                .is_some(),
            fate: Fate::Pending,
        };
        let number = shared.update(|state| state.record(record));
        Self {
            shared,
            method,
            target,
            number,
            noted: AtomicBool::new(false),
        }
    }

    /// Waits as long as the request is held on this side.
    pub(super) async fn hold_back(&self, side: Side) {
        let mut changes = self.shared.subscribe();
        loop {
            changes.mark_unchanged();
            let holds = |state: &State| state.faults.holds(side, &self.method, &self.target);
            // The sender lives in `self.shared`.
            if !self.shared.read(holds) || changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// The key under which a cache stores the answer.
    pub(super) fn key(&self) -> (String, String) {
        (self.method.clone(), self.target.clone())
    }

    /// Hands the request to the agent. The answer is unheard until it has been sent.
    pub(super) async fn answer(&self, request: &Request) -> Reply {
        // Whoever sees what the request did also sees that it arrived.
        self.note(Fate::Acting);
        let reply = answer::answer(self.shared, request).await;
        self.note(Fate::ActedUnheard(reply.status.as_u16()));
        reply
    }

    pub(super) fn note(&self, fate: Fate) {
        self.noted.store(true, Ordering::Relaxed);
        self.shared
            .update(|state| state.note_fate(self.number, fate));
    }
}

impl Drop for Entry<'_> {
    /// A closed connection drops its request.
    fn drop(&mut self) {
        if !self.noted.load(Ordering::Relaxed) {
            self.note(Fate::NeverSeen);
        }
    }
}
