//! The person's choices that this browser stores: language, theme and time zone. Without storage,
//! the person makes them again on each visit.

use gloo_storage::{LocalStorage, Storage as _};
use gloo_utils::window;

use crate::browser::place::Choices;

const KEY: &str = "odp-console";

/// The stored choices.
pub(super) fn read() -> Choices {
    if !is_allowed() {
        return Choices::default();
    }
    LocalStorage::get(KEY).unwrap_or_default()
}

/// Stores the choices; choices that are absent keep their stored value.
pub(super) fn store(chosen: &Choices) {
    let (known, chosen) = (read(), chosen.clone());
    let choices = Choices {
        locale: chosen.locale.or(known.locale),
        theme: chosen.theme.or(known.theme),
        zone: chosen.zone.or(known.zone),
    };
    if is_allowed() && choices != Choices::default() {
        // If the storage is full, the stored choices remain.
        let _ = LocalStorage::set(KEY, choices);
    }
}

/// Whether the page may use the browser's storage: `gloo-storage` panics if it may not.
fn is_allowed() -> bool {
    matches!(window().local_storage(), Ok(Some(_)))
}
