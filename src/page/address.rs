//! The page's address and history: read as a link, and written as the person moves through the
//! console.

use std::cell::RefCell;

use gloo_utils::window;
use wasm_bindgen::JsValue;

use super::hash;
use crate::browser::place::{Choices, Place};
use crate::text::page::Malformed;

/// The fragment of the page's address. Each place of the console is an entry in the browser's
/// history.
#[derive(Debug, Default)]
pub(super) struct Address {
    /// The fragment as last read or written.
    last: RefCell<LastFragment>,
}

#[derive(Debug, Default)]
struct LastFragment {
    /// Percent-encoded by the browser.
    hash: String,
    /// The place that it names; the one before where it could not be read.
    place: Place,
    /// Whether it could not be read.
    malformed: bool,
}

/// How a place relates to the current entry of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    /// The entry already names this place.
    Same,
    /// The entry is replaced: the place is a more precise form of it, or follows it without a way
    /// back.
    Replaced,
    /// The place is a new entry.
    New,
}

impl Address {
    /// The place in the address.
    ///
    /// # Errors
    /// If a part is not percent-encoded UTF-8: the name of the part.
    pub(super) fn read(&self) -> Result<Place, Malformed> {
        let hash = current();
        let read = hash::read(&hash);
        let mut last = self.last.borrow_mut();
        last.hash = hash;
        last.malformed = read.is_err();
        if let Ok(place) = &read {
            last.place = place.clone();
        }
        read
    }

    /// Writes a place into the address, unless the address holds a link that was not read yet: a
    /// `hashchange` event is about to report the link.
    pub(super) fn write(&self, place: &Place) {
        let place = Place {
            choices: Choices::default(),
            ..place.clone()
        };
        let mut last = self.last.borrow_mut();
        if last.hash != current() {
            return;
        }
        let location = window().location();
        let address = hash::write(&place).unwrap_or_else(|| {
            [location.pathname(), location.search()]
                .into_iter()
                .flatten()
                .collect()
        });
        let Ok(history) = window().history() else {
            return;
        };
        let entry = match entry(&last.place, &place) {
            _ if last.malformed && step(&last.place) == step(&place) => Entry::Same,
            _ if last.malformed => Entry::New,
            entry => entry,
        };
        // A browser may reject frequent changes; the next place is written again.
        let _ = match entry {
            Entry::Same => return,
            Entry::Replaced => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
            Entry::New => history.push_state_with_url(&JsValue::NULL, "", Some(&address)),
        };
        *last = LastFragment {
            hash: current(),
            place,
            malformed: false,
        };
    }
}

fn current() -> String {
    window().location().hash().unwrap_or_default()
}

/// How the place `now` relates to the history entry of the place `before`.
///
/// The review is one entry after the target, and the screens after the confirmation replace the
/// review's entry, so that Back leads from a task to the target.
fn entry(before: &Place, now: &Place) -> Entry {
    let target = Place {
        review: false,
        ..before.clone()
    };
    if before == now || (before.review && *now == target) {
        // The form before the review, after a reload, or a pending DELETE.
        return Entry::Same;
    }
    let is_refined = match (&before.task, &now.task) {
        _ if *before == Place::default() || before.review => true,
        // The address field is being edited.
        (None, None) => !now.review,
        (Some(_), Some(_)) => step(before) == step(now),
        (None, Some(_)) | (Some(_), None) => false,
    };
    if is_refined {
        Entry::Replaced
    } else {
        Entry::New
    }
}

/// How far the person is, whichever the agent.
fn step(place: &Place) -> (bool, [&Option<String>; 3]) {
    let Place {
        task,
        node,
        sub_task,
        review,
        ..
    } = place;
    (*review, [task, node, sub_task])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_an_entry_and_no_way_leads_back_to_the_review() {
        let nothing = "";
        let (target, other) = ("#/agent/10.0.0.1:1", "#/agent/10.0.0.2:1");
        let review = "#/agent/10.0.0.1:1/review";
        let (task, stage) = ("#/task/1", "#/task/1/node/2");
        for (before, now, expected) in [
            (nothing, target, Entry::Replaced),
            (nothing, task, Entry::Replaced),
            (target, target, Entry::Same),
            (target, other, Entry::Replaced),
            (target, review, Entry::New),
            (target, task, Entry::New),
            (review, target, Entry::Same),
            (review, other, Entry::Replaced),
            (review, task, Entry::Replaced),
            (task, stage, Entry::New),
            (stage, task, Entry::New),
            (stage, "#/task/1/sub-task/3", Entry::New),
            (task, "#/task/2", Entry::New),
            (task, "#/task/1?agent=10.0.0.1:1", Entry::Replaced),
            (task, target, Entry::New),
        ] {
            let [before_place, now_place] = [before, now].map(|hash| hash::read(hash).unwrap());
            let found = entry(&before_place, &now_place);
            assert_eq!(found, expected, "{before} to {now}");
        }
    }
}
