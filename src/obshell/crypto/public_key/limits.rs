//! The limits for accepted keys.

/// Smallest modulus in bits: the size of the keys of agents before 4.4.2.0.
pub(super) const MIN_BITS: usize = 512;
/// Largest modulus in bits. A larger one would only slow the page down.
pub(super) const MAX_BITS: usize = 8192;
/// Smallest public exponent; 1 would be no encryption at all.
pub(super) const MIN_EXPONENT: u64 = 3;
/// Largest public exponent: the bound of the crate `rsa` against slow keys.
pub(super) const MAX_EXPONENT: u64 = rsa::PublicKey::MAX_PUB_EXPONENT;
