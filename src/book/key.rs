//! The key of a book.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::error::BookError;
use super::kdf::Kdf;
use crate::obshell::secret::Secret;

/// Bytes of a salt.
pub(super) const SALT: usize = 16;

/// Bytes of an AES-256 key, and of the check value.
pub(super) const HALF: usize = 32;

/// The key of a book: 64 bytes of Argon2id, of which the first 32 are the AES-256 key and the last
/// 32 the check value. Both are pieces of one BLAKE2b output, so the check value, which a book
/// shows, tells nothing of the key.
///
/// Overwritten with zeros when dropped, not `Clone`, and its `Debug` shows nothing of it.
#[derive(ZeroizeOnDrop)]
pub struct BookKey {
    // On the heap, so that moving the key leaves no copy of it on the stack.
    key: Box<Zeroizing<[u8; HALF]>>,
    #[zeroize(skip)]
    check: [u8; HALF],
}

impl BookKey {
    /// Derives the key from a passphrase. Takes some 100 ms.
    ///
    /// # Errors
    /// [`BookError::Weak`] and [`BookError::Heavy`] by the parameters, the latter also where memory
    /// is short.
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

    /// What a book shows of the passphrase that it was sealed under.
    pub(super) fn check(&self) -> &[u8; HALF] {
        &self.check
    }
}

impl fmt::Debug for BookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BookKey(..)")
    }
}

/// The memory of Argon2, which the key could be computed from.
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
