//! The world that tasks read and change: the managed ODP, its process, its files, the lock.

use std::collections::HashMap;
use std::time::Duration;

use super::refused::Refused;
use crate::config::{Config, Fail, Odp};

/// The ODP as the agent sees it. None of it is on the disk.
#[derive(Debug)]
pub(crate) struct World {
    /// Home of the managed ODP; `None`: none is managed.
    pub(crate) managed_home: Option<String>,
    /// The directory that exists, managed or not.
    pub(crate) home: String,
    /// Whether the home contains `bin` and `lib`.
    pub(crate) installed: bool,
    /// Whether `etc` contains files: an ODP has run there.
    pub(crate) has_run: bool,
    /// Process id of the running ODP.
    pub(crate) pid: Option<u32>,
    /// The lock: held by at most one task; the holder is not recorded.
    pub(crate) locked: bool,
    /// The stage of a delete that fails.
    pub(crate) fail: Fail,
    /// How many of the next executions of a stage fail.
    pub(crate) failures_left: HashMap<usize, u32>,
    /// Whether a task can be cancelled, and skipped as a whole.
    pub(crate) can_cancel_and_pass: bool,
    /// Whether a skipped task keeps its start time.
    pub(crate) keeps_start_of_passed: bool,
    /// Whether log lines contain the names of errors.
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

    /// Puts the ODP into one of its three states, with its files in place.
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

    /// Takes the lock; refused if it is taken.
    pub(crate) fn take_lock(&mut self) -> Result<(), Refused> {
        if self.locked {
            return Err(Refused::UnderMaintenance);
        }
        self.locked = true;
        Ok(())
    }

    /// Releases the lock, whichever task holds it.
    pub(crate) fn free_lock(&mut self) {
        self.locked = false;
    }

    /// Whether this execution of a stage is configured to fail; uses up one failure.
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
