//! The JSON of tasks, and the way from it to the types that the rest of the console uses.

use std::rc::Rc;

use super::id::{DagId, NodeId, NotAnId, SubTaskId};
use super::{Dag, Node, Operator, Span, State, SubTask};
use crate::obshell::address::AgentAddress;
use crate::obshell::json::{Object, Read, Value, Wrong, text};
use crate::obshell::time::AgentTime;

pub(in crate::obshell) fn dag<'a>(value: &'a Value<'a>) -> Read<Dag> {
    let wire = Object::of(value)?;
    let (start, end) = times(wire)?;
    let state = state(wire.text("state")?);
    let created =
        AgentTime::parse(start).filter(|time| state == State::Ready && !time.means_not_yet());
    Ok(Dag {
        id: DagId::parse(wire.text("id")?)?,
        number: wire.count("dag_id")?,
        name: wire.text("name")?.to_owned(),
        stage: wire.count("stage")?,
        max_stage: wire.count("max_stage")?,
        maintenance_type: wire.count("maintenance_type")?,
        operator: operator(wire.text("operator")?),
        created,
        span: span(&state, start, end),
        state,
        nodes: wire.list("nodes", |value| node(value).map(Rc::new))?,
    })
}

pub(in crate::obshell) fn node<'a>(value: &'a Value<'a>) -> Read<Node> {
    let wire = Object::of(value)?;
    let (start, end) = times(wire)?;
    let state = state(wire.text("state")?);
    Ok(Node {
        id: NodeId::parse(wire.text("id")?)?,
        name: wire.text("name")?.to_owned(),
        operator: operator(wire.text("operator")?),
        span: span(&state, start, end),
        state,
        sub_tasks: wire.list("sub_tasks", |value| sub_task(value).map(Rc::new))?,
    })
}

pub(in crate::obshell) fn sub_task<'a>(value: &'a Value<'a>) -> Read<SubTask> {
    let wire = Object::of(value)?;
    let (start, end) = times(wire)?;
    let state = state(wire.text("state")?);
    let execute_times = wire.count("execute_times")?;
    // A passed sub task that never ran has the moment of the PASS as its end and its creation
    // as its start (protocol: 12.7): it has no time of its own.
    let span = if execute_times == 0 {
        Span::default()
    } else {
        span(&state, start, end)
    };
    Ok(SubTask {
        id: SubTaskId::parse(wire.text("id")?)?,
        name: wire.text("name")?.to_owned(),
        operator: operator(wire.text("operator")?),
        span,
        state,
        execute_times,
        agent: wire.get("execute_agent").map(agent).transpose()?.flatten(),
        logs: wire.list("task_logs", line)?.map(Rc::new),
    })
}

fn agent<'a>(value: &'a Value<'a>) -> Read<Option<AgentAddress>> {
    let wire = Object::of(value)?;
    let port = wire.count("port")?;
    Ok(wire
        .text("ip")?
        .parse()
        .ok()
        .map(|ip| AgentAddress::from_ip(ip, port)))
}

fn line<'a>(value: &'a Value<'a>) -> Read<String> {
    text(value).map(str::to_owned)
}

fn times(wire: Object<'_>) -> Read<(&str, &str)> {
    Ok((
        wire.text_or_empty("start_time")?,
        wire.text_or_empty("end_time")?,
    ))
}

impl From<NotAnId> for Wrong {
    fn from(_: NotAnId) -> Self {
        Self
    }
}

fn state(text: &str) -> State {
    match text {
        "PENDING" => State::Pending,
        "READY" => State::Ready,
        "RUNNING" => State::Running,
        "FAILED" => State::Failed,
        "SUCCEED" => State::Succeed,
        _ => State::Unknown(text.to_owned()),
    }
}

fn operator(text: &str) -> Operator {
    match text {
        "RUN" => Operator::Run,
        "RETRY" => Operator::Retry,
        "ROLLBACK" => Operator::Rollback,
        "CANCEL" => Operator::Cancel,
        "PASS" => Operator::Pass,
        _ => Operator::Unknown(text.to_owned()),
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
