//! What a person may tell the agent to do with a task.

mod offer;

use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{Dag, Node, Operator, State};
use crate::obshell::info::Version;
use crate::obshell::request::{DagOperation, Request};
use crate::obshell::time::AgentTime;

/// An operation on a task. There is no rollback: the agent always refuses it for a destroy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Run the stage at which it stopped again, then go on.
    Retry,
    /// Stop; what is done stays done.
    Cancel,
    /// Count the failed stage as done and go on with the next.
    Skip,
    /// Count the whole task as done; nothing more runs.
    MarkDone,
}

impl Operation {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Retry, Self::Cancel, Self::Skip, Self::MarkDone];

    /// Whether an agent of this version accepts it for a task that is as told (protocol: 4.5).
    ///
    /// One thing that an agent would accept is left out: marking a task as done that has given the
    /// lock back. It would do nothing for the task, and free a lock that another one holds
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

    /// Whether a task that a person agreed to operate on as it was `before` is still as it matters
    /// for this operation: what the person agreed to is what the operation does now.
    pub(super) fn still_fits(self, before: &Dag, now: &Dag, version: &Version) -> bool {
        before.id == now.id
            && self.is_accepted(now, version)
            && match self {
                // What it says before it is sent holds for the later stages, too.
                Self::Cancel => true,
                // The failed stage is what they are about.
                Self::Retry | Self::Skip => before.stage == now.stage,
                // That it failed and holds the lock is part of being accepted.
                Self::MarkDone => true,
            }
    }

    /// Whether a task shows the effect of this operation since it was as `before`.
    pub(super) fn shows(self, before: &Dag, now: &Dag) -> bool {
        match self {
            // A task that runs changes by itself, too.
            Self::Cancel => now.operator == Operator::Cancel,
            Self::Retry | Self::Skip | Self::MarkDone => has_moved(before, now),
        }
    }

    /// The request; `None` where there is no stage to skip.
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

/// Whether a task has moved between two answers. A part, a count or a time that one of them does not
/// tell is no move: odd answers come and go.
fn has_moved(before: &Dag, now: &Dag) -> bool {
    let whole = before.left_out.parts == 0 && now.left_out.parts == 0;
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

/// Whether both times are told, and differ.
fn has_another(before: Option<&AgentTime>, now: Option<&AgentTime>) -> bool {
    before.zip(now).is_some_and(|(before, now)| before != now)
}

/// The one node of all ODP tasks that can neither be passed nor cancelled (protocol: 3.3).
fn can_be_passed(node: &Node) -> bool {
    node.name != "Download obproxy pkg from sqlite"
}

/// Whether a task that stopped still holds the ODP lock: a first stage that only checks gives it
/// back (protocol: 3.2).
fn keeps_lock(dag: &Dag) -> bool {
    dag.stage > 1
        || dag
            .node(1)
            .is_some_and(|node| node.name != "Check obproxy status")
}
