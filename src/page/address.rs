//! The fragment of the page's address: read as a link, written as the person's place.

use std::cell::RefCell;

use gloo_utils::window;
use wasm_bindgen::JsValue;

use super::hash;
use crate::browser::place::Place;

/// The fragment of the page's address.
#[derive(Debug, Default)]
pub(super) struct Address {
    /// As it was read or written last, percent-encoded by the browser.
    known: RefCell<String>,
}

impl Address {
    /// The place that the address names.
    ///
    /// # Errors
    /// Where a part of it is not percent-encoded UTF-8: names the part.
    pub(super) fn read(&self) -> Result<Place, String> {
        let hash = current();
        let place = hash::read(&hash);
        self.known.replace(hash);
        place
    }

    /// Writes a place into the address, unless a link stands there that was not read yet: the
    /// event `hashchange` is about to tell of it.
    pub(super) fn write(&self, place: &Place) {
        if *self.known.borrow() != current() {
            return;
        }
        let location = window().location();
        let address = hash::write(place).unwrap_or_else(|| {
            [location.pathname(), location.search()]
                .into_iter()
                .flatten()
                .collect()
        });
        if let Ok(history) = window().history() {
            // A browser limits how often; the next place is written again.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
        self.known.replace(current());
    }
}

fn current() -> String {
    window().location().hash().unwrap_or_default()
}
