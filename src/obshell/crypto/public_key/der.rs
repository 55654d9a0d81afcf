//! Reads the DER of a public key (ITU-T X.690, section 10): a value has one encoding there, and
//! nothing else is taken.

use super::PublicKeyError;

const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// Modulus and exponent, big-endian without leading zeros.
type Numbers<'a> = (&'a [u8], &'a [u8]);

/// The content of an element, and what is behind the element.
type Split<'a> = (&'a [u8], &'a [u8]);

/// The numbers of an `RSAPublicKey` (RFC 8017, A.1.1).
///
/// # Errors
/// [`PublicKeyError::TrailingData`], [`PublicKeyError::Spki`] and [`PublicKeyError::NotDer`], as
/// they say.
pub(super) fn rsa_public_key(der: &[u8]) -> Result<Numbers<'_>, PublicKeyError> {
    match numbers(der) {
        Some((numbers, true)) => Ok(numbers),
        Some((_, false)) => Err(PublicKeyError::TrailingData),
        None if is_spki(der) => Err(PublicKeyError::Spki),
        None => Err(PublicKeyError::NotDer),
    }
}

/// SEQUENCE { modulus INTEGER, publicExponent INTEGER }, and whether that is all.
fn numbers(der: &[u8]) -> Option<(Numbers<'_>, bool)> {
    let (key, behind) = element(SEQUENCE, der)?;
    let (modulus, rest) = natural(key)?;
    let (exponent, rest) = natural(rest)?;
    Some(((modulus, exponent), rest.is_empty() && behind.is_empty()))
}

/// Whether this begins like a `SubjectPublicKeyInfo`: SEQUENCE { SEQUENCE { OBJECT IDENTIFIER …
/// (RFC 5280, 4.1).
fn is_spki(der: &[u8]) -> bool {
    let first = |tag, der| element(tag, der).map(|(content, _)| content);
    first(SEQUENCE, der)
        .and_then(|key| first(SEQUENCE, key))
        .and_then(|algorithm| first(OBJECT_IDENTIFIER, algorithm))
        .is_some()
}

/// Splits off an INTEGER that is not negative. Its bytes come without leading zeros, so that zero
/// has none.
fn natural(der: &[u8]) -> Option<Split<'_>> {
    let (content, rest) = element(INTEGER, der)?;
    let number = match content {
        // A zero in front only keeps a number from being read as negative, or is the number zero.
        [0, number @ ..] if number.first().is_none_or(|&byte| byte >= 0x80) => number,
        [1..0x80, ..] => content,
        _ => return None,
    };
    Some((number, rest))
}

/// Splits off an element of this tag.
fn element(tag: u8, der: &[u8]) -> Option<Split<'_>> {
    let (&[found, length], rest) = der.split_first_chunk()?;
    if found != tag {
        return None;
    }
    if length < 0x80 {
        return rest.split_at_checked(length.into());
    }
    // The length follows, in as few bytes as it needs. No bytes would leave it open: not in DER.
    let (bytes, rest) = rest.split_at_checked((length - 0x80).into())?;
    let length = bytes
        .iter()
        .fold(0_usize, |length, &byte| length << 8 | usize::from(byte));
    let is_short = bytes.len() <= 4 && bytes.first() != Some(&0) && length >= 0x80;
    rest.split_at_checked(length).filter(|_| is_short)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::pkcs1::RsaPublicKeyRef;
    use rsa::pkcs1::der::{Decode, ErrorKind};

    /// What the crate `der` reads there.
    fn reference(der: &[u8]) -> Result<Numbers<'_>, Option<PublicKeyError>> {
        let strip = |number: &'_ [u8]| number.iter().take_while(|&&byte| byte == 0).count();
        match RsaPublicKeyRef::from_der(der) {
            Ok(key) => {
                let [modulus, exponent] = [key.modulus, key.public_exponent].map(|number| {
                    let bytes = number.as_bytes();
                    &bytes[strip(bytes)..]
                });
                Ok((modulus, exponent))
            }
            Err(error) => Err(match error.kind() {
                ErrorKind::TrailingData { .. } => Some(PublicKeyError::TrailingData),
                _ => None,
            }),
        }
    }

    fn assert_same(der: &[u8]) -> bool {
        let read = rsa_public_key(der);
        match reference(der) {
            Ok(numbers) => assert_eq!(read, Ok(numbers), "{der:02x?}"),
            Err(Some(error)) => assert_eq!(read, Err(error), "{der:02x?}"),
            Err(None) => assert!(
                matches!(read, Err(PublicKeyError::NotDer | PublicKeyError::Spki)),
                "{read:?} {der:02x?}"
            ),
        }
        read.is_ok()
    }

    fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len().to_be_bytes();
        let length = &length[length.iter().take_while(|&&byte| byte == 0).count()..];
        let mut element = vec![tag];
        match length {
            [] => element.push(0),
            [short @ 0..0x80] => element.push(*short),
            long => {
                element.push(0x80 + u8::try_from(long.len()).unwrap());
                element.extend(long);
            }
        }
        element.extend(content);
        element
    }

    fn key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
        tlv(
            SEQUENCE,
            &[tlv(INTEGER, modulus), tlv(INTEGER, exponent)].concat(),
        )
    }

    /// Lengths of one, two, three and four bytes.
    #[test]
    fn keys_of_any_length_are_read() {
        for length in [
            1,
            2,
            64,
            118,
            119,
            120,
            127,
            128,
            129,
            256,
            65_528,
            65_536,
            1 << 24,
        ] {
            let modulus = vec![0x7f; length];
            let der = key(&modulus, &[1, 0, 1]);
            assert_eq!(rsa_public_key(&der), Ok((&*modulus, &[1, 0, 1][..])));
            assert!(assert_same(&der));
            assert!(!assert_same(&der[..der.len() - 1]));
            assert!(!assert_same(&[&*der, &[0]].concat()));
        }
    }

    #[test]
    fn numbers_have_one_encoding() {
        let numbers: [&[u8]; 12] = [
            &[],
            &[0],
            &[0, 0],
            &[0, 0x7f],
            &[0, 0x80],
            &[0, 0, 0x80],
            &[0, 0x80, 0],
            &[1],
            &[0x7f, 0xff],
            &[0x80],
            &[0x80, 0],
            &[0xff, 0xff],
        ];
        let read = numbers.map(|number| {
            let first = assert_same(&key(number, &[3]));
            assert_eq!(assert_same(&key(&[3], number)), first, "{number:?}");
            first
        });
        let allowed = [1, 4, 6, 7, 8];
        assert_eq!(read, std::array::from_fn(|at| allowed.contains(&at)));
        assert_eq!(rsa_public_key(&key(&[0], &[0])), Ok((&[][..], &[][..])));
    }

    /// A length that is longer than it has to be, or wraps round where sizes have 32 or 64 bits.
    #[test]
    fn lengths_have_one_encoding() {
        let der = key(&[0x7f; 140], &[3]);
        let ([SEQUENCE, 0x81, length], rest) = der.split_first_chunk().unwrap() else {
            panic!("{der:02x?}");
        };
        let mut taken = Vec::new();
        for zeros in 0..9 {
            for front in [None, Some(1)] {
                let mut bytes: Vec<u8> = front.into_iter().collect();
                bytes.resize(bytes.len() + zeros, 0);
                bytes.push(*length);
                let count = 0x80 + u8::try_from(bytes.len()).unwrap();
                if assert_same(&[&[SEQUENCE, count], &*bytes, rest].concat()) {
                    taken.push(bytes);
                }
            }
        }
        assert_eq!(taken, [[*length]]);
        let short = key(&[3], &[3]);
        assert!(assert_same(&short));
        assert!(!assert_same(&[&[SEQUENCE, 0x81], &short[1..]].concat()));
    }

    /// Every single wrong byte, every byte too few, in a key with short and with long lengths.
    #[test]
    fn damaged_keys_are_taken_for_what_the_reference_takes_them() {
        for length in [20, 130] {
            let der = key(&vec![0x55; length], &[1, 0, 1]);
            for at in 0..der.len() {
                assert!(!assert_same(&der[..at]));
                let mut damaged = der.clone();
                for byte in 0..=u8::MAX {
                    damaged[at] = byte;
                    assert_same(&damaged);
                }
            }
        }
    }
}
