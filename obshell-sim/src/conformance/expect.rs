//! What is expected of an answer, and how a disappointment is told.

use std::fmt::Debug;

use serde_json::Value;

use super::{
    report::Outcome,
    wire::{Answer, brief},
};

/// Why a statement did not pass.
#[derive(Debug, Clone)]
pub(super) enum Miss {
    Fail { expected: String, seen: String },
    NotApplicable(String),
}

/// How a check ends.
pub(super) type Check = Result<(), Miss>;

impl Miss {
    pub(super) fn fail(expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Self::Fail {
            expected: expected.into(),
            seen: seen.into(),
        }
    }

    pub(super) fn not_applicable(why: impl Into<String>) -> Self {
        Self::NotApplicable(why.into())
    }

    /// Says in which circumstance an expectation was missed.
    pub(super) fn when(self, circumstance: &str) -> Self {
        match self {
            Self::Fail { expected, seen } => Self::Fail {
                expected: format!("{circumstance}: {expected}"),
                seen,
            },
            other => other,
        }
    }
}

impl From<Miss> for Outcome {
    fn from(miss: Miss) -> Self {
        match miss {
            Miss::Fail { expected, seen } => Self::Fail { expected, seen },
            Miss::NotApplicable(why) => Self::NotApplicable { why },
        }
    }
}

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

/// The keys of a JSON object in the order of the wire.
pub(super) fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

/// A value inside an answer, by JSON pointer; `null` if it is not there.
pub(super) fn at<'a>(value: &'a Value, pointer: &str) -> &'a Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

/// A list inside an answer; empty if it is none.
pub(super) fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    at(value, pointer)
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// A text inside an answer; empty if it is none.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    at(value, pointer).as_str().unwrap_or_default()
}

/// What a message has to be.
#[derive(Debug, Clone)]
pub(super) enum Message {
    Is(String),
    StartsWith(String),
    /// No source tells it.
    Unknown,
}

impl Message {
    fn check(&self, seen: &str) -> Check {
        match self {
            Self::Is(text) => same("message", text.as_str(), seen),
            Self::StartsWith(text) => ensure(
                seen.starts_with(text),
                &format!("a message that starts with {text:?}"),
                || format!("{seen:?}"),
            ),
            Self::Unknown => Ok(()),
        }
    }
}

/// How far a question got before it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Before the trace id is set: it is empty, and the content type carries a charset.
    Early,
    /// After it.
    Late,
    /// A panic before the trace id is set.
    EarlyPanic,
    /// A panic in a handler.
    LatePanic,
}

/// The form of a refusal before 4.3.1.0.
#[derive(Debug, Clone)]
struct OldForm {
    status: u16,
    code: i64,
    message: Message,
}

/// An error answer, as it has to be.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: u16,
    code: Option<i64>,
    err_code: &'static str,
    en: Message,
    zh: Message,
    old: Option<OldForm>,
    depth: Depth,
    data_null: bool,
}

impl Refusal {
    /// A refusal with its HTTP status, `errCode` and English message.
    pub(super) fn new(status: u16, err_code: &'static str, en: impl Into<String>) -> Self {
        Self {
            status,
            code: None,
            err_code,
            en: Message::Is(en.into()),
            zh: Message::Unknown,
            old: None,
            depth: Depth::Late,
            data_null: false,
        }
    }

    /// 401 with the deprecated numeric code 10008.
    pub(super) fn unauthorized(err_code: &'static str, en: impl Into<String>) -> Self {
        Self {
            code: Some(10008),
            ..Self::new(401, err_code, en)
        }
    }

    /// A panic that was caught before a handler ran.
    pub(super) fn early_panic() -> Self {
        Self {
            depth: Depth::EarlyPanic,
            ..Self::panic()
        }
    }

    /// A panic in a handler: a static answer that knows no language.
    pub(super) fn panic() -> Self {
        const TEXT: &str = "Unexpected error: Internal Server Error";
        Self {
            depth: Depth::LatePanic,
            ..Self::new(500, "Common.Unexpected", TEXT).zh(TEXT)
        }
    }

    /// The Chinese message.
    pub(super) fn zh(mut self, text: impl Into<String>) -> Self {
        self.zh = Message::Is(text.into());
        self
    }

    /// The form before 4.3.1.0, with its message.
    pub(super) fn old(mut self, status: u16, code: i64, text: impl Into<String>) -> Self {
        self.old = Some(OldForm {
            status,
            code,
            message: Message::Is(text.into()),
        });
        self
    }

    /// The form before 4.3.1.0, with the start of its message.
    pub(super) fn old_start(mut self, status: u16, code: i64, start: impl Into<String>) -> Self {
        self.old = Some(OldForm {
            status,
            code,
            message: Message::StartsWith(start.into()),
        });
        self
    }

    /// The form before 4.3.1.0 of every authentication problem.
    pub(super) fn old_verification(self, text: &str) -> Self {
        self.old(401, 10008, format!("Verification failed: {text}"))
    }

    /// Refused before the trace id was set.
    pub(super) fn early(mut self) -> Self {
        self.depth = Depth::Early;
        self
    }

    /// With the deprecated numeric code.
    pub(super) fn code(mut self, code: i64) -> Self {
        self.code = Some(code);
        self
    }

    /// With `"data":null` beside the error.
    pub(super) fn data_null(mut self) -> Self {
        self.data_null = true;
        self
    }

    /// Compares an answer of 4.3.1.0 or later.
    pub(super) fn check(&self, answer: &Answer, chinese: bool) -> Check {
        let seen = || answer.summary();
        same("HTTP status", self.status, answer.status).map_err(|_| self.miss(answer))?;
        let json = answer.json()?;
        let mut expected = vec!["successful", "timestamp", "duration", "status", "traceId"];
        if self.data_null {
            expected.push("data");
        }
        expected.push("error");
        same("keys", expected, keys(&json)).map_err(|miss| miss.when(&seen()))?;
        let mut expected = vec!["errCode", "message"];
        if self.code.is_some() {
            expected.insert(0, "code");
        }
        let error = at(&json, "/error");
        same("keys of error", expected, keys(error)).map_err(|miss| miss.when(&seen()))?;
        same("errCode", self.err_code, text(error, "/errCode"))?;
        same("code", self.code, at(error, "/code").as_i64())?;
        same(
            "successful",
            Some(false),
            at(&json, "/successful").as_bool(),
        )?;
        same(
            "status in the body",
            Some(u64::from(self.status)),
            at(&json, "/status").as_u64(),
        )?;
        if self.data_null {
            ensure(at(&json, "/data").is_null(), "data null", seen)?;
        }
        let message = if chinese { &self.zh } else { &self.en };
        message.check(text(error, "/message"))?;
        let charset = matches!(self.depth, Depth::Early | Depth::EarlyPanic);
        let content_type = if charset {
            "application/json; charset=utf-8"
        } else {
            "application/json"
        };
        same(
            "Content-Type",
            Some(content_type),
            answer.header("content-type"),
        )?;
        let trace = text(&json, "/traceId");
        match self.depth {
            Depth::Late => is_trace_id(trace),
            Depth::Early | Depth::EarlyPanic | Depth::LatePanic => same("traceId", "", trace),
        }
    }

    /// Compares an answer of an agent before 4.3.1.0: a number for a code, and always English.
    pub(super) fn check_old(&self, answer: &Answer) -> Check {
        let Some(old) = &self.old else {
            return Err(Miss::not_applicable(
                "the form of this error before 4.3.1.0 is not known",
            ));
        };
        same("HTTP status", old.status, answer.status)
            .map_err(|miss| miss.when(&answer.summary()))?;
        let json = answer.json()?;
        let error = at(&json, "/error");
        same("keys of error", vec!["code", "message"], keys(error))?;
        same("code", Some(old.code), at(error, "/code").as_i64())?;
        same(
            "successful",
            Some(false),
            at(&json, "/successful").as_bool(),
        )?;
        same(
            "status in the body",
            Some(u64::from(old.status)),
            at(&json, "/status").as_u64(),
        )?;
        old.message.check(text(error, "/message"))
    }

    fn miss(&self, answer: &Answer) -> Miss {
        Miss::fail(
            format!("{} {}", self.status, self.err_code),
            answer.summary(),
        )
    }
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

/// A 200 answer's envelope; returns the whole of it.
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
