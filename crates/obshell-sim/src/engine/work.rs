//! The work of the sub tasks (obshell: ob/agent/executor/obproxy).

use std::time::Duration;

use super::world::World;
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
    /// Unregisters the ODP: it is then no longer managed.
    Forget,
    /// Removes etc, log, run, bin and lib.
    Clean,
    /// Starts the process and waits until it accepts connections.
    Start {
        /// The shell command, for the log.
        command: String,
    },
    /// Sets the password of the ODP for OceanBase.
    SetPassword,
    /// Registers the ODP: it is then managed.
    Persist {
        /// Its home.
        home: String,
    },
}

/// The point at which a sub task continues.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    Begin,
    AfterKill { pid: u32, kills: u32 },
    CommandReturned,
    Healthy,
}

/// The result of a step.
#[derive(Debug)]
pub(super) enum Outcome {
    Done,
    Failed(Trouble),
    Wait(Duration, Step),
}

/// Why a sub task failed.
#[derive(Debug)]
pub(super) enum Trouble {
    NotManaged,
    AlreadyManaged,
    StopTimeout,
    /// An error that is not one of obshell's own.
    Plain(String),
}

impl Trouble {
    /// The line in the log: since 4.3.1.0 with the name of the error, with a different text before.
    pub(super) fn line(&self, named: bool) -> String {
        let (name, now, before) = match self {
            Self::NotManaged => (
                "OBProxy.NotBeManaged",
                "This is not an OBProxy agent",
                "This is not an obproxy agent",
            ),
            Self::AlreadyManaged => (
                "OBProxy.AlreadyManaged",
                "Agent has already managed OBProxy",
                "agent has already managed obproxy",
            ),
            Self::StopTimeout => (
                "OBProxy.StopTimeout",
                "Kill OBProxy process timeout",
                "kill obproxy process timeout",
            ),
            Self::Plain(text) if named => {
                return format!("ERROR: [Common.Unexpected]: Unexpected error: {text}");
            }
            Self::Plain(text) => return format!("ERROR: {text}"),
        };
        if named {
            format!("ERROR: [{name}]: {now}")
        } else {
            format!("ERROR: {before}")
        }
    }
}

fn unexpected(text: &str) -> Outcome {
    Outcome::Failed(Trouble::Plain(text.to_owned()))
}

impl Work {
    /// Runs a step of a sub task in this stage (counted from 1) and writes its log.
    pub(super) fn perform(
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
                    return Outcome::Failed(Trouble::NotManaged);
                }
                Outcome::Done
            }
            Self::CheckUnmanaged => {
                if world.take_failure(stage) || world.managed_home.is_some() {
                    return Outcome::Failed(Trouble::AlreadyManaged);
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
            return Outcome::Failed(Trouble::StopTimeout);
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
    // In this order: etc, log, run, bin, lib. Removing the last one fails.
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
