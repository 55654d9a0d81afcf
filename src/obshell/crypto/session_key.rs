//! The AES key of one request.

use std::fmt;

use base64ct::{Base64, Encoding};
use rand_core::TryCryptoRng;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use super::public_key::SealError;

/// An AES-128 key, or an initialization vector.
type Block = [u8; 16];

/// AES-128 key and initialization vector of one request.
///
/// Generated for every request. Overwritten with zeros when dropped, not `Clone`, and its `Debug`
/// reveals nothing of it.
///
/// ```compile_fail,E0599
/// # fn copy(key: odp_console::obshell::crypto::session_key::SessionKey) {
/// let copy = key.clone();
/// # }
/// ```
#[derive(ZeroizeOnDrop)]
pub struct SessionKey {
    // On the heap, so that moving the key leaves no copy of it on the stack.
    key_and_iv: Box<Zeroizing<[Block; 2]>>,
}

impl SessionKey {
    /// Draws a key and a vector of 16 bytes each, in this order.
    ///
    /// # Errors
    /// [`SealError::Randomness`] when the source of randomness fails.
    pub fn generate<R: TryCryptoRng + ?Sized>(rng: &mut R) -> Result<Self, SealError> {
        let mut key_and_iv = Box::new(Zeroizing::new([Block::default(); 2]));
        rng.try_fill_bytes(key_and_iv.as_flattened_mut())
            .map_err(|_| SealError::Randomness)?;
        Ok(Self { key_and_iv })
    }

    /// The `Keys` of a request header: standard base64 of key ‖ vector (obshell: 32 bytes).
    #[must_use]
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64::encode_string(self.key_and_iv.as_flattened()))
    }

    /// The AES key.
    pub(super) fn key(&self) -> &Block {
        let [key, _] = &**self.key_and_iv;
        key
    }

    /// The initialization vector.
    pub(super) fn iv(&self) -> &Block {
        let [_, iv] = &**self.key_and_iv;
        iv
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(..)")
    }
}
