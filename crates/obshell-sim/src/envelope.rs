//! The envelope around every answer (obshell: ob/agent/lib/http/response.go).

use std::time::Duration;

use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::header::ACCEPT_LANGUAGE;
use serde_json::Value;

use crate::error::{ApiError, Wording};
use crate::go;
use crate::locale::{self, Locale};
use crate::reply::Reply;
use crate::request::Request;
use crate::state::State;

const JSON: &str = "application/json";
const JSON_WITH_CHARSET: &str = "application/json; charset=utf-8";
const STATUS_TARGET: &str = "/api/v1/status";

/// The content of the envelope.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Data(Option<Value>),
    NoContent,
    Error(ApiError),
    Panic,
}

/// The data that the middleware has collected for the envelope so far.
#[derive(Debug)]
pub(crate) struct Envelope {
    locale: Option<Locale>,
    trace_id: String,
    next_trace_id: String,
    /// Set late: failures of the header and the body occur before.
    content_type: &'static str,
    /// The value of `data` beside an error.
    pub(crate) data_beside_error: Option<&'static str>,
    pub(crate) duration: Duration,
}

impl Envelope {
    pub(crate) fn new(request: &Request) -> Self {
        let given = request.header("x-obshell-trace-id").map(str::to_owned);
        Self {
            locale: locale::parse(request.header(ACCEPT_LANGUAGE.as_str())),
            trace_id: String::new(),
            next_trace_id: given.unwrap_or_else(|| State::random_hex(8)),
            content_type: JSON_WITH_CHARSET,
            data_beside_error: None,
            duration: Duration::ZERO,
        }
    }

    /// PreHandlers and SetContentType.
    pub(crate) fn begin_handlers(&mut self, request: &Request) {
        self.content_type = JSON;
        if request.target != STATUS_TARGET {
            self.trace_id = std::mem::take(&mut self.next_trace_id);
        }
    }

    /// Builds the answer.
    pub(crate) fn write(&self, state: &mut State, outcome: Outcome) -> Reply {
        match outcome {
            Outcome::NoContent => Reply {
                content_type: Some(self.content_type),
                ..Reply::empty(StatusCode::NO_CONTENT)
            },
            Outcome::Data(data) => {
                let data = data
                    .map(|data| format!(",\"data\":{data}"))
                    .unwrap_or_default();
                let timestamp = state.timestamp();
                self.reply(
                    200,
                    &self.trace_id,
                    &timestamp,
                    self.duration.as_millis(),
                    &data,
                )
            }
            Outcome::Error(error) => {
                let wording = state.wording(&error);
                let data = self
                    .data_beside_error
                    .map(|data| format!(",\"data\":{data}"))
                    .unwrap_or_default();
                let rest = format!("{data},\"error\":{}", self.error(&wording));
                let timestamp = state.timestamp();
                self.reply(
                    wording.status,
                    &self.trace_id,
                    &timestamp,
                    self.duration.as_millis(),
                    &rest,
                )
            }
            Outcome::Panic => {
                // A single object for all panics, created when the process started.
                let mut wording =
                    state.wording(&ApiError::Plain("Internal Server Error".to_owned()));
                wording.bare = None;
                wording.zh = wording.en.clone();
                let rest = format!(",\"error\":{}", self.error(&wording));
                let timestamp = go::rfc3339(state.started_at, state.clock.zone());
                self.reply(wording.status, "", &timestamp, 0, &rest)
            }
        }
    }

    fn error(&self, wording: &Wording) -> String {
        let message = match (self.locale, &wording.bare) {
            (None, Some(bare)) => bare,
            (Some(Locale::Chinese), _) => &wording.zh,
            (Some(Locale::English) | None, _) => &wording.en,
        };
        let mut fields = serde_json::Map::new();
        if wording.code != 0 {
            fields.insert("code".to_owned(), wording.code.into());
        }
        if let Some(err_code) = wording.err_code {
            fields.insert("errCode".to_owned(), err_code.into());
        }
        fields.insert("message".to_owned(), message.clone().into());
        Value::Object(fields).to_string()
    }

    fn reply(
        &self,
        status: u16,
        trace_id: &str,
        timestamp: &str,
        milliseconds: u128,
        rest: &str,
    ) -> Reply {
        let successful = status == 200;
        let trace_id = Value::from(trace_id);
        let json = format!(
            "{{\"successful\":{successful},\"timestamp\":\"{timestamp}\",\"duration\":{milliseconds},\
             \"status\":{status},\"traceId\":{trace_id}{rest}}}"
        );
        Reply {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            content_type: Some(self.content_type),
            location: None,
            body: Bytes::from(go::html_safe(&json)),
        }
    }
}
