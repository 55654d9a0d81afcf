//! Powers modulo an odd number: the arithmetic of an encryption with a public RSA key.
//!
//! Products are Montgomery's, which need no division: of `a` and `b` they give `a·b/R` modulo the
//! modulus, where `R` is the smallest power of 2³² above it (P. L. Montgomery, Modular
//! Multiplication Without Trial Division, Mathematics of Computation 44, 1985). They are formed
//! digit by digit (A. Menezes, P. van Oorschot, S. Vanstone, Handbook of Applied Cryptography,
//! algorithm 14.36).
//!
//! Written here because a browser has to fetch it: the lightest library for it weighs 3 KB more,
//! and its time depends on the number that is raised.
//!
//! That number tells the plaintext. No branch and no address depends on it here, only on the
//! lengths and on the exponent, which everybody may know.

use zeroize::Zeroizing;

/// Little-endian bytes that make whole digits of 32 bits. Wiped when dropped.
type Number = Zeroizing<Vec<u8>>;

/// Replaces a number by its power modulo an odd modulus: `base ← baseᵉ mod modulus`.
///
/// Both are big-endian and of the same length, and the base is below the modulus.
pub(super) fn raise(base: &mut [u8], mut exponent: u64, modulus: &[u8]) {
    let modulus = number(modulus);

    // base·R, by doubling as often as R has bits.
    let mut square = number(base);
    for _ in 0..8 * square.len() {
        let copy = square.clone();
        let top = add(&mut square, &copy, 1);
        reduce(&mut square, top, &modulus);
    }

    // The bits of the exponent from the lowest on (Handbook, algorithm 14.76). The squares keep
    // their factor R, which the product of each with the power takes away again.
    let mut power = Zeroizing::new(vec![0; square.len()]);
    if let Some(lowest) = power.first_mut() {
        *lowest = 1;
    }
    while exponent > 0 {
        if exponent % 2 == 1 {
            power = product(&power, &square, &modulus);
        }
        square = product(&square, &square, &modulus);
        exponent /= 2;
    }

    for (to, from) in base.iter_mut().rev().zip(power.iter()) {
        *to = *from;
    }
}

/// `a·b/R` modulo the modulus. Both factors are below the modulus, and so is the product.
fn product(a: &[u8], b: &[u8], modulus: &[u8]) -> Number {
    // −1/modulus modulo 2³²: right in the lowest bit, and each step doubles how many bits are.
    let lowest = lowest_digit(modulus);
    let mut inverse = 1_u32;
    for _ in 0..u32::BITS.ilog2() {
        inverse = inverse.wrapping_mul(lowest.wrapping_mul(inverse).wrapping_add(2));
    }

    let mut sum = Zeroizing::new(vec![0; a.len()]);
    let mut top = 0;
    for digit in digits(b) {
        top += add(&mut sum, a, digit);
        // The multiple of the modulus that makes the lowest digit 0, so that it can be dropped.
        let factor = lowest_digit(&sum).wrapping_mul(inverse);
        top += add(&mut sum, modulus, factor);
        sum.copy_within(4.., 0);
        if let Some(highest) = sum.last_chunk_mut() {
            *highest = (top as u32).to_le_bytes();
        }
        top >>= u32::BITS;
    }
    reduce(&mut sum, top, modulus);
    sum
}

/// Takes the modulus away once, unless the number is below it. `top` is the digit above the
/// number's, and the whole is below twice the modulus.
fn reduce(number: &mut [u8], top: u64, modulus: &[u8]) {
    // !n is R − 1 − n, so that !(!n + m) is n − m, and the sum runs over where n is below m.
    invert(number);
    let below = add(number, modulus, 1);
    invert(number);
    // Once or not at all. A number with a top digit is not below, although its other digits are.
    let back = below - top;
    add(number, modulus, back as u32);
}

/// Turns every bit round.
fn invert(number: &mut [u8]) {
    for byte in number {
        *byte = !*byte;
    }
}

/// `number ← number + factor·other`. Gives the digit that runs over.
fn add(number: &mut [u8], other: &[u8], factor: u32) -> u64 {
    let mut carry = 0;
    for (digit, other) in number.as_chunks_mut().0.iter_mut().zip(digits(other)) {
        // At most (2³² − 1) + (2³² − 1)² + (2³² − 1), which is 2⁶⁴ − 1.
        carry += u64::from(u32::from_le_bytes(*digit)) + u64::from(factor) * u64::from(other);
        *digit = (carry as u32).to_le_bytes();
        carry >>= u32::BITS;
    }
    carry
}

/// The digits of a number, the lowest first.
fn digits(number: &[u8]) -> impl Iterator<Item = u32> {
    let digits = number.as_chunks().0.iter();
    digits.map(|digit| u32::from_le_bytes(*digit))
}

/// The lowest digit of a number.
fn lowest_digit(number: &[u8]) -> u32 {
    digits(number).next().unwrap_or_default()
}

/// A number from its big-endian bytes.
fn number(bytes: &[u8]) -> Number {
    // Zeros first: a buffer that grows would leave a copy behind.
    let mut number = Zeroizing::new(vec![0; bytes.len().next_multiple_of(4)]);
    for (to, from) in number.iter_mut().zip(bytes.iter().rev()) {
        *to = *from;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::hazmat::rsa_encrypt;
    use rsa::{BoxedUint, PublicKey};

    /// The power by the crate `rsa`.
    fn reference(base: &[u8], exponent: u64, modulus: &[u8]) -> Vec<u8> {
        let modulus = BoxedUint::from_be_slice_vartime(modulus);
        let base = BoxedUint::from_be_slice(base, modulus.bits_precision()).unwrap();
        let key = PublicKey::new_unchecked(modulus, BoxedUint::from(exponent));
        rsa_encrypt(&key, &base).unwrap().to_be_bytes().to_vec()
    }

    #[track_caller]
    fn assert_right(base: &[u8], exponent: u64, modulus: &[u8]) {
        let mut power = base.to_vec();
        raise(&mut power, exponent, modulus);
        let reference = reference(base, exponent, modulus);
        // It is as long as whole words.
        let (zeros, reference) = reference.split_at(reference.len() - base.len());
        assert!(zeros.iter().all(|&byte| byte == 0));
        assert!(
            power == reference,
            "{base:02x?} to the {exponent} modulo {modulus:02x?}"
        );
    }

    /// Odd numbers of so many bits: the largest, the smallest, and some in between.
    fn moduli(bits: usize) -> [Vec<u8>; 5] {
        let length = bits.div_ceil(8);
        let top = 1_u8 << ((bits - 1) % 8);
        let filled = |byte: u8| {
            let mut number = vec![byte; length];
            number[0] = number[0] & (top - 1) | top;
            number[length - 1] |= 1;
            number
        };
        let mut highest_digits = filled(0);
        highest_digits[..length / 2].fill(0xff);
        highest_digits[0] = top | (top - 1);
        [
            filled(0xff),
            filled(0),
            filled(0xaa),
            filled(0x3c),
            highest_digits,
        ]
    }

    /// Numbers below a modulus: the smallest, the largest, and ones whose digits are extreme.
    fn bases(modulus: &[u8]) -> Vec<Vec<u8>> {
        let length = modulus.len();
        let small = |byte: u8| {
            let mut number = vec![0; length];
            number[length - 1] = byte;
            number
        };
        let mut one_less = modulus.to_vec();
        one_less[length - 1] -= 1;
        let mut half = modulus.to_vec();
        half[0] /= 2;
        let mut all_ones = vec![0xff; length];
        all_ones[0] = 0;
        let mut block = vec![0x5a; length];
        block[..2].copy_from_slice(&[0, 2]);
        vec![
            small(0),
            small(1),
            small(2),
            one_less,
            half,
            all_ones,
            block,
        ]
    }

    #[test]
    fn powers_of_small_numbers_are_right() {
        for modulus in (3..600_u32).step_by(2) {
            let bytes = if modulus < 256 { 3.. } else { 2.. };
            for base in (0..modulus).step_by(7).chain([modulus - 1]) {
                let mut power = 1;
                for exponent in 0..10 {
                    let mut number = base.to_be_bytes();
                    raise(
                        &mut number[bytes.clone()],
                        exponent,
                        &modulus.to_be_bytes()[bytes.clone()],
                    );
                    assert_eq!(
                        u32::from_be_bytes(number),
                        power,
                        "{base} to the {exponent} modulo {modulus}"
                    );
                    power = power * base % modulus;
                }
            }
        }
    }

    /// Whole digits, whole bytes, and one bit or byte more or less.
    #[test]
    fn powers_of_every_length_are_right() {
        for bits in 64..=136 {
            for modulus in moduli(bits) {
                for base in bases(&modulus) {
                    assert_right(&base, 65537, &modulus);
                }
            }
        }
    }

    #[test]
    fn powers_by_every_kind_of_exponent_are_right() {
        for modulus in moduli(257) {
            for base in bases(&modulus) {
                for exponent in [0, 1, 3, 5, 6, 17, 65537, (1 << 32) + 1, (1 << 33) - 1] {
                    assert_right(&base, exponent, &modulus);
                }
            }
        }
    }

    #[test]
    fn powers_of_numbers_as_large_as_keys_are_right() {
        for (bits, count) in [
            (512, 7),
            (1000, 4),
            (1023, 4),
            (1024, 4),
            (1536, 3),
            (8192, 1),
        ] {
            for modulus in moduli(bits) {
                for base in bases(&modulus).iter().rev().take(count) {
                    assert_right(base, 3, &modulus);
                }
            }
        }
    }
}
