//! How things are worded and timed on the screen: one small value that every component takes.

use yew::prelude::*;

use super::build::texted;
use super::later::Later;
use super::platform::{Platform, Zone};
use crate::flow::event::Language;
use crate::obshell::time::{AgentTime, ClockOffset, Millis};
use crate::text::labels::{Label, LaterLabel};

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

/// Language, surroundings, zone and the agent's clock.
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
    /// The browser's clock as this is drawn, in milliseconds since 1970; 0 for what has no need
    /// to be drawn again as time goes by.
    pub now: Millis,
    /// What is fetched later, once it is there.
    pub later: Option<Later>,
}

impl View {
    /// A label in the person's language.
    #[must_use]
    pub fn label(&self, label: Label) -> &'static str {
        label.get(self.language)
    }

    /// A label of what is fetched later.
    #[must_use]
    pub fn later_label(&self, label: LaterLabel) -> &'static str {
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

    /// A moment of the browser's clock, in the chosen zone.
    #[must_use]
    pub fn moment(&self, millis: Millis) -> String {
        self.platform
            .date_time(millis, self.zone_of(self.zone), self.language)
    }

    /// A time of the agent: in the chosen zone to read, exactly as written to point at.
    pub fn time(&self, time: &AgentTime) -> Html {
        let exact = AttrValue::from(time.text().to_owned());
        texted("time", "", self.moment(time.millis()))
            .attr_text("datetime", exact.clone())
            .attr_text("title", exact)
            .html()
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

    /// The agent's time now, in milliseconds since 1970.
    #[must_use]
    pub fn agent_now(&self) -> Millis {
        self.clock.agent_time(self.now)
    }

    /// The time from a beginning to an end, or to now; both by the agent's clock.
    #[must_use]
    pub fn elapsed(&self, since: Millis, until: Option<Millis>) -> String {
        self.duration(match until {
            Some(until) => (until - since).max(0),
            None => whole_seconds(self.agent_now() - since),
        })
    }

    /// The same for what does not change as time goes by.
    #[must_use]
    pub fn calm(&self) -> Self {
        Self {
            now: 0,
            ..self.clone()
        }
    }
}
