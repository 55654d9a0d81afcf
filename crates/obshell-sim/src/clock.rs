//! The agent's clock: this machine's clock with an offset, strictly increasing.

use chrono::{DateTime, FixedOffset, Offset as _, TimeDelta, Utc};

/// The source of the agent's time.
#[derive(Debug)]
pub(crate) struct Clock {
    offset: TimeDelta,
    zone: FixedOffset,
    last: DateTime<Utc>,
}

impl Clock {
    /// A clock `offset_secs` ahead of this machine's, which shows times `zone_secs` east of UTC.
    pub(crate) fn new(offset_secs: i64, zone_secs: i32) -> Self {
        let zone = FixedOffset::east_opt(zone_secs).unwrap_or_else(|| Utc.fix());
        Self {
            offset: seconds(offset_secs),
            zone,
            last: DateTime::UNIX_EPOCH,
        }
    }

    /// Sets the offset in seconds; the clock may go back.
    pub(crate) fn set_offset(&mut self, offset_secs: i64) {
        self.offset = seconds(offset_secs);
        self.last = DateTime::UNIX_EPOCH;
    }

    /// The current time, later than every earlier result.
    ///
    /// obshell distinguishes an earlier from a later execution by their times, so two events never
    /// have the same time.
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

    /// The time zone of the agent's times.
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
