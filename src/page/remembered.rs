//! What this browser remembers of a person: language, looks and zone. Where it may keep nothing, they
//! are chosen again.

use gloo_storage::{LocalStorage, Storage as _};
use gloo_utils::window;

use crate::browser::place::Choices;

const KEY: &str = "odp-console";

/// What was chosen.
pub(super) fn read() -> Choices {
    if !is_allowed() {
        return Choices::default();
    }
    LocalStorage::get(KEY).unwrap_or_default()
}

/// Keeps what was chosen; what was not stays as it was.
pub(super) fn keep(chosen: &Choices) {
    let (known, chosen) = (read(), chosen.clone());
    let choices = Choices {
        locale: chosen.locale.or(known.locale),
        theme: chosen.theme.or(known.theme),
        zone: chosen.zone.or(known.zone),
    };
    if is_allowed() && choices != Choices::default() {
        // A full storage keeps what it has.
        let _ = LocalStorage::set(KEY, choices);
    }
}

/// Whether the browser has a storage for this page: `gloo-storage` panics where there is none.
fn is_allowed() -> bool {
    matches!(window().local_storage(), Ok(Some(_)))
}
