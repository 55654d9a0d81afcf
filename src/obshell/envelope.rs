//! From the status and the bytes of an answer to what it says.

use super::error::{ApiError, ErrorKind, NotObshell, NotObshellKind};
use super::json::{NotJson, Object, Read, Value, Wrong, parse};
use super::time::AgentTime;

/// The most bytes an answer may have. A task of 100,000 sub tasks stays well below.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The most values an answer may have, counted by what stands before them: a value takes many
/// times the memory of the shortest text that makes one. A task of 100,000 sub tasks has half of
/// that.
const MOST_VALUES: usize = 4_000_000;

/// An agent's answer that is no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// What it carries.
    pub content: Content<T>,
    /// The agent's trace id of this request, to find it in the agent's log; may be empty.
    pub trace_id: String,
    /// `timestamp`: the agent's clock as it answered; `None` where there is no envelope.
    pub at: Option<AgentTime>,
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

/// Opens an answer: HTTP status and body as they came.
///
/// # Errors
/// [`OpenError::Refused`] where the agent said no, in either error format;
/// [`OpenError::NotObshell`] where the answer is not an agent's or not whole.
pub fn open(status: u16, body: &[u8]) -> Result<Answer<Value<'_>>, OpenError> {
    let not_obshell = |kind| OpenError::NotObshell(NotObshell { status, kind });
    if status == 204 && body.is_empty() {
        return Ok(Answer {
            content: Content::NoContent,
            trace_id: String::new(),
            at: None,
        });
    }
    let separators = body
        .iter()
        .filter(|byte| matches!(byte, b',' | b'[' | b'{'));
    if body.len() > MAX_ANSWER_BYTES || separators.count() > MOST_VALUES {
        return Err(not_obshell(NotObshellKind::TooLarge));
    }
    let value = parse(body).map_err(|error| not_obshell(kind_of(body, error)))?;
    let other = |_| not_obshell(NotObshellKind::Other);
    read(status, value).map_err(other)?
}

/// The envelope: `Err` where there is none.
fn read(status: u16, value: Value<'_>) -> Read<Result<Answer<Value<'_>>, OpenError>> {
    let wire = Object::of(&value)?;
    let successful = wire.boolean("successful")?.ok_or(Wrong)?;
    // A proxy's JSON may have `successful`, too, but hardly this.
    let at = AgentTime::parse(wire.text("timestamp")?).ok_or(Wrong)?;
    // An envelope says its own status; where the two differ somebody else had a hand in it.
    if wire.count::<u16>("status")? != status {
        return Err(Wrong);
    }
    let trace_id = wire.text_or_empty("traceId")?.to_owned();
    match (successful, wire.get("error")) {
        (true, None) if (200..300).contains(&status) => {
            let content = match data_of(value) {
                None | Some(Value::Null) => Content::Nothing,
                Some(data) => Content::Data(data),
            };
            let at = Some(at);
            Ok(Ok(Answer {
                content,
                trace_id,
                at,
            }))
        }
        (false, Some(error)) => {
            let error = Object::of(error)?;
            let err_code = error.optional_text("errCode")?;
            let code = error.integer("code")?;
            let message = error.text_or_empty("message")?;
            Ok(Err(OpenError::Refused(ApiError {
                status,
                kind: ErrorKind::classify(status, err_code, code, message),
                err_code: err_code.map(str::to_owned),
                code,
                message: message.to_owned(),
                trace_id,
            })))
        }
        _ => Err(Wrong),
    }
}

/// The agent's clock as it answered, be it with what was asked for or with an error; `None` where
/// the answer has no envelope.
pub fn answered_at(body: &[u8]) -> Option<AgentTime> {
    if body.len() > MAX_ANSWER_BYTES {
        return None;
    }
    let value = parse(body).ok()?;
    AgentTime::parse(Object::of(&value).ok()?.text("timestamp").ok()?)
}

/// Takes `data` out of the envelope.
fn data_of(envelope: Value<'_>) -> Option<Value<'_>> {
    let Value::Object(pairs) = envelope else {
        return None;
    };
    let mut pairs = pairs.into_iter().rev();
    pairs.find(|(key, _)| key == "data").map(|(_, value)| value)
}

fn kind_of(body: &[u8], error: NotJson) -> NotObshellKind {
    let text = body.trim_ascii_start();
    match text.first() {
        None => NotObshellKind::Empty,
        Some(b'<') => NotObshellKind::Page,
        Some(_) if error.truncated => NotObshellKind::Truncated,
        Some(_) => NotObshellKind::Other,
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
        assert_eq!(
            answer.content,
            Content::Data(Value::String("2026-11-23T12:14:18Z".into()))
        );
        assert_eq!(answer.trace_id, "3a48");
        let at = answer.at.unwrap();
        assert_eq!(at.text(), "2026-11-23T12:14:18Z");
        assert_eq!(answered_at(TIME.as_bytes()), Some(at));
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
        // An agent always says when it answers.
        let timeless = TIME.replacen("2026-11-23T12:14:18Z", "noon", 1);
        assert_eq!(kind(200, &timeless), NotObshellKind::Other);
        assert_eq!(answered_at(timeless.as_bytes()), None);
        // The proxy's status and the agent's own differ.
        assert_eq!(kind(502, TIME), NotObshellKind::Other);
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
