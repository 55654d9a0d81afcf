//! Whether the page can be seen.

use gloo_events::EventListener;
use web_sys::Document;

/// Reports every change until the guard is dropped: `true` when the page can be seen.
pub fn watch(document: &Document, changed: impl Fn(bool) + 'static) -> EventListener {
    let page = document.clone();
    EventListener::new(document, "visibilitychange", move |_| {
        changed(!page.hidden());
    })
}
