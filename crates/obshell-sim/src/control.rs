//! The hands on a running agent: what tests do to it, and what they see of it.

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

/// Changes the life of an agent while it runs. Clones act on the same agent.
#[derive(Clone, Debug)]
pub struct Control {
    shared: Arc<Shared>,
    orders: mpsc::UnboundedSender<Order>,
}

/// An agent at one moment, seen from inside.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Home of the managed ODP; `None` is "not managed".
    pub managed_home: Option<String>,
    /// Process id of the running ODP.
    pub odp_pid: Option<u32>,
    /// Whether the lock of the ODP is taken.
    pub locked: bool,
    /// Every task of the agent, oldest first.
    pub tasks: Vec<Dag>,
    /// Every request that reached the agent's port, in the order of arrival.
    pub requests: Vec<Record>,
    /// How many passes the task engine has made.
    pub passes: u64,
    /// Whether the task engine is held.
    pub held: bool,
    /// How many sessions are open.
    pub sessions: usize,
    /// Standard base64 of the public key's PKCS#1 DER.
    pub public_key: String,
}

impl Snapshot {
    /// How many requests of this method and path the agent itself has seen. The query is not looked at.
    #[must_use]
    pub fn count(&self, method: &str, path: &str) -> usize {
        self.requests
            .iter()
            .filter(|record| record.reached_agent() && record.is(method, path))
            .count()
    }

    /// How many requests of this method are on their way to the agent, which has not seen them yet. A `*` at
    /// the end of the path stands for whatever follows.
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

/// The agent is gone.
fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::NotConnected, "the agent has been dropped")
}

impl Control {
    pub(crate) fn new(shared: Arc<Shared>, orders: mpsc::UnboundedSender<Order>) -> Self {
        Self { shared, orders }
    }

    // --- what it looks like

    /// How things are.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.shared.read(snapshot)
    }

    /// Every request that reached the agent's port, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Record> {
        self.shared.read(|state| state.records.clone())
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.shared.update(State::forget_records);
    }

    /// The ids of the open sessions. They are secrets, so no [`Snapshot`] shows them.
    #[must_use]
    pub fn session_ids(&self) -> Vec<String> {
        self.shared
            .read(|state| state.sessions.keys().cloned().collect())
    }

    /// Waits until things are as wanted, and says how they are then. Wakes at every change; ends only then,
    /// so a caller who is not sure puts a timeout around it.
    pub async fn wait_until(&self, mut wanted: impl FnMut(&Snapshot) -> bool) -> Snapshot {
        let mut changes = self.shared.subscribe();
        loop {
            changes.mark_unchanged();
            let seen = self.snapshot();
            // The sender lives in `self.shared`: `changed` fails only if this very handle is gone.
            if wanted(&seen) || changes.changed().await.is_err() {
                return seen;
            }
        }
    }

    // --- the network and the process

    /// Closes every connection, loses what is in memory only (sessions, tokens), gets a new process id and
    /// start time, and runs interrupted sub tasks again.
    ///
    /// # Errors
    /// When the agent has been dropped or its port was taken meanwhile.
    pub async fn restart(&self) -> io::Result<()> {
        self.order(Order::Restart).await
    }

    /// Closes every connection and refuses new ones. The task engine goes on, as it does behind a broken
    /// network.
    ///
    /// # Errors
    /// When the agent has been dropped.
    pub async fn go_away(&self) -> io::Result<()> {
        self.order(Order::GoAway).await
    }

    /// Listens again after [`Control::go_away`].
    ///
    /// # Errors
    /// When the agent has been dropped or its port was taken meanwhile.
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

    /// Holds every request this long before the agent sees it. Zero ends it.
    pub fn delay(&self, pause: Duration) {
        self.shared
            .update(|state| state.faults.delay_before = pause);
    }

    /// Holds every answer back this long after the agent has acted. Zero ends it.
    pub fn delay_answers(&self, pause: Duration) {
        self.shared.update(|state| state.faults.delay_after = pause);
    }

    /// Holds matching requests back before the agent sees them, until [`Control::let_through`].
    pub fn hold_requests(&self, matching: Matching) {
        self.shared
            .update(|state| state.faults.held.push((Side::Before, matching)));
    }

    /// Holds the answers to matching requests back after the agent has acted, until
    /// [`Control::let_through`].
    pub fn hold_answers(&self, matching: Matching) {
        self.shared
            .update(|state| state.faults.held.push((Side::After, matching)));
    }

    /// Lets everything through that is held back, at once.
    pub fn let_through(&self) {
        self.shared.update(|state| state.faults.held.clear());
    }

    /// Closes the connection of the next matching request; the agent never sees the request.
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

    /// Answers the next `times` matching requests as a broken proxy does. A truncated answer is the agent's
    /// own: it has acted. The others are the proxy's: the agent never saw the request.
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

    /// Lets everything arrive that is on its way for a later moment ([`Harm::ActLater`],
    /// [`Harm::ActAgainLater`]), and shows every hidden task. Returns when the agent has acted on it.
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

    /// Shows every task that is made from now on this much later: until then it is in no list and has no id,
    /// while it runs and holds the lock. Zero ends it for tasks to come.
    pub fn hide_new_tasks(&self, pause: Duration) {
        self.shared.update(|state| state.faults.hide_tasks = pause);
    }

    /// Tells of tasks what no agent should, until [`Control::heal`].
    pub fn tell_oddly(&self, oddity: Oddity) {
        self.shared
            .update(|state| state.faults.oddities.push(oddity));
    }

    /// Puts any fault in force, behind those already waiting.
    pub fn inject(&self, fault: Fault) {
        self.shared.update(|state| state.faults.waiting.push(fault));
    }

    /// Takes back every fault and delay, and lets everything through.
    pub fn heal(&self) {
        self.shared
            .update(|state| state.faults = crate::faults::Faults::default());
    }

    // --- what the agent knows

    /// Makes a new key pair of the same size, as an agent without its private key does at its start.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn rotate_key(&self) -> io::Result<()> {
        let bits = self.shared.read(|state| state.key_bits);
        let keys = KeyPair::generate(bits)?;
        self.shared.update(|state| state.keys = keys);
        Ok(())
    }

    /// Sets the agent password, or takes it away. Every session ends.
    pub fn set_password(&self, password: Option<&str>) {
        self.shared
            .update(|state| state.set_agent_password(password.map(str::to_owned)));
    }

    /// Makes the agent part of a cluster, or an agent on its own.
    pub fn set_identity(&self, identity: Identity) {
        self.shared.update(|state| state.identity = identity);
    }

    /// Moves the agent's clock: this many seconds ahead of this machine's.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.shared.update(|state| state.clock.set_offset(seconds));
    }

    // --- the task engine

    /// Which stage fails from now on, on every attempt.
    pub fn set_fail(&self, fail: Fail) {
        self.shared.update(|state| state.engine.world.fail = fail);
    }

    /// Lets the next `times` executions of a stage (from 1) fail, in any task.
    pub fn fail_stage(&self, stage: usize, times: u32) {
        self.shared
            .update(|state| state.engine.world.failures_left.insert(stage, times));
    }

    /// Makes the ODP running, stopped or unmanaged, as if somebody had done it beside the agent.
    pub fn set_odp(&self, odp: Odp) {
        self.shared
            .update(|state| state.engine.world.become_odp(odp));
    }

    /// Writes `count` lines into the log of the sub task that began last. False if none has begun.
    pub fn append_log_lines(&self, count: usize) -> bool {
        self.append_log(
            &(1..=count)
                .map(|n| format!("line {n} of {count}"))
                .collect::<Vec<_>>(),
        )
    }

    /// Writes these lines into the log of the sub task that began last. False if none has begun.
    pub fn append_log(&self, lines: &[String]) -> bool {
        self.shared.update(|state| {
            let State { engine, clock, .. } = state;
            engine.append_log_lines(lines.iter().cloned(), clock)
        })
    }

    /// Freezes the task engine: no pass, and no wait of a sub task ends, until a step or [`Control::release`].
    pub fn hold(&self) {
        self.shared.update(|state| state.held = true);
    }

    /// Lets the task engine run by itself again.
    pub fn release(&self) {
        self.shared.update(|state| {
            state.held = false;
            state.next_pass = Instant::now() + state.tick;
        });
    }

    /// One pass of a held task engine; before it, every wait of a sub task ends.
    pub fn step(&self) {
        self.elapse();
        self.pass();
    }

    /// Lets every wait of a sub task end, without a pass: a sub task may then have succeeded while its node
    /// still runs.
    pub fn elapse(&self) {
        self.shared.update(|state| {
            let State { engine, clock, .. } = state;
            engine.elapse(clock, Instant::now());
        });
    }

    /// One pass of the scheduler, while waiting sub tasks go on waiting.
    pub fn pass(&self) {
        self.shared.update(|state| {
            let State { engine, clock, .. } = state;
            engine.pass(clock, Instant::now());
        });
    }

    /// Steps a held engine until the newest task has ended, at most 100 times. False if it has not ended.
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
