//! The manners of asking again and again.

/// How long to wait before a read that changes nothing is taken for lost, in milliseconds.
pub const READ_TIMEOUT_MILLIS: u32 = 15_000;

/// The first wait after a failed read, in milliseconds.
const BACK_OFF_START: u32 = 1_000;

/// The longest wait after a failed read, in milliseconds.
const BACK_OFF_CEILING: u32 = 30_000;

/// How long to wait before the next refresh of a task that has been watched for `age`
/// milliseconds: about a second while somebody watches, slower with age.
#[must_use]
pub fn refresh(age: i64) -> u32 {
    match age {
        ..120_000 => 1_000,
        120_000..600_000 => 2_000,
        600_000..3_600_000 => 5_000,
        _ => 15_000,
    }
}

/// How long to wait after the `failures`-th failure in a row, counted from 1: 1, 2, 4, … 30 s.
#[must_use]
pub fn back_off(failures: u32) -> u32 {
    let doublings = failures.saturating_sub(1).min(10);
    BACK_OFF_START
        .saturating_mul(1 << doublings)
        .min(BACK_OFF_CEILING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_ceiling_and_stay_there() {
        let waits: Vec<_> = (0..8).map(back_off).collect();
        assert_eq!(waits, [1000, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
        assert_eq!(back_off(u32::MAX), BACK_OFF_CEILING);
        assert_eq!(refresh(0), 1_000);
        assert_eq!(refresh(i64::MAX), 15_000);
    }
}
