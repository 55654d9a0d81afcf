//! The client side of obshell's hybrid encryption, written for probing: it can also be wrong on
//! purpose.

use aes::cipher::BlockModeDecrypt;
use aes::cipher::{
    BlockModeEncrypt, KeyIvInit,
    block_padding::{NoPadding, Pkcs7},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use getrandom::SysRng;
use rand_core::TryRng;
use rsa::{
    BoxedUint, Pkcs1v15Encrypt, PublicKey as RsaKey,
    pkcs1::{self, der::Decode},
    traits::PublicKeyParts,
};

use crate::miss::Miss;

/// The agent's public key.
#[derive(Debug, Clone)]
pub(super) struct PublicKey {
    key: RsaKey,
    /// Length of the DER document in bytes.
    pub der_bytes: usize,
}

impl PublicKey {
    /// Parses the key that `/api/v1/secret` returns: standard base64 of a PKCS#1 `RSAPublicKey`.
    pub(super) fn parse(text: &str) -> Result<Self, Miss> {
        let wrong = |seen: String| Miss::fail("base64 of a PKCS#1 RSAPublicKey", seen);
        let der = STANDARD
            .decode(text)
            .map_err(|error| wrong(format!("not base64: {error}")))?;
        let parts = pkcs1::RsaPublicKeyRef::from_der(&der)
            .map_err(|error| wrong(format!("not PKCS#1: {error}")))?;
        let modulus = BoxedUint::from_be_slice_vartime(parts.modulus.as_bytes());
        let exponent = BoxedUint::from_be_slice_vartime(parts.public_exponent.as_bytes());
        let key = RsaKey::new_with_size_limits(modulus, exponent, 512..=8192)
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            key,
            der_bytes: der.len(),
        })
    }

    /// Size of the modulus in bits.
    pub(super) fn bits(&self) -> usize {
        self.key.size().saturating_mul(8)
    }

    /// The public exponent, as big-endian bytes without leading zeros.
    pub(super) fn exponent(&self) -> Box<[u8]> {
        self.key.e_bytes()
    }

    /// The longest text that fits into one block, in bytes (RFC 8017, 7.2.1).
    pub(super) fn room(&self) -> usize {
        self.key.size().saturating_sub(11)
    }

    /// A different key of the same size: the agent cannot open a text sealed with it.
    pub(super) fn stranger(&self) -> Result<Self, Miss> {
        let modulus = self.key.n().as_ref().wrapping_sub(BoxedUint::from(2_u64));
        let key = RsaKey::new_with_size_limits(modulus, self.key.e().clone(), 512..=8192)
            .map_err(|error| Miss::fail("another key of the same size", error.to_string()))?;
        Ok(Self {
            key,
            der_bytes: self.der_bytes,
        })
    }

    /// Seals a text in blocks of at most `chunk` bytes, base64 around the whole.
    pub(super) fn seal(&self, text: &[u8], chunk: usize) -> Result<String, Miss> {
        let mut sealed = Vec::new();
        let mut pieces: Vec<&[u8]> = text.chunks(chunk.max(1)).collect();
        if pieces.is_empty() {
            pieces.push(&[]);
        }
        for piece in pieces {
            let block = self
                .key
                .encrypt(&mut SysRng, Pkcs1v15Encrypt, piece)
                .map_err(|error| Miss::fail("a sealed header", error.to_string()))?;
            sealed.extend(block);
        }
        Ok(STANDARD.encode(sealed))
    }
}

/// A request's AES key and IV, 16 bytes each.
#[derive(Debug, Clone)]
pub(super) struct Keys([u8; 32]);

impl Keys {
    /// Generates fresh keys.
    pub(super) fn fresh() -> Result<Self, Miss> {
        let mut bytes = [0; 32];
        SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| Miss::fail("random bytes", error.to_string()))?;
        Ok(Self(bytes))
    }

    /// The header's `Keys`.
    pub(super) fn base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Key and IV, one after the other.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// AES-128-CBC with PKCS#7 padding, base64: a request's body.
    pub(super) fn seal_body(&self, text: &[u8]) -> Vec<u8> {
        let (key, iv) = self.halves();
        let cipher = cbc::Encryptor::<aes::Aes128>::new(&key.into(), &iv.into());
        STANDARD
            .encode(cipher.encrypt_padded_vec::<Pkcs7>(text))
            .into_bytes()
    }

    /// As [`seal_body`](Self::seal_body), without padding: the last block is filled with zeros.
    pub(super) fn seal_unpadded(&self, text: &[u8]) -> Vec<u8> {
        let (key, iv) = self.halves();
        let mut whole = text.to_vec();
        whole.resize(text.len().next_multiple_of(16), 0);
        let cipher = cbc::Encryptor::<aes::Aes128>::new(&key.into(), &iv.into());
        STANDARD
            .encode(cipher.encrypt_padded_vec::<NoPadding>(&whole))
            .into_bytes()
    }

    /// Opens a text that the agent sealed with these keys: the session id of a login.
    pub(super) fn open(&self, text: &str) -> Option<Vec<u8>> {
        let (key, iv) = self.halves();
        let sealed = STANDARD.decode(text).ok()?;
        let cipher = cbc::Decryptor::<aes::Aes128>::new(&key.into(), &iv.into());
        cipher.decrypt_padded_vec::<Pkcs7>(&sealed).ok()
    }

    fn halves(&self) -> ([u8; 16], [u8; 16]) {
        let mut key = [0; 16];
        let mut iv = [0; 16];
        let (first, second) = self.0.split_at(16);
        key.copy_from_slice(first);
        iv.copy_from_slice(second);
        (key, iv)
    }
}
