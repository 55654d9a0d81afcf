//! A task of the agent: the DAG, its nodes (stages), their sub tasks and logs.

pub mod id;
pub mod progress;
pub(super) mod wire;

use std::fmt;
use std::rc::Rc;

use self::id::{DagId, NodeId, SubTaskId};
use super::address::AgentAddress;
use super::time::AgentTime;

/// `maintenance_type` of a task that holds the ODP lock (protocol: 4.3).
pub const MAINTENANCE_ODP: i64 = 4;

/// The name of the DAG that a DELETE starts.
pub const DELETE_DAG_NAME: &str = "Delete obproxy";

/// The state of a DAG, a node or a sub task (protocol: 4.1). There is no state "cancelled": a
/// cancelled DAG is `FAILED` with the operator `CANCEL`.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    Unknown(String),
}

impl State {
    /// Whether nothing more happens by itself.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Failed | Self::Succeed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "PENDING",
            Self::Ready => "READY",
            Self::Running => "RUNNING",
            Self::Failed => "FAILED",
            Self::Succeed => "SUCCEED",
            Self::Unknown(text) => text,
        })
    }
}

/// What a DAG, a node or a sub task was last told to do (protocol: 4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
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
    Unknown(String),
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Run => "RUN",
            Self::Retry => "RETRY",
            Self::Rollback => "ROLLBACK",
            Self::Cancel => "CANCEL",
            Self::Pass => "PASS",
            Self::Unknown(text) => text,
        })
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
    pub name: String,
    /// The current node, counted from 1; on failure the failed one, on success the last.
    pub stage: usize,
    /// The number of nodes.
    pub max_stage: usize,
    /// [`MAINTENANCE_ODP`] where it holds the ODP lock.
    pub maintenance_type: i64,
    /// Its state.
    pub state: State,
    /// What it was last told.
    pub operator: Operator,
    /// When the agent wrote it down, while it waits to run for the first time.
    pub created: Option<AgentTime>,
    /// When it ran.
    pub span: Span,
    /// Its nodes in order; `None` where the answer has no details.
    pub nodes: Option<Vec<Rc<Node>>>,
}

/// A stage of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Its name, always English.
    pub name: String,
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
    pub name: String,
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
    /// Its log lines of all executions in order, always English; `None` until it first runs.
    pub logs: Option<Rc<Vec<String>>>,
}

impl Dag {
    /// Whether this is a task on the ODP that holds the agent's ODP lock or did.
    #[must_use]
    pub fn is_odp_task(&self) -> bool {
        self.maintenance_type == MAINTENANCE_ODP
    }

    /// Whether this is the task that a DELETE starts.
    #[must_use]
    pub fn is_delete(&self) -> bool {
        self.is_odp_task() && self.name == DELETE_DAG_NAME
    }

    /// The node at the current stage.
    #[must_use]
    pub fn current_node(&self) -> Option<&Rc<Node>> {
        self.nodes.as_ref()?.get(self.stage.checked_sub(1)?)
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
