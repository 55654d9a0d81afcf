//! An agent's RSA public key: what may be one, and sealing with it.

mod error;

use std::fmt;

use base64ct::{Base64, Encoding};
use rand_core::TryCryptoRng;
use rsa::BoxedUint;
use rsa::pkcs1::RsaPublicKeyRef;
use rsa::pkcs1::der::{self, Decode, ErrorKind, Header, SliceReader, Tag};
use rsa::traits::PublicKeyParts;
use sha2::{Digest, Sha256};

pub use self::error::{PublicKeyError, SealError};

/// Smallest modulus in bits: what agents before 4.4.2.0 have.
const MIN_BITS: usize = 512;
/// Largest modulus in bits. A larger one would only make the page slow.
const MAX_BITS: usize = 8192;
/// Smallest public exponent; 1 would be no encryption at all.
const MIN_EXPONENT: u64 = 3;
/// Largest public exponent, the bound that `rsa` and other libraries set against slow keys.
const MAX_EXPONENT: u64 = rsa::PublicKey::MAX_PUB_EXPONENT;
/// Bytes of a block that RSAES-PKCS1-v1_5 needs for itself (RFC 8017, 7.2.1).
const PADDING_BYTES: usize = 11;

/// An agent's RSA public key, as `GET /api/v1/secret` gives it.
///
/// Holding one means that its size, modulus and exponent were checked. `Debug` shows its size and
/// fingerprint.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    key: rsa::PublicKey,
    bits: usize,
    fingerprint: String,
}

impl PublicKey {
    /// Parses standard, padded, one-line base64 of a PKCS#1 `RSAPublicKey` in DER (RFC 8017,
    /// A.1.1), which is how obshell writes its key. White space around it does not matter.
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
        let parsed = RsaPublicKeyRef::from_der(&der).map_err(|error| why_not_der(&der, &error))?;

        let modulus = parsed.modulus.as_bytes();
        let bits = bit_length(modulus);
        if bits < MIN_BITS {
            return Err(PublicKeyError::TooSmall { bits });
        }
        if bits > MAX_BITS {
            return Err(PublicKeyError::TooLarge { bits });
        }
        if is_even(modulus) {
            return Err(PublicKeyError::EvenModulus);
        }
        let exponent = checked_exponent(parsed.public_exponent.as_bytes())?;

        let key = rsa::PublicKey::new_with_size_limits(
            BoxedUint::from_be_slice_vartime(modulus),
            BoxedUint::from(exponent),
            MIN_BITS..=MAX_BITS,
        )
        .map_err(|_| PublicKeyError::Unusable)?;
        Ok(Self {
            key,
            bits,
            fingerprint: lower_hex(&Sha256::digest(&der)),
        })
    }

    /// Size of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.bits
    }

    /// SHA-256 of the key's DER as 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Seals text of any length: RSAES-PKCS1-v1_5 (RFC 8017, 7.2) over blocks of at most modulus
    /// bytes − 11, concatenated, as standard base64. Empty text is one empty block, as in obshell.
    ///
    /// # Errors
    /// [`SealError::Randomness`] when the source of randomness fails; never sealed with less.
    pub fn seal<R: TryCryptoRng + ?Sized>(
        &self,
        plaintext: &[u8],
        rng: &mut R,
    ) -> Result<String, SealError> {
        let block_bytes = self.key.size().saturating_sub(PADDING_BYTES);
        let empty_block = plaintext.is_empty().then_some(plaintext);
        let mut sealed = Vec::new();
        for block in plaintext.chunks(block_bytes).chain(empty_block) {
            let block = self
                .key
                .encrypt(rng, rsa::Pkcs1v15Encrypt, block)
                .map_err(|error| match error {
                    rsa::Error::Rng => SealError::Randomness,
                    _ => SealError::Encryption,
                })?;
            sealed.extend_from_slice(&block);
        }
        Ok(Base64::encode_string(&sealed))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicKey")
            .field("bits", &self.bits)
            .field("fingerprint", &self.fingerprint)
            .finish()
    }
}

/// Says what was given where a PKCS#1 key was expected.
fn why_not_der(der: &[u8], error: &der::Error) -> PublicKeyError {
    match error.kind() {
        ErrorKind::TrailingData { .. } => PublicKeyError::TrailingData,
        _ if is_spki(der).unwrap_or(false) => PublicKeyError::Spki,
        _ => PublicKeyError::NotDer,
    }
}

/// Whether this begins like a `SubjectPublicKeyInfo`: SEQUENCE { SEQUENCE { OBJECT IDENTIFIER …
/// (RFC 5280, 4.1).
fn is_spki(der: &[u8]) -> der::Result<bool> {
    let mut reader = SliceReader::new(der)?;
    let outer = Header::decode(&mut reader)?;
    let inner = Header::decode(&mut reader)?;
    let first = Header::decode(&mut reader)?;
    Ok([outer.tag(), inner.tag(), first.tag()]
        == [Tag::Sequence, Tag::Sequence, Tag::ObjectIdentifier])
}

/// Bits of a big-endian number that may begin with zeros.
fn bit_length(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|&&byte| byte == 0).count();
    let significant = number.len().saturating_sub(zeros).saturating_mul(8);
    let top = number.get(zeros).map_or(0, |byte| byte.leading_zeros());
    significant.saturating_sub(top as usize)
}

/// Whether a big-endian number is even.
fn is_even(number: &[u8]) -> bool {
    number.last().is_none_or(|byte| byte % 2 == 0)
}

/// Reads a big-endian public exponent and checks it.
fn checked_exponent(number: &[u8]) -> Result<u64, PublicKeyError> {
    if bit_length(number) > u64::BITS as usize {
        return Err(PublicKeyError::ExponentTooLarge);
    }
    let exponent = number
        .iter()
        .fold(0_u64, |value, &byte| value << 8 | u64::from(byte));
    if exponent < MIN_EXPONENT {
        Err(PublicKeyError::ExponentTooSmall { exponent })
    } else if exponent > MAX_EXPONENT {
        Err(PublicKeyError::ExponentTooLarge)
    } else if is_even(number) {
        Err(PublicKeyError::EvenExponent { exponent })
    } else {
        Ok(exponent)
    }
}

/// Two lower-case digits a byte.
fn lower_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0xf])
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect()
}
