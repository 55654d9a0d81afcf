//! From the status and the bytes of an answer to what it says.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::error::{ApiError, ErrorKind, NotObshell, NotObshellKind};

/// The most bytes an answer may have. A task of 100,000 sub tasks stays well below.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// An agent's answer that is no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// What it carries.
    pub content: Content<T>,
    /// The agent's trace id of this request, to find it in the agent's log; may be empty.
    pub trace_id: String,
}

/// What an answer carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content<T> {
    /// `data`.
    Data(T),
    /// An envelope without `data`, as after an operator.
    Nothing,
    /// HTTP 204 without a body: to a DELETE it says that nothing is managed.
    NoContent,
}

/// Why an answer is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// See [`Failure::NotObshell`](super::error::Failure::NotObshell).
    NotObshell(NotObshell),
    /// See [`Failure::Refused`](super::error::Failure::Refused).
    Refused(ApiError),
}

#[derive(Deserialize)]
struct Envelope<T> {
    successful: bool,
    // A proxy's JSON may have `successful` too, but hardly these.
    #[serde(rename = "timestamp")]
    _timestamp: String,
    status: u16,
    #[serde(rename = "traceId", default)]
    trace_id: String,
    data: Option<T>,
    error: Option<WireError>,
}

#[derive(Deserialize)]
struct WireError {
    code: Option<i64>,
    #[serde(rename = "errCode")]
    err_code: Option<String>,
    #[serde(default)]
    message: String,
}

/// Opens an answer: HTTP status and body as they came.
///
/// # Errors
/// [`OpenError::Refused`] where the agent said no, in either error format;
/// [`OpenError::NotObshell`] where the answer is not an agent's or not whole.
pub fn open<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<Answer<T>, OpenError> {
    let not_obshell = |kind| OpenError::NotObshell(NotObshell { status, kind });
    if status == 204 && body.is_empty() {
        return Ok(Answer {
            content: Content::NoContent,
            trace_id: String::new(),
        });
    }
    if body.len() > MAX_ANSWER_BYTES {
        return Err(not_obshell(NotObshellKind::TooLarge));
    }
    let envelope: Envelope<T> = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        // An error's `data` may be of another shape; the error still counts.
        Err(error) => match serde_json::from_slice::<Envelope<IgnoredAny>>(body) {
            Ok(envelope) if !envelope.successful => Envelope {
                successful: false,
                _timestamp: String::new(),
                status: envelope.status,
                trace_id: envelope.trace_id,
                data: None,
                error: envelope.error,
            },
            _ => return Err(not_obshell(kind_of(body, &error))),
        },
    };
    // An envelope says its own status; where the two differ somebody else had a hand in it.
    if envelope.status != status {
        return Err(not_obshell(NotObshellKind::Other));
    }
    match (envelope.successful, envelope.error) {
        (true, None) if (200..300).contains(&status) => Ok(Answer {
            content: envelope.data.map_or(Content::Nothing, Content::Data),
            trace_id: envelope.trace_id,
        }),
        (false, Some(error)) => Err(OpenError::Refused(ApiError {
            status,
            kind: ErrorKind::classify(
                status,
                error.err_code.as_deref(),
                error.code,
                &error.message,
            ),
            err_code: error.err_code,
            code: error.code,
            message: error.message,
            trace_id: envelope.trace_id,
        })),
        _ => Err(not_obshell(NotObshellKind::Other)),
    }
}

fn kind_of(body: &[u8], error: &serde_json::Error) -> NotObshellKind {
    let text = body.trim_ascii_start();
    match text.first() {
        None => NotObshellKind::Empty,
        Some(b'<') => NotObshellKind::Page,
        Some(_) if error.is_eof() => NotObshellKind::Truncated,
        Some(_) => NotObshellKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &str) -> NotObshellKind {
        match open::<String>(status, body.as_bytes()) {
            Err(OpenError::NotObshell(NotObshell { status: said, kind })) => {
                assert_eq!(said, status);
                kind
            }
            other => panic!("{other:?}"),
        }
    }

    const TIME: &str = r#"{"successful":true,"timestamp":"2026-11-23T12:14:18Z","duration":1,"status":200,"traceId":"3a48","data":"2026-11-23T12:14:18Z","new":[1]}"#;

    #[test]
    fn opens_data_and_ignores_what_it_does_not_know() {
        let answer = open::<String>(200, TIME.as_bytes()).unwrap();
        assert_eq!(answer.content, Content::Data("2026-11-23T12:14:18Z".into()));
        assert_eq!(answer.trace_id, "3a48");
    }

    #[test]
    fn an_empty_204_is_an_answer_and_an_empty_200_is_none() {
        let answer = open::<String>(204, b"").unwrap();
        assert_eq!(answer.content, Content::NoContent);
        assert_eq!(kind(200, ""), NotObshellKind::Empty);
        assert_eq!(kind(502, " \n"), NotObshellKind::Empty);
    }

    #[test]
    fn tells_what_is_not_an_agents_answer() {
        assert_eq!(kind(200, "<!doctype html>"), NotObshellKind::Page);
        assert_eq!(kind(502, "\n<html><h1>502"), NotObshellKind::Page);
        for end in 1..TIME.len() {
            assert_eq!(kind(200, &TIME[..end]), NotObshellKind::Truncated, "{end}");
        }
        assert_eq!(kind(404, "404 page not found"), NotObshellKind::Other);
        assert_eq!(kind(200, "{}"), NotObshellKind::Other);
        assert_eq!(kind(200, "[1]"), NotObshellKind::Other);
        // The proxy's status and the agent's own differ.
        assert_eq!(kind(502, TIME), NotObshellKind::Other);
        // Data of another shape is not taken for success.
        let shape = TIME.replace(r#""data":"2026-11-23T12:14:18Z""#, r#""data":[]"#);
        assert_eq!(kind(200, &shape), NotObshellKind::Other);
    }

    #[test]
    fn opens_both_error_formats() {
        let new = r#"{"successful":false,"timestamp":"2026-11-23T12:18:07Z","duration":1,"status":500,"traceId":"73e8","data":null,"error":{"errCode":"Agent.UnderMaintenance","message":"127.0.0.1:2886 is under maintenance"}}"#;
        let old = r#"{"successful":false,"timestamp":"2026-11-23T12:18:07Z","duration":1,"status":500,"traceId":"73e8","error":{"code":1002,"message":"Unexpected error: failed to start maintenance: agent is under maintenance"}}"#;
        for body in [new, old] {
            match open::<Vec<u8>>(500, body.as_bytes()) {
                Err(OpenError::Refused(error)) => {
                    assert_eq!(error.kind, ErrorKind::UnderMaintenance);
                    assert_eq!(error.trace_id, "73e8");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
