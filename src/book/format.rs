//! The text of a book. `docs/agent-book.md` describes the text byte by byte.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::BookError;
use super::kdf::Kdf;
use super::key::{HALF, SALT};

/// The version of the format.
pub const VERSION: u64 = 1;

/// The maximum length of a book's text, in bytes.
pub const MAX_TEXT: usize = 1 << 20;

const FORMAT: &str = "odp-console agent book";
const KDF: &str = "argon2id";
/// The version of Argon2 (RFC 9106): 0x13.
const ARGON2: u32 = 19;

/// The id of a sealed password: 16 bytes in lower-case hex.
pub(super) type PasswordId = String;

/// The unsealed part of a book: the parameters of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub kdf: Kdf,
    pub salt: [u8; SALT],
    /// The check value of the passphrase; see [`BookKey`](super::key::BookKey).
    pub check: [u8; HALF],
}

impl Header {
    /// The header as associated data: part of the associated data of every sealed value.
    pub fn associated(&self) -> String {
        let Kdf {
            memory_kib,
            passes,
            lanes,
        } = self.kdf;
        let salt = Base64::encode_string(&self.salt);
        let check = Base64::encode_string(&self.check);
        format!(
            "{FORMAT} {VERSION}\n{KDF} {ARGON2} {memory_kib} {passes} {lanes}\n{salt}\n{check}\n"
        )
    }

    /// The associated data of the list.
    pub fn associated_of_list(&self) -> String {
        self.associated() + "list\n"
    }

    /// The associated data of a password, which binds the password to the agent's address.
    pub fn associated_of_password(&self, id: &str, address: &str) -> String {
        self.associated() + "password " + id + "\n" + address + "\n"
    }
}

/// A book in its stored form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub header: Header,
    /// The sealed list; see [`seal`](super::seal).
    pub list: String,
    /// The sealed passwords by their ids.
    pub passwords: BTreeMap<PasswordId, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    format: String,
    version: u64,
    kdf: KdfText,
    salt: String,
    check: String,
    list: String,
    passwords: BTreeMap<String, String>,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct KdfText {
    name: String,
    version: u32,
    #[serde(rename = "memoryKiB")]
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// The fields that every version of the format has.
#[derive(Deserialize)]
struct Kind {
    format: String,
    version: u64,
}

impl Stored {
    /// Parses the text of a book.
    ///
    /// # Errors
    /// [`BookError::NotABook`], [`BookError::Damaged`], [`BookError::TooLarge`],
    /// [`BookError::Newer`], [`BookError::Weak`] and [`BookError::Heavy`].
    pub fn read(text: &str) -> Result<Self, BookError> {
        if text.len() > MAX_TEXT {
            return Err(BookError::TooLarge);
        }
        let text = text.trim();
        let looks_like = text.starts_with(r#"{"format":"odp-console "#);
        let unreadable = if looks_like {
            BookError::Damaged
        } else {
            BookError::NotABook
        };
        let kind: Kind = serde_json::from_str(text).map_err(|_| unreadable)?;
        if kind.format != FORMAT {
            return Err(BookError::NotABook);
        }
        if kind.version > VERSION {
            let version = kind.version;
            return Err(BookError::Newer { version });
        }
        let text: Text = serde_json::from_str(text).map_err(|_| BookError::Damaged)?;
        if text.version != VERSION {
            return Err(BookError::Damaged);
        }
        let stored = Self {
            header: Header {
                kdf: Kdf {
                    memory_kib: text.kdf.memory_kib,
                    passes: text.kdf.passes,
                    lanes: text.kdf.lanes,
                },
                salt: bytes(&text.salt)?,
                check: bytes(&text.check)?,
            },
            list: text.list,
            passwords: text.passwords,
        };
        if text.kdf.name != KDF || text.kdf.version != ARGON2 {
            return Err(BookError::Weak);
        }
        // Checked before the derivation takes memory or time, and before a person types a
        // passphrase.
        stored.header.kdf.check()?;
        if stored.checksum() == text.sha256 {
            Ok(stored)
        } else {
            Err(BookError::Damaged)
        }
    }

    /// Serializes the book: one line of JSON, with the keys in this order.
    ///
    /// # Errors
    /// [`BookError::TooLarge`] if the text exceeds [`MAX_TEXT`].
    pub fn write(&self) -> Result<String, BookError> {
        let Kdf {
            memory_kib,
            passes,
            lanes,
        } = self.header.kdf;
        let text = Text {
            format: FORMAT.to_owned(),
            version: VERSION,
            kdf: KdfText {
                name: KDF.to_owned(),
                version: ARGON2,
                memory_kib,
                passes,
                lanes,
            },
            salt: Base64::encode_string(&self.header.salt),
            check: Base64::encode_string(&self.header.check),
            list: self.list.clone(),
            passwords: self.passwords.clone(),
            sha256: self.checksum(),
        };
        let text = serde_json::to_string(&text).map_err(|_| BookError::Damaged)?;
        if text.len() > MAX_TEXT {
            return Err(BookError::TooLarge);
        }
        Ok(text)
    }

    /// The SHA-256 that distinguishes damage from a wrong passphrase. An attacker can recompute the
    /// checksum; only the seals protect against deliberate changes.
    fn checksum(&self) -> String {
        let mut hash = Sha256::new()
            .chain_update(self.header.associated())
            .chain_update(&self.list)
            .chain_update("\n");
        for (id, sealed) in &self.passwords {
            hash.update(id);
            hash.update(" ");
            hash.update(sealed);
            hash.update("\n");
        }
        hex(&hash.finalize())
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], BookError> {
    let bytes = Base64::decode_vec(text).map_err(|_| BookError::Damaged)?;
    bytes.try_into().map_err(|_| BookError::Damaged)
}

/// Encodes bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
