//! Stores a run in this browser tab, so that a reload does not lose it: members, order and sent
//! requests. The data contains no secret and is deleted with the tab.
//!
//! `sessionStorage["odp-console.run"]` is the [`Journal`] of the console's own page, as JSON. A
//! console in a host's page uses `sessionStorage["odp-console.run PLACE"]`. `PLACE` identifies the
//! position of its host element: the `id` of the nearest element with an id (the host element or an
//! ancestor), followed by the path from there as indexes among siblings, as in `#clusters/0/2`.
//! Consoles on the same page therefore store their runs separately, and a reload restores each run
//! in its position. They do not use the journal under the first key.

use gloo_storage::{SessionStorage, Storage as _};
use wasm_bindgen::JsCast;
use web_sys::{Element, ShadowRoot};

use super::deletes::is_allowed;
use crate::fleet::journal::Journal;

const KEY: &str = "odp-console.run";

/// The storage location of a console's run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    key: String,
}

impl Slot {
    /// The slot of the console that is rendered into `root`, on its own page or in a host's.
    #[must_use]
    pub fn new(is_own_page: bool, root: &Element) -> Self {
        if is_own_page {
            Self::of_page()
        } else {
            Self::of_host(root)
        }
    }

    /// The slot of the console's own page.
    #[must_use]
    pub fn of_page() -> Self {
        Self {
            key: KEY.to_owned(),
        }
    }

    /// The slot of a console in a host's page, rendered into `root`.
    #[must_use]
    pub fn of_host(root: &Element) -> Self {
        Self {
            key: format!(
                "{KEY} {}",
                place(&host_of(root).unwrap_or_else(|| root.clone()))
            ),
        }
    }

    /// Stores a journal. If the storage is full, the stored journal remains.
    pub fn store(&self, journal: &Journal) {
        if is_allowed() {
            let _ = SessionStorage::set(&self.key, journal);
        }
    }

    /// The stored journal; `None` if there is none or it cannot be parsed.
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

/// The host element of the shadow root that contains `element`.
fn host_of(element: &Element) -> Option<Element> {
    let root = element.get_root_node().dyn_into::<ShadowRoot>().ok()?;
    Some(root.host())
}

/// The position of an element in its page, as described for `PLACE` above.
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

/// The number of preceding sibling elements.
fn position(element: &Element) -> usize {
    let before = |element: &Element| element.previous_element_sibling();
    std::iter::successors(before(element), before).count()
}
