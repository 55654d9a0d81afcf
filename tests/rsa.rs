//! Checks that text of any length is split into sections that the crate `rsa` encrypts one by one,
//! and that its private key decrypts. `vectors.rs` checks them with OpenSSL.

#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "vectors/counter_rng.rs"]
mod counter_rng;

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use counter_rng::CounterRng;
use odp_console::obshell::crypto::public_key::PublicKey;
use rand_core::TryRng;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, Pkcs1v15Encrypt, PrivateKey};

/// Sections have the maximum length for the modulus, even if its size is not a whole number of
/// bytes, and for moduli with random digits, all ones, or as many zeros as possible.
#[test]
fn sections_are_as_long_as_the_modulus_allows() {
    for bits in [512, 513, 543, 544, 545, 1000, 1023, 1024, 1025, 1536, 2048] {
        for modulus in moduli(bits) {
            let block = bits.div_ceil(8) - 11;
            assert_same_blocks(&modulus, 3, &[0, block]);
            assert_same_blocks(&modulus, 65537, &[block - 1, block + 1]);
        }
    }
    for bits in [4096, 8191, 8192] {
        let [random, ones, _] = moduli(bits);
        let block = bits.div_ceil(8) - 11;
        assert_same_blocks(&random, 65537, &[block]);
        assert_same_blocks(&ones, 3, &[block, 0]);
    }
    let [random, ..] = moduli(512);
    assert_same_blocks(&random, (1 << 33) - 1, &(0..110).collect::<Vec<_>>());
}

#[test]
fn the_reference_reads_what_is_sealed() {
    for bits in [512, 1000, 1023, 1024, 1025, 1536] {
        let key = PrivateKey::new_unchecked(&mut CounterRng::new("a key"), bits).unwrap();
        assert_eq!(key.n().bit_width(), u32::try_from(bits).unwrap());
        assert_read(&key, &edges(bits.div_ceil(8) - 11));
    }
    for (name, bits) in [("rsa-2048-e3", 2048), ("rsa-4096", 4096)] {
        let pem = fs::read_to_string(format!("tests/fixtures/vectors/{name}.pem")).unwrap();
        let key = PrivateKey::from_pkcs8_pem(&pem);
        assert_read(
            &key.unwrap(),
            &[0, bits / 8 - 12, bits / 8 - 11, bits / 8 - 10],
        );
    }
    assert_read(&largest_key(), &[8192 / 8 - 11]);
}

/// A modulus of 8192 bits with more than two primes, because finding two of that size takes
/// minutes.
fn largest_key() -> PrivateKey {
    let mut rng = CounterRng::new("the largest key");
    let mut primes = Vec::new();
    while primes.len() < 16 {
        let pair = PrivateKey::new(&mut rng, 1024).unwrap();
        primes.extend(pair.primes().iter().map(|prime| prime.as_ref().clone()));
    }
    PrivateKey::from_primes(primes, BoxedUint::from(65537_u64)).unwrap()
}

/// Lengths of texts at the boundaries of one, two and three blocks.
fn edges(block: usize) -> Vec<usize> {
    let around = |length: usize| length - 1..=length + 1;
    [0, 1, 16]
        .into_iter()
        .chain(around(block))
        .chain(around(2 * block))
        .chain(around(3 * block))
        .collect()
}

/// Odd numbers of this many bits, big-endian.
fn moduli(bits: usize) -> [Vec<u8>; 3] {
    let length = bits.div_ceil(8);
    let top = 1_u8 << ((bits - 1) % 8);
    let mut random = vec![0; length];
    let Ok(()) = CounterRng::new(&format!("modulus {bits}")).try_fill_bytes(&mut random);
    [random, vec![0xff; length], vec![0; length]].map(|mut modulus| {
        modulus[0] = modulus[0] & (top - 1) | top;
        modulus[length - 1] |= 1;
        modulus
    })
}

#[track_caller]
fn assert_same_blocks(modulus: &[u8], exponent: u64, lengths: &[usize]) {
    let reference = rsa::PublicKey::new_with_size_limits(
        BoxedUint::from_be_slice_vartime(modulus),
        BoxedUint::from(exponent),
        512..=8192,
    )
    .unwrap();
    let key = parsed(&reference);
    for &length in lengths {
        let text = text(length);
        let seed = format!("{length}");
        let mut rng = CounterRng::new(&seed);
        let block = modulus.len() - 11;
        let empty_block = text.is_empty().then_some(&*text);
        let blocks: Vec<u8> = text
            .chunks(block)
            .chain(empty_block)
            .flat_map(|text| reference.encrypt(&mut rng, Pkcs1v15Encrypt, text).unwrap())
            .collect();
        let sealed = key.seal(&text, &mut CounterRng::new(&seed)).unwrap();
        assert!(
            STANDARD.decode(sealed).unwrap() == blocks,
            "{length} bytes, exponent {exponent}, modulus {modulus:02x?}"
        );
    }
}

#[track_caller]
fn assert_read(private: &PrivateKey, lengths: &[usize]) {
    let key = parsed(private.as_public_key());
    let mut rng = CounterRng::new("read");
    for &length in lengths {
        let text = text(length);
        let sealed = STANDARD.decode(key.seal(&text, &mut rng).unwrap()).unwrap();
        let read: Vec<u8> = sealed
            .chunks(private.size())
            .flat_map(|block| private.decrypt(Pkcs1v15Encrypt, block).unwrap())
            .collect();
        assert!(read == text, "{length} bytes, {} bits", key.bits());
    }
}

fn parsed(key: &rsa::PublicKey) -> PublicKey {
    let der = key.to_pkcs1_der().unwrap();
    PublicKey::parse(&STANDARD.encode(der.as_bytes())).unwrap()
}

/// A text with every byte value, including zeros at the start of a block.
fn text(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 256) as u8).collect()
}
