//! The screens' services in a browser: clock, formatting, clipboard, downloads, a tick.

use std::cell::RefCell;

use gloo_timers::callback::Interval;
use web_sys::Element;
use yew::Callback;

use super::clipboard;
use super::clock;
use super::download::{ObjectUrl, download};
use super::intl::Intl;
use super::notification;
use crate::flow::event::Language;
use crate::obshell::time::Millis;
use crate::ui::platform::{Guard, PlatformServices, Zone};

/// The browser around one console.
#[derive(Debug)]
pub struct Browser {
    /// The element into which the console is rendered.
    root: Element,
    intl: Intl,
    /// The last downloaded file; browsers may read it after the click.
    file: RefCell<Option<ObjectUrl>>,
}

impl Browser {
    /// The browser around the console that is rendered into `root`.
    #[must_use]
    pub fn new(root: Element) -> Self {
        Self {
            root,
            intl: Intl::default(),
            file: RefCell::default(),
        }
    }
}

impl PlatformServices for Browser {
    fn now(&self) -> Millis {
        clock::now()
    }

    fn date_time(&self, millis: Millis, zone: Zone, language: Language) -> String {
        self.intl.date_time(millis, zone, language)
    }

    fn date(&self, millis: Millis, zone: Zone, language: Language) -> String {
        self.intl.date(millis, zone, language)
    }

    fn time(&self, millis: Millis, zone: Zone, language: Language) -> String {
        self.intl.time(millis, zone, language)
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
        clipboard::copy(&self.root, text, done);
    }

    fn download(&self, name: &str, mime: &str, text: &str) {
        // A browser that refuses a download reports it to the person itself.
        self.file
            .replace(download(&self.root, name, mime, text).ok());
    }

    fn allow_notifications(&self, done: Callback<bool>) {
        notification::ask(done);
    }

    fn every_second(&self, tick: Callback<()>) -> Guard {
        Box::new(Interval::new(1000, move || tick.emit(())))
    }
}
