//! An agent's RSA public key: parsing, checking, and sealing with it. The arithmetic is the crate
//! `rsa`'s.

mod error;
mod limits;

use std::fmt;

use base64ct::{Base64, Encoding};
use rand_core::TryCryptoRng;
use rsa::pkcs1::RsaPublicKeyRef;
use rsa::pkcs1::der::{self, Decode};
use rsa::pkcs8::SubjectPublicKeyInfoRef;
use rsa::traits::PublicKeyParts;
use rsa::{BoxedUint, Pkcs1v15Encrypt};
use sha2::{Digest, Sha256};

pub use self::error::{PublicKeyError, SealError};
use self::limits::{MAX_BITS, MAX_EXPONENT, MIN_BITS, MIN_EXPONENT};

/// Bytes of a block that the padding of RSAES-PKCS1-v1_5 needs (RFC 8017, 7.2.1).
const PADDING_BYTES: usize = 11;

/// An agent's RSA public key, as `GET /api/v1/secret` returns it.
///
/// The size, modulus and exponent of a value of this type have been checked. `Debug` shows its size
/// and fingerprint.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: rsa::PublicKey,
    fingerprint: String,
}

impl PublicKey {
    /// Parses standard, padded, one-line base64 of a PKCS#1 `RSAPublicKey` in DER (RFC 8017,
    /// A.1.1), which is the format of obshell's key. White space around it is ignored.
    ///
    /// # Errors
    /// [`PublicKeyError`] for anything else. The modulus must have 512 to 8192 bits and be odd,
    /// the exponent must be odd and between 3 and 2³³ − 1.
    pub fn parse(base64: &str) -> Result<Self, PublicKeyError> {
        let base64 = base64.trim();
        if base64.is_empty() {
            return Err(PublicKeyError::Empty);
        }
        let der = Base64::decode_vec(base64).map_err(|_| PublicKeyError::NotBase64)?;
        let numbers = RsaPublicKeyRef::from_der(&der).map_err(|error| not_a_key(&der, &error))?;
        let [modulus, exponent] =
            [numbers.modulus, numbers.public_exponent].map(|number| number.as_bytes());
        let [n, e] = [modulus, exponent].map(BoxedUint::from_be_slice_vartime);
        let bits = bit_width(&n);
        let key = rsa::PublicKey::new_with_size_limits(n, e, MIN_BITS..=MAX_BITS)
            .map_err(|error| refused(&error, bits, exponent))?;
        Ok(Self {
            key,
            fingerprint: lower_hex(&Sha256::digest(&der)),
        })
    }

    /// Size of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        bit_width(self.key.n().as_ref())
    }

    /// SHA-256 of the key's DER as 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Seals text of any length: RSAES-PKCS1-v1_5 (RFC 8017, 7.2) over sections of at most modulus
    /// bytes − 11, concatenated, as standard base64. Empty text is one empty section, as in obshell.
    ///
    /// The crate `rsa` 0.10 wipes the padded section, but returns its intermediate values to the
    /// allocator unwiped, from which anyone with the public key could compute the text. The
    /// module's allocator wipes all memory that is freed (`src/allocator.rs`).
    ///
    /// # Errors
    /// [`SealError::Randomness`] if the source of randomness fails; there is no fallback.
    pub fn seal<R: TryCryptoRng + ?Sized>(
        &self,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, SealError> {
        let empty_section = plaintext.is_empty().then_some(plaintext);
        let sections = plaintext.chunks(self.key.size() - PADDING_BYTES);
        let mut sealed = Vec::new();
        for section in sections.chain(empty_section) {
            // The key was checked and the section fits, so only the randomness can fail.
            let block = self
                .key
                .encrypt(rng, Pkcs1v15Encrypt, section)
                .map_err(|_| SealError::Randomness)?;
            sealed.extend(block);
        }
        Ok(Base64::encode_string(&sealed))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("bits", &self.bits())
            .field("fingerprint", &self.fingerprint)
            .finish()
    }
}

/// Identifies DER that is not an `RSAPublicKey`.
fn not_a_key(der: &[u8], error: &der::Error) -> PublicKeyError {
    if let der::ErrorKind::TrailingData { .. } = error.kind() {
        PublicKeyError::TrailingData
    } else if SubjectPublicKeyInfoRef::from_der(der).is_ok() {
        PublicKeyError::Spki
    } else {
        PublicKeyError::NotDer
    }
}

/// Why the crate `rsa` refuses a key with a modulus of this many bits and this big-endian exponent.
fn refused(error: &rsa::Error, bits: usize, exponent: &[u8]) -> PublicKeyError {
    let exponent = exponent
        .iter()
        .try_fold(0_u64, |value, &byte| {
            Some(value.checked_mul(256)? + u64::from(byte))
        })
        .filter(|&exponent| exponent <= MAX_EXPONENT);
    match (error, exponent) {
        (rsa::Error::ModulusTooSmall, _) => PublicKeyError::TooSmall { bits },
        (rsa::Error::ModulusTooLarge, _) => PublicKeyError::TooLarge { bits },
        (_, None) => PublicKeyError::ExponentTooLarge,
        (rsa::Error::InvalidModulus, _) => PublicKeyError::EvenModulus,
        (_, Some(exponent @ ..MIN_EXPONENT)) => PublicKeyError::ExponentTooSmall { exponent },
        (_, Some(exponent)) => PublicKeyError::EvenExponent { exponent },
    }
}

fn bit_width(number: &BoxedUint) -> usize {
    number.bit_width_vartime() as usize
}

/// Encodes each byte as two lower-case hexadecimal digits.
fn lower_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect()
}
