//! Watches whether the page is visible, whether it was left, and whether a person uses the console.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Reflect;
use web_sys::{Document, Element, Window};

use super::clock;
use crate::flow::event::FlowEvent;

/// The events that count as use of the console. Scrolling with a wheel fires no pointer event.
const USES: [&str; 5] = ["pointermove", "pointerdown", "keydown", "input", "wheel"];

/// The shortest interval between two reports of use, in milliseconds.
const USED_AGAIN_MILLIS: i64 = 1_000;

/// Reports every change until the guard is dropped: `true` when the page is visible.
pub fn watch(document: &Document, changed: impl Fn(bool) + 'static) -> EventListener {
    let page = document.clone();
    EventListener::new(document, "visibilitychange", move |_| {
        changed(!page.hidden());
    })
}

/// Reports [`FlowEvent::PageLeft`] when the browser leaves the page, and
/// [`FlowEvent::PageRestored`] when it restores the page from its cache, until the guards are
/// dropped.
pub fn watch_leaving(
    window: &Window,
    happened: impl Fn(FlowEvent) + Clone + 'static,
) -> [EventListener; 2] {
    let left = happened.clone();
    [
        EventListener::new(window, "pagehide", move |_| left(FlowEvent::PageLeft)),
        EventListener::new(window, "pageshow", move |event| {
            // `pageshow` also fires for a page that was just loaded.
            if Reflect::get(event, &"persisted".into()).is_ok_and(|it| it.is_truthy()) {
                happened(FlowEvent::PageRestored);
            }
        }),
    ]
}

/// Reports that a person uses the content of `root`, at most once a second, until the guards are
/// dropped.
pub fn watch_use(root: &Element, used: impl Fn() + Clone + 'static) -> Vec<EventListener> {
    let last = Rc::new(Cell::new(0));
    let listener = |name| {
        let (last, used) = (last.clone(), used.clone());
        EventListener::new(root, name, move |_| {
            let now = clock::now();
            let since = now.saturating_sub(last.get());
            if !(0..USED_AGAIN_MILLIS).contains(&since) {
                last.set(now);
                used();
            }
        })
    };
    USES.map(listener).into()
}
