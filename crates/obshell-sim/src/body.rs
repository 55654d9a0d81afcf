//! Bodies: AES-128-CBC, PKCS#7, base64 (obshell: ob/agent/secure/body.go, ob/agent/lib/crypto/aes.go).

use aes::Aes128;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};

use crate::go::decode_base64;

/// Why decrypting or encrypting a body failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// Fewer than 16 bytes of key.
    KeySize,
    /// Not a number of whole blocks.
    Length,
    /// A case in which the agent panics: an invalid IV, an empty text, padding longer than the
    /// text.
    Panic,
}

/// Splits the keys of a header: 16 bytes of key, 16 of IV.
fn split(keys: &[u8]) -> Result<([u8; 16], [u8; 16]), BodyError> {
    let (key, iv) = keys.split_at_checked(16).ok_or(BodyError::KeySize)?;
    let key = key.try_into().map_err(|_| BodyError::KeySize)?;
    let iv = iv.try_into().map_err(|_| BodyError::Panic)?;
    Ok((key, iv))
}

/// Decrypts a body. Base64 is decoded up to the first error; only the last byte of the padding is
/// checked.
pub(crate) fn decrypt(body: &[u8], keys: &[u8]) -> Result<Vec<u8>, BodyError> {
    let (key, iv) = split(keys)?;
    let (mut text, _) = decode_base64(body);
    if text.len() % 16 != 0 {
        return Err(BodyError::Length);
    }
    let cipher = cbc::Decryptor::<Aes128>::new(&key.into(), &iv.into());
    cipher
        .decrypt_padded::<NoPadding>(&mut text)
        .map_err(|_| BodyError::Length)?;
    let padding = usize::from(*text.last().ok_or(BodyError::Panic)?);
    let length = text.len().checked_sub(padding).ok_or(BodyError::Panic)?;
    text.truncate(length);
    Ok(text)
}

/// Encrypts an answer's data: a session id or a token.
pub(crate) fn encrypt(text: &str, keys: &[u8]) -> Result<String, BodyError> {
    let (key, iv) = split(keys)?;
    let cipher = cbc::Encryptor::<Aes128>::new(&key.into(), &iv.into());
    Ok(STANDARD.encode(cipher.encrypt_padded_vec::<Pkcs7>(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [u8; 32] = [7; 32];

    #[test]
    fn what_is_encrypted_decrypts() {
        for length in 0..40 {
            let text = "x".repeat(length);
            let sealed = encrypt(&text, &KEYS).unwrap();
            assert_eq!(decrypt(sealed.as_bytes(), &KEYS).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn every_wrong_body_has_its_error() {
        assert_eq!(decrypt(b"AAAA", &[]), Err(BodyError::KeySize));
        assert_eq!(decrypt(b"AAAA", &KEYS[..15]), Err(BodyError::KeySize));
        assert_eq!(decrypt(b"AAAA", &KEYS[..31]), Err(BodyError::Panic));
        assert_eq!(decrypt(b"AAAA", &KEYS), Err(BodyError::Length));
        assert_eq!(
            decrypt(br#"{"operator":"RETRY"}"#, &KEYS),
            Err(BodyError::Panic)
        );
    }
}
