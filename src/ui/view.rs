//! How texts and times are displayed: a context that every component can read.

use yew::prelude::*;

use super::platform::{Platform, Zone};
use crate::flow::event::Language;
use crate::obshell::time::{ClockOffset, Millis};
use crate::text::labels::Label;

/// The time zone in which times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZoneChoice {
    /// The agent's.
    #[default]
    Agent,
    /// The browser's.
    Browser,
    /// UTC.
    Utc,
}

impl ZoneChoice {
    /// The choices, in display order.
    pub const ALL: [Self; 3] = [Self::Agent, Self::Browser, Self::Utc];

    /// The value of the choice in a `select`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Browser => "browser",
            Self::Utc => "utc",
        }
    }
}

/// Truncates a growing duration, in milliseconds, to whole seconds: flickering digits carry no
/// information.
#[must_use]
pub(super) fn whole_seconds(millis: i64) -> i64 {
    millis.max(0) / 1000 * 1000
}

/// Language, platform, time zone and the agent's clock. The console provides it as a context; see
/// [`use_view`].
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The language of all texts.
    pub language: Language,
    /// The platform.
    pub platform: Platform,
    /// The time zone of all times.
    pub zone: ZoneChoice,
    /// The agent's offset from UTC in seconds, if known.
    pub agent_offset: Option<i32>,
    /// The agent's clock.
    pub clock: ClockOffset,
}

/// The [`View`] of the console that contains the component.
#[hook]
#[expect(
    clippy::expect_used,
    reason = "a component without the console's context is a fault of the program, which its first \
              test finds"
)]
pub fn use_view() -> View {
    use_context().expect("the component stands in a ContextProvider<View>")
}

impl View {
    /// A label in the person's language.
    #[must_use]
    pub fn label(&self, label: Label) -> &'static str {
        label.get(self.language)
    }

    /// The time zone of a choice.
    #[must_use]
    pub fn zone_of(&self, choice: ZoneChoice) -> Zone {
        match choice {
            ZoneChoice::Agent => match self.agent_offset {
                Some(seconds) => Zone::Offset { seconds },
                None => Zone::Browser,
            },
            ZoneChoice::Browser => Zone::Browser,
            ZoneChoice::Utc => Zone::Utc,
        }
    }

    /// The name of the selected time zone.
    #[must_use]
    pub fn zone_name(&self) -> String {
        self.platform.zone_name(self.zone_of(self.zone))
    }

    /// A moment in milliseconds since 1970, by either clock, in the selected time zone.
    #[must_use]
    pub fn moment(&self, millis: Millis) -> String {
        self.platform
            .date_time(millis, self.zone_of(self.zone), self.language)
    }

    /// The date of a moment, in the selected time zone.
    #[must_use]
    pub fn date(&self, millis: Millis) -> String {
        self.platform
            .date(millis, self.zone_of(self.zone), self.language)
    }

    /// The time of day of a moment, in the selected time zone.
    #[must_use]
    pub fn time(&self, millis: Millis) -> String {
        self.platform
            .time(millis, self.zone_of(self.zone), self.language)
    }

    /// When the agent last answered: the time of day with the time zone, and the date if it is not
    /// today. `at` and `now` are by the browser's clock.
    #[must_use]
    pub fn updated(&self, at: Millis, now: Millis) -> String {
        let time = if self.date(at) == self.date(now) {
            self.time(at)
        } else {
            self.moment(at)
        };
        [&*time, " ", &self.zone_name()].concat()
    }

    /// A duration in milliseconds.
    #[must_use]
    pub fn duration(&self, millis: i64) -> String {
        self.platform.duration(millis, self.language)
    }

    /// A whole number.
    #[must_use]
    pub fn count(&self, count: usize) -> String {
        // Without separators both languages write the same digits, and the browser's first number
        // format takes 30 ms.
        if count < 1_000 {
            return count.to_string();
        }
        // Counts of lines and of stages are far below 2^53.
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        self.platform.number(count as f64, self.language)
    }

    /// The time from `since` to `until`, or to `now`; `since` and `until` by the agent's clock,
    /// `now` by the browser's.
    #[must_use]
    pub fn elapsed(&self, since: Millis, until: Option<Millis>, now: Millis) -> String {
        self.duration(match until {
            Some(until) => (until - since).max(0),
            None => whole_seconds(self.clock.agent_time(now) - since),
        })
    }
}
