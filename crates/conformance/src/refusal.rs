//! The required form of an error answer.

use std::fmt::Debug;

use crate::{
    expect::{at, ensure, is_trace_id, keys, same, text},
    miss::{Check, Miss},
    wire::Answer,
};

/// The required form of a message.
#[derive(Debug, Clone)]
pub(super) enum Message {
    Is(String),
    StartsWith(String),
    /// No source contains it.
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

/// How far a request was processed before it was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// Before the trace id is set: it is empty, and the content type carries a charset.
    Early,
    /// After the trace id is set.
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

/// The required form of an error answer.
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

    /// A panic in a handler: a static answer in one language.
    pub(super) fn panic() -> Self {
        const TEXT: &str = "Unexpected error: Internal Server Error";
        Self {
            depth: Depth::LatePanic,
            ..Self::new(500, "Common.Unexpected", TEXT)
                .zh(TEXT)
                .old(500, 1002, TEXT)
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

    /// Compares an answer of an agent before 4.3.1.0: its code is a number, and its message is
    /// always English.
    pub(super) fn check_old(&self, answer: &Answer) -> Check {
        let Some(old) = &self.old else {
            return Err(Miss::not_applicable(
                "the format of this error before 4.3.1.0 is unknown",
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
