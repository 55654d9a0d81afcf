//! A task of the agent: the DAG with its nodes (stages), their sub tasks and logs.

pub mod id;
pub mod progress;
pub mod proof;
pub(super) mod wire;

use std::fmt;
use std::rc::Rc;

use serde::Deserialize;

use self::id::{DagId, NodeId, SubTaskId};
use super::address::AgentAddress;
use super::agent_text::AgentText;
use super::invisible::visible;
use super::time::AgentTime;

/// `maintenance_type` of a task that holds the ODP lock (protocol: 4.3).
pub const MAINTENANCE_ODP: i64 = 4;

/// `maintenance_type` of a task that takes no lock (protocol: 4.3).
const NO_MAINTENANCE: i64 = 1;

/// The name of the DAG that a DELETE starts.
pub const DELETE_DAG_NAME: &str = "Delete obproxy";

/// The suffix of the names of all tasks on an ODP (protocol: 3.3, 13.1).
const ODP_DAG_NAME_END: &str = " obproxy";

/// The names of the tasks that take the ODP lock, and of the task that does not (protocol: 3.2).
const LOCKING_DAG_NAMES: [&str; 4] = [
    DELETE_DAG_NAME,
    "Add obproxy",
    "Stop obproxy",
    "Upgrade obproxy",
];
const LOCKLESS_DAG_NAME: &str = "Start obproxy";

/// The state of a DAG, a node or a sub task (protocol: 4.1). There is no state "cancelled": a
/// cancelled DAG is `FAILED` with the operator `CANCEL`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum State {
    /// Waiting to be scheduled. Never the state of a DAG.
    Pending,
    /// About to run. Never the state of a node.
    Ready,
    /// Running.
    Running,
    /// Ended with a failure.
    Failed,
    /// Ended successfully, or was passed.
    Succeed,
    /// A state that this console does not know, as written by the agent.
    Unknown(AgentText),
}

impl State {
    /// Whether the state is final: it changes only through an operation.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Failed | Self::Succeed)
    }
}

impl From<String> for State {
    fn from(text: String) -> Self {
        match text.as_str() {
            "PENDING" => Self::Pending,
            "READY" => Self::Ready,
            "RUNNING" => Self::Running,
            "FAILED" => Self::Failed,
            "SUCCEED" => Self::Succeed,
            _ => Self::Unknown(text.into()),
        }
    }
}

impl State {
    /// The word exactly as written by the agent, for machine-readable output.
    #[must_use]
    pub fn raw(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::Ready => "READY",
            Self::Running => "RUNNING",
            Self::Failed => "FAILED",
            Self::Succeed => "SUCCEED",
            Self::Unknown(text) => text.raw(),
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(self.raw()))
    }
}

/// The last operation on a DAG, a node or a sub task (protocol: 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Operator {
    /// Run.
    Run,
    /// Run again after a failure. A node keeps this operator even after success.
    Retry,
    /// Undo. A sub task shows this operator for one tick of a RETRY.
    Rollback,
    /// Stop.
    Cancel,
    /// Mark as done without running.
    Pass,
    /// An operator that this console does not know, as written by the agent.
    Unknown(AgentText),
}

impl From<String> for Operator {
    fn from(text: String) -> Self {
        match text.as_str() {
            "RUN" => Self::Run,
            "RETRY" => Self::Retry,
            "ROLLBACK" => Self::Rollback,
            "CANCEL" => Self::Cancel,
            "PASS" => Self::Pass,
            _ => Self::Unknown(text.into()),
        }
    }
}

impl Operator {
    /// The word exactly as written by the agent, for machine-readable output.
    #[must_use]
    pub fn raw(&self) -> &str {
        match self {
            Self::Run => "RUN",
            Self::Retry => "RETRY",
            Self::Rollback => "ROLLBACK",
            Self::Cancel => "CANCEL",
            Self::Pass => "PASS",
            Self::Unknown(text) => text.raw(),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(self.raw()))
    }
}

/// Start and end times, by the agent's clock. Placeholder times of the agent (creation times, 1970,
/// an end before the actual end) are omitted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// When the part started to run; `None` while it waits.
    pub started: Option<AgentTime>,
    /// When the part ended; `None` until its state is final.
    pub ended: Option<AgentTime>,
}

impl Span {
    /// The duration in milliseconds; `None` unless both times are known.
    #[must_use]
    pub fn duration(&self) -> Option<i64> {
        let (started, ended) = (self.started.as_ref()?, self.ended.as_ref()?);
        Some((ended.millis() - started.millis()).max(0))
    }
}

/// A task: an obshell DAG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dag {
    /// The id of the task.
    pub id: DagId,
    /// `dag_id`: starts at 1 and grows with every task of an agent, of any kind.
    pub number: i64,
    /// The name, always English: `Delete obproxy`.
    pub name: AgentText,
    /// The number of the current node, counted from 1: the failed node after a failure, the last
    /// node after a success.
    pub stage: usize,
    /// The number of nodes.
    pub max_stage: usize,
    /// [`MAINTENANCE_ODP`] if the task takes the ODP lock; `None` if the agent does not report the
    /// type (before 4.3.1.0; protocol: 13.1).
    pub maintenance_type: Option<i64>,
    /// The state of the task.
    pub state: State,
    /// The last operation on the task.
    pub operator: Operator,
    /// When the agent recorded the task; only while the task waits for its first run.
    pub created: Option<AgentTime>,
    /// When the task ran.
    pub span: Span,
    /// The nodes in order; `None` if the answer has no details. A node that could not be parsed is
    /// missing, so nodes must be looked up by their [number](Node::number).
    pub nodes: Option<Vec<Rc<Node>>>,
    /// The number of parts that could not be parsed.
    pub unparsed: UnparsedParts,
}

/// How much of an answer about a task could not be parsed and is not shown: a `null` in a list, a
/// field of another type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnparsedParts {
    /// Stages, sub tasks, and the fields that show whether a sub task ran. Without them, a success
    /// is not proven.
    pub parts: usize,
    /// Times, log lines and other optional fields.
    pub fields: usize,
}

impl UnparsedParts {
    pub(in crate::obshell) fn add(&mut self, other: Self) {
        self.parts += other.parts;
        self.fields += other.fields;
    }
}

/// A stage of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The id of the stage.
    pub id: NodeId,
    /// The position in the task, counted from 1; 1 if the stage was read on its own.
    pub number: usize,
    /// The name, always English.
    pub name: AgentText,
    /// The state of the stage.
    pub state: State,
    /// The last operation on the stage.
    pub operator: Operator,
    /// When the stage ran.
    pub span: Span,
    /// The sub tasks; `None` if the answer has no details.
    pub sub_tasks: Option<Vec<Rc<SubTask>>>,
}

/// A unit that runs inside a node, on one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubTask {
    /// The id of the sub task.
    pub id: SubTaskId,
    /// The name, always English.
    pub name: AgentText,
    /// The state of the sub task.
    pub state: State,
    /// The last operation on the sub task.
    pub operator: Operator,
    /// When the sub task ran.
    pub span: Span,
    /// The number of executions and rollbacks so far: 0 before the first; a retry adds two.
    pub execute_times: u32,
    /// The agent that runs the sub task.
    pub agent: Option<AgentAddress>,
    /// The log lines of all executions in order, always English; `None` until the first run.
    /// Secrets are [hidden](super::redact).
    pub logs: Option<Rc<Vec<String>>>,
    /// The number of hidden values in the log lines.
    pub hidden: usize,
}

impl Dag {
    /// Whether the task operates on an ODP. The name decides, which every version reports; the type
    /// only confirms it.
    #[must_use]
    pub fn is_odp_task(&self) -> bool {
        self.name.raw().ends_with(ODP_DAG_NAME_END)
            || self.maintenance_type == Some(MAINTENANCE_ODP)
    }

    /// Whether the task takes the agent's ODP lock; `None` if neither type nor name shows it.
    #[must_use]
    pub fn takes_lock(&self) -> Option<bool> {
        match self.maintenance_type {
            Some(kind) => Some(kind == MAINTENANCE_ODP),
            None if LOCKING_DAG_NAMES.contains(&self.name.raw()) => Some(true),
            None if self.name == LOCKLESS_DAG_NAME || !self.is_odp_task() => Some(false),
            None => None,
        }
    }

    /// Whether the task takes no lock of any kind, so that the agent's newest task with a lock
    /// (`maintain/agent`) is certainly another one; `false` also if neither type nor name shows it.
    #[must_use]
    pub fn takes_no_lock(&self) -> bool {
        match self.maintenance_type {
            Some(kind) => kind == NO_MAINTENANCE,
            None => self.name == LOCKLESS_DAG_NAME,
        }
    }

    /// Whether the task is the one that a DELETE starts.
    #[must_use]
    pub fn is_delete(&self) -> bool {
        self.name == DELETE_DAG_NAME
    }

    /// The node with this number, counted from 1.
    #[must_use]
    pub fn node(&self, stage: usize) -> Option<&Rc<Node>> {
        let mut nodes = self.nodes.iter().flatten();
        nodes.find(|node| node.number == stage)
    }

    /// The node at the current stage.
    #[must_use]
    pub fn current_node(&self) -> Option<&Rc<Node>> {
        self.node(self.stage)
    }

    /// Replaces every part of the task that equals the corresponding part of `last` by that shared
    /// part, so that comparing pointers detects an unchanged part.
    #[must_use]
    pub fn sharing_with(mut self, last: &Self) -> Self {
        if let (Some(nodes), Some(last_nodes)) = (&mut self.nodes, &last.nodes) {
            for (node, last_node) in nodes.iter_mut().zip(last_nodes) {
                if node == last_node {
                    *node = Rc::clone(last_node);
                } else {
                    share_sub_tasks(Rc::make_mut(node), last_node);
                }
            }
        }
        self
    }
}

fn share_sub_tasks(node: &mut Node, last: &Node) {
    let (Some(sub_tasks), Some(last_sub_tasks)) = (&mut node.sub_tasks, &last.sub_tasks) else {
        return;
    };
    for (sub_task, last_sub_task) in sub_tasks.iter_mut().zip(last_sub_tasks) {
        if sub_task == last_sub_task {
            *sub_task = Rc::clone(last_sub_task);
        } else if sub_task.logs == last_sub_task.logs {
            Rc::make_mut(sub_task).logs.clone_from(&last_sub_task.logs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obshell::answer;

    fn named(name: &str, maintenance_type: Option<i64>) -> Dag {
        let told = maintenance_type
            .map_or_else(String::new, |told| format!(r#""maintenance_type":{told},"#));
        let body = format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:14:18Z","status":200,"data":{{"id":"42130706433028861","dag_id":1,"name":"{name}","stage":1,"max_stage":2,{told}"state":"RUNNING","operator":"RUN"}}}}"#
        );
        answer::dag(200, body.as_bytes()).unwrap().value
    }

    #[test]
    fn a_task_on_an_odp_is_told_by_its_name_and_its_lock_by_what_is_known() {
        for (name, told, odp, locks, lockless) in [
            ("Delete obproxy", Some(4), true, Some(true), false),
            ("Delete obproxy", None, true, Some(true), false),
            ("Add obproxy", None, true, Some(true), false),
            ("Stop obproxy", None, true, Some(true), false),
            ("Upgrade obproxy", None, true, Some(true), false),
            ("Start obproxy", Some(1), true, Some(false), true),
            ("Start obproxy", None, true, Some(false), true),
            // Of another version: unknown.
            ("Rename obproxy", None, true, None, false),
            ("Rename obproxy", Some(4), true, Some(true), false),
            ("Move the proxy", Some(4), true, Some(true), false),
            // Another lock than the ODP lock.
            ("Start observer", None, false, Some(false), false),
            ("Start observer", Some(2), false, Some(false), false),
            ("Start observer", Some(1), false, Some(false), true),
        ] {
            let dag = named(name, told);
            assert_eq!(dag.is_odp_task(), odp, "{name} {told:?}");
            assert_eq!(dag.takes_lock(), locks, "{name} {told:?}");
            assert_eq!(dag.takes_no_lock(), lockless, "{name} {told:?}");
            assert_eq!(dag.is_delete(), name == "Delete obproxy");
        }
    }
}
