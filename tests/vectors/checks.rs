//! Checks that run natively and in a browser: every vector, bit by bit.

use std::collections::BTreeSet;

use getrandom::SysRng;
use odp_console::obshell::crypto::body::{OpenError, open_body, seal_body};
use odp_console::obshell::crypto::public_key::{PublicKey, PublicKeyError, SealError};
use odp_console::obshell::crypto::session_key::SessionKey;
use rand_core::{TryCryptoRng, TryRng};

use super::counter_rng::CounterRng;
use super::fixtures;

pub fn session_key(seed: &str) -> SessionKey {
    SessionKey::generate(&mut CounterRng::new(seed)).unwrap()
}

/// Sealing with the recorded randomness produces the recorded text.
pub fn headers_are_sealed_as_recorded() {
    let mut sizes = BTreeSet::new();
    for key in fixtures::rsa() {
        let public_key = PublicKey::parse(&key.public_key).unwrap();
        assert_eq!(public_key.bits(), key.bits, "{}", key.name);
        assert_eq!(public_key.fingerprint(), key.fingerprint, "{}", key.name);
        for vector in &key.vectors {
            let sealed = public_key.seal(&vector.plaintext, &mut CounterRng::new(&vector.seed));
            assert_eq!(
                sealed.as_deref(),
                Ok(vector.sealed.as_str()),
                "{}",
                vector.seed
            );
        }
        assert!(key.vectors.len() > 15, "{} lacks vectors", key.name);
        sizes.insert(key.bits);
    }
    assert!(sizes.is_superset(&BTreeSet::from([512, 1024, 2048, 4096])));
}

/// Sealed bodies equal those of openssl, and open again.
pub fn bodies_are_sealed_and_opened_as_recorded() {
    let mut lengths = BTreeSet::new();
    for vector in fixtures::aes().opens {
        let key = session_key(&vector.seed);
        assert_eq!(*key.to_base64(), vector.keys, "{}", vector.seed);
        assert_eq!(
            seal_body(&key, &vector.plaintext),
            vector.sealed,
            "{}",
            vector.seed
        );
        let opened = open_body(&key, &vector.sealed).unwrap();
        assert_eq!(*opened, vector.plaintext, "{}", vector.seed);
        let with_space = format!(" {}\r\n", vector.sealed);
        assert_eq!(*open_body(&key, &with_space).unwrap(), vector.plaintext);
        lengths.insert(vector.plaintext.len());
    }
    assert!(lengths.is_superset(&(0..=49).collect()));
}

/// Damaged bodies are rejected with the right error.
pub fn damaged_bodies_are_refused_as_recorded() {
    let mut seen = BTreeSet::new();
    for case in fixtures::aes().refused {
        let error = open_body(&session_key(&case.seed), &case.sealed).unwrap_err();
        assert_eq!(format!("{error:?}"), case.error, "{}", case.name);
        assert_is_a_sentence(&error.to_string());
        seen.insert(match error {
            OpenError::NotBase64 => 0,
            OpenError::Length { .. } => 1,
            OpenError::Padding => 2,
        });
    }
    assert!(seen.into_iter().eq(0..3), "some error has no vector");
}

/// Keys at the limits are accepted.
pub fn public_keys_are_accepted_as_recorded() {
    let accepted = fixtures::public_keys().accepted;
    assert!(!accepted.is_empty());
    for case in accepted {
        let key = PublicKey::parse(&case.text).unwrap();
        assert_eq!(key.bits(), case.bits, "{}", case.name);
        assert_eq!(key.fingerprint(), case.fingerprint, "{}", case.name);
        assert_eq!(
            key,
            PublicKey::parse(&format!("\n {}\t\n", case.text)).unwrap()
        );
        let sealed = key.seal(b"text", &mut CounterRng::new("accepted")).unwrap();
        let base64_chars = case.bits.div_ceil(8).div_ceil(3) * 4;
        assert_eq!(sealed.len(), base64_chars, "{}", case.name);
    }
}

/// All other keys are rejected, with the right error.
pub fn public_keys_are_refused_as_recorded() {
    let mut seen = BTreeSet::new();
    for case in fixtures::public_keys().refused {
        let error = PublicKey::parse(&case.text).expect_err(&case.name);
        assert_eq!(format!("{error:?}"), case.error, "{}", case.name);
        assert_is_a_sentence(&error.to_string());
        seen.insert(match error {
            PublicKeyError::Empty => 0,
            PublicKeyError::NotBase64 => 1,
            PublicKeyError::NotDer => 2,
            PublicKeyError::Spki => 3,
            PublicKeyError::TrailingData => 4,
            PublicKeyError::TooSmall { .. } => 5,
            PublicKeyError::TooLarge { .. } => 6,
            PublicKeyError::EvenModulus => 7,
            PublicKeyError::ExponentTooSmall { .. } => 8,
            PublicKeyError::ExponentTooLarge => 9,
            PublicKeyError::EvenExponent { .. } => 10,
        });
    }
    assert!(seen.into_iter().eq(0..11), "some error has no vector");
}

/// If randomness ends at any byte, the result is an error and no text.
pub fn failing_randomness_seals_nothing() {
    for key in fixtures::rsa() {
        let public_key = PublicKey::parse(&key.public_key).unwrap();
        // The first block is full and needs 8 bytes of padding, the second has 11 bytes of text.
        let block_bytes = key.bits.div_ceil(8);
        let text = vec![b'x'; block_bytes];
        let needed = 8 + block_bytes - 3 - 11;
        for bytes in [0, 1, 7, 8, 9, needed - 1] {
            let sealed = public_key.seal(&text, &mut EndingRng { bytes });
            assert_eq!(
                sealed,
                Err(SealError::Randomness),
                "{} after {bytes}",
                key.name
            );
        }
        assert!(
            public_key
                .seal(&text, &mut EndingRng { bytes: needed })
                .is_ok()
        );
    }
    for bytes in [0, 1, 16, 31] {
        let error = SessionKey::generate(&mut EndingRng { bytes }).unwrap_err();
        assert_eq!(error, SealError::Randomness);
        assert_is_a_sentence(&error.to_string());
    }
    assert!(SessionKey::generate(&mut EndingRng { bytes: 32 }).is_ok());
}

/// The platform's randomness works, and no result repeats.
pub fn the_platforms_randomness_is_fresh() {
    let keys = fixtures::rsa();
    let public_key = PublicKey::parse(&keys.first().unwrap().public_key).unwrap();
    let sealed: BTreeSet<String> = (0..100)
        .map(|_| public_key.seal(b"the same", &mut SysRng).unwrap())
        .collect();
    assert_eq!(sealed.len(), 100);
    let keys: BTreeSet<String> = (0..100)
        .map(|_| SessionKey::generate(&mut SysRng).unwrap())
        .map(|key| key.to_base64().to_string())
        .collect();
    assert_eq!(keys.len(), 100);
}

fn assert_is_a_sentence(text: &str) {
    assert!(text.starts_with(char::is_uppercase), "{text}");
    assert!(
        text.ends_with('.') && text.matches(". ").count() == 0,
        "{text}"
    );
}

/// A source of randomness that fails after this many bytes.
struct EndingRng {
    bytes: usize,
}

/// The randomness has ended.
#[derive(Debug)]
struct Ended;

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ended")
    }
}

impl std::error::Error for Ended {}

impl TryRng for EndingRng {
    type Error = Ended;

    fn try_next_u32(&mut self) -> Result<u32, Ended> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Ended> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), Ended> {
        for byte in destination {
            self.bytes = self.bytes.checked_sub(1).ok_or(Ended)?;
            *byte = 0xa5;
        }
        Ok(())
    }
}

impl TryCryptoRng for EndingRng {}
