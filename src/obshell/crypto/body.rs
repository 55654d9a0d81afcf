//! The AES envelope around a request body, and around the session id of a login.

use aes::Aes128;
use base64ct::{Base64, Encoding};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::session_key::SessionKey;

/// Seals a request's body: AES-128-CBC (NIST SP 800-38A) with PKCS#7 padding (RFC 5652, 6.3), as
/// standard base64, which is the whole HTTP body.
///
/// Empty text gives one block of padding. A request without a body sends none instead.
#[must_use]
pub fn seal_body(key: &SessionKey, plaintext: &[u8]) -> String {
    let cipher = cbc::Encryptor::<Aes128>::new(key.key().into(), key.iv().into());
    Base64::encode_string(&cipher.encrypt_padded_vec::<Pkcs7>(plaintext))
}

/// Opens what the agent sealed with the request's own key: the `data` of a login.
///
/// White space around the text is ignored.
///
/// # Errors
/// [`OpenError`] if the text is not a sealed body, or was sealed with another key. The format has
/// no authentication: a wrong key is detected only by its padding, in all but about one of 256
/// cases.
pub fn open_body(key: &SessionKey, base64: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let opened = decrypted(key, base64);
    wipe_stack();
    opened
}

/// Bytes of stack to wipe: well above what decrypting takes.
const STACK_BYTES: usize = 4096;

/// Overwrites what the preceding call left on the stack. The cipher works on copies of its blocks
/// there, and a later value with unfilled bytes may carry them along.
#[inline(never)]
fn wipe_stack() {
    [0_u8; STACK_BYTES].zeroize();
}

/// Decrypts in a stack frame of its own, which is released before the stack is wiped.
#[inline(never)]
fn decrypted(key: &SessionKey, base64: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut buffer = Base64::decode_vec(base64.trim())
        .map(Zeroizing::new)
        .map_err(|_| OpenError::NotBase64)?;
    let bytes = buffer.len();
    if bytes == 0 || !bytes.is_multiple_of(BLOCK_BYTES) {
        return Err(OpenError::Length { bytes });
    }
    // In place: on failure the text remains in a buffer that is overwritten when dropped.
    let cipher = cbc::Decryptor::<Aes128>::new(key.key().into(), key.iv().into());
    let length = cipher
        .decrypt_padded::<Pkcs7>(&mut buffer)
        .map_err(|_| OpenError::Padding)?
        .len();
    buffer.truncate(length);
    Ok(buffer)
}

/// Bytes of an AES block.
const BLOCK_BYTES: usize = 16;

/// Why a sealed body could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OpenError {
    /// Not standard, padded base64.
    #[error("The encrypted answer is not base64.")]
    NotBase64,
    /// Not one or more whole AES blocks.
    #[error(
        "The encrypted answer has {bytes} bytes, which is not a whole number of {BLOCK_BYTES}-byte blocks."
    )]
    Length {
        /// Bytes found.
        bytes: usize,
    },
    /// The padding is not PKCS#7: sealed with another key, or damaged.
    #[error(
        "The encrypted answer cannot be decrypted with the key of its request: its padding is wrong."
    )]
    Padding,
}
