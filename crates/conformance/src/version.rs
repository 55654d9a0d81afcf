//! Versions as reported by agents.

use std::fmt;

/// The four numbers before the build number: `4.5.0.0` of `4.5.0.0-0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub [u64; 4]);

impl Version {
    /// Parses `4.5.0.0-0`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let numbers = text
            .split('-')
            .next()?
            .split('.')
            .map(str::parse)
            .collect::<Result<Vec<u64>, _>>()
            .ok()?;
        Some(Self(numbers.try_into().ok()?))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([a, b, c, d]) = self;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_number_is_no_part_of_it() {
        assert_eq!(Version::parse("4.5.0.0-0"), Some(Version([4, 5, 0, 0])));
        assert!(Version([4, 3, 0, 0]) < Version([4, 3, 1, 0]));
        assert_eq!(Version::parse("4.5.0"), None);
    }
}
