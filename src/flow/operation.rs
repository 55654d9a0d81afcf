//! The operations on a task that a person can send to the agent.

mod offer;

use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{Dag, Node, Operator, State};
use crate::obshell::info::Version;
use crate::obshell::request::{DagOperation, Request};
use crate::obshell::time::AgentTime;

/// An operation on a task. Rollback is not among them: the agent always refuses it for a destroy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Run the stage at which the task stopped again, then continue.
    Retry,
    /// Stop; completed stages remain done.
    Cancel,
    /// Count the failed stage as done and continue with the next.
    Skip,
    /// Count the whole task as done; no further stage runs.
    MarkDone,
}

impl Operation {
    /// All operations, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Retry, Self::Cancel, Self::Skip, Self::MarkDone];

    /// Whether an agent of this version accepts the operation for a task in this state (protocol:
    /// 4.5).
    ///
    /// One case that an agent would accept is excluded: marking a task as done that has released
    /// the lock. This would not affect the task, and would release a lock that another task holds
    /// (protocol: 12).
    #[must_use]
    pub fn is_accepted(self, dag: &Dag, version: &Version) -> bool {
        if !dag.is_odp_task() || dag.takes_lock() == Some(false) {
            return false;
        }
        let stopped = dag.state == State::Failed;
        let node = dag.current_node();
        match self {
            Self::Retry => stopped,
            Self::Cancel => {
                matches!(dag.progress(), Progress::Waiting | Progress::Running)
                    && node.is_none_or(|node| can_be_passed(node))
            }
            Self::Skip => {
                stopped
                    && version.at_least(Version::FIRST_WITH_NODE_PASS) != Some(false)
                    && node.is_some_and(|node| node.state == State::Failed && can_be_passed(node))
            }
            Self::MarkDone => {
                let mut nodes = dag.nodes.iter().flatten();
                stopped
                    && keeps_lock(dag)
                    && nodes.all(|node| node.state == State::Succeed || can_be_passed(node))
            }
        }
    }

    /// Whether the task has not changed, in what matters for this operation, since the person
    /// confirmed the operation on it as it was `before`: the operation still does what the person
    /// confirmed.
    pub(super) fn still_fits(self, before: &Dag, now: &Dag, version: &Version) -> bool {
        before.id == now.id
            && self.is_accepted(now, version)
            && match self {
                // The effects described to the person hold for the later stages, too.
                Self::Cancel => true,
                // Retry and Skip apply to the failed stage.
                Self::Retry | Self::Skip => before.stage == now.stage,
                // Acceptance already requires that the task failed and holds the lock.
                Self::MarkDone => true,
            }
    }

    /// Whether the task shows the effect of this operation, compared with `before`.
    pub(super) fn shows(self, before: &Dag, now: &Dag) -> bool {
        match self {
            // A running task also changes without an operation.
            Self::Cancel => now.operator == Operator::Cancel,
            Self::Retry | Self::Skip | Self::MarkDone => has_moved(before, now),
        }
    }

    /// The request; `None` if there is no stage to skip.
    pub(super) fn request(self, dag: &Dag) -> Option<Request> {
        let operation = match self {
            Self::Retry => DagOperation::Retry,
            Self::Cancel => DagOperation::Cancel,
            Self::MarkDone => DagOperation::Pass,
            Self::Skip => return Some(Request::pass_node(&dag.current_node()?.id)),
        };
        Some(Request::operate_dag(&dag.id, operation))
    }
}

/// Whether a task has changed between two responses. A part, a count or a time missing from one of
/// them is no change: incomplete responses occur.
fn has_moved(before: &Dag, now: &Dag) -> bool {
    let whole = before.unparsed.parts == 0 && now.unparsed.parts == 0;
    let nodes = before.nodes.iter().flatten();
    let mut nodes = nodes.filter_map(|node| Some((node, now.node(node.number)?)));
    (&before.state, &before.operator, before.stage) != (&now.state, &now.operator, now.stage)
        || has_another(before.span.started.as_ref(), now.span.started.as_ref())
        || has_another(before.span.ended.as_ref(), now.span.ended.as_ref())
        || whole && nodes.any(|(before, now)| node_has_moved(before, now))
}

fn node_has_moved(before: &Node, now: &Node) -> bool {
    let parts = before.sub_tasks.iter().flatten();
    let mut parts = parts.zip(now.sub_tasks.iter().flatten());
    (&before.state, &before.operator) != (&now.state, &now.operator)
        || parts.any(|(before, now)| {
            (&before.state, &before.operator, before.execute_times)
                != (&now.state, &now.operator, now.execute_times)
        })
}

/// Whether both times are known and differ.
fn has_another(before: Option<&AgentTime>, now: Option<&AgentTime>) -> bool {
    before.zip(now).is_some_and(|(before, now)| before != now)
}

/// The only node of all ODP tasks that can neither be skipped nor cancelled (protocol: 3.3).
fn can_be_passed(node: &Node) -> bool {
    node.name != "Download obproxy pkg from sqlite"
}

/// Whether a stopped task still holds the ODP lock: a first stage that only checks releases it
/// (protocol: 3.2).
fn keeps_lock(dag: &Dag) -> bool {
    dag.stage > 1
        || dag
            .node(1)
            .is_some_and(|node| node.name != "Check obproxy status")
}
