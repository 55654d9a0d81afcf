//! The JSON of tasks, and the way from it to the types that the rest of the console uses.

use std::rc::Rc;

use serde::Deserialize;

use super::id::{DagId, NodeId, NotAnId, SubTaskId};
use super::{Dag, Node, Operator, Span, State, SubTask};
use crate::obshell::address::AgentAddress;
use crate::obshell::time::AgentTime;

#[derive(Deserialize)]
pub(in crate::obshell) struct WireDag {
    id: String,
    name: String,
    #[serde(default)]
    stage: usize,
    #[serde(default)]
    max_stage: usize,
    #[serde(default)]
    maintenance_type: i64,
    state: String,
    operator: String,
    #[serde(default)]
    start_time: String,
    #[serde(default)]
    end_time: String,
    nodes: Option<Vec<WireNode>>,
}

#[derive(Deserialize)]
pub(in crate::obshell) struct WireNode {
    id: String,
    name: String,
    state: String,
    operator: String,
    #[serde(default)]
    start_time: String,
    #[serde(default)]
    end_time: String,
    sub_tasks: Option<Vec<WireSubTask>>,
}

#[derive(Deserialize)]
pub(in crate::obshell) struct WireSubTask {
    id: String,
    name: String,
    state: String,
    operator: String,
    #[serde(default)]
    start_time: String,
    #[serde(default)]
    end_time: String,
    #[serde(default)]
    execute_times: u32,
    execute_agent: Option<WireAgent>,
    task_logs: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct WireAgent {
    ip: String,
    port: u16,
}

#[derive(Deserialize)]
pub(in crate::obshell) struct WireLog {
    pub(in crate::obshell) execute_times: u32,
    pub(in crate::obshell) log_content: String,
    #[serde(default)]
    pub(in crate::obshell) create_time: String,
}

/// Lists come wrapped; a list that a CLUSTER AGENT cannot make is `null` (protocol: 2.2, 12.10).
#[derive(Deserialize)]
pub(in crate::obshell) struct WireList<T> {
    pub(in crate::obshell) contents: Option<Vec<T>>,
}

impl TryFrom<WireDag> for Dag {
    type Error = NotAnId;

    fn try_from(wire: WireDag) -> Result<Self, NotAnId> {
        let state = state(wire.state);
        let created = AgentTime::parse(&wire.start_time)
            .filter(|time| state == State::Ready && !time.means_not_yet());
        Ok(Self {
            id: DagId::parse(&wire.id)?,
            name: wire.name,
            stage: wire.stage,
            max_stage: wire.max_stage,
            maintenance_type: wire.maintenance_type,
            operator: operator(wire.operator),
            created,
            span: span(&state, &wire.start_time, &wire.end_time),
            state,
            nodes: all(wire.nodes)?,
        })
    }
}

impl TryFrom<WireNode> for Node {
    type Error = NotAnId;

    fn try_from(wire: WireNode) -> Result<Self, NotAnId> {
        let state = state(wire.state);
        Ok(Self {
            id: NodeId::parse(&wire.id)?,
            name: wire.name,
            operator: operator(wire.operator),
            span: span(&state, &wire.start_time, &wire.end_time),
            state,
            sub_tasks: all(wire.sub_tasks)?,
        })
    }
}

impl TryFrom<WireSubTask> for SubTask {
    type Error = NotAnId;

    fn try_from(wire: WireSubTask) -> Result<Self, NotAnId> {
        let state = state(wire.state);
        // A passed sub task that never ran has the moment of the PASS as its end and its creation
        // as its start (protocol: 12.7): it has no time of its own.
        let span = if wire.execute_times == 0 {
            Span::default()
        } else {
            span(&state, &wire.start_time, &wire.end_time)
        };
        Ok(Self {
            id: SubTaskId::parse(&wire.id)?,
            name: wire.name,
            operator: operator(wire.operator),
            span,
            state,
            execute_times: wire.execute_times,
            agent: wire
                .execute_agent
                .and_then(|agent| Some(AgentAddress::from_ip(agent.ip.parse().ok()?, agent.port))),
            logs: wire.task_logs.map(Rc::new),
        })
    }
}

fn all<W, T>(parts: Option<Vec<W>>) -> Result<Option<Vec<Rc<T>>>, NotAnId>
where
    T: TryFrom<W, Error = NotAnId>,
{
    parts
        .map(|parts| {
            parts
                .into_iter()
                .map(|part| T::try_from(part).map(Rc::new))
                .collect()
        })
        .transpose()
}

fn state(text: String) -> State {
    match text.as_str() {
        "PENDING" => State::Pending,
        "READY" => State::Ready,
        "RUNNING" => State::Running,
        "FAILED" => State::Failed,
        "SUCCEED" => State::Succeed,
        _ => State::Unknown(text),
    }
}

fn operator(text: String) -> Operator {
    match text.as_str() {
        "RUN" => Operator::Run,
        "RETRY" => Operator::Retry,
        "ROLLBACK" => Operator::Rollback,
        "CANCEL" => Operator::Cancel,
        "PASS" => Operator::Pass,
        _ => Operator::Unknown(text),
    }
}

/// Creation fills both times; a start moves `start_time` alone; RETRY, CANCEL and PASS set 1970
/// (protocol: 4.3, 12.5).
fn span(state: &State, start: &str, end: &str) -> Span {
    let time = |text| AgentTime::parse(text).filter(|time| !time.means_not_yet());
    match state {
        State::Pending | State::Ready | State::Unknown(_) => Span::default(),
        State::Running => Span {
            started: time(start),
            ended: None,
        },
        State::Failed | State::Succeed => Span {
            started: time(start),
            ended: time(end),
        },
    }
}
