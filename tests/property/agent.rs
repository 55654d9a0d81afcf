//! A model of an agent with its true state. Its responses contain only the fields that the console
//! reads, because millions of them are parsed.

mod wire;

use odp_console::flow::event::Reply;
use odp_console::flow::operation::Operation;
use odp_console::obshell::crypto::public_key::PublicKey;
use odp_console::obshell::request::Method;

pub use wire::{A_CREATION, A_START, AN_END, Odd, is_decrypt_failure, stamped};
use wire::{data, nothing, rfc3339};

/// Short keys, which are parsed quickly; the last one is that of a new installation.
pub const KEYS: [&str; 3] = [
    "MEgCQQCo9+BpMRYQ/dL3DS2CyJxRF+j6ctbT3/Qp84+KeFhnii7NT7fELilKUSnxS30WAvQCCo2yU1orfgqr41mM70MBAgMBAAE=",
    "MEgCQQC8gYRyuTlnlI0lWZR4yRw/UVeF5xNjg31eY4oJ8sf/X9+ScKej7wGxWZtEVlY1KLhY5etBPuXxmDPXEB7ughAHAgMBAAE=",
    "MEgCQQCjLW2+LY15GZSsl/TQYPN6hrY8mbQFJzhq+qCgQD6zdULzkHPT4Hcx8EXE3PDht/lGWtgBcrbAQOyvNvQRRwqvAgMBAAE=",
];

/// 2026-11-23T12:00:00Z, in milliseconds.
pub const START: i64 = 1_795_435_200_000;

/// The longest time from the time check of a request until its task is recorded, in milliseconds:
/// longer than the console waits for it.
pub const SLOWEST: i64 = 45_000;

/// The versions with relevant differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// Reports no task types and no list of all tasks, and accepts no operation but RETRY.
    V4_2_6_0,
    /// Reports no task types, and passes no stage.
    V4_3_0_0,
    V4_5_0_0,
}

impl Version {
    fn name(self) -> &'static str {
        match self {
            Self::V4_2_6_0 => "4.2.6.0-0",
            Self::V4_3_0_0 => "4.3.0.0-0",
            Self::V4_5_0_0 => "4.5.0.0-0",
        }
    }

    /// Whether its errors have numbers and are in English only.
    pub fn is_old(self) -> bool {
        self < Self::V4_5_0_0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Delete,
    Stop,
    Add,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Delete => "Delete obproxy",
            Self::Stop => "Stop obproxy",
            Self::Add => "Add obproxy",
        }
    }

    fn stages(self) -> usize {
        match self {
            Self::Stop => 2,
            Self::Delete | Self::Add => 4,
        }
    }
}

/// A task in its true state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub number: i64,
    pub kind: Kind,
    pub state: &'static str,
    pub operator: &'static str,
    pub stage: usize,
    /// Stages that were passed individually.
    pub passed: Vec<usize>,
    /// The console's confirmation that started the task; `None`: another client started it.
    pub by: Option<u32>,
    /// The number of starts of the current stage.
    pub runs: u32,
    /// The times of its creation, last start and end, by the agent's clock, in milliseconds since
    /// 1970.
    pub created: i64,
    pub started: Option<i64>,
    pub ended: Option<i64>,
}

impl Task {
    pub fn id(&self) -> String {
        format!("4213070643302886{}", self.number)
    }
}

/// The credential of a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The agent password, current or outdated.
    Password(u32),
    /// The root password of OceanBase.
    Root,
    /// A session of a CLUSTER AGENT.
    Session(u32),
}

/// The paths of login and logout.
pub const LOGIN: &str = "/api/v1/login";
pub const LOGOUT: &str = "/api/v1/logout";

/// The path of the newest task with a lock.
pub const NEWEST: &str = "/api/v1/task/dag/maintain/agent";
/// Every task of the agent.
pub const ALL: &str = "/api/v1/task/dags/agent?show_details=false";

/// A sealed request in transit.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub key: Option<PublicKey>,
    pub held: Option<Held>,
    /// The last second of the header, by the agent's clock.
    pub expiry: i64,
    /// The confirmation from which it results.
    pub confirmation: u32,
}

/// The agent, its host and its other clients.
#[derive(Clone)]
pub struct Agent {
    pub version: Version,
    /// Whether it rejects its own ids, like an agent whose address begins with a zero byte.
    pub refuses_ids: bool,
    /// The current oddity of its responses about tasks.
    pub odd: Option<Odd>,
    /// All oddities so far.
    pub odds: Vec<Odd>,
    pub keys: Vec<PublicKey>,
    pub key: usize,
    pub password: u32,
    /// Whether it has sessions.
    pub is_cluster: bool,
    /// The open sessions.
    pub sessions: Vec<u32>,
    /// The most recent session.
    pub last_session: u32,
    pub started_at: i64,
    pub managed: bool,
    pub locked: bool,
    pub tasks: Vec<Task>,
    /// All past states of its tasks.
    pub past: Vec<Task>,
    /// All states of a task since the console's last operation on it; the first is the state at
    /// that time.
    pub since: Vec<Task>,
    pub next_number: i64,
    /// Whether it ever got an ODP without a task, such as by a change of its records.
    pub adopted: bool,
    /// Whether its records were ever lost.
    pub reinstalled: bool,
    /// The offset of its clock from true time, in milliseconds.
    pub ahead: i64,
}

impl Agent {
    pub fn new() -> Self {
        Self {
            version: Version::V4_5_0_0,
            refuses_ids: false,
            odd: None,
            odds: Vec::new(),
            keys: KEYS
                .iter()
                .map(|key| PublicKey::parse(key).unwrap())
                .collect(),
            key: 0,
            password: 1,
            is_cluster: false,
            sessions: Vec::new(),
            last_session: 0,
            started_at: 1,
            managed: true,
            locked: false,
            tasks: Vec::new(),
            past: Vec::new(),
            since: Vec::new(),
            next_number: 1,
            adopted: false,
            reinstalled: false,
            ahead: 0,
        }
    }

    pub fn clock(&self, now: i64) -> i64 {
        now + self.ahead
    }

    fn remember(&mut self, index: usize) {
        let task = self.tasks[index].clone();
        if !self.since.is_empty() && !self.since.contains(&task) {
            self.since.push(task.clone());
        }
        if !self.past.contains(&task) {
            self.past.push(task);
        }
    }

    /// Sets the oddity of its responses about tasks.
    pub fn be(&mut self, odd: Option<Odd>) {
        self.odd = odd;
        self.odds.extend(odd);
    }

    /// Returns a rejection.
    pub fn refusal(&self, status: u16, err_code: &str) -> Reply {
        wire::refusal(self.version, status, err_code)
    }

    /// Starts a task, like any client with the password; `now` is true time.
    pub fn start(&mut self, kind: Kind, by: Option<u32>, now: i64) -> bool {
        let wants = kind != Kind::Add;
        if self.managed != wants || self.locked {
            return false;
        }
        self.locked = true;
        self.tasks.push(Task {
            number: self.next_number,
            kind,
            state: "READY",
            operator: "RUN",
            stage: 1,
            passed: Vec::new(),
            by,
            runs: 0,
            created: self.clock(now),
            started: None,
            ended: None,
        });
        self.next_number += 1;
        self.remember(self.tasks.len() - 1);
        true
    }

    /// Runs the scheduler's pass over one task; `fails`: whether its stage fails.
    pub fn tick(&mut self, index: usize, fails: bool, now: i64) {
        let clock = self.clock(now);
        let task = &mut self.tasks[index];
        match task.state {
            "READY" if task.operator != "CANCEL" => {
                task.state = "RUNNING";
                task.started = Some(clock);
                task.runs += 1;
            }
            "READY" | "RUNNING" if fails || task.operator == "CANCEL" => {
                task.state = "FAILED";
                task.ended = Some(clock);
                if task.stage == 1 {
                    self.locked = false;
                }
            }
            "RUNNING" => {
                match (task.kind, task.stage) {
                    (Kind::Delete, 3) => self.managed = false,
                    (Kind::Add, 4) => self.managed = true,
                    _ => {}
                }
                self.go_on(index, clock);
            }
            _ => {}
        }
        self.remember(index);
    }

    fn go_on(&mut self, index: usize, clock: i64) {
        let task = &mut self.tasks[index];
        if task.stage == task.kind.stages() {
            task.state = "SUCCEED";
            task.ended = Some(clock);
            self.locked = false;
        } else {
            task.stage += 1;
            task.runs = 1;
        }
    }

    /// Applies an operation of any client to a task; returns whether the agent accepts it.
    pub fn operate(&mut self, index: usize, operation: Operation, now: i64) -> Result<(), Reply> {
        let (locked, clock, version) = (self.locked, self.clock(now), self.version);
        if operation == Operation::Skip && version.is_old() {
            return Err(self.refusal(400, "Common.NotFound"));
        }
        let task = &mut self.tasks[index];
        let has_lock = || task.stage > 1 || !locked;
        match (operation, task.state) {
            (Operation::Retry | Operation::Skip, "FAILED") if !has_lock() => {
                return Err(self.refusal(500, "Agent.UnderMaintenance"));
            }
            (Operation::Cancel, "READY" | "RUNNING") if version == Version::V4_2_6_0 => {
                return Err(self.refusal(400, "Task.Dag.Operator.CancelNotAllowed"));
            }
            (Operation::MarkDone, "FAILED") if version == Version::V4_2_6_0 => {
                return Err(self.refusal(400, "Task.Dag.Operator.PassNotAllowed"));
            }
            (Operation::Retry, "FAILED") => {
                (task.state, task.operator) = ("READY", "RUN");
                (task.started, task.ended) = (None, None);
                self.locked = true;
            }
            (Operation::Cancel, "READY" | "RUNNING") => {
                (task.state, task.operator) = ("READY", "CANCEL");
            }
            (Operation::MarkDone, "FAILED") => {
                (task.state, task.operator) = ("SUCCEED", "PASS");
                task.ended = Some(clock);
                self.locked = false;
            }
            (Operation::Skip, "FAILED") => {
                (task.state, task.operator) = ("RUNNING", "RUN");
                (task.started, task.ended) = (Some(clock), None);
                task.passed.push(task.stage);
                self.locked = true;
                self.go_on(index, clock);
            }
            _ => {
                let err_code = match operation {
                    Operation::Retry => "Task.Dag.Operator.RetryNotFailedDag",
                    Operation::Cancel => "Task.Dag.Operator.CancelFinishedDag",
                    Operation::MarkDone => "Task.Dag.Operator.PassNotFailedDag",
                    Operation::Skip => "Task.Node.Operator.PassNotFailedDag",
                };
                return Err(self.refusal(400, err_code));
            }
        }
        self.remember(index);
        Ok(())
    }

    /// Applies an operation of the console to the task with this id.
    pub fn operated(&mut self, id: &str, operation: Operation, now: i64) -> Reply {
        if self.refuses_ids {
            return self.refusal(400, "Task.GenericID.Invalid");
        }
        let Some(index) = self.tasks.iter().position(|task| task.id() == id) else {
            return self.refusal(404, "Task.NotFound");
        };
        match self.operate(index, operation, now) {
            Ok(()) => {
                self.since = vec![self.tasks[index].clone()];
                nothing()
            }
            Err(refusal) => refusal,
        }
    }

    pub fn reinstall(&mut self) {
        self.reinstalled = true;
        self.key = 2;
        self.managed = false;
        self.locked = false;
        self.tasks.clear();
        self.since.clear();
        self.next_number = 1;
        self.restart();
    }

    /// Sessions are in memory only.
    pub fn restart(&mut self) {
        self.sessions.clear();
        self.started_at += 1;
    }

    /// A new password ends every session.
    pub fn change_password(&mut self) {
        self.sessions.clear();
        self.password += 1;
    }

    /// Checks a request before it is executed.
    pub fn gate(&self, sealed: &Sealed, target: &str, now: i64) -> Result<(), Reply> {
        if sealed.key.as_ref() != Some(&self.keys[self.key]) {
            return Err(self.refusal(401, "Security.Authentication.Header.DecryptFailed"));
        }
        if self.clock(now).div_euclid(1000) > sealed.expiry {
            return Err(self.refusal(401, "Security.Authentication.Expired"));
        }
        let admits = match sealed.held {
            Some(Held::Password(password)) => password == self.password,
            Some(Held::Root) => target == LOGIN && self.is_cluster,
            Some(Held::Session(session)) => target != LOGIN && self.sessions.contains(&session),
            None => false,
        };
        if admits {
            return Ok(());
        }
        let what = match sealed.held {
            Some(Held::Session(_)) => "SessionInvalid",
            Some(Held::Root) => "WithAgentPassword",
            _ => "IncorrectAgentPassword",
        };
        Err(self.refusal(401, &format!("Security.Authentication.{what}")))
    }

    /// Executes a request that passed the gate.
    pub fn act(&mut self, method: Method, target: &str, sealed: &Sealed, now: i64) -> Reply {
        if method == Method::Delete {
            if !self.managed {
                return Reply {
                    status: 204,
                    body: Vec::new(),
                };
            }
            if !self.start(Kind::Delete, Some(sealed.confirmation), now) {
                return self.refusal(500, "Agent.UnderMaintenance");
            }
            return data(&self.json(&self.tasks[self.tasks.len() - 1], now));
        }
        match target {
            LOGIN => {
                self.last_session += 1;
                self.sessions.push(self.last_session);
                data("\"c2VhbGVk\"")
            }
            NEWEST => match self.tasks.last() {
                Some(task) => data(&self.json(task, now)),
                None => self.refusal(404, "Task.NotFound"),
            },
            ALL | "/api/v1/task/dags/agent" => {
                if self.version == Version::V4_2_6_0 {
                    return self.refusal(400, "Common.NotFound");
                }
                self.list(&|_| true, now)
            }
            "/api/v1/task/dag/agent/unfinish" => self.list(&|task| task.state != "SUCCEED", now),
            _ if self.refuses_ids => self.refusal(400, "Task.GenericID.Invalid"),
            _ => {
                let id = target.rsplit('/').next().unwrap();
                match self.tasks.iter().find(|task| task.id() == id) {
                    Some(task) => data(&self.json(task, now)),
                    None => self.refusal(404, "Task.NotFound"),
                }
            }
        }
    }

    /// Returns the response of a route without a header.
    pub fn tell(&self, target: &str, now: i64) -> Reply {
        match target {
            "/api/v1/info" => data(&format!(
                r#"{{"ip":"127.0.0.1","port":2886,"homePath":"/home/admin/a","startAt":{},"identity":"{}","version":"{}","isObproxyAgent":{},"security":true}}"#,
                self.started_at,
                if self.is_cluster {
                    "CLUSTER AGENT"
                } else {
                    "SINGLE"
                },
                self.version.name(),
                self.managed
            )),
            "/api/v1/time" => data(&format!("\"{}\"", rfc3339(self.clock(now)))),
            _ => data(&format!(r#"{{"public_key":"{}"}}"#, KEYS[self.key])),
        }
    }
}
