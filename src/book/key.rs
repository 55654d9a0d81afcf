//! The key of a book.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::error::BookError;
use super::kdf::Kdf;
use crate::obshell::secret::Secret;

/// The length of a salt, in bytes.
pub(super) const SALT: usize = 16;

/// The length of an AES-256 key, and of the check value, in bytes.
pub(super) const HALF: usize = 32;

/// The key of a book: 64 bytes of Argon2id output. The first 32 bytes are the AES-256 key, the last
/// 32 the check value. Both are parts of one BLAKE2b output, so the check value, which a book
/// contains in clear text, reveals nothing of the key.
///
/// Overwritten with zeros when dropped, not `Clone`, and its `Debug` reveals nothing of the key.
#[derive(ZeroizeOnDrop)]
pub struct BookKey {
    // On the heap, so that moving the key leaves no copy of it on the stack.
    key: Box<Zeroizing<[u8; HALF]>>,
    #[zeroize(skip)]
    check: [u8; HALF],
}

impl BookKey {
    /// Derives the key from a passphrase. Takes about 100 ms.
    ///
    /// # Errors
    /// [`BookError::Weak`] and [`BookError::Heavy`] for parameters outside the limits;
    /// [`BookError::Heavy`] also if memory is insufficient.
    pub fn derive(passphrase: &Secret, kdf: Kdf, salt: &[u8; SALT]) -> Result<Self, BookError> {
        let kdf = kdf.check()?;
        let params = Params::new(kdf.memory_kib, kdf.passes, kdf.lanes, Some(2 * HALF))
            .map_err(|_| BookError::Heavy)?;
        let mut memory = Vec::new();
        memory
            .try_reserve_exact(params.block_count())
            .map_err(|_| BookError::Heavy)?;
        memory.resize(params.block_count(), Block::default());
        let mut memory = Memory(memory);
        let mut both = Box::new(Zeroizing::new([0; 2 * HALF]));
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                passphrase.expose().as_bytes(),
                salt,
                both.as_mut_slice(),
                &mut memory,
            )
            .map_err(|_| BookError::Heavy)?;
        let mut key = Box::new(Zeroizing::new([0; HALF]));
        let mut check = [0; HALF];
        if let (Some(first), Some(last)) = (both.first_chunk::<HALF>(), both.last_chunk::<HALF>()) {
            key.copy_from_slice(first);
            check = *last;
        }
        Ok(Self { key, check })
    }

    /// The AES-256 key.
    pub(super) fn key(&self) -> &[u8; HALF] {
        &self.key
    }

    /// The check value, which a book contains in clear text to recognize its passphrase.
    pub(super) fn check(&self) -> &[u8; HALF] {
        &self.check
    }
}

impl fmt::Debug for BookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BookKey(..)")
    }
}

/// The memory of Argon2, from which the key could be computed.
struct Memory(Vec<Block>);

impl AsMut<[Block]> for Memory {
    fn as_mut(&mut self) -> &mut [Block] {
        &mut self.0
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.0.fill(Block::default());
    }
}
