//! The agent's RSA key pair.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use rsa::hazmat::rsa_decrypt;
use rsa::pkcs1::der::Decode as _;
use rsa::pkcs1::{EncodeRsaPublicKey as _, RsaPublicKey, UintRef};
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, Pkcs1v15Encrypt, PrivateKey, PublicKey};

use crate::go::decode_base64;

/// The error of Go's `crypto/rsa` for any failed decryption.
const DECRYPTION_ERROR: &str = "crypto/rsa: decryption error";

/// A key pair.
#[derive(Clone)]
pub(crate) struct KeyPair {
    private: PrivateKey,
    public_base64: String,
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyPair")
            .field("bits", &(self.private.size() * 8))
            .finish_non_exhaustive()
    }
}

impl KeyPair {
    /// Generates a pair. The test chooses the size: the crate's minimum of 1024 bits is bypassed.
    pub(crate) fn generate(bits: usize) -> io::Result<Self> {
        let private = PrivateKey::new_unchecked(&mut SysRng, bits).map_err(io::Error::other)?;
        let der = PublicKey::from(&private)
            .to_pkcs1_der()
            .map_err(io::Error::other)?;
        Ok(Self {
            public_base64: STANDARD.encode(der.as_bytes()),
            private,
        })
    }

    /// Standard base64 of the PKCS#1 `RSAPublicKey` DER.
    pub(crate) fn public_base64(&self) -> &str {
        &self.public_base64
    }

    /// Decrypts base64 of any number of PKCS#1 v1.5 blocks; the error is obshell's text.
    pub(crate) fn decrypt(&self, text: &str) -> Result<Vec<u8>, String> {
        let (ciphertext, corrupt) = decode_base64(text.as_bytes());
        if let Some(corrupt) = corrupt {
            return Err(corrupt.to_string());
        }
        let mut plain = Vec::new();
        for block in ciphertext.chunks(self.private.size()) {
            plain.extend(self.decrypt_block(block).ok_or(DECRYPTION_ERROR)?);
        }
        Ok(plain)
    }

    /// The crate's own unpadding returns made-up text for wrong padding, while Go returns an error.
    /// The padding is therefore removed here; a test double has no secret to protect.
    fn decrypt_block(&self, block: &[u8]) -> Option<Vec<u8>> {
        let number = BoxedUint::from_be_slice(block, self.private.n_bits_precision()).ok()?;
        let padded = rsa_decrypt(None::<&mut SysRng>, &self.private, &number)
            .ok()?
            .to_be_bytes();
        let padded = padded.get(padded.len().checked_sub(self.private.size())?..)?;
        let padding_and_text = padded.strip_prefix(&[0, 2])?;
        let padding = padding_and_text.iter().position(|byte| *byte == 0)?;
        if padding < 8 {
            return None;
        }
        padding_and_text.get(padding + 1..).map(<[u8]>::to_vec)
    }
}

/// Seals a text for another agent, whose key is base64 of its DER; `None` if the key is invalid.
pub(crate) fn seal(public_base64: &str, text: &str) -> Option<String> {
    let der = STANDARD.decode(public_base64).ok()?;
    let key: RsaPublicKey<UintRef<'_>> = RsaPublicKey::from_der(&der).ok()?;
    let number = |bytes: &[u8]| BoxedUint::from_be_slice_vartime(bytes);
    // Keys shorter than the crate's minimum are in use.
    let key = PublicKey::new_with_size_limits(
        number(key.modulus.as_bytes()),
        number(key.public_exponent.as_bytes()),
        512..=8192,
    );
    let key = key.ok()?;
    let blocks = text.as_bytes().chunks(key.size().checked_sub(11)?);
    let sealed = blocks.map(|block| key.encrypt(&mut SysRng, Pkcs1v15Encrypt, block));
    Some(STANDARD.encode(sealed.collect::<Result<Vec<_>, _>>().ok()?.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encrypt(pair: &KeyPair, block: &[u8]) -> Vec<u8> {
        PublicKey::from(&pair.private)
            .encrypt(&mut SysRng, Pkcs1v15Encrypt, block)
            .unwrap()
    }

    #[test]
    fn blocks_of_any_fill_decrypt_with_either_key_size() {
        for bits in [512, 1024] {
            let pair = KeyPair::generate(bits).unwrap();
            let text = b"A text that is longer than one block of the smaller key can hold, by far.";
            for fill in [1, 7, 53, pair.private.size() - 11] {
                let sealed: Vec<u8> = text
                    .chunks(fill)
                    .flat_map(|chunk| encrypt(&pair, chunk))
                    .collect();
                assert_eq!(pair.decrypt(&STANDARD.encode(sealed)).unwrap(), text);
            }
        }
    }

    #[test]
    fn what_is_sealed_for_another_agent_that_agent_can_open() {
        for bits in [512, 1024] {
            let pair = KeyPair::generate(bits).unwrap();
            let text = "x".repeat(300);
            let sealed = seal(pair.public_base64(), &text).unwrap();
            assert_eq!(pair.decrypt(&sealed).unwrap(), text.as_bytes());
        }
        assert_eq!(seal("nonsense", "text"), None);
    }

    #[test]
    fn the_published_key_has_the_length_of_the_captured_one() {
        assert_eq!(KeyPair::generate(1024).unwrap().public_base64().len(), 188);
    }

    #[test]
    fn what_does_not_decrypt_is_answered_in_gos_words() {
        let (pair, other) = (
            KeyPair::generate(1024).unwrap(),
            KeyPair::generate(1024).unwrap(),
        );
        let foreign = STANDARD.encode(encrypt(&other, b"{}"));
        assert_eq!(pair.decrypt(&foreign).unwrap_err(), DECRYPTION_ERROR);
        assert_eq!(pair.decrypt("YWJj").unwrap_err(), DECRYPTION_ERROR);
        assert_eq!(
            pair.decrypt("!").unwrap_err(),
            "illegal base64 data at input byte 0"
        );
    }
}
