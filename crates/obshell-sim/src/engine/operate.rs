//! The operators on a task (obshell: ob/agent/service/task/dag.go, node.go).

use chrono::{DateTime, Utc};

use super::Engine;
use super::model::{Dag, Node, Operator, State};
use super::refused::Refused;
use super::world::World;
use crate::clock::Clock;

/// An operation on a whole task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DagOperation {
    Retry,
    Rollback,
    Cancel,
    Pass,
}

impl Engine {
    /// Applies `operation` to the task with this number.
    pub(crate) fn operate(
        &mut self,
        id: i64,
        operation: DagOperation,
        clock: &mut Clock,
    ) -> Result<(), Refused> {
        let position = self.position(id).ok_or(Refused::NotFound)?;
        let dag = self.dags.get_mut(position).ok_or(Refused::NotFound)?;
        match operation {
            DagOperation::Retry => dag.retry(&mut self.world),
            DagOperation::Rollback => dag.rollback(),
            DagOperation::Cancel => dag.cancel(&self.world),
            DagOperation::Pass => dag.pass(&mut self.world, clock),
        }
    }

    /// Skips the failed node with this number; the task continues after it.
    pub(crate) fn pass_node(&mut self, node_id: i64, clock: &mut Clock) -> Result<(), Refused> {
        let dag = self
            .dags
            .iter_mut()
            .find(|dag| dag.nodes.iter().any(|node| node.id == node_id));
        let dag = dag.ok_or(Refused::NotFound)?;
        let dag_failed = dag.state == State::Failed;
        let maintenance = dag.maintenance;
        let node = dag
            .nodes
            .iter_mut()
            .find(|node| node.id == node_id)
            .ok_or(Refused::NotFound)?;
        if !dag_failed {
            return Err(Refused::NodePassNotFailedDag);
        }
        if node.state != State::Failed {
            return Err(Refused::NodePassNotFailedNode(node.name));
        }
        if maintenance && node.failure_frees_lock {
            self.world.take_lock()?;
        }
        node.pass_over(clock.now());
        dag.make_ready(Operator::Run);
        dag.finished = false;
        Ok(())
    }
}

impl Dag {
    /// Both times are 1970 until the DAG runs again.
    fn make_ready(&mut self, operator: Operator) {
        self.state = State::Ready;
        self.operator = operator;
        self.start_time = DateTime::UNIX_EPOCH;
        self.end_time = DateTime::UNIX_EPOCH;
    }

    fn retry(&mut self, world: &mut World) -> Result<(), Refused> {
        if self.state != State::Failed {
            return Err(Refused::RetryNotFailedDag);
        }
        let index = self.stage.saturating_sub(1);
        let node = self.nodes.get_mut(index).ok_or(Refused::NotFound)?;
        if self.maintenance && node.failure_frees_lock {
            world.take_lock()?;
        }
        node.make_pending(Operator::Retry);
        self.make_ready(Operator::Run);
        self.finished = false;
        Ok(())
    }

    /// Refused by the first stage of every task here.
    fn rollback(&self) -> Result<(), Refused> {
        if self.state != State::Failed {
            return Err(Refused::RollbackNotFailedDag);
        }
        let refusing = self.nodes.iter().find(|node| !node.can_rollback);
        refusing.map_or(Ok(()), |node| Err(Refused::RollbackNotAllowed(node.name)))
    }

    /// If the nodes cannot be cancelled, the error names the first one.
    fn cancel(&mut self, world: &World) -> Result<(), Refused> {
        if self.state.is_finished() {
            return Err(Refused::CancelFinishedDag);
        }
        if let (false, Some(first)) = (world.can_cancel_and_pass, self.nodes.first()) {
            return Err(Refused::CancelNotAllowed(first.name));
        }
        let current = self.nodes.iter().position(|node| !node.state.is_finished());
        let index = current.unwrap_or(self.nodes.len().saturating_sub(1));
        let node = self.nodes.get_mut(index).ok_or(Refused::NotFound)?;
        node.make_pending(Operator::Cancel);
        self.make_ready(Operator::Cancel);
        Ok(())
    }

    fn pass(&mut self, world: &mut World, clock: &mut Clock) -> Result<(), Refused> {
        if self.state != State::Failed {
            return Err(Refused::PassNotFailedDag);
        }
        let failed = self
            .nodes
            .iter()
            .rposition(|node| node.state == State::Failed)
            .unwrap_or(self.nodes.len());
        if let (false, Some(node)) = (world.can_cancel_and_pass, self.nodes.get(failed)) {
            return Err(Refused::PassNotAllowed(node.name));
        }
        // The same time for all parts that had not ended.
        let end = clock.now();
        for node in self.nodes.iter_mut().skip(failed) {
            node.pass_over(end);
        }
        self.state = State::Succeed;
        self.operator = Operator::Pass;
        self.end_time = end;
        if !world.keeps_start_of_passed {
            self.start_time = DateTime::UNIX_EPOCH;
        }
        self.finished = true;
        if self.maintenance {
            world.free_lock();
        }
        Ok(())
    }
}

impl Node {
    fn make_pending(&mut self, operator: Operator) {
        self.state = State::Pending;
        self.operator = operator;
        self.start_time = DateTime::UNIX_EPOCH;
        self.end_time = DateTime::UNIX_EPOCH;
    }

    fn pass_over(&mut self, end: DateTime<Utc>) {
        self.state = State::Succeed;
        self.operator = Operator::Pass;
        self.end_time = end;
        if self.sub_task.state != State::Succeed {
            self.sub_task.state = State::Succeed;
            self.sub_task.operator = Operator::Pass;
            self.sub_task.end_time = self.end_time;
            self.sub_task.waiting = None;
        }
    }
}
