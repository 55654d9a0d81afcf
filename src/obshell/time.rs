//! Times as the agent writes them, and the two clocks.

use chrono::DateTime;

/// Milliseconds since 1970-01-01T00:00:00Z by the browser's clock.
pub type Millis = i64;

/// The earliest time that counts as a real time of a task: 2000-01-01T00:00:00Z. No agent is that
/// old; the placeholders that it writes for an unknown time (Go's zero time of the year 1, the Unix
/// epoch) are older.
const FIRST_REAL_MILLIS: Millis = 946_684_800_000;

/// Whether a time is real rather than a placeholder for an unknown time: see
/// [`AgentTime::means_not_yet`].
#[must_use]
pub(super) fn is_real(millis: Millis) -> bool {
    millis >= FIRST_REAL_MILLIS
}

/// A time in an agent's answer: RFC 3339 with the agent's own UTC offset and up to nine fractional
/// digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentTime {
    text: String,
    millis: Millis,
    /// Nanoseconds within the second, to order times that are less than a millisecond apart.
    nanos: u32,
    offset_seconds: i32,
}

impl AgentTime {
    /// Parses an RFC 3339 time; `None` if the text is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self {
            text: text.to_owned(),
            millis: time.timestamp_millis(),
            nanos: time.timestamp_subsec_nanos(),
            offset_seconds: time.offset().local_minus_utc(),
        })
    }

    /// The text exactly as the agent wrote it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Milliseconds since 1970 by the agent's clock.
    #[must_use]
    pub fn millis(&self) -> Millis {
        self.millis
    }

    /// The offset of the agent's time zone, in seconds east of UTC.
    #[must_use]
    pub fn offset_seconds(&self) -> i32 {
        self.offset_seconds
    }

    /// Whether this is a placeholder for an unknown time: the Unix epoch (protocol: 4.3), Go's zero
    /// time, and every other time before the year 2000.
    #[must_use]
    pub fn means_not_yet(&self) -> bool {
        !is_real(self.millis)
    }

    /// Whether this is later than `other`, to the nanosecond.
    #[must_use]
    pub fn is_after(&self, other: &Self) -> bool {
        self.instant() > other.instant()
    }

    /// The instant, for ordering: milliseconds since 1970, and nanoseconds within the second.
    #[must_use]
    pub fn instant(&self) -> (Millis, u32) {
        (self.millis, self.nanos)
    }
}

/// How far the agent's clock is ahead of the browser's, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockOffset {
    /// Positive: the agent is ahead.
    pub millis: i64,
    /// Half the round trip, in milliseconds: the offset may be wrong by this much.
    pub uncertainty: i64,
}

impl ClockOffset {
    /// No difference between the browser's clock and the agent's.
    pub const NONE: Self = Self {
        millis: 0,
        uncertainty: 0,
    };

    /// Computes the offset from the agent's answer to `/api/v1/time`, assuming that the agent read
    /// its clock midway between the browser's sending and receiving.
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
    fn a_time_before_2000_is_none_in_every_zone() {
        for text in [
            "1970-01-01T00:00:00Z",
            "1970-01-01T08:00:00+08:00",
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00-12:00",
            "0001-01-01T08:05:43+08:05",
            "1999-12-31T23:59:59.999Z",
        ] {
            assert!(AgentTime::parse(text).unwrap().means_not_yet(), "{text}");
        }
        let first = AgentTime::parse("2000-01-01T00:00:00Z").unwrap();
        assert!(!first.means_not_yet());
    }

    #[test]
    fn times_are_ordered_to_the_nanosecond_and_across_zones() {
        let time = |text| AgentTime::parse(text).unwrap();
        let earlier = time("2026-11-23T20:24:43.000000001+08:00");
        let later = time("2026-11-23T12:24:43.000000002Z");
        assert!(later.is_after(&earlier) && !earlier.is_after(&later));
        assert!(!later.is_after(&later));
        assert!(time("2026-11-23T12:24:44Z").is_after(&later));
    }

    #[test]
    fn the_offset_is_taken_midway() {
        let agent = AgentTime::parse("1970-01-02T00:00:10Z").unwrap();
        let offset = ClockOffset::measured(&agent, 86_400_000, 86_400_400);
        assert_eq!((offset.millis, offset.uncertainty), (9_800, 200));
        assert_eq!(offset.agent_time(86_400_200), 86_410_000);
    }
}
