//! The intervals and limits of polling.

use crate::obshell::request::HEADER_LIFE_SECONDS;
use crate::obshell::time::Millis;

/// How far the browser's clock may deviate from the expected time before the agent's clock is
/// measured again, in milliseconds. Timers are late by less, and a header outlives this deviation.
pub const JUMP_MILLIS: i64 = 5_000;

/// How long the agent may need to record the task of a request it accepted in time, in
/// milliseconds: it does so within moments, unless its host hangs.
pub const SETTLING_MILLIS: i64 = 10_000;

/// The number of waits after which the console stops determining the outcome of a DELETE. More than
/// enough to reach the end of the longest header lifetime, which is the limit while the agent's
/// clock can be trusted.
pub const MAX_WAITS: u32 = 40;

/// What a request may need on its way to the agent beyond the measured round trips, in
/// milliseconds: a new connection, a queue in a proxy.
const TRANSIT_MILLIS: i64 = 5_000;

/// The shortest interval between two refreshes of a task while the page is hidden, in milliseconds.
/// Browsers throttle the timers of a hidden page to one a minute after a while.
pub const HIDDEN_MILLIS: u32 = 20_000;

/// The first wait after a failed read, in milliseconds.
const BACK_OFF_START: u32 = 1_000;

/// The longest wait after a failed read, in milliseconds, without the jitter.
const BACK_OFF_CEILING: u32 = 30_000;

/// How long to wait before the next refresh of a task that has been watched for `age`, both in
/// milliseconds: about a second at first, longer with age.
#[must_use]
pub fn refresh_interval(age: i64) -> u32 {
    match age {
        ..120_000 => 1_000,
        120_000..600_000 => 2_000,
        600_000..3_600_000 => 5_000,
        _ => 15_000,
    }
}

/// The lifetime of the header of a DELETE or of an operation, in seconds by the agent's clock: 15 s
/// plus four measured round trips (in milliseconds), but never longer than the header of a read. A
/// browser may send such a request a second time on its own (protocol: 13.13), so the header is
/// valid only as long as the request needs to reach the agent: the browser's clock and the agent's
/// may each have jumped by [`JUMP_MILLIS`] unnoticed, and the clock is measured to half a round
/// trip.
#[must_use]
pub fn write_life_seconds(round_trip: i64) -> i64 {
    let transit = round_trip.max(0).saturating_mul(4);
    let millis = transit.saturating_add(2 * JUMP_MILLIS + TRANSIT_MILLIS);
    (millis.saturating_add(999) / 1000).min(HEADER_LIFE_SECONDS)
}

/// How long to wait before the agent is read again for the outcome of a DELETE, after this many
/// waits, in milliseconds: 1 s at first, 3 s in the end.
#[must_use]
pub fn outcome_interval(waits: u32) -> u32 {
    1_000 + 250 * waits.min(8)
}

/// How long to wait before the agent is read again for a late start of a DELETE, `age` milliseconds
/// after an ending reported that none started. `expired`: the header has expired, and a task would
/// already be recorded.
#[must_use]
pub fn late_start_interval(expired: bool, age: i64) -> u32 {
    match age {
        _ if !expired => 5_000,
        ..600_000 => 15_000,
        _ => 30_000,
    }
}

/// How long to wait after the `failures`-th failure in a row, counted from 1: 1, 2, 4, … 30 s, plus
/// up to a quarter of jitter, so that consoles that lost an agent together do not retry together.
/// The jitter is derived from `now`, in milliseconds: the last digits of a browser's clock at the
/// moment of a failure are as good as random.
#[must_use]
pub fn back_off(failures: u32, now: Millis) -> u32 {
    let doublings = failures.saturating_sub(1).min(10);
    let wait = BACK_OFF_START
        .saturating_mul(1 << doublings)
        .min(BACK_OFF_CEILING);
    // Spreads neighbouring milliseconds far apart (Fibonacci hashing).
    let spread = (now as u32).wrapping_mul(2_654_435_769) >> 16;
    wait + ((wait / 4 * spread) >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_ceiling_and_stay_there() {
        for now in [0, 1, 1_795_435_200_000, i64::MAX, -1] {
            for (failures, least) in [1000, 1000, 2000, 4000, 8000, 16000, 30000, 30000]
                .into_iter()
                .enumerate()
            {
                let wait = back_off(u32::try_from(failures).unwrap(), now);
                assert!((least..=least / 4 * 5).contains(&wait), "{wait}");
            }
            assert!(back_off(u32::MAX, now) >= BACK_OFF_CEILING);
        }
        assert_eq!(refresh_interval(0), 1_000);
        assert_eq!(refresh_interval(i64::MAX), 15_000);
    }

    #[test]
    fn failures_a_millisecond_apart_are_spread() {
        let waits: Vec<_> = (0..64).map(|now| back_off(6, now) / 1_000).collect();
        for second in 30..37 {
            let count = waits.iter().filter(|wait| **wait == second).count();
            assert!((4..=16).contains(&count), "{second}: {count} of 64");
        }
    }

    #[test]
    fn finding_out_outlasts_a_header() {
        let waits: Vec<_> = (0..MAX_WAITS).map(outcome_interval).collect();
        assert_eq!((waits[0], waits[39]), (1_000, 3_000));
        assert!(i64::from(waits.iter().sum::<u32>()) > 60_000 + 2 * SETTLING_MILLIS);
    }

    #[test]
    fn what_changes_something_lives_as_long_as_its_way_asks_for() {
        for (round_trip, life) in [
            (-5, 15),
            (0, 15),
            (4, 16),
            (250, 16),
            (2_000, 23),
            (11_250, 60),
            (i64::MAX, 60),
        ] {
            assert_eq!(write_life_seconds(round_trip), life, "{round_trip}");
        }
    }

    #[test]
    fn an_ending_is_looked_after_more_slowly_with_time() {
        assert_eq!(late_start_interval(false, 0), 5_000);
        assert_eq!(late_start_interval(false, i64::MAX), 5_000);
        assert_eq!(late_start_interval(true, -1), 15_000);
        assert_eq!(late_start_interval(true, 600_000), 30_000);
    }
}
