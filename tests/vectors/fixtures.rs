//! The vectors in `tests/fixtures/vectors`, compiled in, so that they are available in a browser.
//!
//! `generate.py` in the same folder generated them with Python's integers and the openssl program.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};

/// A key and its sealed texts.
#[derive(Deserialize)]
pub struct RsaKey {
    /// Name of its private key's file, without `.pem`.
    pub name: String,
    pub bits: usize,
    pub public_key: String,
    pub fingerprint: String,
    pub vectors: Vec<RsaVector>,
}

/// A text and its sealed form.
#[derive(Deserialize)]
pub struct RsaVector {
    pub seed: String,
    #[serde(deserialize_with = "bytes")]
    pub plaintext: Vec<u8>,
    pub sealed: String,
}

#[derive(Deserialize)]
pub struct Aes {
    pub opens: Vec<AesVector>,
    pub refused: Vec<AesRefused>,
}

/// A body and its sealed form.
#[derive(Deserialize)]
pub struct AesVector {
    pub seed: String,
    /// The `Keys` of the header.
    pub keys: String,
    #[serde(deserialize_with = "bytes")]
    pub plaintext: Vec<u8>,
    pub sealed: String,
}

/// An invalid sealed body.
#[derive(Deserialize)]
pub struct AesRefused {
    pub name: String,
    pub seed: String,
    pub sealed: String,
    /// `Debug` of the error.
    pub error: String,
}

#[derive(Deserialize)]
pub struct PublicKeys {
    pub accepted: Vec<AcceptedKey>,
    pub refused: Vec<RefusedKey>,
}

/// A valid public key.
#[derive(Deserialize)]
pub struct AcceptedKey {
    pub name: String,
    pub text: String,
    pub bits: usize,
    pub fingerprint: String,
}

/// An invalid public key.
#[derive(Deserialize)]
pub struct RefusedKey {
    pub name: String,
    pub text: String,
    /// `Debug` of the error.
    pub error: String,
}

pub fn rsa() -> Vec<RsaKey> {
    serde_json::from_str(include_str!("../fixtures/vectors/rsa.json")).unwrap()
}

pub fn aes() -> Aes {
    serde_json::from_str(include_str!("../fixtures/vectors/aes.json")).unwrap()
}

pub fn public_keys() -> PublicKeys {
    serde_json::from_str(include_str!("../fixtures/vectors/public_keys.json")).unwrap()
}

fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let base64 = <&str>::deserialize(deserializer)?;
    STANDARD.decode(base64).map_err(serde::de::Error::custom)
}
