//! The responses of the model of an agent, in the format of its version, with optional oddities.

use odp_console::flow::event::Reply;

use super::{Agent, START, Task, Version};

/// An oddity of a response about a task. The task itself is unaffected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// The task reports success, whatever its stages show.
    ClaimsSuccess,
    /// A finished stage is reported as failed.
    StageFailed,
    /// No stages are reported.
    NoStages,
    /// The last stage is missing.
    FewerStages,
    /// A stage is `null`.
    NullStage,
    /// A sub task is `null`.
    NullSubTask,
    /// A line of a log is `null`.
    NullLine,
    /// The newest task of a list is `null`.
    NullTask,
    /// Every time is Go's zero time.
    GoZero,
    /// Every time is 1970.
    Epoch,
    /// Every end is before its start.
    EndsBeforeStart,
    /// Every start is in the agent's future.
    StartsLater,
}

impl Odd {
    /// The name under which it is counted.
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaimsSuccess => "odd: a success that is none is told",
            Self::StageFailed => "odd: a stage that is done is told as failed",
            Self::NoStages => "odd: no stages",
            Self::FewerStages => "odd: too few stages",
            Self::NullStage => "odd: a stage is null",
            Self::NullSubTask => "odd: a sub task is null",
            Self::NullLine => "odd: a line of a log is null",
            Self::NullTask => "odd: a task of a list is null",
            Self::GoZero => "odd: Go's zero time",
            Self::Epoch => "odd: 1970",
            Self::EndsBeforeStart => "odd: an end before its start",
            Self::StartsLater => "odd: a start in the future",
        }
    }

    pub const ALL: [Self; 12] = [
        Self::ClaimsSuccess,
        Self::StageFailed,
        Self::NoStages,
        Self::FewerStages,
        Self::NullStage,
        Self::NullSubTask,
        Self::NullLine,
        Self::NullTask,
        Self::GoZero,
        Self::Epoch,
        Self::EndsBeforeStart,
        Self::StartsLater,
    ];
}

/// The last digits of the fractions of real times, so that each is recognised where it is shown.
/// Placeholder times end in neither.
pub const A_CREATION: &str = "000003Z";
pub const A_START: &str = "000001Z";
pub const AN_END: &str = "000002Z";

const GO_ZERO: &str = "0001-01-01T00:00:00Z";
const EPOCH: &str = "1970-01-01T00:00:00Z";

impl Agent {
    /// Writes a task like this agent; `now` is true time.
    pub(super) fn json(&self, task: &Task, now: i64) -> String {
        let Task {
            number,
            operator,
            stage,
            ..
        } = task;
        let (name, stages) = (task.kind.name(), task.kind.stages());
        let state = match self.odd {
            Some(Odd::ClaimsSuccess) => "SUCCEED",
            _ => task.state,
        };
        // The stages are written only if something depends on them.
        let told = !task.passed.is_empty() || matches!(state, "FAILED" | "SUCCEED");
        let nodes = if told && self.odd != Some(Odd::NoStages) {
            let told = match self.odd {
                Some(Odd::FewerStages) => stages - 1,
                _ => stages,
            };
            let nodes = (1..=told).map(|at| self.node(task, at, now));
            format!("[{}]", nodes.collect::<Vec<_>>().join(","))
        } else {
            "null".to_owned()
        };
        let lock = if self.version.is_old() {
            ""
        } else {
            r#""maintenance_type":4,"maintenance_key":"ODP","#
        };
        let ended = matches!(state, "SUCCEED" | "FAILED");
        let (start, end) = self.times(task, ended, now);
        format!(
            r#"{{"id":"{}","dag_id":{number},"name":"{name}","stage":{stage},"max_stage":{stages},{lock}"state":"{state}","operator":"{operator}","start_time":"{start}","end_time":"{end}","nodes":{nodes}}}"#,
            task.id()
        )
    }

    fn node(&self, task: &Task, at: usize, now: i64) -> String {
        if self.odd == Some(Odd::NullStage) && at == 2 {
            return "null".to_owned();
        }
        let (done, current) = (task.state == "SUCCEED", at == task.stage);
        let was_passed = done && task.operator == "PASS" && at >= task.stage;
        let operator = if was_passed || task.passed.contains(&at) {
            "PASS"
        } else {
            "RUN"
        };
        let state = match (done || at < task.stage, current) {
            (true, _) if self.odd == Some(Odd::StageFailed) && at == 1 => "FAILED",
            (true, _) => "SUCCEED",
            // A stage is never READY.
            (_, true) if task.state == "READY" => "PENDING",
            (_, true) => task.state,
            _ => "PENDING",
        };
        let runs = match (current, at < task.stage) {
            (true, _) => task.runs,
            (_, before) => u32::from(before),
        };
        let name = if at == 1 {
            "Check obproxy status"
        } else {
            task.kind.name()
        };
        let ended = matches!(state, "SUCCEED" | "FAILED");
        let (start, end) = self.times(task, ended, now);
        let part = format!(
            r#""id":"4213070643302886{at}","name":"{name}","state":"{state}","operator":"{operator}","start_time":"{start}","end_time":"{end}""#
        );
        let logs = match self.odd {
            Some(Odd::NullLine) => r#","task_logs":[null,"a line"]"#,
            _ => "",
        };
        let sub_task = match self.odd {
            Some(Odd::NullSubTask) => "null".to_owned(),
            _ => format!(r#"{{{part},"execute_times":{runs}{logs}}}"#),
        };
        format!(r#"{{{part},"sub_tasks":[{sub_task}]}}"#)
    }

    /// Start and end. Until the task runs, both are its creation, and 1970 after a RETRY (protocol:
    /// 12.5). A part that `ended` while the task continues has its end at the start of the task.
    fn times(&self, task: &Task, ended: bool, now: i64) -> (String, String) {
        let write = |millis: i64, means: &str| {
            let written = rfc3339(millis);
            format!("{}{means}", written.trim_end_matches('Z'))
        };
        let (start, end) = match (task.started, task.ended) {
            _ if task.state == "READY" && (task.runs > 0 || task.operator == "CANCEL") => {
                (EPOCH.to_owned(), EPOCH.to_owned())
            }
            (None, None) if ended => (EPOCH.to_owned(), EPOCH.to_owned()),
            (None, None) => {
                let created = write(task.created, A_CREATION);
                (created.clone(), created)
            }
            (None, Some(ended)) => (EPOCH.to_owned(), write(ended, AN_END)),
            (Some(started), None) if ended => (write(started, A_START), write(started, AN_END)),
            (Some(started), None) => (write(started, A_START), write(task.created, A_CREATION)),
            (Some(started), Some(ended)) => (write(started, A_START), write(ended, AN_END)),
        };
        match self.odd {
            Some(Odd::GoZero) => (GO_ZERO.to_owned(), GO_ZERO.to_owned()),
            Some(Odd::Epoch) => (EPOCH.to_owned(), EPOCH.to_owned()),
            // An end is impossible only in relation to a start.
            Some(Odd::EndsBeforeStart) if start.ends_with(A_START) => {
                let before = task.started.unwrap_or_default() - 5_000;
                (start, rfc3339(before))
            }
            Some(Odd::StartsLater) => (rfc3339(self.clock(now) + 3_600_000), end),
            _ => (start, end),
        }
    }

    pub(super) fn list(&self, which: &dyn Fn(&Task) -> bool, now: i64) -> Reply {
        let tasks = self.tasks.iter().filter(|task| which(task));
        let mut list: Vec<_> = tasks.map(|task| self.json(task, now)).collect();
        if self.odd == Some(Odd::NullTask)
            && let Some(newest) = list.last_mut()
        {
            "null".clone_into(newest);
        }
        data(&format!(r#"{{"contents":[{}]}}"#, list.join(",")))
    }
}

/// Formats a time within some days of [`START`].
pub(super) fn rfc3339(millis: i64) -> String {
    let since = millis - (START - 12 * 3_600_000);
    let (day, rest) = (
        23 + since.div_euclid(86_400_000),
        since.rem_euclid(86_400_000),
    );
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("2026-11-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// The place of the time in a response.
const MOMENT: &str = r#""timestamp":"2026-11-23T12:00:00Z""#;

pub(super) fn data(data: &str) -> Reply {
    Reply {
        status: 200,
        body: format!(r#"{{"successful":true,{MOMENT},"status":200,"data":{data}}}"#).into_bytes(),
    }
}

pub(super) fn nothing() -> Reply {
    Reply {
        status: 200,
        body: format!(r#"{{"successful":true,{MOMENT},"status":200}}"#).into_bytes(),
    }
}

/// The `nth` response, with the agent's clock at `clock`: of two in one millisecond, the second is
/// still later.
pub fn stamped(reply: Reply, clock: i64, nth: u64) -> Reply {
    if reply.body.is_empty() {
        return reply;
    }
    let at = rfc3339(clock);
    let stamp = format!(r#""timestamp":"{}{nth:06}Z""#, at.trim_end_matches('Z'));
    let body = String::from_utf8_lossy(&reply.body);
    Reply {
        body: body.replacen(MOMENT, &stamp, 1).into_bytes(),
        ..reply
    }
}

pub(super) fn refusal(version: Version, status: u16, err_code: &str) -> Reply {
    let (status, error) = if version.is_old() {
        let (status, code, message) = old(version, err_code);
        (status, format!(r#""code":{code},"message":"{message}""#))
    } else {
        (
            status,
            format!(r#""errCode":"{err_code}","message":"{err_code}""#),
        )
    };
    Reply {
        status,
        body: format!(r#"{{"successful":false,{MOMENT},"status":{status},"error":{{{error}}}}}"#)
            .into_bytes(),
    }
}

/// The error of an agent before 4.3.1.0 (protocol: 7, 13).
fn old(version: Version, err_code: &str) -> (u16, u32, &'static str) {
    match err_code {
        "Security.Authentication.Header.DecryptFailed" => {
            (401, 10008, "Verification failed: header decrypt failed")
        }
        "Security.Authentication.Expired" => (401, 10008, "Verification failed: auth expired"),
        "Security.Authentication.IncorrectAgentPassword" => (
            401,
            10008,
            "Verification failed: access denied: agent password is incorrect",
        ),
        "Security.Authentication.WithAgentPassword" => (
            401,
            10008,
            "Verification failed: Please use agent password to verify",
        ),
        "Agent.UnderMaintenance" if version == Version::V4_2_6_0 => (
            500,
            1002,
            "Unexpected error: failed to set status to 4: agent status is not 1",
        ),
        "Agent.UnderMaintenance" => (
            500,
            1002,
            "Unexpected error: failed to start maintenance: agent is under maintenance",
        ),
        "Common.NotFound" => (400, 1000, "Bad request: 404 not found"),
        "Task.NotFound" => (404, 2300, "Task not found: record not found"),
        "Task.GenericID.Invalid" => (
            400,
            1001,
            "Illegal argument: convert id '42130706433028861' to ip failed",
        ),
        "Task.Dag.Operator.RetryNotFailedDag" => (
            500,
            1010,
            "Known error: failed to set dag retry: dag state is not failed",
        ),
        "Task.Dag.Operator.CancelFinishedDag" => (
            500,
            1010,
            "Known error: failed to cancel dag: dag is finished",
        ),
        "Task.Dag.Operator.CancelNotAllowed" => (
            500,
            1010,
            "Known error: failed to cancel dag: Check obproxy status can not cancel",
        ),
        "Task.Dag.Operator.PassNotFailedDag" => (
            500,
            1010,
            "Known error: failed to pass dag: dag is not failed",
        ),
        "Task.Dag.Operator.PassNotAllowed" => (
            500,
            1010,
            "Known error: failed to pass dag: Stop obproxy can not pass",
        ),
        "Common.Unexpected" => (500, 1002, "Unexpected error: Internal Server Error"),
        _ => panic!("an old agent does not say {err_code}"),
    }
}

/// Whether this response reports that the header could not be decrypted.
pub fn is_decrypt_failure(reply: &Reply) -> bool {
    let said = String::from_utf8_lossy(&reply.body);
    (said.contains("Header.DecryptFailed\"") || said.contains("header decrypt failed\""))
        && said.ends_with("}}")
}
