//! One parser per endpoint: from status and bytes to the type that the endpoint promises.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::crypto::body::open_body;
use super::crypto::session_key::SessionKey;
use super::dag::{self, Dag, Node, SubTask};
use super::envelope::{Content, OpenError, RawAnswer, open};
use super::error::{Failure, NotObshell, NotObshellKind};
use super::info::{AgentInfo, AgentStatus};
use super::redact::redact;
use super::secret::Secret;
use super::time::AgentTime;
use super::wire::{self, Contents};

/// The content of an agent's answer, with its time and the trace id that finds it in the agent's
/// log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The content.
    pub value: T,
    /// The trace id; may be empty.
    pub trace_id: String,
    /// The agent's clock when it answered; `None` for a 204.
    pub agent_time: Option<AgentTime>,
    /// How many items of a list could not be parsed (a `null`, for example) and are left out.
    pub unparsed: usize,
}

/// The result of opening an answer.
pub type Opened<T> = Result<Answer<T>, Failure>;

/// The effect of a DELETE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The agent started this task.
    Started(Rc<Dag>),
    /// 204: the agent manages no ODP. This does not prove that one was destroyed.
    NothingManaged,
}

/// A line of a sub task's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The execution that wrote it, counted from 1.
    pub execution: u32,
    /// The text, with secrets [hidden](super::redact).
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
    data(status, body, |data: wire::PublicKey| Some(data.public_key))
}

/// Opens the answer to `GET /api/v1/info`.
///
/// # Errors
/// See [`Failure`].
pub fn info(status: u16, body: &[u8]) -> Opened<AgentInfo> {
    data(status, body, |data: wire::Info| Some(data.into()))
}

/// Opens the answer to `GET /api/v1/time`.
///
/// # Errors
/// See [`Failure`].
pub fn time(status: u16, body: &[u8]) -> Opened<AgentTime> {
    data(status, body, |data: String| AgentTime::parse(&data))
}

/// Opens the answer to `GET /api/v1/status`.
///
/// # Errors
/// See [`Failure`].
pub fn status(status: u16, body: &[u8]) -> Opened<AgentStatus> {
    data(status, body, Some)
}

/// Opens the answer to `DELETE /api/v1/obproxy`.
///
/// # Errors
/// See [`Failure`].
pub fn deletion(status: u16, body: &[u8]) -> Opened<Deletion> {
    let answer = open(status, body)?;
    let value = match (&answer.content, &answer.agent_time) {
        (Content::NoContent, _) => Deletion::NothingManaged,
        (Content::Data(data), Some(agent_time)) => {
            let dag: dag::wire::Dag = read(status, data)?;
            Deletion::Started(Rc::new(dag.read(agent_time)))
        }
        (Content::Data(_) | Content::Nothing, _) => return Err(other(status)),
    };
    Ok(with_value(answer, value))
}

/// Opens an answer that is one DAG.
///
/// # Errors
/// See [`Failure`].
pub fn dag(status: u16, body: &[u8]) -> Opened<Dag> {
    task(status, body, dag::wire::Dag::read)
}

/// Opens an answer that is one node.
///
/// # Errors
/// See [`Failure`].
pub fn node(status: u16, body: &[u8]) -> Opened<Node> {
    task(status, body, dag::wire::Node::read)
}

/// Opens an answer that is one sub task.
///
/// # Errors
/// See [`Failure`].
pub fn sub_task(status: u16, body: &[u8]) -> Opened<SubTask> {
    task(status, body, dag::wire::SubTask::read)
}

/// Opens the answer to `GET /api/v1/task/sub_task/:id/logs`.
///
/// # Errors
/// See [`Failure`].
pub fn logs(status: u16, body: &[u8]) -> Opened<Vec<LogLine>> {
    list(status, body, |line: wire::LogLine, _| LogLine {
        execution: line.execute_times.unwrap_or_default(),
        text: redact(&line.log_content).text,
        written: AgentTime::parse(&line.create_time.unwrap_or_default())
            .filter(|time| !time.means_not_yet()),
    })
}

/// Opens an answer that is a list of DAGs.
///
/// # Errors
/// See [`Failure`].
pub fn dags(status: u16, body: &[u8]) -> Opened<Vec<Dag>> {
    list(status, body, dag::wire::Dag::read)
}

/// Opens an answer that is the list of all DAGs of an agent; `None` if the list is not complete:
/// the agent could not produce it (`null`; protocol: 2.2), or an item of it could not be parsed.
///
/// # Errors
/// See [`Failure`].
pub fn all_dags(status: u16, body: &[u8]) -> Opened<Option<Vec<Dag>>> {
    task(
        status,
        body,
        |data: Contents<dag::wire::Dag>, agent_time| {
            let list = data.contents.filter(|list| list.unparsed == 0)?;
            Some(list.into_values().map(|dag| dag.read(agent_time)).collect())
        },
    )
}

/// Opens an answer without content, as to an operator or a logout. Such an answer still has an
/// envelope: a 204 is not from an agent.
///
/// # Errors
/// See [`Failure`].
pub fn done(status: u16, body: &[u8]) -> Opened<()> {
    let answer = open(status, body)?;
    if answer.content == Content::NoContent {
        return Err(other(status));
    }
    Ok(with_value(answer, ()))
}

/// Opens the answer to `POST /api/v1/login`: the session id, encrypted with the request's key.
///
/// # Errors
/// See [`Failure`].
pub fn login(status: u16, body: &[u8], key: &SessionKey) -> Opened<Secret> {
    let sealed = data(status, body, |data: String| Some(Zeroizing::new(data)))?;
    let id = open_body(key, &sealed.value).map_err(|_| other(status))?;
    let id = std::str::from_utf8(&id).map_err(|_| other(status))?;
    Ok(Answer {
        value: Secret::new(id.to_owned()),
        trace_id: sealed.trace_id,
        agent_time: sealed.agent_time,
        unparsed: 0,
    })
}

fn data<W: DeserializeOwned, T>(
    status: u16,
    body: &[u8],
    convert: impl FnOnce(W) -> Option<T>,
) -> Opened<T> {
    let answer = open(status, body)?;
    let Content::Data(data) = answer.content else {
        return Err(other(status));
    };
    let value = convert(read(status, data)?).ok_or_else(|| other(status))?;
    Ok(with_value(answer, value))
}

/// Data whose times are compared with the agent's clock in the same answer.
fn task<W: DeserializeOwned, T>(
    status: u16,
    body: &[u8],
    convert: impl FnOnce(W, &AgentTime) -> T,
) -> Opened<T> {
    let answer = open(status, body)?;
    let (Content::Data(data), Some(agent_time)) = (&answer.content, &answer.agent_time) else {
        return Err(other(status));
    };
    let value = convert(read(status, data)?, agent_time);
    Ok(with_value(answer, value))
}

/// A list of data whose times are compared with the agent's clock in the same answer.
fn list<W: DeserializeOwned, T>(
    status: u16,
    body: &[u8],
    convert: fn(W, &AgentTime) -> T,
) -> Opened<Vec<T>> {
    let listed = task(status, body, |data: Contents<W>, agent_time| {
        let list = data.contents.unwrap_or_default();
        let unparsed = list.unparsed;
        let items: Vec<_> = list
            .into_values()
            .map(|item| convert(item, agent_time))
            .collect();
        (items, unparsed)
    })?;
    let (value, unparsed) = listed.value;
    Ok(Answer {
        value,
        trace_id: listed.trace_id,
        agent_time: listed.agent_time,
        unparsed,
    })
}

fn read<W: DeserializeOwned>(status: u16, data: &str) -> Result<W, Failure> {
    serde_json::from_str(data).map_err(|_| other(status))
}

fn with_value<T>(answer: RawAnswer<&str>, value: T) -> Answer<T> {
    Answer {
        value,
        trace_id: answer.trace_id,
        agent_time: answer.agent_time,
        unparsed: 0,
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
    fn an_agent_that_does_not_say_which_one_it_is_is_refused() {
        let fields = [
            r#""version":"4.5.0.0-0""#,
            r#""identity":"SINGLE""#,
            r#""ip":"10.0.0.1""#,
            r#""port":2886"#,
            r#""homePath":"/home/admin/obshell""#,
        ];
        let without = |left_out: usize| {
            let fields = fields.iter().enumerate();
            let kept: Vec<_> = fields
                .filter(|(index, _)| *index != left_out)
                .map(|(_, field)| *field)
                .collect();
            let data = kept.join(",");
            format!(
                r#"{{"successful":true,"timestamp":"2026-11-23T12:14:18Z","duration":1,"status":200,"traceId":"","data":{{{data}}}}}"#
            )
        };
        assert!(info(200, without(fields.len()).as_bytes()).is_ok());
        for (left_out, field) in fields.iter().enumerate() {
            let answer = info(200, without(left_out).as_bytes());
            assert_eq!(answer, Err(other(200)), "without {field}");
        }
    }

    #[test]
    fn a_204_is_an_answer_to_a_delete_and_to_nothing_else() {
        assert_eq!(
            deletion(204, b"").map(|answer| answer.value),
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
        let answer = dags(200, body.as_bytes()).unwrap();
        assert_eq!((answer.value.len(), answer.unparsed), (1, 2));
        assert_eq!(answer.agent_time.unwrap().text(), "2026-11-23T12:14:18Z");
    }

    #[test]
    fn a_list_of_all_is_complete_or_none() {
        let dag = r#"{"id":"42130706433028861","dag_id":1,"name":"Delete obproxy","stage":1,"max_stage":4,"state":"READY","operator":"RUN"}"#;
        for (contents, told) in [
            ("[]".to_owned(), Some(0)),
            (format!("[{dag}]"), Some(1)),
            (format!("[{dag},null]"), None),
            ("null".to_owned(), None),
        ] {
            let body = format!(
                r#"{{"successful":true,"timestamp":"2026-11-23T12:14:18Z","duration":1,"status":200,"traceId":"","data":{{"contents":{contents}}}}}"#
            );
            let all = all_dags(200, body.as_bytes()).unwrap().value;
            assert_eq!(all.map(|all| all.len()), told, "{contents}");
        }
        assert_eq!(all_dags(204, b""), Err(other(204)));
    }
}
