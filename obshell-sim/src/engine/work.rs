//! What the sub tasks do (obshell: ob/agent/executor/obproxy).

use std::time::{Duration, Instant};

use super::Engine;
use super::model::{LogLine, Operator, State, Waiting};
use super::pass::Place;
use super::world::World;
use crate::clock::Clock;
use crate::config::Fail;

/// How often a process is killed before the stage gives up.
const KILLS: u32 = 15;

/// The work of a sub task.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// Fails unless an ODP is managed.
    CheckManaged,
    /// Fails if an ODP is managed.
    CheckUnmanaged,
    /// Kills the process.
    Stop,
    /// Forgets the ODP: from here on it is not managed.
    Forget,
    /// Removes etc, log, run, bin and lib.
    Clean,
    /// Starts the process and waits until it serves.
    Start {
        /// The shell command, for the log.
        command: String,
    },
    /// Gives the ODP its password for OceanBase.
    SetPassword,
    /// Remembers the ODP: from here on it is managed.
    Persist {
        /// Its home.
        home: String,
    },
}

/// Where a sub task goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Begin,
    AfterKill { pid: u32, kills: u32 },
    CommandReturned,
    Healthy,
}

/// Which way a sub task is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forwards,
    Back,
}

enum Outcome {
    Done,
    Failed(String),
    Wait(Duration, Step),
}

/// An error that is none of obshell's own, as the log has it.
fn unexpected(text: &str) -> Outcome {
    Outcome::Failed(format!("[Common.Unexpected]: Unexpected error: {text}"))
}

impl Work {
    fn perform(
        &self,
        step: Step,
        stage: usize,
        world: &mut World,
        log: &mut Vec<String>,
    ) -> Outcome {
        match self {
            Self::CheckManaged => {
                let asked_to_fail = world.take_failure(stage) || world.fail == Fail::Check;
                if asked_to_fail || world.managed_home.is_none() {
                    return Outcome::Failed(
                        "[OBProxy.NotBeManaged]: This is not an OBProxy agent".to_owned(),
                    );
                }
                Outcome::Done
            }
            Self::CheckUnmanaged => {
                if world.take_failure(stage) || world.managed_home.is_some() {
                    return Outcome::Failed(
                        "[OBProxy.AlreadyManaged]: Agent has already managed OBProxy".to_owned(),
                    );
                }
                Outcome::Done
            }
            Self::Stop => stop(step, stage, world, log),
            Self::Forget => {
                if world.take_failure(stage) {
                    return unexpected("database is locked");
                }
                world.managed_home = None;
                Outcome::Done
            }
            Self::Clean => clean(stage, world),
            Self::Start { command } => start(command, step, stage, world, log),
            Self::SetPassword => {
                log.push("set obproxy user password".to_owned());
                if world.take_failure(stage) {
                    return unexpected("invalid connection");
                }
                Outcome::Done
            }
            Self::Persist { home } => {
                if world.take_failure(stage) {
                    return unexpected("database is locked");
                }
                world.managed_home = Some(home.clone());
                Outcome::Done
            }
        }
    }
}

fn stop(step: Step, stage: usize, world: &mut World, log: &mut Vec<String>) -> Outcome {
    if let Step::AfterKill { pid, kills } = step {
        log.push("Check obproxy process".to_owned());
        if world.pid != Some(pid) {
            log.push("Successfully killed the obproxy process".to_owned());
            return Outcome::Done;
        }
        if kills >= KILLS {
            return Outcome::Failed(
                "[OBProxy.StopTimeout]: Kill OBProxy process timeout".to_owned(),
            );
        }
        return kill(pid, kills, world, log);
    }
    if world.take_failure(stage) || world.fail == Fail::Stop {
        return unexpected("strconv.Atoi: parsing \"not-a-pid\": invalid syntax");
    }
    match world.pid {
        Some(pid) => {
            log.push(format!("Get obproxy pid: {pid}"));
            kill(pid, 0, world, log)
        }
        None => {
            log.push("Get obproxy pid: ".to_owned());
            log.push("Obproxy is not running".to_owned());
            Outcome::Done
        }
    }
}

fn kill(pid: u32, kills: u32, world: &mut World, log: &mut Vec<String>) -> Outcome {
    log.push(format!("Kill obproxy process {pid}"));
    if world.fail != Fail::StopTimeout {
        world.pid = None;
    }
    Outcome::Wait(
        world.kill_wait,
        Step::AfterKill {
            pid,
            kills: kills + 1,
        },
    )
}

fn clean(stage: usize, world: &mut World) -> Outcome {
    // In this order: etc, log, run, bin, lib. The last one is where it fails.
    world.has_run = false;
    world.installed = false;
    if world.take_failure(stage) || world.fail == Fail::Clean {
        return unexpected(&format!(
            "unlinkat {}/lib: device or resource busy",
            world.home
        ));
    }
    Outcome::Done
}

fn start(
    command: &str,
    step: Step,
    stage: usize,
    world: &mut World,
    log: &mut Vec<String>,
) -> Outcome {
    match step {
        Step::Begin | Step::AfterKill { .. } => {
            log.push(format!("start obproxy cmd: {command}"));
            Outcome::Wait(world.kill_wait / 25, Step::CommandReturned)
        }
        Step::CommandReturned => {
            if world.take_failure(stage) || !world.installed {
                return unexpected(
                    "failed to start obproxy, output: /bin/bash: line 1: ./bin/obproxy: No such file or directory\n: exit status 127",
                );
            }
            if world.pid.is_none() {
                world.start_process();
            }
            log.push("start obproxy health check".to_owned());
            Outcome::Wait(world.kill_wait * 2, Step::Healthy)
        }
        Step::Healthy => Outcome::Done,
    }
}

impl Engine {
    /// Begins an execution of a sub task, forwards or back.
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
            // None of these sub tasks has anything to take back.
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
                self.log(place, format!("ERROR: {why}"), clock);
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
