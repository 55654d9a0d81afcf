//! What this browser tab remembers of a run, so that a reload does not lose it: members, order and
//! what was sent. No secret is in it, and it is gone with the tab.
//!
//! `sessionStorage["odp-console.run"]` is the [`Journal`] of the page of the console's own, as JSON.
//! A console in a host's page has `sessionStorage["odp-console.run PLACE"]`, where `PLACE` is where
//! its host element is: the `id` of the nearest element around it that has one, itself included, and
//! the way from there as positions among siblings, as in `#clusters/0/2`. So consoles beside each
//! other keep their runs apart, and a reload finds each where it was. A journal under the first key is
//! none of theirs.

use gloo_storage::{SessionStorage, Storage as _};
use wasm_bindgen::JsCast;
use web_sys::{Element, ShadowRoot};

use super::deletes::is_allowed;
use crate::fleet::journal::Journal;

const KEY: &str = "odp-console.run";

/// Where a console keeps its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    key: String,
}

impl Slot {
    /// That of the page of the console's own.
    #[must_use]
    pub fn of_page() -> Self {
        Self {
            key: KEY.to_owned(),
        }
    }

    /// That of a console in a host's page, which is drawn into `root`.
    #[must_use]
    pub fn of_host(root: &Element) -> Self {
        Self {
            key: format!(
                "{KEY} {}",
                place(&host_of(root).unwrap_or_else(|| root.clone()))
            ),
        }
    }

    /// Stores a journal. A full storage keeps what it has.
    pub fn store(&self, journal: &Journal) {
        if is_allowed() {
            let _ = SessionStorage::set(&self.key, journal);
        }
    }

    /// The stored journal; nothing where there is none, or one that cannot be read.
    #[must_use]
    pub fn read(&self) -> Option<Journal> {
        if !is_allowed() {
            return None;
        }
        SessionStorage::get(&self.key).ok()
    }

    /// Removes the stored journal.
    pub fn discard(&self) {
        if is_allowed() {
            SessionStorage::delete(&self.key);
        }
    }
}

/// The element whose shadow root holds `element`.
fn host_of(element: &Element) -> Option<Element> {
    let root = element.get_root_node().dyn_into::<ShadowRoot>().ok()?;
    Some(root.host())
}

/// Where an element is in its page.
fn place(element: &Element) -> String {
    let mut way = String::new();
    let mut next = Some(element.clone());
    while let Some(element) = next {
        let id = element.id();
        if !id.is_empty() {
            return format!("#{id}{way}");
        }
        way = format!("/{}{way}", position(&element));
        next = element.parent_element().or_else(|| host_of(&element));
    }
    way
}

/// How many elements stand before it.
fn position(element: &Element) -> usize {
    let before = |element: &Element| element.previous_element_sibling();
    std::iter::successors(before(element), before).count()
}
