//! Times as the agent writes them, and the two clocks.

use chrono::DateTime;

/// Milliseconds since 1970-01-01T00:00:00Z by the browser's clock.
pub type Millis = i64;

/// A time that the agent wrote: RFC 3339 with the agent's own UTC offset and up to nine
/// fractional digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentTime {
    text: String,
    millis: Millis,
    offset_seconds: i32,
}

impl AgentTime {
    /// Reads an RFC 3339 time; `None` where the text is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self {
            text: text.to_owned(),
            millis: time.timestamp_millis(),
            offset_seconds: time.offset().local_minus_utc(),
        })
    }

    /// Exactly as the agent wrote it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Milliseconds since 1970 by the agent's clock.
    #[must_use]
    pub fn millis(&self) -> Millis {
        self.millis
    }

    /// Seconds east of UTC of the agent's zone.
    #[must_use]
    pub fn offset_seconds(&self) -> i32 {
        self.offset_seconds
    }

    /// Whether this is the agent's word for "not yet": it writes the Unix epoch there
    /// (protocol: 4.3). A day of slack, as no task ran in 1970.
    #[must_use]
    pub fn means_not_yet(&self) -> bool {
        self.millis.abs() < 86_400_000
    }
}

/// How far the agent's clock is ahead of the browser's, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOffset {
    /// Positive: the agent is ahead.
    pub millis: i64,
    /// Half the time the question took: the offset may be wrong by that much.
    pub uncertainty: i64,
}

impl ClockOffset {
    /// The browser's and the agent's clock agree.
    pub const NONE: Self = Self {
        millis: 0,
        uncertainty: 0,
    };

    /// From the agent's answer to `/api/v1/time`, taken to be its clock midway between the
    /// browser's sending and receiving.
    #[must_use]
    pub fn measured(agent: &AgentTime, sent_at: Millis, received_at: Millis) -> Self {
        let half = (received_at.saturating_sub(sent_at) / 2).max(0);
        Self {
            millis: agent.millis.saturating_sub(sent_at).saturating_sub(half),
            uncertainty: half,
        }
    }

    /// The agent's time when the browser's clock shows `now`.
    #[must_use]
    pub fn agent_time(self, now: Millis) -> Millis {
        now.saturating_add(self.millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_text_instant_and_zone() {
        let time = AgentTime::parse("2026-11-23T20:24:43.70296366+08:00").unwrap();
        assert_eq!(time.text(), "2026-11-23T20:24:43.70296366+08:00");
        assert_eq!(time.millis(), 1_795_436_683_702);
        assert_eq!(time.offset_seconds(), 28_800);
        assert!(!time.means_not_yet());
        assert_eq!(AgentTime::parse("yesterday"), None);
    }

    #[test]
    fn nineteen_seventy_is_not_yet_in_every_zone() {
        for text in ["1970-01-01T00:00:00Z", "1970-01-01T08:00:00+08:00"] {
            assert!(AgentTime::parse(text).unwrap().means_not_yet(), "{text}");
        }
    }

    #[test]
    fn the_offset_is_taken_midway() {
        let agent = AgentTime::parse("1970-01-02T00:00:10Z").unwrap();
        let offset = ClockOffset::measured(&agent, 86_400_000, 86_400_400);
        assert_eq!((offset.millis, offset.uncertainty), (9_800, 200));
        assert_eq!(offset.agent_time(86_400_200), 86_410_000);
    }
}
