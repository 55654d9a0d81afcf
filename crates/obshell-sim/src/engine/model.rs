//! The agent's internal model of a task.

use std::time::Instant;

use chrono::{DateTime, Utc};

use super::work::{Step, Work};

/// State of a DAG, a node or a sub task (obshell: ob/agent/engine/task/task.go).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waiting for its turn. Nodes and sub tasks only.
    Pending,
    /// Ready to be started. DAGs and sub tasks only.
    Ready,
    /// In progress.
    Running,
    /// Failed, or cancelled.
    Failed,
    /// Succeeded, or skipped.
    Succeed,
}

impl State {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Ready => "READY",
            Self::Running => "RUNNING",
            Self::Failed => "FAILED",
            Self::Succeed => "SUCCEED",
        }
    }

    pub(crate) const fn is_finished(self) -> bool {
        matches!(self, Self::Failed | Self::Succeed)
    }
}

/// The operator on a DAG, a node or a sub task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Run.
    Run,
    /// Run again.
    Retry,
    /// Roll back.
    Rollback,
    /// Cancel.
    Cancel,
    /// Skip.
    Pass,
}

impl Operator {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Run => "RUN",
            Self::Retry => "RETRY",
            Self::Rollback => "ROLLBACK",
            Self::Cancel => "CANCEL",
            Self::Pass => "PASS",
        }
    }
}

/// A task.
#[derive(Clone, Debug)]
pub struct Dag {
    /// The number, 1 for the agent's first task.
    pub id: i64,
    /// Its name, for example `Delete obproxy`.
    pub name: &'static str,
    /// The current stage, from 1.
    pub stage: usize,
    /// Whether it takes the lock of the agent's ODP.
    pub maintenance: bool,
    /// Its state.
    pub state: State,
    /// Its operator.
    pub operator: Operator,
    /// As shown; not always true (protocol: 4.3).
    pub start_time: DateTime<Utc>,
    /// As shown; not always true (protocol: 4.3).
    pub end_time: DateTime<Utc>,
    /// Its stages.
    pub nodes: Vec<Node>,
    /// Whether the lists of unfinished tasks omit it.
    pub finished: bool,
    /// Until when no route shows it.
    pub(crate) hidden_until: Option<Instant>,
}

impl Dag {
    /// The node of the current stage.
    #[must_use]
    pub fn current(&self) -> Option<&Node> {
        self.nodes.get(self.stage.checked_sub(1)?)
    }
}

/// A stage of a task.
#[derive(Clone, Debug)]
pub struct Node {
    /// The number.
    pub id: i64,
    /// Its name.
    pub name: &'static str,
    /// Its state.
    pub state: State,
    /// Its operator.
    pub operator: Operator,
    /// As shown.
    pub start_time: DateTime<Utc>,
    /// As shown.
    pub end_time: DateTime<Utc>,
    /// Whether a rollback can undo it.
    pub(crate) can_rollback: bool,
    /// Whether its failure releases the lock.
    pub(crate) failure_frees_lock: bool,
    /// Its one sub task.
    pub sub_task: SubTask,
}

/// The unit that runs in a stage.
#[derive(Clone, Debug)]
pub struct SubTask {
    /// The number.
    pub id: i64,
    /// Its name.
    pub name: &'static str,
    /// Its state.
    pub state: State,
    /// Its operator.
    pub operator: Operator,
    /// As shown.
    pub start_time: DateTime<Utc>,
    /// As shown.
    pub end_time: DateTime<Utc>,
    /// How often it ran, forwards and back.
    pub execute_times: u32,
    /// Its log, all executions together.
    pub logs: Vec<LogLine>,
    pub(crate) work: Work,
    pub(crate) waiting: Option<Waiting>,
}

/// A sub task between two of its steps.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) due: Instant,
    pub(crate) next: Step,
}

/// A line of a sub task's log.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// The number, counted over all tasks.
    pub id: i64,
    /// The execution that wrote it.
    pub execute_times: u32,
    /// The text.
    pub text: String,
    /// When it was written.
    pub time: DateTime<Utc>,
}
