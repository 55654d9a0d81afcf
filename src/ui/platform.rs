//! The services that the screens need from their environment: time, formatting of times and
//! numbers, clipboard, a tick. The shell implements them for the browser; tests have their own
//! implementation.

use std::any::Any;
use std::rc::Rc;

use yew::Callback;

use crate::flow::event::Language;
use crate::obshell::time::Millis;

/// A time zone to show times in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// Coordinated universal time.
    Utc,
    /// The zone of the browser.
    Browser,
    /// A fixed offset, as the agent writes it.
    Offset {
        /// Seconds east of UTC.
        seconds: i32,
    },
}

/// Keeps a service running until it is dropped.
pub type Guard = Box<dyn Any>;

/// The services of the environment.
pub trait PlatformServices {
    /// The browser's clock, in milliseconds since 1970.
    fn now(&self) -> Millis;

    /// Date and time to the second, in this language and time zone, without the zone's name.
    /// `millis` counts from 1970, UTC.
    fn date_time(&self, millis: Millis, zone: Zone, language: Language) -> String;

    /// The date alone, in this language and zone.
    fn date(&self, millis: Millis, zone: Zone, language: Language) -> String;

    /// The time of day to the second, in this language and zone, without the zone's name.
    fn time(&self, millis: Millis, zone: Zone, language: Language) -> String;

    /// The name of a zone: `UTC`, `UTC+08:00`, `Asia/Shanghai`.
    fn zone_name(&self, zone: Zone) -> String;

    /// A number with the language's separators.
    fn number(&self, value: f64, language: Language) -> String;

    /// A duration in milliseconds: `1.2 s`, `3 min 05 s`.
    fn duration(&self, millis: i64, language: Language) -> String;

    /// Copies to the clipboard and reports whether copying succeeded.
    fn copy(&self, text: &str, done: Callback<bool>);

    /// Offers a file for download.
    fn download(&self, name: &str, mime: &str, text: &str);

    /// Requests the permission to show system notifications, unless the person already decided, and
    /// reports whether it is granted.
    fn allow_notifications(&self, done: Callback<bool>);

    /// Calls `tick` about once a second until the guard is dropped.
    fn every_second(&self, tick: Callback<()>) -> Guard;
}

/// A handle to the environment; equal only to itself and its clones.
#[derive(Clone)]
pub struct Platform(Rc<dyn PlatformServices>);

impl Platform {
    /// Wraps the services of an environment.
    #[must_use]
    pub fn new(services: impl PlatformServices + 'static) -> Self {
        Self(Rc::new(services))
    }
}

impl PartialEq for Platform {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Platform {
    type Target = dyn PlatformServices;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Platform(..)")
    }
}
