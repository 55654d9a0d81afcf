//! What the screens need of the browser: clock, words for times, clipboard, downloads, a tick.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Interval;
use web_sys::Element;
use yew::Callback;

use super::clock;
use super::hand::{Hand, ObjectUrl};
use super::intl::Intl;
use crate::flow::event::Language;
use crate::obshell::time::Millis;
use crate::ui::platform::{Guard, Provide, Zone};

/// The browser around one console.
#[derive(Debug)]
pub struct Browser {
    /// The element that the console is drawn into.
    root: Element,
    intl: Intl,
    /// What copies and downloads, once it is there.
    hand: Rc<Cell<Option<Hand>>>,
    /// The last file that was handed over; browsers may read it after the click.
    file: RefCell<Option<ObjectUrl>>,
}

impl Browser {
    /// The browser around the console that is drawn into `root`.
    #[must_use]
    pub fn new(root: Element, hand: Rc<Cell<Option<Hand>>>) -> Self {
        Self {
            root,
            hand,
            intl: Intl::default(),
            file: RefCell::default(),
        }
    }
}

impl Provide for Browser {
    fn now(&self) -> Millis {
        clock::now()
    }

    fn date_time(&self, millis: Millis, zone: Zone, language: Language) -> String {
        self.intl.date_time(millis, zone, language)
    }

    fn zone_name(&self, zone: Zone) -> String {
        self.intl.zone_name(zone)
    }

    fn number(&self, value: f64, language: Language) -> String {
        self.intl.number(value, language)
    }

    fn duration(&self, millis: i64, language: Language) -> String {
        self.intl.duration(millis, language)
    }

    fn copy(&self, text: &str, done: Callback<bool>) {
        match self.hand.get() {
            Some(hand) => (hand.copy)(&self.root, text, done),
            None => done.emit(false),
        }
    }

    fn download(&self, name: &str, mime: &str, text: &str) {
        if let Some(hand) = self.hand.get() {
            // A browser that refuses says so itself; there is nothing to add.
            let file = (hand.download)(&self.root, name, mime, text).ok();
            self.file.replace(file);
        }
    }

    fn every_second(&self, tick: Callback<()>) -> Guard {
        Box::new(Interval::new(1000, move || tick.emit(())))
    }
}
