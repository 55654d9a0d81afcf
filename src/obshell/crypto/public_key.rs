//! An agent's RSA public key: what may be one, and sealing with it.

mod der;
mod error;

use std::{fmt, slice};

use base64ct::{Base64, Encoding};
use rand_core::TryCryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::modular::raise;

pub use self::error::{PublicKeyError, SealError};

/// Smallest modulus in bits: what agents before 4.4.2.0 have.
const MIN_BITS: usize = 512;
/// Largest modulus in bits. A larger one would only make the page slow.
const MAX_BITS: usize = 8192;
/// Smallest public exponent; 1 would be no encryption at all.
const MIN_EXPONENT: u64 = 3;
/// Largest public exponent, the bound that the crate `rsa` and other libraries set against slow keys.
const MAX_EXPONENT: u64 = (1 << 33) - 1;
/// Bytes of a block that RSAES-PKCS1-v1_5 needs for itself (RFC 8017, 7.2.1).
const PADDING_BYTES: usize = 11;

/// An agent's RSA public key, as `GET /api/v1/secret` gives it.
///
/// Holding one means that its size, modulus and exponent were checked. `Debug` shows its size and
/// fingerprint.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Big-endian, without leading zeros.
    modulus: Vec<u8>,
    exponent: u64,
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
        let (modulus, exponent) = der::rsa_public_key(&der)?;
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
        let exponent = checked_exponent(exponent)?;
        Ok(Self {
            modulus: modulus.to_vec(),
            exponent,
            fingerprint: lower_hex(&Sha256::digest(&der)),
        })
    }

    /// Size of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        bit_length(&self.modulus)
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
        let block_bytes = self.modulus.len();
        let empty_block = plaintext.is_empty().then_some(plaintext);
        let mut sealed = Vec::new();
        for text in plaintext
            .chunks(block_bytes - PADDING_BYTES)
            .chain(empty_block)
        {
            let mut block = padded(text, block_bytes, rng)?;
            raise(&mut block, self.exponent, &self.modulus);
            sealed.extend_from_slice(&block);
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

/// Pads a text to a block: EM = 0x00 ‖ 0x02 ‖ PS ‖ 0x00 ‖ M, where the bytes of PS are random and
/// not zero (RFC 8017, 7.2.1). The text is at most as long as the block less [`PADDING_BYTES`].
fn padded<R: TryCryptoRng + ?Sized>(
    text: &[u8],
    block_bytes: usize,
    rng: &mut R,
) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut draw = |bytes: &mut [u8]| rng.try_fill_bytes(bytes).map_err(|_| SealError::Randomness);
    // All of it at once: a buffer that grows would leave a copy behind.
    let mut block = Zeroizing::new(Vec::with_capacity(block_bytes));
    block.extend([0, 2]);
    block.resize(block_bytes - text.len() - 1, 0);
    let padding = block.get_mut(2..).unwrap_or_default();
    draw(padding)?;
    for byte in padding {
        while *byte == 0 {
            draw(slice::from_mut(byte))?;
        }
    }
    block.push(0);
    block.extend_from_slice(text);
    Ok(block)
}

/// Bits of a big-endian number that does not begin with a zero.
fn bit_length(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |byte| byte.leading_zeros());
    8 * number.len() - unused as usize
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
