//! One pass of the scheduler (obshell: ob/agent/engine/scheduler).

use std::time::Instant;

use chrono::TimeDelta;

use super::Engine;
use super::execute::{Direction, Place};
use super::model::{Operator, State};
use crate::clock::Clock;

/// The time limit of a sub task.
const TIMEOUT: TimeDelta = TimeDelta::hours(1);

/// The state of a node's sub task in a pass.
enum Found {
    Unfinished,
    Succeeded,
    Failed,
}

impl Engine {
    /// Iterates once over the unfinished DAGs.
    pub(crate) fn pass(&mut self, clock: &mut Clock, now: Instant) {
        self.passes += 1;
        for position in 0..self.dags.len() {
            self.advance_dag(position, clock, now);
        }
    }

    fn advance_dag(&mut self, position: usize, clock: &mut Clock, now: Instant) {
        let Some(dag) = self.dags.get_mut(position) else {
            return;
        };
        if dag.finished || dag.state.is_finished() {
            return;
        }
        let starts_now = dag.state == State::Ready;
        if starts_now {
            dag.state = State::Running;
            dag.start_time = clock.now();
        }
        let place = (position, dag.stage.saturating_sub(1));
        self.advance_node(place, clock, now);
        // obshell compares the start time with the one that it read before it set it: the pass that
        // starts a DAG can write neither the stage nor the end of the DAG. The next pass does.
        if !starts_now {
            self.leave_stage(place, clock);
        }
    }

    fn advance_node(&mut self, place: Place, clock: &mut Clock, now: Instant) {
        let Some(node) = self.node_mut(place) else {
            return;
        };
        if node.state == State::Pending {
            node.state = State::Running;
            node.start_time = clock.now();
            node.end_time = node.start_time;
        }
        if node.state.is_finished() {
            return;
        }
        let found = match node.operator {
            Operator::Run | Operator::Pass | Operator::Rollback => {
                self.advance_run(place, clock, now)
            }
            Operator::Retry => self.advance_retry(place, clock, now),
            Operator::Cancel => self.advance_cancel(place, clock),
        };
        let Some(node) = self.node_mut(place) else {
            return;
        };
        node.state = match found {
            Found::Unfinished => return,
            Found::Succeeded => State::Succeed,
            Found::Failed => State::Failed,
        };
        node.end_time = clock.now();
    }

    fn advance_run(&mut self, place: Place, clock: &mut Clock, now: Instant) -> Found {
        let Some(node) = self.node_mut(place) else {
            return Found::Unfinished;
        };
        match node.sub_task.state {
            State::Pending | State::Ready => {
                self.execute(place, Direction::Forwards, clock, now);
                Found::Unfinished
            }
            State::Running => self.look_at_running(place, clock),
            State::Succeed => Found::Succeeded,
            State::Failed => Found::Failed,
        }
    }

    /// A failed sub task is first rolled back, and run again a pass later. One that never ran is
    /// run; one that had succeeded is left unchanged.
    fn advance_retry(&mut self, place: Place, clock: &mut Clock, now: Instant) -> Found {
        let Some(node) = self.node_mut(place) else {
            return Found::Unfinished;
        };
        let ran_since = node.sub_task.start_time > node.start_time;
        let rolled_back = node.sub_task.operator == Operator::Rollback;
        let direction = match node.sub_task.state {
            State::Running => return self.look_at_running(place, clock),
            State::Succeed if ran_since && rolled_back => Direction::Forwards,
            State::Succeed => return Found::Succeeded,
            State::Failed if ran_since => return Found::Failed,
            State::Failed => Direction::Back,
            State::Pending | State::Ready => Direction::Forwards,
        };
        self.execute(place, direction, clock, now);
        Found::Unfinished
    }

    fn advance_cancel(&mut self, place: Place, clock: &mut Clock) -> Found {
        let Some(node) = self.node_mut(place) else {
            return Found::Failed;
        };
        if matches!(node.sub_task.state, State::Ready | State::Running) {
            self.abandon(place, "sub task cancelled", clock);
        }
        Found::Failed
    }

    fn look_at_running(&mut self, place: Place, clock: &mut Clock) -> Found {
        let Some(node) = self.node_mut(place) else {
            return Found::Unfinished;
        };
        if clock.now() - node.sub_task.start_time <= TIMEOUT {
            return Found::Unfinished;
        }
        self.abandon(place, "sub task timeout", clock);
        Found::Failed
    }

    /// Ends a sub task from outside, with a line in its log.
    fn abandon(&mut self, place: Place, why: &str, clock: &mut Clock) {
        self.log(place, why.to_owned(), clock);
        if let Some(node) = self.node_mut(place) {
            node.sub_task.state = State::Failed;
            node.sub_task.end_time = clock.now();
            node.sub_task.waiting = None;
        }
    }

    /// Advances to the next stage, or ends the DAG, when the stage's node has ended.
    fn leave_stage(&mut self, (position, index): Place, clock: &mut Clock) {
        let Some(dag) = self.dags.get_mut(position) else {
            return;
        };
        let Some(node) = dag.nodes.get(index) else {
            return;
        };
        let ended_well = match node.state {
            State::Succeed => true,
            State::Failed => false,
            State::Pending | State::Ready | State::Running => return,
        };
        let failure_frees_lock = node.failure_frees_lock;
        if ended_well && dag.stage < dag.nodes.len() {
            dag.stage += 1;
            return;
        }
        dag.state = if ended_well {
            State::Succeed
        } else {
            State::Failed
        };
        dag.end_time = clock.now();
        // A failed DAG under maintenance can be resumed: it remains in the lists of unfinished
        // tasks.
        dag.finished = ended_well || !dag.maintenance;
        if dag.maintenance && (ended_well || failure_frees_lock) {
            self.world.free_lock();
        }
    }
}
