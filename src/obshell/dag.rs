//! A task of the agent: the DAG, its nodes (stages), their sub tasks and logs.

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

/// What the names of all tasks on an ODP end in (protocol: 3.3, 13.1).
const ODP_DAG_NAME_END: &str = " obproxy";

/// The tasks on an ODP that take its lock, and the one that takes none (protocol: 3.2).
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
    /// Waits for its turn. Never the state of a DAG.
    Pending,
    /// Is about to run. Never the state of a node.
    Ready,
    /// Runs.
    Running,
    /// Ended without success.
    Failed,
    /// Ended with success, or was passed.
    Succeed,
    /// A state that this console does not know, kept as written.
    Unknown(AgentText),
}

impl State {
    /// Whether nothing more happens by itself.
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
    /// The word exactly as the agent wrote it, for programs.
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

/// What a DAG, a node or a sub task was last told to do (protocol: 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Operator {
    /// Run.
    Run,
    /// Run again after a failure. A node keeps it even after success.
    Retry,
    /// Undo. A sub task shows it for a tick in a RETRY.
    Rollback,
    /// Stop.
    Cancel,
    /// Count as done without being done.
    Pass,
    /// An operator that this console does not know, kept as written.
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
    /// The word exactly as the agent wrote it, for programs.
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

/// When something started and ended, by the agent's clock. What the agent fills in before it
/// knows (creation times, 1970, an end before the end) is left out here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// When it started to run; `None` while it waits.
    pub started: Option<AgentTime>,
    /// When it ended; `None` until its state is final.
    pub ended: Option<AgentTime>,
}

impl Span {
    /// Milliseconds from start to end.
    #[must_use]
    pub fn duration(&self) -> Option<i64> {
        let (started, ended) = (self.started.as_ref()?, self.ended.as_ref()?);
        Some((ended.millis() - started.millis()).max(0))
    }
}

/// A task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dag {
    /// Its id.
    pub id: DagId,
    /// `dag_id`: grows with every task of an agent, of whatever kind, and begins at 1.
    pub number: i64,
    /// Its name, always English: `Delete obproxy`.
    pub name: AgentText,
    /// The current node, counted from 1; on failure the failed one, on success the last.
    pub stage: usize,
    /// The number of nodes.
    pub max_stage: usize,
    /// [`MAINTENANCE_ODP`] where it takes the ODP lock; `None` where the agent does not tell
    /// (before 4.3.1.0; protocol: 13.1).
    pub maintenance_type: Option<i64>,
    /// Its state.
    pub state: State,
    /// What it was last told.
    pub operator: Operator,
    /// When the agent wrote it down, while it waits to run for the first time.
    pub created: Option<AgentTime>,
    /// When it ran.
    pub span: Span,
    /// Its nodes in order; `None` where the answer has no details. One that could not be read is
    /// missing, so a node is found by its [number](Node::number).
    pub nodes: Option<Vec<Rc<Node>>>,
    /// What of the answer could not be read.
    pub left_out: LeftOut,
}

/// How much of an answer about a task could not be read and is not shown: a `null` in a list, a
/// field of another type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Stages, sub tasks, and what tells whether one ran. Without them nothing proves a success.
    pub parts: usize,
    /// Times, log lines and other fields that a task can do without.
    pub fields: usize,
}

impl LeftOut {
    pub(in crate::obshell) fn add(&mut self, other: Self) {
        self.parts += other.parts;
        self.fields += other.fields;
    }
}

/// A stage of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Its place in the task, counted from 1; 1 where it was read by itself.
    pub number: usize,
    /// Its name, always English.
    pub name: AgentText,
    /// Its state.
    pub state: State,
    /// What it was last told.
    pub operator: Operator,
    /// When it ran.
    pub span: Span,
    /// Its sub tasks; `None` where the answer has no details.
    pub sub_tasks: Option<Vec<Rc<SubTask>>>,
}

/// A unit that runs inside a node, on one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubTask {
    /// Its id.
    pub id: SubTaskId,
    /// Its name, always English.
    pub name: AgentText,
    /// Its state.
    pub state: State,
    /// What it was last told.
    pub operator: Operator,
    /// When it ran.
    pub span: Span,
    /// Executions and rollbacks so far: 0 before the first, and a retry adds two.
    pub execute_times: u32,
    /// The agent that runs it.
    pub agent: Option<AgentAddress>,
    /// Its log lines of all executions in order, always English; `None` until it first runs. Secrets
    /// are [hidden](super::redact) in them.
    pub logs: Option<Rc<Vec<String>>>,
    /// How many values are hidden in its log lines.
    pub hidden: usize,
}

impl Dag {
    /// Whether this is a task on an ODP. Its name tells, which every version has; the type does no
    /// more than confirm.
    #[must_use]
    pub fn is_odp_task(&self) -> bool {
        self.name.raw().ends_with(ODP_DAG_NAME_END)
            || self.maintenance_type == Some(MAINTENANCE_ODP)
    }

    /// Whether this is a task that takes the agent's ODP lock; `None` where neither its type nor
    /// its name tells.
    #[must_use]
    pub fn takes_lock(&self) -> Option<bool> {
        match self.maintenance_type {
            Some(told) => Some(told == MAINTENANCE_ODP),
            None if LOCKING_DAG_NAMES.contains(&self.name.raw()) => Some(true),
            None if self.name == LOCKLESS_DAG_NAME || !self.is_odp_task() => Some(false),
            None => None,
        }
    }

    /// Whether this task takes no lock of any kind, so that the agent's newest task with a lock
    /// (`maintain/agent`) is certainly another one; `false` also where neither its type nor its name
    /// tells.
    #[must_use]
    pub fn takes_no_lock(&self) -> bool {
        match self.maintenance_type {
            Some(told) => told == NO_MAINTENANCE,
            None => self.name == LOCKLESS_DAG_NAME,
        }
    }

    /// Whether this is the task that a DELETE starts.
    #[must_use]
    pub fn is_delete(&self) -> bool {
        self.name == DELETE_DAG_NAME
    }

    /// The node of a stage, counted from 1.
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

    /// This news, with every part that is equal to the last news replaced by the very same part:
    /// what did not change is then seen as unchanged by comparing pointers.
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
        answer::dag(200, body.as_bytes()).unwrap().what
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
            // Of another version: nobody knows.
            ("Rename obproxy", None, true, None, false),
            ("Rename obproxy", Some(4), true, Some(true), false),
            ("Move the proxy", Some(4), true, Some(true), false),
            // Another lock than that of the ODP.
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
