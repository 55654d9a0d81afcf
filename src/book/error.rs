//! The errors of the agent book.

use thiserror::Error;

/// Why a book cannot be opened, or an operation is refused. The existing book is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BookError {
    /// The text is not an agent book.
    #[error("not an agent book")]
    NotABook,
    /// The text is an agent book that is truncated or whose checksum does not match.
    #[error("the agent book is damaged")]
    Damaged,
    /// The text is larger than [`MAX_TEXT`](super::MAX_TEXT).
    #[error("the agent book is too large")]
    TooLarge,
    /// The book's version is newer than [`VERSION`](super::VERSION).
    #[error("the agent book has version {version}")]
    Newer {
        /// The version of the book.
        version: u64,
    },
    /// The key derivation is weaker than [`Kdf::DEFAULT`](super::Kdf::DEFAULT), or not Argon2id.
    #[error("the key derivation of the agent book is too weak")]
    Weak,
    /// The key derivation takes more memory, passes or lanes than [`Kdf`](super::Kdf) allows, or
    /// more memory than is available.
    #[error("the key derivation of the agent book takes too much memory or time")]
    Heavy,
    /// The passphrase is wrong.
    #[error("wrong passphrase")]
    Passphrase,
    /// The passphrase is correct, but the sealed content was modified.
    #[error("the sealed content of the agent book was changed")]
    Changed,
    /// The book has another key: its passphrase was changed in the meantime.
    #[error("the agent book has another key")]
    OtherKey,
    /// The book already contains an agent with this address.
    #[error("the agent book has an agent of this address")]
    Taken,
    /// The book contains no agent with this address.
    #[error("the agent book has no agent of this address")]
    Missing,
    /// The book already contains [`MAX_AGENTS`](super::MAX_AGENTS) agents.
    #[error("the agent book is full")]
    Full,
    /// A label, group, endpoint or password is longer than its limit.
    #[error("a text is too long for the agent book")]
    TooLong,
    /// The source of randomness failed. Nothing was sealed.
    #[error("no randomness")]
    Randomness,
}
