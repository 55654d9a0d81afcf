//! Requests that arrive after their client has stopped waiting.

use std::sync::Arc;
use std::time::Duration;

use hyper::http::request::Parts;

use super::entry::Entry;
use crate::request::Request;
use crate::shared::Shared;

/// Delivers a request to the agent after a pause, or when all scheduled requests are delivered.
pub(super) fn arrive(shared: &Arc<Shared>, parts: &Parts, request: Request, pause: Duration) {
    let shared = Arc::clone(shared);
    let parts = parts.clone();
    let called = shared.update(|state| {
        state.underway += 1;
        state.arrivals_called
    });
    tokio::spawn(async move {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = called_since(&shared, called) => {}
        }
        let entry = Entry::new(&shared, &parts);
        entry.answer(&request).await;
        shared.update(|state| state.underway = state.underway.saturating_sub(1));
    });
}

/// Waits until all scheduled requests are delivered.
async fn called_since(shared: &Shared, called: u64) {
    let mut changes = shared.subscribe();
    loop {
        changes.mark_unchanged();
        // The sender lives in `shared`.
        if shared.read(|state| state.arrivals_called) != called || changes.changed().await.is_err()
        {
            return;
        }
    }
}
