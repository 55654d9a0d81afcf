//! The agent's clock: this machine's, ahead or behind, and never twice the same moment.

use chrono::{DateTime, FixedOffset, Offset as _, TimeDelta, Utc};

/// Gives the agent's time.
#[derive(Debug)]
pub(crate) struct Clock {
    offset: TimeDelta,
    zone: FixedOffset,
    last: DateTime<Utc>,
}

impl Clock {
    /// A clock `offset_secs` ahead of this machine's, that shows times `zone_secs` east of UTC.
    pub(crate) fn new(offset_secs: i64, zone_secs: i32) -> Self {
        let zone = FixedOffset::east_opt(zone_secs).unwrap_or_else(|| Utc.fix());
        Self {
            offset: seconds(offset_secs),
            zone,
            last: DateTime::UNIX_EPOCH,
        }
    }

    /// Moves the clock; it may go back.
    pub(crate) fn set_offset(&mut self, offset_secs: i64) {
        self.offset = seconds(offset_secs);
        self.last = DateTime::UNIX_EPOCH;
    }

    /// The time now, later than every answer before.
    ///
    /// obshell tells an earlier from a later execution by comparing times, so two events never share one.
    pub(crate) fn now(&mut self) -> DateTime<Utc> {
        let read = Utc::now()
            .checked_add_signed(self.offset)
            .unwrap_or(DateTime::<Utc>::MAX_UTC);
        let next = self
            .last
            .checked_add_signed(TimeDelta::nanoseconds(1))
            .unwrap_or(read);
        self.last = read.max(next);
        self.last
    }

    /// The zone in which the agent shows times.
    pub(crate) fn zone(&self) -> FixedOffset {
        self.zone
    }
}

fn seconds(count: i64) -> TimeDelta {
    TimeDelta::try_seconds(count).unwrap_or_else(TimeDelta::zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_is_later_and_the_offset_moves_the_clock() {
        let mut clock = Clock::new(0, 0);
        let first = clock.now();
        assert!(clock.now() > first);
        clock.set_offset(-3600);
        assert!(clock.now() < first);
    }
}
