//! Formats dates, numbers and durations in a language with the browser's `Intl`.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use js_sys::Intl::{DateTimeFormat, NumberFormat};
use js_sys::{Array, Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::flow::event::Language;
use crate::obshell::time::Millis;
use crate::ui::platform::Zone;

/// Cached `Intl` formatters: creating one costs as much as a thousand uses.
#[derive(Debug, Default)]
pub struct Intl(RefCell<Vec<(Key, Function)>>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Moment(Fields, Language, bool),
    Number(Language),
    Unit(Language, &'static str, Digits),
}

/// The parts of a moment to format.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fields {
    Both,
    Date,
    Time,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Digits {
    /// `7`
    Plain,
    /// `07`
    Two,
    /// `7.0`
    Tenth,
}

impl Intl {
    /// Date and time to the second, without the zone's name.
    #[must_use]
    pub fn date_time(&self, millis: Millis, zone: Zone, language: Language) -> String {
        self.moment(Fields::Both, millis, zone, language)
    }

    /// The date alone.
    #[must_use]
    pub fn date(&self, millis: Millis, zone: Zone, language: Language) -> String {
        self.moment(Fields::Date, millis, zone, language)
    }

    /// The time of day to the second, without the zone's name.
    #[must_use]
    pub fn time(&self, millis: Millis, zone: Zone, language: Language) -> String {
        self.moment(Fields::Time, millis, zone, language)
    }

    fn moment(&self, fields: Fields, millis: Millis, zone: Zone, language: Language) -> String {
        let (millis, utc) = match zone {
            Zone::Browser => (millis, false),
            Zone::Utc => (millis, true),
            // Few browsers accept an offset as a time zone; UTC shifted by the offset shows the
            // same.
            Zone::Offset { seconds } => (millis.saturating_add(i64::from(seconds) * 1000), true),
        };
        self.format(Key::Moment(fields, language, utc), millis as f64)
    }

    /// `UTC`, `UTC+08:00`, `Asia/Shanghai`.
    #[must_use]
    pub fn zone_name(&self, zone: Zone) -> String {
        match zone {
            Zone::Utc | Zone::Offset { seconds: 0 } => "UTC".to_owned(),
            Zone::Offset { seconds } => {
                let sign = if seconds < 0 { '-' } else { '+' };
                let minutes = seconds.unsigned_abs() / 60;
                format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Zone::Browser => {
                let resolved =
                    DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
                Reflect::get(&resolved, &"timeZone".into())
                    .ok()
                    .and_then(|name| name.as_string())
                    .unwrap_or_default()
            }
        }
    }

    /// A number with the language's separators.
    #[must_use]
    pub fn number(&self, value: f64, language: Language) -> String {
        self.format(Key::Number(language), value)
    }

    /// A duration in milliseconds, to a tenth of a second below a minute, to the second below an
    /// hour, to the minute above. A negative duration counts as zero.
    #[must_use]
    pub fn duration(&self, millis: i64, language: Language) -> String {
        let unit = |unit, digits, value: i64| {
            let value = value as f64 / if digits == Digits::Tenth { 10.0 } else { 1.0 };
            self.format(Key::Unit(language, unit, digits), value)
        };
        let millis = millis.max(0);
        let tenths = millis.saturating_add(50) / 100;
        let seconds = millis.saturating_add(500) / 1000;
        let parts = if tenths < 600 {
            return unit("second", Digits::Tenth, tenths);
        } else if seconds < 3600 {
            [
                unit("minute", Digits::Plain, seconds / 60),
                unit("second", Digits::Two, seconds % 60),
            ]
        } else {
            [
                unit("hour", Digits::Plain, seconds / 3600),
                unit("minute", Digits::Two, seconds / 60 % 60),
            ]
        };
        parts.join(match language {
            Language::English => " ",
            Language::Chinese => "",
        })
    }

    fn format(&self, key: Key, value: f64) -> String {
        let known = self
            .0
            .borrow()
            .iter()
            .find_map(|(known, format)| (*known == key).then(|| format.clone()));
        let format = known.unwrap_or_else(|| {
            let format = key.formatter();
            self.0.borrow_mut().push((key, format.clone()));
            format
        });
        // Formatting fails only for a date beyond the year 275760.
        format
            .call1(&JsValue::UNDEFINED, &JsValue::from_f64(value))
            .ok()
            .and_then(|text| text.as_string())
            .unwrap_or_else(|| in_digits(value))
    }
}

/// Makes the browser load what it formats numbers with, in a task of its own: its first number format
/// takes 30 ms, which would add to the drawing that needs it.
pub fn load_soon(language: Language) {
    Timeout::new(0, move || {
        Key::Unit(language, "second", Digits::Tenth).formatter();
    })
    .forget();
}

/// Plain digits, formatted by the browser: Rust's formatting adds 12 KB of code.
pub(super) fn in_digits(value: f64) -> String {
    js_sys::Number::from(value)
        .to_string_with_radix(10)
        .map_or_else(|_| String::new(), String::from)
}

impl Key {
    fn formatter(self) -> Function {
        let options = JSON::parse(&self.options())
            .ok()
            .and_then(|options| options.dyn_into::<Object>().ok())
            .unwrap_or_default();
        match self {
            Self::Moment(_, language, _) => {
                DateTimeFormat::new(&locales(language), &options).format()
            }
            Self::Number(language) | Self::Unit(language, ..) => {
                NumberFormat::new(&locales(language), &options).format()
            }
        }
    }

    fn options(self) -> String {
        match self {
            Self::Moment(fields, _, utc) => {
                const DATE: &str = r#""year":"numeric","month":"short","day":"numeric""#;
                const TIME: &str =
                    r#""hour":"2-digit","minute":"2-digit","second":"2-digit","hourCycle":"h23""#;
                let zone = if utc { r#","timeZone":"UTC""# } else { "" };
                match fields {
                    Fields::Both => format!("{{{DATE},{TIME}{zone}}}"),
                    Fields::Date => format!("{{{DATE}{zone}}}"),
                    Fields::Time => format!("{{{TIME}{zone}}}"),
                }
            }
            Self::Number(_) => "{}".to_owned(),
            Self::Unit(_, unit, digits) => {
                let digits = match digits {
                    Digits::Plain => "",
                    Digits::Two => r#","minimumIntegerDigits":2"#,
                    Digits::Tenth => r#","maximumFractionDigits":1"#,
                };
                format!(r#"{{"style":"unit","unit":"{unit}","unitDisplay":"short"{digits}}}"#)
            }
        }
    }
}

fn locales(language: Language) -> Array {
    Array::of1(&language.tag().into())
}
