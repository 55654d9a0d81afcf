//! Checks sealing against the vectors and against OpenSSL.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "vectors/checks.rs"]
mod checks;
#[path = "vectors/counter_rng.rs"]
mod counter_rng;
#[path = "vectors/fixtures.rs"]
mod fixtures;
#[path = "vectors/openssl.rs"]
mod openssl;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use counter_rng::CounterRng;
use odp_console::obshell::crypto::body::{open_body, seal_body};
use odp_console::obshell::crypto::public_key::PublicKey;

#[test]
fn headers_are_sealed_as_recorded() {
    checks::headers_are_sealed_as_recorded();
}

#[test]
fn bodies_are_sealed_and_opened_as_recorded() {
    checks::bodies_are_sealed_and_opened_as_recorded();
}

#[test]
fn damaged_bodies_are_refused_as_recorded() {
    checks::damaged_bodies_are_refused_as_recorded();
}

#[test]
fn public_keys_are_accepted_as_recorded() {
    checks::public_keys_are_accepted_as_recorded();
}

#[test]
fn public_keys_are_refused_as_recorded() {
    checks::public_keys_are_refused_as_recorded();
}

#[test]
fn failing_randomness_seals_nothing() {
    checks::failing_randomness_seals_nothing();
}

#[test]
fn the_platforms_randomness_is_fresh() {
    checks::the_platforms_randomness_is_fresh();
}

#[test]
fn openssl_reads_every_recorded_header() {
    for key in fixtures::rsa() {
        let public_key = PublicKey::parse(&key.public_key).unwrap();
        for vector in &key.vectors {
            let sealed = public_key.seal(&vector.plaintext, &mut CounterRng::new(&vector.seed));
            let blocks = assert_openssl_reads(&key, &sealed.unwrap(), &vector.plaintext);
            let block_bytes = key.bits.div_ceil(8) - 11;
            let expected = vector.plaintext.len().div_ceil(block_bytes).max(1);
            assert_eq!(blocks, expected, "{}", vector.seed);
        }
    }
}

/// Every length from zero to slightly more than two blocks.
#[test]
fn openssl_reads_headers_of_every_length() {
    let keys = fixtures::rsa();
    let key = keys
        .iter()
        .find(|key| key.bits == 512)
        .expect("a key of 512 bits");
    let public_key = PublicKey::parse(&key.public_key).unwrap();
    let mut rng = CounterRng::new("every length");
    for length in 0..=2 * (64 - 11) + 2 {
        let text: Vec<u8> = (0..length).map(|at| u8::try_from(at).unwrap()).collect();
        let sealed = public_key.seal(&text, &mut rng).unwrap();
        assert_openssl_reads(key, &sealed, &text);
    }
}

#[test]
fn openssl_and_the_console_read_each_others_bodies() {
    let vectors = fixtures::aes().opens;
    for vector in &vectors {
        let key = checks::session_key(&vector.seed);
        let keys = STANDARD.decode(&*key.to_base64()).unwrap();
        // Not the recorded text, so that the result does not depend on the record.
        let text: Vec<u8> = vector.plaintext.iter().map(|byte| !byte).collect();

        let sealed = STANDARD.decode(seal_body(&key, &text)).unwrap();
        assert_eq!(
            openssl::aes_decrypt(&keys, &sealed),
            text,
            "{}",
            vector.seed
        );

        let sealed = STANDARD.encode(openssl::aes_encrypt(&keys, &text));
        assert_eq!(*open_body(&key, &sealed).unwrap(), text, "{}", vector.seed);
    }
}

/// Returns the number of blocks.
fn assert_openssl_reads(key: &fixtures::RsaKey, sealed: &str, text: &[u8]) -> usize {
    let sealed = STANDARD.decode(sealed).unwrap();
    let blocks = sealed.chunks(key.bits.div_ceil(8));
    let count = blocks.len();
    let opened: Vec<u8> = blocks
        .flat_map(|block| openssl::rsa_decrypt(&key.name, block))
        .collect();
    assert_eq!(opened, text, "{} with {} bytes", key.name, text.len());
    count
}
