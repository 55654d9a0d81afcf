//! Whether the page can be seen, whether it was left, and whether somebody uses the console.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Reflect;
use web_sys::{Document, Element, Window};

use super::clock;
use crate::flow::event::Event;

/// What people do in a console. Scrolling by a wheel is no event of a pointer.
const USES: [&str; 5] = ["pointermove", "pointerdown", "keydown", "input", "wheel"];

/// A pointer that moves is told of once in this time, in milliseconds.
const USED_AGAIN_MILLIS: i64 = 1_000;

/// Reports every change until the guard is dropped: `true` when the page can be seen.
pub fn watch(document: &Document, changed: impl Fn(bool) + 'static) -> EventListener {
    let page = document.clone();
    EventListener::new(document, "visibilitychange", move |_| {
        changed(!page.hidden());
    })
}

/// Reports [`Event::Left`] when the browser leaves the page, and [`Event::CameBack`] when it brings
/// the page back as it was left, until the guards are dropped.
pub fn watch_leaving(
    window: &Window,
    happened: impl Fn(Event) + Clone + 'static,
) -> [EventListener; 2] {
    let left = happened.clone();
    [
        EventListener::new(window, "pagehide", move |_| left(Event::Left)),
        EventListener::new(window, "pageshow", move |event| {
            // A page that was just loaded is shown, too.
            if Reflect::get(event, &"persisted".into()).is_ok_and(|it| it.is_truthy()) {
                happened(Event::CameBack);
            }
        }),
    ]
}

/// Reports that somebody uses what is drawn into `root`, at most once a second, until the guards are
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
