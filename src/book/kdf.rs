//! The parameters of the key derivation, and their bounds.

use std::fmt;

use super::error::BookError;

/// The parameters of Argon2id (RFC 9106), version 0x13.
///
/// The parameters of a file are bounded on both sides. Below [`DEFAULT`](Self::DEFAULT), whoever
/// gave the file would have chosen how easily its passphrase is guessed. Above the maximum, a file
/// could take all memory of a browser, or minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kdf {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes. They are computed one after the other.
    pub lanes: u32,
}

impl Kdf {
    /// The minimum of OWASP's Password Storage Cheat Sheet, with which every book is sealed here.
    pub const DEFAULT: Self = Self {
        memory_kib: 19_456,
        passes: 2,
        lanes: 1,
    };
    /// The most memory that a book may take, in KiB: 256 MiB.
    pub const MAX_MEMORY_KIB: u32 = 262_144;
    /// The most passes that a book may take.
    pub const MAX_PASSES: u32 = 10;
    /// The most lanes that a book may have.
    pub const MAX_LANES: u32 = 4;

    /// Checks the bounds.
    ///
    /// # Errors
    /// [`BookError::Weak`] or [`BookError::Heavy`].
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
