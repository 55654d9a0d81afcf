//! Sealing with AES-256-GCM (NIST SP 800-38D). A sealed value is the base64 of nonce (12 bytes) ‖
//! ciphertext ‖ tag (16 bytes).

use aes_gcm::aead::{Aead, Nonce, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use base64ct::{Base64, Encoding};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use super::error::BookError;
use super::key::BookKey;

/// The length of a nonce, in bytes.
const NONCE: usize = 12;

/// Encrypts `plain` with a new random nonce. Returns base64.
///
/// # Errors
/// [`BookError::Randomness`] if the source of randomness fails.
pub(super) fn seal<R: TryCryptoRng + ?Sized>(
    key: &BookKey,
    associated: &str,
    plain: &[u8],
    rng: &mut R,
) -> Result<String, BookError> {
    let mut nonce = [0; NONCE];
    rng.try_fill_bytes(&mut nonce)
        .map_err(|_| BookError::Randomness)?;
    let payload = Payload {
        msg: plain,
        aad: associated.as_bytes(),
    };
    // Encryption fails only for 64 GiB or more.
    let sealed = cipher(key)
        .encrypt(&nonce.into(), payload)
        .map_err(|_| BookError::TooLarge)?;
    Ok(Base64::encode_string(&[&nonce, sealed.as_slice()].concat()))
}

/// Decrypts a value that [`seal`] returned.
///
/// # Errors
/// [`BookError::Damaged`] if the value is not base64 or too short; [`BookError::Changed`] if the
/// key, the associated data or the content differ from those of the sealing.
pub(super) fn open(
    key: &BookKey,
    associated: &str,
    sealed: &str,
) -> Result<Zeroizing<Vec<u8>>, BookError> {
    let sealed = Base64::decode_vec(sealed).map_err(|_| BookError::Damaged)?;
    let (nonce, sealed) = sealed
        .split_first_chunk::<NONCE>()
        .ok_or(BookError::Damaged)?;
    let nonce: &Nonce<Aes256Gcm> = nonce.into();
    let payload = Payload {
        msg: sealed,
        aad: associated.as_bytes(),
    };
    let plain = cipher(key).decrypt(nonce, payload);
    plain.map(Zeroizing::new).map_err(|_| BookError::Changed)
}

fn cipher(key: &BookKey) -> Aes256Gcm {
    Aes256Gcm::new(key.key().into())
}
