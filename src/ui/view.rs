//! How things are worded and timed on the screen: a context that every component can read.

use yew::prelude::*;

use super::platform::{Platform, Zone};
use crate::flow::event::Language;
use crate::obshell::time::{ClockOffset, Millis};
use crate::text::labels::Label;

/// The zone that a person wants to read times in.
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
    /// The choices, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Agent, Self::Browser, Self::Utc];

    /// A name for the switch's options.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Browser => "browser",
            Self::Utc => "utc",
        }
    }
}

/// Whole seconds of a length that grows: digits that flicker say nothing. In milliseconds.
#[must_use]
pub(super) fn whole_seconds(millis: i64) -> i64 {
    millis.max(0) / 1000 * 1000
}

/// Language, surroundings, zone and the agent's clock. The console provides it as a context; see
/// [`use_view`].
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// The language of every word.
    pub language: Language,
    /// The surroundings.
    pub platform: Platform,
    /// The zone of every time.
    pub zone: ZoneChoice,
    /// The agent's offset from UTC in seconds, as far as it is known.
    pub agent_offset: Option<i32>,
    /// The agent's clock.
    pub clock: ClockOffset,
}

/// The [`View`] of the console that a component stands in.
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

    /// The zone behind a choice.
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

    /// The name of the chosen zone.
    #[must_use]
    pub fn zone_name(&self) -> String {
        self.platform.zone_name(self.zone_of(self.zone))
    }

    /// A moment in milliseconds since 1970, whichever clock told it, in the chosen zone.
    #[must_use]
    pub fn moment(&self, millis: Millis) -> String {
        self.platform
            .date_time(millis, self.zone_of(self.zone), self.language)
    }

    /// The date of a moment, in the chosen zone.
    #[must_use]
    pub fn date(&self, millis: Millis) -> String {
        self.platform
            .date(millis, self.zone_of(self.zone), self.language)
    }

    /// The time of day of a moment, in the chosen zone.
    #[must_use]
    pub fn time(&self, millis: Millis) -> String {
        self.platform
            .time(millis, self.zone_of(self.zone), self.language)
    }

    /// When the agent last told what was asked: the time of day with the zone, and the date where
    /// that is another than today's. `now` is the browser's clock, too.
    #[must_use]
    pub fn updated(&self, at: Millis, now: Millis) -> String {
        let time = if self.date(at) == self.date(now) {
            self.time(at)
        } else {
            self.moment(at)
        };
        [&*time, " ", &self.zone_name()].concat()
    }

    /// A length of time in milliseconds.
    #[must_use]
    pub fn duration(&self, millis: i64) -> String {
        self.platform.duration(millis, self.language)
    }

    /// A whole number.
    #[must_use]
    pub fn count(&self, count: usize) -> String {
        // Counts of lines and of stages are far below 2^53.
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        self.platform.number(count as f64, self.language)
    }

    /// The time from a beginning to an end, or to `now`; the former by the agent's clock, `now` by
    /// the browser's.
    #[must_use]
    pub fn elapsed(&self, since: Millis, until: Option<Millis>, now: Millis) -> String {
        self.duration(match until {
            Some(until) => (until - since).max(0),
            None => whole_seconds(self.clock.agent_time(now) - since),
        })
    }
}
