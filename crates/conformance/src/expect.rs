//! Expectations about an answer, and the text of a failed one.

use serde_json::Value;
use std::fmt::Debug;

use crate::{
    miss::{Check, Miss},
    wire::{Answer, brief},
};

/// Expects two values to be equal.
pub(super) fn same<T: PartialEq + Debug>(what: &str, expected: T, seen: T) -> Check {
    if expected == seen {
        return Ok(());
    }
    Err(Miss::fail(
        format!("{what} {expected:?}"),
        brief(&format!("{seen:?}")),
    ))
}

/// Expects something to hold.
pub(super) fn ensure(holds: bool, expected: &str, seen: impl FnOnce() -> String) -> Check {
    if holds {
        Ok(())
    } else {
        Err(Miss::fail(expected, brief(&seen())))
    }
}

/// The keys of a JSON object, in the order of the answer.
pub(super) fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

/// A value inside an answer, by JSON pointer; `null` if there is none.
pub(super) fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// A list inside an answer; empty if the value is not a list.
pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    at(value, pointer)
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// A text inside an answer; empty if the value is not a text.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    at(value, pointer).as_str().unwrap_or_default()
}

/// Expects 16 lower-case hexadecimal digits.
pub(super) fn is_trace_id(text: &str) -> Check {
    let fine = text.len() == 16
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    ensure(fine, "a trace id of 16 hexadecimal digits", || {
        format!("{text:?}")
    })
}

/// Expects RFC 3339 with at most nine fractional digits, of which the last is not a zero.
pub(super) fn timestamp(text: &str) -> Result<chrono::DateTime<chrono::FixedOffset>, Miss> {
    let wrong = || {
        Miss::fail(
            "an RFC 3339 time with up to nine digits, trailing zeros trimmed",
            format!("{text:?}"),
        )
    };
    let parsed = chrono::DateTime::parse_from_rfc3339(text).map_err(|_| wrong())?;
    if let Some((_, rest)) = text.split_once('.') {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() || digits.len() > 9 || digits.ends_with('0') {
            return Err(wrong());
        }
    }
    Ok(parsed)
}

/// Expects a 200 answer with an envelope, which is returned.
pub(super) fn accepted(answer: &Answer) -> Result<Value, Miss> {
    same("HTTP status", 200, answer.status).map_err(|_| Miss::fail("200", answer.summary()))?;
    let json = answer.json()?;
    same("successful", Some(true), at(&json, "/successful").as_bool())?;
    Ok(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_trimmed_and_at_most_nanoseconds() {
        for good in [
            "2026-11-23T20:24:43.70296366+08:00",
            "1970-01-01T00:00:00Z",
            "2026-11-23T12:39:11.5Z",
        ] {
            assert!(timestamp(good).is_ok(), "{good}");
        }
        for bad in [
            "2026-11-23T12:39:11.50Z",
            "2026-11-23T12:39:11.1234567891Z",
            "2026-11-23 12:39:11",
            "",
        ] {
            assert!(timestamp(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn trace_ids_are_16_lower_case_digits() {
        assert!(is_trace_id("a20bafc1cfc3917c").is_ok());
        assert!(is_trace_id("A20BAFC1CFC3917C").is_err());
        assert!(is_trace_id("").is_err());
    }
}
