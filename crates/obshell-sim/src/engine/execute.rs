//! Executing sub tasks: starting, waiting, continuing, interrupting (obshell:
//! ob/agent/engine/executor).

use std::time::Instant;

use super::Engine;
use super::model::{LogLine, Node, Operator, State, Waiting};
use super::work::{Outcome, Step};
use crate::clock::Clock;

/// Place of a node: its DAG's position and its own.
pub(super) type Place = (usize, usize);

/// The direction in which a sub task is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forwards,
    Back,
}

impl Engine {
    pub(super) fn node_mut(&mut self, (position, index): Place) -> Option<&mut Node> {
        self.dags.get_mut(position)?.nodes.get_mut(index)
    }

    /// Starts an execution of a sub task, forwards or back.
    pub(super) fn execute(
        &mut self,
        place: Place,
        direction: Direction,
        clock: &mut Clock,
        now: Instant,
    ) {
        let Some(node) = self.node_mut(place) else {
            return;
        };
        let sub_task = &mut node.sub_task;
        sub_task.execute_times += 1;
        sub_task.start_time = clock.now();
        sub_task.state = State::Running;
        match direction {
            Direction::Forwards => {
                sub_task.operator = Operator::Run;
                self.go_on(place, Step::Begin, clock, now);
            }
            // None of these sub tasks has anything to undo.
            Direction::Back => {
                sub_task.operator = Operator::Rollback;
                sub_task.state = State::Succeed;
                sub_task.end_time = clock.now();
            }
        }
    }

    /// Runs an interrupted sub task again.
    pub(super) fn rerun_interrupted(&mut self, place: Place, clock: &mut Clock, now: Instant) {
        let Some(node) = self.node_mut(place) else {
            return;
        };
        if node.sub_task.state == State::Running {
            node.sub_task.waiting = None;
            self.go_on(place, Step::Begin, clock, now);
        }
    }

    /// Continues every sub task whose wait is over.
    pub(crate) fn wake(&mut self, clock: &mut Clock, now: Instant) {
        self.continue_waiting(clock, now, |due| due <= now);
    }

    /// Continues every waiting sub task, as if its wait were over.
    pub(crate) fn elapse(&mut self, clock: &mut Clock, now: Instant) {
        self.continue_waiting(clock, now, |_| true);
    }

    fn continue_waiting(
        &mut self,
        clock: &mut Clock,
        now: Instant,
        is_due: impl Fn(Instant) -> bool,
    ) {
        for position in 0..self.dags.len() {
            for index in 0..self.dags.get(position).map_or(0, |dag| dag.nodes.len()) {
                let Some(node) = self.node_mut((position, index)) else {
                    continue;
                };
                if let Some(waiting) = node.sub_task.waiting.take_if(|waiting| is_due(waiting.due))
                {
                    self.go_on((position, index), waiting.next, clock, now);
                }
            }
        }
    }

    fn go_on(&mut self, place: Place, step: Step, clock: &mut Clock, now: Instant) {
        let (position, index) = place;
        let Some(node) = self.dags.get(position).and_then(|dag| dag.nodes.get(index)) else {
            return;
        };
        let mut lines = Vec::new();
        let outcome = node
            .sub_task
            .work
            .perform(step, index + 1, &mut self.world, &mut lines);
        for line in lines {
            self.log(place, line, clock);
        }
        let (state, waiting) = match outcome {
            Outcome::Done => (State::Succeed, None),
            Outcome::Failed(why) => {
                self.log(place, why.line(self.world.named_errors), clock);
                (State::Failed, None)
            }
            Outcome::Wait(pause, next) => (
                State::Running,
                Some(Waiting {
                    due: now + pause,
                    next,
                }),
            ),
        };
        let Some(node) = self.node_mut(place) else {
            return;
        };
        node.sub_task.state = state;
        node.sub_task.waiting = waiting;
        if state.is_finished() {
            node.sub_task.end_time = clock.now();
        }
    }

    /// Writes a line into the log of a sub task.
    pub(super) fn log(&mut self, place: Place, text: String, clock: &mut Clock) {
        self.last_log_id += 1;
        let id = self.last_log_id;
        let time = clock.now();
        if let Some(node) = self.node_mut(place) {
            let execute_times = node.sub_task.execute_times;
            node.sub_task.logs.push(LogLine {
                id,
                execute_times,
                text,
                time,
            });
        }
    }

    /// Writes lines into the log of the newest sub task that has begun. False if none has.
    pub(crate) fn append_log_lines(
        &mut self,
        lines: impl Iterator<Item = String>,
        clock: &mut Clock,
    ) -> bool {
        let newest = self
            .dags
            .iter()
            .enumerate()
            .rev()
            .find_map(|(position, dag)| {
                let index = dag
                    .nodes
                    .iter()
                    .rposition(|node| node.sub_task.execute_times > 0)?;
                Some((position, index))
            });
        let Some(place) = newest else { return false };
        for line in lines {
            self.log(place, line, clock);
        }
        true
    }
}
