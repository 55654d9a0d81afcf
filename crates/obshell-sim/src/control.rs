//! Controlling and observing a running agent in tests.

pub mod http;

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use crate::config::{Fail, Identity, Odp};
use crate::engine::model::Dag;
use crate::faults::{Broken, Fault, Harm, Matching, Oddity, Side};
use crate::keys::KeyPair;
use crate::order::Order;
use crate::record::{Fate, Record};
use crate::shared::Shared;
use crate::state::State;

/// Controls an agent while it is running. Clones control the same agent.
#[derive(Clone, Debug)]
pub struct Control {
    shared: Arc<Shared>,
    orders: mpsc::UnboundedSender<Order>,
}

/// The internal state of an agent at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Home of the managed ODP; `None`: none is managed.
    pub managed_home: Option<String>,
    /// Process id of the running ODP.
    pub odp_pid: Option<u32>,
    /// Whether the lock of the ODP is taken.
    pub locked: bool,
    /// Every task of the agent, oldest first.
    pub tasks: Vec<Dag>,
    /// Every request that reached the agent's port, in the order of arrival.
    pub requests: Vec<Record>,
    /// How many passes the task engine has run.
    pub passes: u64,
    /// Whether the task engine is paused.
    pub held: bool,
    /// How many sessions are open.
    pub sessions: usize,
    /// Standard base64 of the public key's PKCS#1 DER.
    pub public_key: String,
}

impl Snapshot {
    /// How many requests with this method and path have reached the agent itself. The query is
    /// ignored.
    #[must_use]
    pub fn count(&self, method: &str, path: &str) -> usize {
        self.requests
            .iter()
            .filter(|record| record.reached_agent() && record.is(method, path))
            .count()
    }

    /// How many requests with this method are on their way and have not reached the agent yet. A
    /// trailing `*` in the path matches any suffix.
    #[must_use]
    pub fn on_the_way(&self, method: &str, path: &str) -> usize {
        let matching = Matching::new(method, path);
        self.requests
            .iter()
            .filter(|record| record.fate == Fate::Pending)
            .filter(|record| matching.matches(&record.method, &record.target))
            .count()
    }

    /// The newest task.
    #[must_use]
    pub fn last_task(&self) -> Option<&Dag> {
        self.tasks.last()
    }
}

/// The error after the agent was dropped.
fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "the agent has been dropped")
}

impl Control {
    pub(crate) fn new(shared: Arc<Shared>, orders: mpsc::UnboundedSender<Order>) -> Self {
        Self { shared, orders }
    }

    // --- observing

    /// The current state.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.shared.read(snapshot)
    }

    /// Every request that reached the agent's port, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Record> {
        self.shared.read(|state| state.records.clone())
    }

    /// Clears the recorded requests.
    pub fn forget_requests(&self) {
        self.shared.update(State::forget_records);
    }

    /// The ids of the open sessions. They are secrets, so a [`Snapshot`] does not contain them.
    #[must_use]
    pub fn session_ids(&self) -> Vec<String> {
        self.shared
            .read(|state| state.sessions.keys().cloned().collect())
    }

    /// Waits until `wanted` accepts a snapshot, and returns it. Checks at every change and has no
    /// time limit of its own: use a timeout around it.
    pub async fn wait_until(&self, mut wanted: impl FnMut(&Snapshot) -> bool) -> Snapshot {
        let mut changes = self.shared.subscribe();
        loop {
            changes.mark_unchanged();
            let seen = self.snapshot();
            // The sender lives in `self.shared`: `changed` fails only if this handle was dropped.
            if wanted(&seen) || changes.changed().await.is_err() {
                return seen;
            }
        }
    }

    // --- the network and the process

    /// Closes every connection, loses all state that is in memory only (sessions, tokens), gets a
    /// new process id and start time, and runs interrupted sub tasks again.
    ///
    /// # Errors
    /// If the agent has been dropped, or its port was taken in the meantime.
    pub async fn restart(&self) -> io::Result<()> {
        self.order(Order::Restart).await
    }

    /// Closes every connection and refuses new ones. The task engine continues, as it does behind a
    /// broken network.
    ///
    /// # Errors
    /// If the agent has been dropped.
    pub async fn go_away(&self) -> io::Result<()> {
        self.order(Order::GoAway).await
    }

    /// Listens again after [`Control::go_away`].
    ///
    /// # Errors
    /// If the agent has been dropped, or its port was taken in the meantime.
    pub async fn come_back(&self) -> io::Result<()> {
        self.order(Order::ComeBack).await
    }

    async fn order(
        &self,
        order: impl FnOnce(oneshot::Sender<io::Result<()>>) -> Order,
    ) -> io::Result<()> {
        let (done, wait) = oneshot::channel();
        self.orders.send(order(done)).map_err(|_| gone())?;
        wait.await.map_err(|_| gone())?
    }

    /// Holds every request for this long before it reaches the agent. Zero turns this off.
    pub fn delay(&self, pause: Duration) {
        self.shared
            .update(|state| state.faults.delay_before = pause);
    }

    /// Holds every answer for this long after the agent has acted. Zero turns this off.
    pub fn delay_answers(&self, pause: Duration) {
        self.shared.update(|state| state.faults.delay_after = pause);
    }

    /// Holds matching requests before they reach the agent, until [`Control::let_through`].
    pub fn hold_requests(&self, matching: Matching) {
        self.shared
            .update(|state| state.faults.held.push((Side::Before, matching)));
    }

    /// Holds the answers to matching requests after the agent has acted, until
    /// [`Control::let_through`].
    pub fn hold_answers(&self, matching: Matching) {
        self.shared
            .update(|state| state.faults.held.push((Side::After, matching)));
    }

    /// Releases everything that is held, at once.
    pub fn let_through(&self) {
        self.shared.update(|state| state.faults.held.clear());
    }

    /// Closes the connection of the next matching request, which never reaches the agent.
    pub fn cut_before_acting(&self, matching: Matching) {
        self.inject(Fault {
            matching,
            harm: Harm::CutBeforeActing,
            times: 1,
        });
    }

    /// Closes the connection of the next matching request after the agent has acted.
    pub fn cut_after_acting(&self, matching: Matching) {
        self.inject(Fault {
            matching,
            harm: Harm::CutAfterActing,
            times: 1,
        });
    }

    /// Answers the next `times` matching requests like a broken proxy. A truncated answer is the
    /// agent's own, after it has acted. The other answers are the proxy's, and the request never
    /// reached the agent.
    pub fn broken_proxy(&self, matching: Matching, broken: Broken, times: u32) {
        let harm = match broken {
            Broken::TruncatedByLength | Broken::TruncatedJson => {
                Harm::ProxyAnswersAfterActing(broken)
            }
            Broken::Html(_) | Broken::Empty(_) | Broken::HtmlOk => Harm::ProxyAnswers(broken),
        };
        self.inject(Fault {
            matching,
            harm,
            times,
        });
    }

    /// Delivers all requests that are scheduled for a later moment ([`Harm::ActLater`],
    /// [`Harm::ActAgainLater`]), and shows every hidden task. Returns when the agent has acted on
    /// them.
    pub async fn arrive_now(&self) {
        self.shared.update(|state| {
            state.arrivals_called += 1;
            for dag in &mut state.engine.dags {
                dag.hidden_until = None;
            }
        });
        let mut changes = self.shared.subscribe();
        loop {
            changes.mark_unchanged();
            let none = |state: &State| state.underway == 0;
            // The sender lives in `self.shared`.
            if self.shared.read(none) || changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Hides every task created from now on for this long: it is in no list and has no id, while it
    /// runs and holds the lock. Zero turns this off for future tasks.
    pub fn hide_new_tasks(&self, pause: Duration) {
        self.shared.update(|state| state.faults.hide_tasks = pause);
    }

    /// Makes the agent's task data violate the protocol, until [`Control::heal`].
    pub fn tell_oddly(&self, oddity: Oddity) {
        self.shared
            .update(|state| state.faults.oddities.push(oddity));
    }

    /// Adds a fault behind the faults already waiting.
    pub fn inject(&self, fault: Fault) {
        self.shared.update(|state| state.faults.waiting.push(fault));
    }

    /// Removes every fault and delay, and releases everything that is held.
    pub fn heal(&self) {
        self.shared
            .update(|state| state.faults = crate::faults::Faults::default());
    }

    // --- the agent's data

    /// Generates a new key pair of the same size, as an agent without its private key does at its
    /// start.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn rotate_key(&self) -> io::Result<()> {
        let bits = self.shared.read(|state| state.key_bits);
        let keys = KeyPair::generate(bits)?;
        self.shared.update(|state| state.keys = keys);
        Ok(())
    }

    /// Sets or removes the agent password. Every session ends.
    pub fn set_password(&self, password: Option<&str>) {
        self.shared
            .update(|state| state.set_agent_password(password.map(str::to_owned)));
    }

    /// Changes the agent's role: part of a cluster, or single.
    pub fn set_identity(&self, identity: Identity) {
        self.shared.update(|state| state.identity = identity);
    }

    /// Sets the offset of the agent's clock: this many seconds ahead of this machine's.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.shared.update(|state| state.clock.set_offset(seconds));
    }

    // --- the task engine

    /// Sets the stage that fails from now on, on every attempt.
    pub fn set_fail(&self, fail: Fail) {
        self.shared.update(|state| state.engine.world.fail = fail);
    }

    /// Makes the next `times` executions of a stage (counted from 1) fail, in any task.
    pub fn fail_stage(&self, stage: usize, times: u32) {
        self.shared
            .update(|state| state.engine.world.failures_left.insert(stage, times));
    }

    /// Makes the ODP running, stopped or unmanaged, as if changed without the agent.
    pub fn set_odp(&self, odp: Odp) {
        self.shared
            .update(|state| state.engine.world.become_odp(odp));
    }

    /// Appends `count` lines to the log of the sub task that began last. Returns false if none has
    /// begun.
    pub fn append_log_lines(&self, count: usize) -> bool {
        self.append_log(
            &(1..=count)
                .map(|n| format!("line {n} of {count}"))
                .collect::<Vec<_>>(),
        )
    }

    /// Appends these lines to the log of the sub task that began last. Returns false if none has
    /// begun.
    pub fn append_log(&self, lines: &[String]) -> bool {
        self.shared.update(|state| {
            let State { engine, clock, .. } = state;
            engine.append_log_lines(lines.iter().cloned(), clock)
        })
    }

    /// Pauses the task engine: no pass runs, and no wait of a sub task ends, until a step or
    /// [`Control::release`].
    pub fn hold(&self) {
        self.shared.update(|state| state.held = true);
    }

    /// Resumes the task engine.
    pub fn release(&self) {
        self.shared.update(|state| {
            state.held = false;
            state.next_pass = Instant::now() + state.tick;
        });
    }

    /// Ends every wait of a sub task, then runs one pass of a paused task engine.
    pub fn step(&self) {
        self.elapse();
        self.pass();
    }

    /// Ends every wait of a sub task, without a pass: a sub task may then have succeeded while its
    /// node is still running.
    pub fn elapse(&self) {
        self.shared.update(|state| {
            let State { engine, clock, .. } = state;
            engine.elapse(clock, Instant::now());
        });
    }

    /// Runs one pass of the scheduler, while waiting sub tasks keep waiting.
    pub fn pass(&self) {
        self.shared.update(|state| {
            let State { engine, clock, .. } = state;
            engine.pass(clock, Instant::now());
        });
    }

    /// Steps a paused engine until the newest task has ended, at most 100 times. Returns false if
    /// it has not ended.
    pub fn step_to_end(&self) -> bool {
        for _ in 0..100 {
            if self.newest_has_ended() {
                return true;
            }
            self.step();
        }
        self.newest_has_ended()
    }

    fn newest_has_ended(&self) -> bool {
        self.shared.read(|state| {
            state
                .engine
                .dags
                .last()
                .is_none_or(|dag| dag.state.is_finished())
        })
    }
}

fn snapshot(state: &State) -> Snapshot {
    let world = &state.engine.world;
    Snapshot {
        managed_home: world.managed_home.clone(),
        odp_pid: world.pid,
        locked: world.locked,
        tasks: state.engine.dags.clone(),
        requests: state.records.clone(),
        passes: state.engine.passes,
        held: state.held,
        sessions: state.sessions.len(),
        public_key: state.keys.public_base64().to_owned(),
    }
}
