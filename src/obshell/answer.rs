//! One opener per endpoint: from status and bytes to the type that the endpoint promises.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::crypto::body::open_body;
use super::crypto::session_key::SessionKey;
use super::dag::wire::{WireDag, WireList, WireLog, WireNode, WireSubTask};
use super::dag::{Dag, Node, SubTask};
use super::envelope::{Answer, Content, OpenError, open};
use super::error::{Failure, NotObshell, NotObshellKind};
use super::info::{AgentInfo, AgentStatus, WireInfo, WireSecret, WireStatus};
use super::secret::Secret;
use super::time::AgentTime;

/// What an agent said, with the trace id to find it in the agent's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// The content.
    pub what: T,
    /// The trace id; may be empty.
    pub trace_id: String,
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
    data(status, body, |wire: WireSecret| Some(wire.public_key))
}

/// Opens the answer to `GET /api/v1/info`.
///
/// # Errors
/// See [`Failure`].
pub fn info(status: u16, body: &[u8]) -> Opened<AgentInfo> {
    data(status, body, |wire: WireInfo| Some(wire.into()))
}

/// Opens the answer to `GET /api/v1/time`.
///
/// # Errors
/// See [`Failure`].
pub fn time(status: u16, body: &[u8]) -> Opened<AgentTime> {
    data(status, body, |text: String| AgentTime::parse(&text))
}

/// Opens the answer to `GET /api/v1/status`.
///
/// # Errors
/// See [`Failure`].
pub fn status(status: u16, body: &[u8]) -> Opened<AgentStatus> {
    data(status, body, |wire: WireStatus| {
        Some(AgentStatus { state: wire.state })
    })
}

/// Opens the answer to `DELETE /api/v1/obproxy`.
///
/// # Errors
/// See [`Failure`].
pub fn deletion(status: u16, body: &[u8]) -> Opened<Deletion> {
    let answer: Answer<WireDag> = open(status, body)?;
    let what = match answer.content {
        Content::NoContent => Deletion::NothingManaged,
        Content::Data(wire) => {
            Deletion::Started(Rc::new(wire.try_into().map_err(|_| other(status))?))
        }
        Content::Nothing => return Err(other(status)),
    };
    Ok(Said {
        what,
        trace_id: answer.trace_id,
    })
}

/// Opens an answer that is one DAG.
///
/// # Errors
/// See [`Failure`].
pub fn dag(status: u16, body: &[u8]) -> Opened<Dag> {
    data(status, body, |wire: WireDag| wire.try_into().ok())
}

/// Opens an answer that is one node.
///
/// # Errors
/// See [`Failure`].
pub fn node(status: u16, body: &[u8]) -> Opened<Node> {
    data(status, body, |wire: WireNode| wire.try_into().ok())
}

/// Opens an answer that is one sub task.
///
/// # Errors
/// See [`Failure`].
pub fn sub_task(status: u16, body: &[u8]) -> Opened<SubTask> {
    data(status, body, |wire: WireSubTask| wire.try_into().ok())
}

/// Opens the answer to `GET /api/v1/task/sub_task/:id/logs`.
///
/// # Errors
/// See [`Failure`].
pub fn logs(status: u16, body: &[u8]) -> Opened<Vec<LogLine>> {
    data(status, body, |wire: WireList<WireLog>| {
        let lines = wire.contents.unwrap_or_default().into_iter();
        Some(
            lines
                .map(|line| LogLine {
                    execution: line.execute_times,
                    text: line.log_content,
                    written: AgentTime::parse(&line.create_time),
                })
                .collect(),
        )
    })
}

/// Opens an answer that is a list of DAGs.
///
/// # Errors
/// See [`Failure`].
pub fn dags(status: u16, body: &[u8]) -> Opened<Vec<Dag>> {
    data(status, body, |wire: WireList<WireDag>| {
        let dags = wire.contents.unwrap_or_default().into_iter();
        dags.map(|dag| dag.try_into().ok()).collect()
    })
}

/// Opens an answer without content, as to an operator or a logout.
///
/// # Errors
/// See [`Failure`].
pub fn done(status: u16, body: &[u8]) -> Opened<()> {
    let answer: Answer<serde::de::IgnoredAny> = open(status, body)?;
    Ok(Said {
        what: (),
        trace_id: answer.trace_id,
    })
}

/// Opens the answer to `POST /api/v1/login`: the session id, encrypted with the request's key.
///
/// # Errors
/// See [`Failure`].
pub fn login(status: u16, body: &[u8], key: &SessionKey) -> Opened<Secret> {
    data(status, body, |sealed: String| {
        let sealed = Zeroizing::new(sealed);
        let id = open_body(key, &sealed).ok()?;
        std::str::from_utf8(&id)
            .ok()
            .map(|id| Secret::new(id.to_owned()))
    })
}

fn data<W, T>(status: u16, body: &[u8], convert: impl FnOnce(W) -> Option<T>) -> Opened<T>
where
    W: DeserializeOwned,
{
    let answer: Answer<W> = open(status, body)?;
    let Content::Data(wire) = answer.content else {
        return Err(other(status));
    };
    Ok(Said {
        what: convert(wire).ok_or_else(|| other(status))?,
        trace_id: answer.trace_id,
    })
}

fn other(status: u16) -> Failure {
    Failure::NotObshell(NotObshell {
        status,
        kind: NotObshellKind::Other,
    })
}
