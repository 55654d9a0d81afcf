//! What tasks look at and change: the managed ODP, its process, its files, the lock.

use std::collections::HashMap;
use std::time::Duration;

use super::refused::Refused;
use crate::config::{Config, Fail, Odp};

/// The ODP as the agent knows it. Nothing of it is on the disk.
#[derive(Debug)]
pub(crate) struct World {
    /// Home of the managed ODP; `None` is "not managed".
    pub(crate) managed_home: Option<String>,
    /// The directory that exists, managed or not.
    pub(crate) home: String,
    /// Whether `bin` and `lib` are in the home.
    pub(crate) installed: bool,
    /// Whether `etc` holds files: an ODP ran there.
    pub(crate) has_run: bool,
    /// Process id of the running ODP.
    pub(crate) pid: Option<u32>,
    /// The lock: held by at most one task, but nobody remembers which.
    pub(crate) locked: bool,
    /// Which stage of a delete fails.
    pub(crate) fail: Fail,
    /// How many of the next executions of a stage fail.
    pub(crate) failures_left: HashMap<usize, u32>,
    /// Whether a task can be cancelled, and passed over as a whole.
    pub(crate) can_cancel_and_pass: bool,
    /// Whether a task that was passed over keeps its start time.
    pub(crate) keeps_start_of_passed: bool,
    /// Whether errors have their names in logs.
    pub(crate) named_errors: bool,
    /// Pause after a kill.
    pub(crate) kill_wait: Duration,
    next_pid: u32,
}

impl World {
    pub(crate) fn new(config: &Config) -> Self {
        let mut world = Self {
            managed_home: None,
            home: config.odp_home.clone(),
            installed: true,
            has_run: false,
            pid: None,
            locked: false,
            fail: config.fail,
            failures_left: HashMap::new(),
            can_cancel_and_pass: config.can_cancel_and_pass(),
            keeps_start_of_passed: config.version.keeps_start_of_passed(),
            named_errors: config.version.has_err_code(),
            kill_wait: config.kill_wait,
            next_pid: 8897,
        };
        world.become_odp(config.odp);
        world
    }

    /// Puts the ODP into one of its three conditions, its files in place.
    pub(crate) fn become_odp(&mut self, odp: Odp) {
        let managed = odp != Odp::Unmanaged;
        self.managed_home = managed.then(|| self.home.clone());
        self.installed = true;
        self.has_run = managed;
        self.pid = None;
        if odp == Odp::Running {
            self.start_process();
        }
    }

    pub(crate) fn start_process(&mut self) {
        self.pid = Some(self.next_pid);
        self.next_pid += 1;
        self.has_run = true;
    }

    /// Takes the lock, or says that it is taken.
    pub(crate) fn take_lock(&mut self) -> Result<(), Refused> {
        if self.locked {
            return Err(Refused::UnderMaintenance);
        }
        self.locked = true;
        Ok(())
    }

    /// Gives the lock back, whoever holds it.
    pub(crate) fn free_lock(&mut self) {
        self.locked = false;
    }

    /// Whether this execution of a stage was asked to fail; uses up one failure.
    pub(crate) fn take_failure(&mut self, stage: usize) -> bool {
        match self.failures_left.get_mut(&stage) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }
}
