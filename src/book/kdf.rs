//! The parameters of the key derivation, and their limits.

use std::fmt;

use super::error::BookError;

/// The parameters of Argon2id (RFC 9106), version 0x13.
///
/// The parameters of a file have lower and upper limits. With parameters below
/// [`DEFAULT`](Self::DEFAULT), the author of a file could make its passphrase easy to guess. With
/// parameters above the maximum, a file could exhaust the memory of a browser or take minutes to
/// open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kdf {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes. The lanes are computed sequentially.
    pub lanes: u32,
}

impl Kdf {
    /// The minimum of OWASP's Password Storage Cheat Sheet. The console seals every book with these
    /// parameters.
    pub const DEFAULT: Self = Self {
        memory_kib: 19_456,
        passes: 2,
        lanes: 1,
    };
    /// The maximum memory, in KiB: 256 MiB.
    pub const MAX_MEMORY_KIB: u32 = 262_144;
    /// The maximum number of passes.
    pub const MAX_PASSES: u32 = 10;
    /// The maximum number of lanes.
    pub const MAX_LANES: u32 = 4;

    /// Checks the limits.
    ///
    /// # Errors
    /// [`BookError::Weak`] below the minimum, [`BookError::Heavy`] above the maximum.
    pub fn check(self) -> Result<Self, BookError> {
        let least = Self::DEFAULT;
        if self.memory_kib < least.memory_kib
            || self.passes < least.passes
            || self.lanes < least.lanes
        {
            Err(BookError::Weak)
        } else if self.memory_kib > Self::MAX_MEMORY_KIB
            || self.passes > Self::MAX_PASSES
            || self.lanes > Self::MAX_LANES
        {
            Err(BookError::Heavy)
        } else {
            Ok(self)
        }
    }
}

impl fmt::Display for Kdf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            memory_kib,
            passes,
            lanes,
        } = self;
        write!(f, "argon2id m={memory_kib} t={passes} p={lanes}")
    }
}
