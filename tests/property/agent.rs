//! The model of an agent: what is so, whatever anybody believes. Its answers have what the console
//! reads and nothing else, as they are read by the million.

use std::cmp::Ordering;

use odp_console::flow::event::Reply;
use odp_console::flow::operation::Operation;
use odp_console::obshell::crypto::public_key::PublicKey;
use odp_console::obshell::request::Method;

/// Short keys, which are read quickly; the last is that of a new installation.
pub const KEYS: [&str; 3] = [
    "MEgCQQCo9+BpMRYQ/dL3DS2CyJxRF+j6ctbT3/Qp84+KeFhnii7NT7fELilKUSnxS30WAvQCCo2yU1orfgqr41mM70MBAgMBAAE=",
    "MEgCQQC8gYRyuTlnlI0lWZR4yRw/UVeF5xNjg31eY4oJ8sf/X9+ScKej7wGxWZtEVlY1KLhY5etBPuXxmDPXEB7ughAHAgMBAAE=",
    "MEgCQQCjLW2+LY15GZSsl/TQYPN6hrY8mbQFJzhq+qCgQD6zdULzkHPT4Hcx8EXE3PDht/lGWtgBcrbAQOyvNvQRRwqvAgMBAAE=",
];

/// 2026-11-23T12:00:00Z, in milliseconds.
pub const START: i64 = 1_795_435_200_000;

/// What a request that passed the check of its time may need at most until its task is written
/// down, in milliseconds: longer than the console waits for it.
pub const SLOWEST: i64 = 45_000;

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

/// A task, as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub number: i64,
    pub kind: Kind,
    pub state: &'static str,
    pub operator: &'static str,
    pub stage: usize,
    /// Stages that were passed over by themselves.
    pub passed: Vec<usize>,
    /// Which confirmation of the console's made it; `None`: somebody else did.
    pub by: Option<u32>,
}

impl Task {
    pub fn id(&self) -> String {
        format!("4213070643302886{}", self.number)
    }

    fn json(&self) -> String {
        let Self {
            number,
            state,
            operator,
            stage,
            ..
        } = self;
        let (name, stages) = (self.kind.name(), self.kind.stages());
        // The stages are read where something hangs on them only.
        let nodes = if self.passed.is_empty() && !matches!(*state, "FAILED" | "SUCCEED") {
            "null".to_owned()
        } else {
            let node = |at: usize| {
                let operator = if self.passed.contains(&at) {
                    "PASS"
                } else {
                    "RUN"
                };
                let is = match at.cmp(stage) {
                    _ if *state == "SUCCEED" => "SUCCEED",
                    Ordering::Less => "SUCCEED",
                    Ordering::Equal => state,
                    Ordering::Greater => "PENDING",
                };
                let called = if at == 1 {
                    "Check obproxy status"
                } else {
                    name
                };
                format!(
                    r#"{{"id":"4213070643302886{at}","name":"{called}","state":"{is}","operator":"{operator}","sub_tasks":[{{"id":"4213070643302886{at}","name":"{called}","state":"{is}","operator":"{operator}","execute_times":1}}]}}"#
                )
            };
            format!("[{}]", (1..=stages).map(node).collect::<Vec<_>>().join(","))
        };
        format!(
            r#"{{"id":"{}","dag_id":{number},"name":"{name}","stage":{stage},"max_stage":{stages},"maintenance_type":4,"state":"{state}","operator":"{operator}","nodes":{nodes}}}"#,
            self.id()
        )
    }
}

/// What a browser holds to prove its right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// The agent password, right or not any more.
    Password(u32),
    /// The root password of OceanBase.
    Root,
    /// A session of a CLUSTER AGENT.
    Session(u32),
}

/// The path of a login, and of its opposite.
pub const LOGIN: &str = "/api/v1/login";
pub const LOGOUT: &str = "/api/v1/logout";

/// The path of the newest task with a lock.
pub const NEWEST: &str = "/api/v1/task/dag/maintain/agent";

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub key: Option<PublicKey>,
    pub held: Option<Held>,
    /// The last second of the header, by the agent's clock.
    pub expiry: i64,
    /// Which confirmation it comes from.
    pub confirmation: u32,
}

/// The agent, its host and its other users.
#[derive(Clone)]
pub struct Agent {
    pub keys: Vec<PublicKey>,
    pub key: usize,
    pub password: u32,
    /// Whether it gives sessions.
    pub is_cluster: bool,
    /// Those that are open.
    pub sessions: Vec<u32>,
    /// The one that was given last.
    pub last_session: u32,
    pub started_at: i64,
    pub managed: bool,
    pub locked: bool,
    pub tasks: Vec<Task>,
    /// Every state that a task was ever in.
    pub past: Vec<Task>,
    /// Every state that a task was in since the console's last operation on it, which is the
    /// first of them.
    pub since: Vec<Task>,
    pub next_number: i64,
    /// Whether it ever came by an ODP without a task, as by a hand in its records.
    pub adopted: bool,
    /// Whether its records were ever lost.
    pub reinstalled: bool,
    /// How far its clock is ahead of true time, in milliseconds.
    pub ahead: i64,
}

impl Agent {
    pub fn new() -> Self {
        Self {
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

    /// Starts a task, as anybody may who has the password.
    pub fn start(&mut self, kind: Kind, by: Option<u32>) -> bool {
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
        });
        self.next_number += 1;
        self.remember(self.tasks.len() - 1);
        true
    }

    /// The scheduler's pass over one task; `fails`: its stage does.
    pub fn tick(&mut self, index: usize, fails: bool) {
        let task = &mut self.tasks[index];
        match task.state {
            "READY" if task.operator != "CANCEL" => task.state = "RUNNING",
            "READY" | "RUNNING" if fails || task.operator == "CANCEL" => {
                task.state = "FAILED";
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
                self.go_on(index);
            }
            _ => {}
        }
        self.remember(index);
    }

    fn go_on(&mut self, index: usize) {
        let task = &mut self.tasks[index];
        if task.stage == task.kind.stages() {
            task.state = "SUCCEED";
            self.locked = false;
        } else {
            task.stage += 1;
        }
    }

    /// What anybody tells a task; whether the agent takes it.
    pub fn operate(&mut self, index: usize, operation: Operation) -> Result<(), Reply> {
        let locked = self.locked;
        let task = &mut self.tasks[index];
        let has_lock = || task.stage > 1 || !locked;
        match (operation, task.state) {
            (Operation::Retry | Operation::Skip, "FAILED") if !has_lock() => {
                return Err(refusal(500, "Agent.UnderMaintenance"));
            }
            (Operation::Retry, "FAILED") => {
                (task.state, task.operator) = ("READY", "RUN");
                self.locked = true;
            }
            (Operation::Cancel, "READY" | "RUNNING") => {
                (task.state, task.operator) = ("READY", "CANCEL");
            }
            (Operation::MarkDone, "FAILED") => {
                (task.state, task.operator) = ("SUCCEED", "PASS");
                self.locked = false;
            }
            (Operation::Skip, "FAILED") => {
                (task.state, task.operator) = ("RUNNING", "RUN");
                task.passed.push(task.stage);
                self.locked = true;
                self.go_on(index);
            }
            _ => {
                let err_code = match operation {
                    Operation::Retry => "Task.Dag.Operator.RetryNotFailedDag",
                    Operation::Cancel => "Task.Dag.Operator.CancelFinishedDag",
                    Operation::MarkDone => "Task.Dag.Operator.PassNotFailedDag",
                    Operation::Skip => "Task.Node.Operator.PassNotFailedDag",
                };
                return Err(refusal(400, err_code));
            }
        }
        self.remember(index);
        Ok(())
    }

    /// An operation of the console's, on the task of this id.
    pub fn operated(&mut self, id: &str, operation: Operation) -> Reply {
        let Some(index) = self.tasks.iter().position(|task| task.id() == id) else {
            return refusal(404, "Task.NotFound");
        };
        match self.operate(index, operation) {
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

    /// With another password every session ends.
    pub fn change_password(&mut self) {
        self.sessions.clear();
        self.password += 1;
    }

    /// What a request meets before it is acted on.
    pub fn gate(&self, sealed: &Sealed, target: &str, now: i64) -> Result<(), Reply> {
        if sealed.key.as_ref() != Some(&self.keys[self.key]) {
            return Err(refusal(401, "Security.Authentication.Header.DecryptFailed"));
        }
        if self.clock(now).div_euclid(1000) > sealed.expiry {
            return Err(refusal(401, "Security.Authentication.Expired"));
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
        Err(refusal(401, &format!("Security.Authentication.{what}")))
    }

    /// A request that passed the gate is acted on.
    pub fn act(&mut self, method: Method, target: &str, sealed: &Sealed) -> Reply {
        if method == Method::Delete {
            if !self.managed {
                return Reply {
                    status: 204,
                    body: Vec::new(),
                };
            }
            if !self.start(Kind::Delete, Some(sealed.confirmation)) {
                return refusal(500, "Agent.UnderMaintenance");
            }
            return data(&self.tasks[self.tasks.len() - 1].json());
        }
        match target {
            LOGIN => {
                self.last_session += 1;
                self.sessions.push(self.last_session);
                data("\"c2VhbGVk\"")
            }
            NEWEST => match self.tasks.last() {
                Some(task) => data(&task.json()),
                None => refusal(404, "Task.NotFound"),
            },
            "/api/v1/task/dags/agent?show_details=false" => {
                let list: Vec<_> = self.tasks.iter().map(Task::json).collect();
                data(&format!(r#"{{"contents":[{}]}}"#, list.join(",")))
            }
            "/api/v1/task/dag/agent/unfinish" => {
                let unfinished = self.tasks.iter().filter(|task| task.state != "SUCCEED");
                let list: Vec<_> = unfinished.map(Task::json).collect();
                data(&format!(r#"{{"contents":[{}]}}"#, list.join(",")))
            }
            _ => {
                let id = target.rsplit('/').next().unwrap();
                match self.tasks.iter().find(|task| task.id() == id) {
                    Some(task) => data(&task.json()),
                    None => refusal(404, "Task.NotFound"),
                }
            }
        }
    }

    /// What the routes without a header say.
    pub fn tell(&self, target: &str, now: i64) -> Reply {
        match target {
            "/api/v1/info" => data(&format!(
                r#"{{"startAt":{},"identity":"{}","version":"4.5.0.0-0","isObproxyAgent":{},"security":true}}"#,
                self.started_at,
                if self.is_cluster {
                    "CLUSTER AGENT"
                } else {
                    "SINGLE"
                },
                self.managed
            )),
            "/api/v1/time" => data(&format!("\"{}\"", rfc3339(self.clock(now)))),
            _ => data(&format!(r#"{{"public_key":"{}"}}"#, KEYS[self.key])),
        }
    }
}

/// Within some days of [`START`].
fn rfc3339(millis: i64) -> String {
    let since = millis - (START - 12 * 3_600_000);
    let (day, rest) = (
        23 + since.div_euclid(86_400_000),
        since.rem_euclid(86_400_000),
    );
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

fn data(data: &str) -> Reply {
    Reply {
        status: 200,
        body: format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:00:00Z","status":200,"data":{data}}}"#
        )
        .into_bytes(),
    }
}

/// The `nth` answer: each is later than the one before by the agent's clock.
pub fn stamped(reply: Reply, nth: u64) -> Reply {
    let stamp = format!(r#""timestamp":"2026-11-23T12:00:00.{nth:09}Z""#);
    let body = String::from_utf8_lossy(&reply.body);
    let body = body.replacen(r#""timestamp":"2026-11-23T12:00:00Z""#, &stamp, 1);
    Reply {
        body: body.into_bytes(),
        ..reply
    }
}

fn nothing() -> Reply {
    let body = r#"{"successful":true,"timestamp":"2026-11-23T12:00:00Z","status":200}"#;
    Reply {
        status: 200,
        body: body.as_bytes().to_vec(),
    }
}

pub fn refusal(status: u16, err_code: &str) -> Reply {
    Reply {
        status,
        body: format!(
            r#"{{"successful":false,"timestamp":"2026-11-23T12:00:00Z","status":{status},"error":{{"errCode":"{err_code}","message":"no"}}}}"#
        )
        .into_bytes(),
    }
}
