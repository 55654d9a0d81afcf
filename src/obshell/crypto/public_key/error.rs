use std::error::Error;
use std::fmt;

use super::{MAX_BITS, MAX_EXPONENT, MIN_BITS, MIN_EXPONENT};

/// Why an agent's public key cannot be used. Nothing is sent then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKeyError {
    /// No text at all.
    Empty,
    /// Not standard, padded, one-line base64.
    NotBase64,
    /// Not the DER encoding of a PKCS#1 `RSAPublicKey`.
    NotDer,
    /// A `SubjectPublicKeyInfo` (the content of a PEM `PUBLIC KEY`) instead of PKCS#1.
    Spki,
    /// A PKCS#1 key with something behind or inside it that does not belong there.
    TrailingData,
    /// The modulus has fewer than 512 bits.
    TooSmall {
        /// Bits found.
        bits: usize,
    },
    /// The modulus has more than 8192 bits.
    TooLarge {
        /// Bits found.
        bits: usize,
    },
    /// The modulus is even, hence no RSA modulus.
    EvenModulus,
    /// The public exponent is below 3.
    ExponentTooSmall {
        /// Exponent found.
        exponent: u64,
    },
    /// The public exponent is above 2³³ − 1.
    ExponentTooLarge,
    /// The public exponent is even.
    EvenExponent {
        /// Exponent found.
        exponent: u64,
    },
}

impl fmt::Display for PublicKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The agent's public key is empty."),
            Self::NotBase64 => f.write_str("The agent's public key is not base64."),
            Self::NotDer => f.write_str(
                "The agent's public key is base64, but not of a PKCS#1 RSA public key in DER.",
            ),
            Self::Spki => f.write_str(
                "The agent's public key is a SubjectPublicKeyInfo where a PKCS#1 RSA public key is expected.",
            ),
            Self::TrailingData => {
                f.write_str("The agent's public key is followed by data that does not belong to it.")
            }
            Self::TooSmall { bits } => write!(
                f,
                "The agent's public key has {bits} bits; at least {MIN_BITS} are needed."
            ),
            Self::TooLarge { bits } => write!(
                f,
                "The agent's public key has {bits} bits; at most {MAX_BITS} are accepted."
            ),
            Self::EvenModulus => f.write_str(
                "The agent's public key has an even modulus, which no RSA key has.",
            ),
            Self::ExponentTooSmall { exponent } => write!(
                f,
                "The agent's public key has the exponent {exponent}; at least {MIN_EXPONENT} is needed."
            ),
            Self::ExponentTooLarge => write!(
                f,
                "The agent's public key has an exponent above {MAX_EXPONENT}."
            ),
            Self::EvenExponent { exponent } => write!(
                f,
                "The agent's public key has the even exponent {exponent}, which no RSA key has."
            ),
        }
    }
}

impl Error for PublicKeyError {}

/// Why something could not be sealed. Nothing was sealed then, not even a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealError {
    /// The source of randomness failed.
    Randomness,
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Randomness => {
                "No secure random numbers are available here, so nothing was encrypted."
            }
        })
    }
}

impl Error for SealError {}
