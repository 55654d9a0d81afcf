//! The whole state of an agent, behind one lock.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::config::{Config, Identity, LOOPBACK, Odp, Version};
use crate::engine::Engine;
use crate::engine::world::World;
use crate::error::{ApiError, Wording};
use crate::faults::Faults;
use crate::go;
use crate::keys::KeyPair;
use crate::record::{Fate, Record};
use crate::reply::Reply;

/// The state of a running agent.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) version: Version,
    /// Whether `/info` has `supportedAuth`.
    pub(crate) supported_auth: bool,
    pub(crate) identity: Identity,
    pub(crate) encryption: bool,
    /// The address that the agent reports as its own.
    pub(crate) shown: (IpAddr, u16),
    pub(crate) agent_password: Option<String>,
    pub(crate) ob_password: Option<String>,
    pub(crate) keys: KeyPair,
    pub(crate) key_bits: usize,
    pub(crate) clock: Clock,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) pid: u32,
    pub(crate) engine: Engine,
    pub(crate) tick: Duration,
    /// Whether the engine is paused: it then advances only by steps.
    pub(crate) held: bool,
    pub(crate) next_pass: Instant,
    /// Sessions and their expiry.
    pub(crate) sessions: HashMap<String, DateTime<Utc>>,
    /// Single sign-on tokens and their expiry.
    pub(crate) sso_tokens: HashMap<String, DateTime<Utc>>,
    pub(crate) faults: Faults,
    /// The last answer for every method and target, for the simulated cache.
    pub(crate) cached: HashMap<(String, String), Reply>,
    /// How many requests are scheduled for later.
    pub(crate) underway: usize,
    /// How often the scheduled requests were delivered at once.
    pub(crate) arrivals_called: u64,
    pub(crate) records: Vec<Record>,
    /// How many records were cleared before the first of `records`.
    forgotten: u64,
}

impl State {
    pub(crate) fn new(config: &Config, addr: SocketAddr) -> io::Result<Self> {
        let mut clock = Clock::new(config.clock_offset_secs, config.utc_offset_secs);
        let key_bits = config.key_bits();
        let mut engine = Engine::new(World::new(config));
        if config.added && config.odp != Odp::Unmanaged {
            engine.remember_add(&mut clock);
        }
        Ok(Self {
            version: config.version,
            supported_auth: config
                .supported_auth
                .unwrap_or_else(|| config.version.has_supported_auth()),
            identity: config.identity,
            encryption: config.encryption,
            shown: config.shown.unwrap_or_else(|| own_address(addr)),
            agent_password: config.agent_password.clone(),
            ob_password: config.ob_password.clone(),
            keys: KeyPair::generate(key_bits)?,
            key_bits,
            started_at: clock.now(),
            clock,
            pid: std::process::id(),
            engine,
            // A zero pause would make the engine spin.
            tick: config.tick.max(Duration::from_millis(1)),
            held: false,
            next_pass: Instant::now() + config.tick,
            sessions: HashMap::new(),
            sso_tokens: HashMap::new(),
            faults: Faults::default(),
            cached: HashMap::new(),
            underway: 0,
            arrivals_called: 0,
            records: Vec::new(),
            forgotten: 0,
        })
    }

    /// When the engine has to run next; `None` while it is paused.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        let wake = self.engine.next_wake().unwrap_or(self.next_pass);
        (!self.held).then(|| wake.min(self.next_pass))
    }

    /// Runs the due steps of the engine.
    pub(crate) fn run_engine(&mut self, now: Instant) {
        if self.held {
            return;
        }
        self.engine.wake(&mut self.clock, now);
        if self.next_pass <= now {
            self.engine.pass(&mut self.clock, now);
            self.next_pass = now + self.tick;
        }
    }

    /// Restarts the process: in-memory state is lost, and interrupted sub tasks are run again.
    pub(crate) fn restart(&mut self) {
        self.sessions.clear();
        self.sso_tokens.clear();
        self.pid += 1;
        self.started_at = self.clock.now();
        let now = Instant::now();
        self.engine.restart(&mut self.clock, now);
        self.next_pass = now + self.tick;
    }

    /// Sets or changes the agent password: every session ends.
    pub(crate) fn set_agent_password(&mut self, password: Option<String>) {
        self.agent_password = password;
        self.sessions.clear();
    }

    /// Records a request; the returned number identifies it.
    pub(crate) fn record(&mut self, record: Record) -> u64 {
        self.records.push(record);
        self.forgotten + self.records.len() as u64 - 1
    }

    /// Records the outcome of a request, unless its record was cleared in the meantime.
    pub(crate) fn note_fate(&mut self, number: u64, fate: Fate) {
        let index = number
            .checked_sub(self.forgotten)
            .and_then(|index| usize::try_from(index).ok());
        if let Some(record) = index.and_then(|index| self.records.get_mut(index)) {
            record.fate = fate;
        }
    }

    /// Clears the recorded requests.
    pub(crate) fn forget_records(&mut self) {
        self.forgotten += self.records.len() as u64;
        self.records.clear();
    }

    /// The agent's own address as obshell prints it: `[::1]:2886` for IPv6.
    pub(crate) fn address(&self) -> String {
        SocketAddr::from(self.shown).to_string()
    }

    /// The agent's time in its time zone, as JSON shows it.
    pub(crate) fn timestamp(&mut self) -> String {
        let now = self.clock.now();
        go::rfc3339(now, self.clock.zone())
    }

    /// The text of an error in this agent's version.
    pub(crate) fn wording(&self, error: &ApiError) -> Wording {
        if self.version.has_err_code() {
            error.wording(self.version.has_1024_bit_key())
        } else {
            error.old_wording(self.version)
        }
    }

    /// This many random bytes in hexadecimal.
    pub(crate) fn random_hex(bytes: usize) -> String {
        let mut random = vec![0; bytes];
        // Without randomness there is neither a key pair nor an agent.
        let _ = getrandom::fill(&mut random);
        random.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The address that an agent reports if none is configured: an id cannot contain "any address".
fn own_address(listening: SocketAddr) -> (IpAddr, u16) {
    let ip = if listening.ip().is_unspecified() {
        LOOPBACK
    } else {
        listening.ip()
    };
    (ip, listening.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_on_all_interfaces_says_it_is_on_one() {
        assert_eq!(own_address(([0, 0, 0, 0], 2886).into()), (LOOPBACK, 2886));
        let own = ([10, 10, 10, 1], 2886);
        assert_eq!(own_address(own.into()), (IpAddr::from(own.0), 2886));
    }

    #[test]
    fn a_forgotten_request_is_not_written_to() {
        let record = Record {
            method: "GET".to_owned(),
            target: "/".to_owned(),
            accept_language: None,
            authenticated: false,
            fate: Fate::Pending,
        };
        let mut state = State::new(&Config::default(), ([127, 0, 0, 1], 2886).into()).unwrap();
        let forgotten = state.record(record.clone());
        state.forget_records();
        let kept = state.record(record);
        state.note_fate(forgotten, Fate::NeverSeen);
        assert_eq!(state.records[0].fate, Fate::Pending);
        state.note_fate(kept, Fate::Answered(200));
        assert_eq!(state.records[0].fate, Fate::Answered(200));
    }
}
