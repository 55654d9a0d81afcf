//! One opener per endpoint: from status and bytes to the type that the endpoint promises.

use std::rc::Rc;

use zeroize::Zeroizing;

use super::crypto::body::open_body;
use super::crypto::session_key::SessionKey;
use super::dag::wire;
use super::dag::{Dag, Node, SubTask};
use super::envelope::{Answer, Content, OpenError, open};
use super::error::{Failure, NotObshell, NotObshellKind};
use super::info::{AgentInfo, AgentStatus};
use super::json::{Object, Read, Value, Wrong, text};
use super::secret::Secret;
use super::time::AgentTime;

/// What an agent said, when, and with the trace id to find it in the agent's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// The content.
    pub what: T,
    /// The trace id; may be empty.
    pub trace_id: String,
    /// The agent's clock as it answered; `None` for a 204.
    pub at: Option<AgentTime>,
    /// How many items of a list could not be read and are missing in it: a `null`, for one.
    pub left_out: usize,
}

/// A result of opening an answer.
pub type Opened<T> = Result<Said<T>, Failure>;

/// What a DELETE led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The agent started this task.
    Started(Rc<Dag>),
    /// 204: the agent manages no ODP. This does not say that one was destroyed.
    NothingManaged,
}

/// A line of a sub task's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The execution that wrote it, counted from 1.
    pub execution: u32,
    /// The text.
    pub text: String,
    /// When it was written, by the agent's clock.
    pub written: Option<AgentTime>,
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NotObshell(answer) => Self::NotObshell(answer),
            OpenError::Refused(error) => Self::Refused(error),
        }
    }
}

/// Opens the answer to `GET /api/v1/secret`: the agent's public key, still as text.
///
/// # Errors
/// See [`Failure`].
pub fn secret(status: u16, body: &[u8]) -> Opened<String> {
    data(status, body, |data| {
        Ok(Object::of(data)?.text("public_key")?.to_owned())
    })
}

/// Opens the answer to `GET /api/v1/info`.
///
/// # Errors
/// See [`Failure`].
pub fn info(status: u16, body: &[u8]) -> Opened<AgentInfo> {
    data(status, body, AgentInfo::read)
}

/// Opens the answer to `GET /api/v1/time`.
///
/// # Errors
/// See [`Failure`].
pub fn time(status: u16, body: &[u8]) -> Opened<AgentTime> {
    data(status, body, |data| {
        AgentTime::parse(text(data)?).ok_or(Wrong)
    })
}

/// Opens the answer to `GET /api/v1/status`.
///
/// # Errors
/// See [`Failure`].
pub fn status(status: u16, body: &[u8]) -> Opened<AgentStatus> {
    data(status, body, |data| {
        let state = Object::of(data)?.integer("state")?.ok_or(Wrong)?;
        Ok(AgentStatus { state })
    })
}

/// Opens the answer to `DELETE /api/v1/obproxy`.
///
/// # Errors
/// See [`Failure`].
pub fn deletion(status: u16, body: &[u8]) -> Opened<Deletion> {
    let answer = open(status, body)?;
    let what = match (&answer.content, &answer.at) {
        (Content::NoContent, _) => Deletion::NothingManaged,
        (Content::Data(data), Some(at)) => {
            let dag = wire::dag(data, at).map_err(|_| other(status))?;
            Deletion::Started(Rc::new(dag))
        }
        (Content::Data(_) | Content::Nothing, _) => return Err(other(status)),
    };
    Ok(said(answer, what))
}

/// Opens an answer that is one DAG.
///
/// # Errors
/// See [`Failure`].
pub fn dag(status: u16, body: &[u8]) -> Opened<Dag> {
    task(status, body, wire::dag)
}

/// Opens an answer that is one node.
///
/// # Errors
/// See [`Failure`].
pub fn node(status: u16, body: &[u8]) -> Opened<Node> {
    task(status, body, |value, at| wire::node(1, value, at))
}

/// Opens an answer that is one sub task.
///
/// # Errors
/// See [`Failure`].
pub fn sub_task(status: u16, body: &[u8]) -> Opened<SubTask> {
    task(status, body, wire::sub_task)
}

/// Opens the answer to `GET /api/v1/task/sub_task/:id/logs`.
///
/// # Errors
/// See [`Failure`].
pub fn logs(status: u16, body: &[u8]) -> Opened<Vec<LogLine>> {
    list(status, body, |line, _| {
        let line = Object::of(line)?;
        Ok(LogLine {
            execution: line.count("execute_times")?,
            text: line.text("log_content")?.to_owned(),
            written: AgentTime::parse(line.text_or_empty("create_time")?)
                .filter(|time| !time.means_not_yet()),
        })
    })
}

/// Opens an answer that is a list of DAGs.
///
/// # Errors
/// See [`Failure`].
pub fn dags(status: u16, body: &[u8]) -> Opened<Vec<Dag>> {
    list(status, body, wire::dag)
}

/// Opens an answer without content, as to an operator or a logout. It has an envelope all the same:
/// a 204 is somebody else's.
///
/// # Errors
/// See [`Failure`].
pub fn done(status: u16, body: &[u8]) -> Opened<()> {
    let answer = open(status, body)?;
    if answer.content == Content::NoContent {
        return Err(other(status));
    }
    Ok(said(answer, ()))
}

/// Opens the answer to `POST /api/v1/login`: the session id, encrypted with the request's key.
///
/// # Errors
/// See [`Failure`].
pub fn login(status: u16, body: &[u8], key: &SessionKey) -> Opened<Secret> {
    let sealed = data(status, body, |data| {
        Ok(Zeroizing::new(text(data)?.to_owned()))
    })?;
    let id = open_body(key, &sealed.what).map_err(|_| other(status))?;
    let id = std::str::from_utf8(&id).map_err(|_| other(status))?;
    Ok(Said {
        what: Secret::new(id.to_owned()),
        trace_id: sealed.trace_id,
        at: sealed.at,
        left_out: 0,
    })
}

fn data<T>(
    status: u16,
    body: &[u8],
    read: impl for<'a> FnOnce(&'a Value<'a>) -> Read<T>,
) -> Opened<T> {
    let answer = open(status, body)?;
    let Content::Data(data) = &answer.content else {
        return Err(other(status));
    };
    let what = read(data).map_err(|_| other(status))?;
    Ok(said(answer, what))
}

/// Data whose times are held against the agent's clock as it answered.
fn task<T>(
    status: u16,
    body: &[u8],
    read: impl for<'a> FnOnce(&'a Value<'a>, &AgentTime) -> Read<T>,
) -> Opened<T> {
    let answer = open(status, body)?;
    let (Content::Data(data), Some(at)) = (&answer.content, &answer.at) else {
        return Err(other(status));
    };
    let what = read(data, at).map_err(|_| other(status))?;
    Ok(said(answer, what))
}

/// Lists come wrapped; a list that a CLUSTER AGENT cannot make is `null` (protocol: 2.2, 12.10).
fn list<T>(
    status: u16,
    body: &[u8],
    read: for<'a> fn(&'a Value<'a>, &AgentTime) -> Read<T>,
) -> Opened<Vec<T>> {
    let listed = task(status, body, |data, at| {
        Object::of(data)?.list("contents", |_, value| read(value, at))
    })?;
    let (what, left_out) = listed
        .what
        .map_or_else(Default::default, |list| (list.items, list.left_out));
    Ok(Said {
        what,
        trace_id: listed.trace_id,
        at: listed.at,
        left_out,
    })
}

fn said<T>(answer: Answer<Value<'_>>, what: T) -> Said<T> {
    Said {
        what,
        trace_id: answer.trace_id,
        at: answer.at,
        left_out: 0,
    }
}

fn other(status: u16) -> Failure {
    Failure::NotObshell(NotObshell {
        status,
        kind: NotObshellKind::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_of_another_shape_is_not_taken_for_an_answer() {
        for data in ["[]", "{}", "7", "\"yesterday\"", "null"] {
            let body = format!(
                r#"{{"successful":true,"timestamp":"2026-11-23T12:14:18Z","duration":1,"status":200,"traceId":"","data":{data}}}"#
            );
            let body = body.as_bytes();
            assert_eq!(time(200, body), Err(other(200)), "{data}");
            assert_eq!(info(200, body), Err(other(200)), "{data}");
            assert_eq!(dag(200, body), Err(other(200)), "{data}");
            assert_eq!(deletion(200, body), Err(other(200)), "{data}");
        }
    }

    #[test]
    fn a_204_is_an_answer_to_a_delete_and_to_nothing_else() {
        assert_eq!(
            deletion(204, b"").map(|said| said.what),
            Ok(Deletion::NothingManaged)
        );
        assert_eq!(done(204, b""), Err(other(204)));
        assert_eq!(dag(204, b""), Err(other(204)));
        assert_eq!(dags(204, b""), Err(other(204)));
        assert_eq!(info(204, b""), Err(other(204)));
        assert_eq!(time(204, b""), Err(other(204)));
        assert_eq!(secret(204, b""), Err(other(204)));
        assert_eq!(logs(204, b""), Err(other(204)));
    }

    #[test]
    fn what_cannot_be_read_in_a_list_is_counted() {
        let body = r#"{"successful":true,"timestamp":"2026-11-23T12:14:18Z","duration":1,"status":200,"traceId":"","data":{"contents":[null,{"id":"42130706433028861","dag_id":1,"name":"Delete obproxy","stage":1,"max_stage":4,"state":"READY","operator":"RUN"},{"id":7}]}}"#;
        let said = dags(200, body.as_bytes()).unwrap();
        assert_eq!((said.what.len(), said.left_out), (1, 2));
        assert_eq!(said.at.unwrap().text(), "2026-11-23T12:14:18Z");
    }
}
