//! obshell's hybrid encryption: an RSA-sealed header, and AES for the body.
//!
//! The wire format is the agent's: RSAES-PKCS1-v1_5 in sections and AES-128-CBC with PKCS#7
//! padding, each as standard base64. Everything here is pure: randomness is an argument, and a
//! source of randomness that fails is an error, never weaker randomness. The module has no function
//! that returns a request's text unencrypted. The ciphers are those of the crates `rsa`, `aes` and
//! `cbc`; the sections, the base64 and the checks are here.
//!
//! ```text
//! PublicKey::parse ─▶ PublicKey ─ seal(header JSON) ─▶ X-OCS-Agent-Header
//! SessionKey::generate ─▶ SessionKey ┬ to_base64 ─▶ the header's Keys
//!                                    ├ seal_body ─▶ HTTP body
//!                                    └ open_body ◀─ `data` of a login
//! ```

pub mod body;
pub mod public_key;
pub mod session_key;
