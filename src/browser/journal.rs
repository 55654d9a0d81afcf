//! What this browser tab remembers of a run, so that a reload does not lose it: members, order and
//! what was sent. No secret is in it, and it is gone with the tab.
//!
//! `sessionStorage["odp-console.run"]` is a [`Journal`] as JSON.

use gloo_storage::{SessionStorage, Storage as _};

use super::deletes::is_allowed;
use crate::fleet::journal::Journal;

const KEY: &str = "odp-console.run";

/// Stores a journal. A full storage keeps what it has.
pub fn store(journal: &Journal) {
    if is_allowed() {
        let _ = SessionStorage::set(KEY, journal);
    }
}

/// The stored journal; nothing where there is none, or one that cannot be read.
#[must_use]
pub fn read() -> Option<Journal> {
    if !is_allowed() {
        return None;
    }
    SessionStorage::get(KEY).ok()
}

/// Removes the stored journal.
pub fn discard() {
    if is_allowed() {
        SessionStorage::delete(KEY);
    }
}
