use thiserror::Error;

use super::limits::{MAX_BITS, MAX_EXPONENT, MIN_BITS, MIN_EXPONENT};

/// Why an agent's public key cannot be used. With such a key, nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PublicKeyError {
    /// No text at all.
    #[error("The agent's public key is empty.")]
    Empty,
    /// Not standard, padded, one-line base64.
    #[error("The agent's public key is not base64.")]
    NotBase64,
    /// Not the DER encoding of a PKCS#1 `RSAPublicKey`.
    #[error("The agent's public key is base64, but not of a PKCS#1 RSA public key in DER.")]
    NotDer,
    /// A `SubjectPublicKeyInfo` (the content of a PEM `PUBLIC KEY`) instead of PKCS#1.
    #[error(
        "The agent's public key is a SubjectPublicKeyInfo where a PKCS#1 RSA public key is expected."
    )]
    Spki,
    /// A PKCS#1 key with extra data behind or inside it.
    #[error("The agent's public key is followed by data that does not belong to it.")]
    TrailingData,
    /// The modulus has fewer than 512 bits.
    #[error("The agent's public key has {bits} bits; at least {MIN_BITS} are needed.")]
    TooSmall {
        /// Bits found.
        bits: usize,
    },
    /// The modulus has more than 8192 bits.
    #[error("The agent's public key has {bits} bits; at most {MAX_BITS} are accepted.")]
    TooLarge {
        /// Bits found.
        bits: usize,
    },
    /// The modulus is even, hence no RSA modulus.
    #[error("The agent's public key has an even modulus, which no RSA key has.")]
    EvenModulus,
    /// The public exponent is below 3.
    #[error(
        "The agent's public key has the exponent {exponent}; at least {MIN_EXPONENT} is needed."
    )]
    ExponentTooSmall {
        /// Exponent found.
        exponent: u64,
    },
    /// The public exponent is above 2³³ − 1.
    #[error("The agent's public key has an exponent above {MAX_EXPONENT}.")]
    ExponentTooLarge,
    /// The public exponent is even.
    #[error("The agent's public key has the even exponent {exponent}, which no RSA key has.")]
    EvenExponent {
        /// Exponent found.
        exponent: u64,
    },
}

/// Why sealing failed. Nothing was sealed, not even a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// The source of randomness failed.
    #[error("No secure random numbers are available here, so nothing was encrypted.")]
    Randomness,
}
