//! Small damage to texts and JSON.

use serde_json::{Value, json};

use crate::random::Random;

/// Bytes with a meaning for a parser.
const TELLING: &[u8] = b"{}[]\",:\\0123456789-+.eEntfu \n\x00\x7f\x80\xc3\xe4\xed\xf0\xff";

const WORDS: [&[u8]; 18] = [
    b"null",
    b"true",
    b"-0",
    b"1e999",
    b"18446744073709551616",
    b"-9223372036854775809",
    b"\"\\ud800\"",
    b"\"\\u0000\"",
    b"{\"a\":{\"a\":{\"a\":",
    b"[[[[[[[[",
    b"1970-01-01T00:00:00Z",
    b"9999-12-31T23:59:60.999999999+23:59",
    b"RUNNING",
    b"SUCCEED",
    b"PASS",
    b"\"data\":",
    b"\xf0\x9f\x92\xa5",
    b"\xef\xbb\xbf",
];

/// Damages bytes once.
pub fn bytes(random: &mut Random, text: &mut Vec<u8>, others: &[Vec<u8>]) {
    let at = random.below(text.len() + 1);
    let to = (at + 1 + random.below(16)).min(text.len());
    match random.below(8) {
        0 if at < text.len() => text[at] ^= 1 << random.below(8),
        1 if at < text.len() => text[at] = random.pick(TELLING),
        2 => text.insert(at, random.pick(TELLING)),
        3 => text.truncate(at),
        4 => drop(text.drain(at..to)),
        5 => {
            let piece = text[at..to].to_vec();
            let times = 1 + random.below(40);
            text.splice(at..at, piece.repeat(times));
        }
        6 => drop(text.splice(at..to, random.pick(&WORDS).iter().copied())),
        _ => {
            let other = &others[random.below(others.len())];
            let from = random.below(other.len() + 1);
            text.truncate(at);
            text.extend_from_slice(&other[from..]);
        }
    }
}

fn odd(random: &mut Random) -> Value {
    match random.below(12) {
        0 => Value::Null,
        1 => json!(random.pick(&[0, -1, 1, 4, 64, i64::from(u32::MAX) + 1, i64::MAX, i64::MIN])),
        2 => json!(1.5),
        3 => json!(""),
        4 => json!("x".repeat(random.below(2000))),
        5 => json!([]),
        6 => json!({}),
        7 => json!([null, 1, "a", [], {}]),
        8 => json!(random.once_in(2)),
        9 => json!(random.pick(&["PASS", "CANCEL", "FAILED", "SUCCEED", "READY", "ROLLBACK"])),
        10 => json!(random.pick(&[
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
            "2026-11-23T12:00:00+14:00",
            "1970-01-01T08:00:00+08:00"
        ])),
        _ => json!("\u{202e}\u{0}{0}{1}\u{feff}"),
    }
}

/// Damages a value once, at any depth.
pub fn value(random: &mut Random, value: &mut Value) {
    let deeper = !random.once_in(6);
    match value {
        Value::Array(items) if !items.is_empty() && deeper => {
            let index = random.below(items.len());
            match random.below(8) {
                0 => drop(items.remove(index)),
                1 => {
                    let item = items[index].clone();
                    let times = 1 + random.below(20);
                    items.splice(index..index, std::iter::repeat_n(item, times));
                }
                2 => items.swap(0, index),
                _ => self::value(random, &mut items[index]),
            }
        }
        Value::Object(pairs) if !pairs.is_empty() && deeper => {
            let index = random.below(pairs.len());
            let Some(key) = pairs.keys().nth(index).cloned() else {
                return;
            };
            if random.once_in(10) {
                pairs.remove(&key);
            } else if let Some(inner) = pairs.get_mut(&key) {
                self::value(random, inner);
            }
        }
        _ => *value = odd(random),
    }
}
