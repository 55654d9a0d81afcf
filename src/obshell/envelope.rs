//! Parses the status and the bytes of an answer into its envelope.

use serde::de::IgnoredAny;

use super::agent_text::AgentText;
use super::error::{ApiError, ErrorKind, NotObshell, NotObshellKind};
use super::redact::redact;
use super::time::AgentTime;
use super::wire::{Envelope, Refusal};

/// The most bytes that an answer may have. A task of 100,000 sub tasks stays well below.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The most values that an answer may have, counted by the characters that precede a value: a
/// parsed value takes many times the memory of its shortest text. A task of 100,000 sub tasks has
/// half as many.
const MAX_VALUES: usize = 4_000_000;

/// An agent's answer other than an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawAnswer<T> {
    /// The content of the answer.
    pub content: Content<T>,
    /// The agent's trace id of this request, which finds it in the agent's log; may be empty.
    pub trace_id: String,
    /// `timestamp`: the agent's clock when it answered; `None` if there is no envelope.
    pub agent_time: Option<AgentTime>,
}

/// The content of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content<T> {
    /// `data`.
    Data(T),
    /// An envelope without `data`, as after an operator.
    Nothing,
    /// HTTP 204 without a body: as the answer to a DELETE it means that no ODP is managed.
    NoContent,
}

/// Why an answer could not be opened, or is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// See [`Failure::NotObshell`](super::error::Failure::NotObshell).
    NotObshell(NotObshell),
    /// See [`Failure::Refused`](super::error::Failure::Refused).
    Refused(ApiError),
}

/// Opens an answer: HTTP status and body as received. The content is still JSON.
///
/// # Errors
/// [`OpenError::Refused`] if the agent answered with an error, in either error format;
/// [`OpenError::NotObshell`] if the answer is not from an agent or not complete.
pub fn open(status: u16, body: &[u8]) -> Result<RawAnswer<&str>, OpenError> {
    let not_obshell = |kind| OpenError::NotObshell(NotObshell { status, kind });
    if status == 204 && body.is_empty() {
        return Ok(RawAnswer {
            content: Content::NoContent,
            trace_id: String::new(),
            agent_time: None,
        });
    }
    let separators = body
        .iter()
        .filter(|byte| matches!(byte, b',' | b'[' | b'{'));
    if body.len() > MAX_ANSWER_BYTES || separators.count() > MAX_VALUES {
        return Err(not_obshell(NotObshellKind::TooLarge));
    }
    let envelope: Envelope<'_> =
        serde_json::from_slice(body).map_err(|_| not_obshell(kind_of(body)))?;
    let other = not_obshell(NotObshellKind::Other);
    // The JSON of a proxy may also contain `successful`, but hardly this.
    let Some(agent_time) = AgentTime::parse(&envelope.timestamp) else {
        return Err(other);
    };
    // An envelope repeats its status; if the two differ, an intermediary changed the answer.
    if envelope.status != status {
        return Err(not_obshell(NotObshellKind::Status(envelope.status)));
    }
    let trace_id = envelope.trace_id.unwrap_or_default();
    match (envelope.successful, envelope.error) {
        (true, None) if (200..300).contains(&status) => Ok(RawAnswer {
            content: match envelope.data {
                Some(data) => Content::Data(data.get()),
                None => Content::Nothing,
            },
            trace_id,
            agent_time: Some(agent_time),
        }),
        (false, Some(refusal)) => Err(OpenError::Refused(refused(status, refusal, trace_id))),
        _ => Err(other),
    }
}

fn refused(status: u16, refusal: Refusal, trace_id: String) -> ApiError {
    let Refusal {
        err_code,
        code,
        message,
    } = refusal;
    let message = message.unwrap_or_default();
    ApiError {
        status,
        kind: ErrorKind::classify(status, err_code.as_deref(), code, &message),
        err_code: err_code.map(AgentText::from),
        code,
        message: redact(&message).text.into(),
        trace_id,
    }
}

/// The agent's clock in an answer, whether a success or an error; `None` if the answer has no
/// envelope.
pub fn agent_time_of(body: &[u8]) -> Option<AgentTime> {
    if body.len() > MAX_ANSWER_BYTES {
        return None;
    }
    let envelope: Envelope<'_> = serde_json::from_slice(body).ok()?;
    AgentTime::parse(&envelope.timestamp)
}

/// Classifies a body without an envelope.
fn kind_of(mut body: &[u8]) -> NotObshellKind {
    match body.trim_ascii_start().first() {
        None => return NotObshellKind::Empty,
        Some(b'<') => return NotObshellKind::Page,
        Some(_) => {}
    }
    // A number that ends in one of these is truncated, but `serde_json` reports a syntax error.
    while let [rest @ .., b'-' | b'+' | b'.' | b'e' | b'E'] = body {
        body = rest;
    }
    // Parsed once more for its syntax alone: a wrong type may be reported before a missing end.
    match serde_json::from_slice::<IgnoredAny>(body) {
        Err(error) if error.is_eof() => NotObshellKind::Truncated,
        _ => NotObshellKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &str) -> NotObshellKind {
        match open(status, body.as_bytes()) {
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
        let answer = open(200, TIME.as_bytes()).unwrap();
        assert_eq!(answer.content, Content::Data(r#""2026-11-23T12:14:18Z""#));
        assert_eq!(answer.trace_id, "3a48");
        let agent_time = answer.agent_time.unwrap();
        assert_eq!(agent_time.text(), "2026-11-23T12:14:18Z");
        assert_eq!(agent_time_of(TIME.as_bytes()), Some(agent_time));
    }

    #[test]
    fn an_empty_204_is_an_answer_and_an_empty_200_is_none() {
        let answer = open(204, b"").unwrap();
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
        // An agent's answer always contains its time.
        let timeless = TIME.replacen("2026-11-23T12:14:18Z", "noon", 1);
        assert_eq!(kind(200, &timeless), NotObshellKind::Other);
        assert_eq!(agent_time_of(timeless.as_bytes()), None);
        // The proxy's status and the agent's own differ.
        assert_eq!(kind(502, TIME), NotObshellKind::Status(200));
    }

    #[test]
    fn a_refusal_under_another_status_proves_nothing() {
        let refused = r#"{"successful":false,"timestamp":"2026-11-23T12:18:07Z","duration":1,"status":401,"traceId":"73e8","error":{"errCode":"Security.Authentication.Expired","message":"auth expired"}}"#;
        assert!(matches!(
            open(401, refused.as_bytes()),
            Err(OpenError::Refused(_))
        ));
        assert_eq!(kind(200, refused), NotObshellKind::Status(401));
    }

    #[test]
    fn what_is_missing_at_the_end_is_told_from_what_is_wrong() {
        let whole = r#"{"a":[true,false,null,-12.5e3,"\u00e9\n"],"b":{"c":""}}"#;
        for end in 1..whole.len() {
            assert_eq!(kind(200, &whole[..end]), NotObshellKind::Truncated, "{end}");
        }
        for wrong in [
            whole,
            "{a}",
            "[1,]",
            "nul!",
            "1 2",
            "{\"a\" 1}",
            "\"\u{1}\"",
            "[\"\\x\"]",
        ] {
            assert_eq!(kind(200, wrong), NotObshellKind::Other, "{wrong}");
        }
    }

    #[test]
    fn what_is_nested_without_end_is_refused() {
        for (open, close) in [("[", ""), ("[", "]"), ("{\"a\":", "")] {
            let deep = open.repeat(100_000) + &close.repeat(100_000);
            assert!(super::open(200, deep.as_bytes()).is_err());
        }
    }

    #[test]
    fn opens_both_error_formats() {
        let new = r#"{"successful":false,"timestamp":"2026-11-23T12:18:07Z","duration":1,"status":500,"traceId":"73e8","data":null,"error":{"errCode":"Agent.UnderMaintenance","message":"127.0.0.1:2886 is under maintenance"}}"#;
        let old = r#"{"successful":false,"timestamp":"2026-11-23T12:18:07Z","duration":1,"status":500,"traceId":"73e8","error":{"code":1002,"message":"Unexpected error: failed to start maintenance: agent is under maintenance"}}"#;
        for body in [new, old] {
            match open(500, body.as_bytes()) {
                Err(OpenError::Refused(error)) => {
                    assert_eq!(error.kind, ErrorKind::UnderMaintenance);
                    assert_eq!(error.trace_id, "73e8");
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
