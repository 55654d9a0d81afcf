//! Surroundings without a browser: a stopped clock, and distinguishable texts.

use odp_console::flow::event::Language;
use odp_console::ui::platform::{Guard, PlatformServices, Zone};
use yew::Callback;

/// 2026-11-23T12:00:10Z.
pub const NOW: i64 = 1_795_435_210_000;

pub struct Still;

impl PlatformServices for Still {
    fn now(&self) -> i64 {
        NOW
    }

    fn date_time(&self, millis: i64, zone: Zone, _: Language) -> String {
        let seconds = millis / 1000
            + match zone {
                Zone::Utc => 0,
                Zone::Browser => 9 * 3600,
                Zone::Offset { seconds } => i64::from(seconds),
            };
        let of_day = seconds.rem_euclid(86_400);
        format!(
            "{:02}:{:02}:{:02}",
            of_day / 3600,
            of_day / 60 % 60,
            of_day % 60
        )
    }

    fn date(&self, millis: i64, _: Zone, _: Language) -> String {
        format!("day {}", millis.div_euclid(86_400_000))
    }

    fn time(&self, millis: i64, zone: Zone, language: Language) -> String {
        self.date_time(millis, zone, language)
    }

    fn zone_name(&self, zone: Zone) -> String {
        match zone {
            Zone::Utc => "UTC".to_owned(),
            Zone::Browser => "Asia/Tokyo".to_owned(),
            Zone::Offset { seconds } => format!("UTC+{:02}:00", seconds / 3600),
        }
    }

    fn number(&self, value: f64, _: Language) -> String {
        value.to_string()
    }

    fn duration(&self, millis: i64, language: Language) -> String {
        let unit = match language {
            Language::English => "s",
            Language::Chinese => "秒",
        };
        format!("{}.{} {unit}", millis / 1000, millis % 1000 / 100)
    }

    fn copy(&self, _: &str, done: Callback<bool>) {
        done.emit(true);
    }

    fn download(&self, _: &str, _: &str, _: &str) {}

    fn allow_notifications(&self, done: Callback<bool>) {
        done.emit(false);
    }

    fn every_second(&self, _: Callback<()>) -> Guard {
        Box::new(())
    }
}
