//! The task engine: DAGs of stages, each stage one sub task, advanced by passes of a scheduler.
//!
//! obshell's scheduler iterates over its unfinished DAGs once a second; a sub task runs beside it.
//! Here a pass is one call of [`Engine::pass`], and a sub task that has to wait (for a killed
//! process to end) is continued by [`Engine::wake`]. Nothing here reads a clock: time is an
//! argument.

mod execute;
mod history;
pub(crate) mod id;
pub(crate) mod model;
mod operate;
mod pass;
mod refused;
mod template;
mod work;
pub(crate) mod world;

use std::time::Instant;

use model::Dag;
pub(crate) use operate::DagOperation;
pub(crate) use refused::Refused;
pub(crate) use template::Template;
use world::World;

use crate::clock::Clock;

/// All tasks of an agent, and the simulated world that they change.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) dags: Vec<Dag>,
    pub(crate) world: World,
    last_node_id: i64,
    last_sub_task_id: i64,
    last_log_id: i64,
    /// The number of passes so far.
    pub(crate) passes: u64,
}

impl Engine {
    pub(crate) fn new(world: World) -> Self {
        Self {
            dags: Vec::new(),
            world,
            last_node_id: 0,
            last_sub_task_id: 0,
            last_log_id: 0,
            passes: 0,
        }
    }

    pub(crate) fn dag(&self, id: i64) -> Option<&Dag> {
        self.dags.iter().find(|dag| dag.id == id)
    }

    /// The tasks that are visible from outside.
    pub(crate) fn shown(&self) -> impl DoubleEndedIterator<Item = &Dag> {
        let now = Instant::now();
        self.dags
            .iter()
            .filter(move |dag| dag.hidden_until.is_none_or(|end| end <= now))
    }

    fn position(&self, id: i64) -> Option<usize> {
        self.dags.iter().position(|dag| dag.id == id)
    }

    /// The newest DAG under maintenance, whatever its state.
    pub(crate) fn last_maintenance(&self) -> Option<&Dag> {
        self.shown().rev().find(|dag| dag.maintenance)
    }

    /// The effect of a restart of the agent: sub tasks that were running are run again from their
    /// beginning, with the same execution number, and their logs are continued (obshell:
    /// ob/agent/engine/executor/pool.go).
    pub(crate) fn restart(&mut self, clock: &mut Clock, now: Instant) {
        for dag in 0..self.dags.len() {
            for node in 0..self.dags.get(dag).map_or(0, |dag| dag.nodes.len()) {
                self.rerun_interrupted((dag, node), clock, now);
            }
        }
    }

    /// When the next waiting sub task is due.
    pub(crate) fn next_wake(&self) -> Option<Instant> {
        self.sub_tasks()
            .filter_map(|sub_task| sub_task.waiting.as_ref())
            .map(|waiting| waiting.due)
            .min()
    }

    fn sub_tasks(&self) -> impl Iterator<Item = &model::SubTask> {
        self.dags
            .iter()
            .flat_map(|dag| &dag.nodes)
            .map(|node| &node.sub_task)
    }
}
