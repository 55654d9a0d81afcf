//! A manually driven console: it keeps the effects that were not processed yet.

use std::collections::VecDeque;
use std::rc::Rc;

use odp_console::flow::effect::{Call, Effect, TimerId};
use odp_console::flow::ending::Ending;
use odp_console::flow::event::{Answered, FlowEvent, Reply};
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{Screen, State, SubmitPhase, Submitting, UncertainDelete};
use odp_console::flow::step::step;
use odp_console::obshell::error::{Failure, NoAnswer};
use odp_console::obshell::request::Method;

pub const ADDRESS: &str = "127.0.0.1:2886";
/// 2026-11-23T12:00:00Z.
pub const START: i64 = 1_795_435_200_000;
pub const KEY: &str = "MIGJAoGBAMzOhCL2XksU6oSZj0cWORaOqfmrO2r8JBp9fcvrotH/Y/+FTBU6bDHK1/aLlwJr0oyOqv5WjMc3aonCysuX8YtFfp/LxM6YLIhMe59G2daFu5bLRU9HodtDBxAFWchxj4sMF08Zsg6xgjCIvdyIMgZwrQwl6cTnO0Y+MGTKpsjvAgMBAAE=";

pub struct Script {
    pub state: State,
    pub now: i64,
    pub calls: VecDeque<Call>,
    pub timer: Option<(TimerId, u32)>,
    pub forgotten: u32,
    /// The time of the next idle check, by the browser's clock.
    pub idle_at: Option<i64>,
    /// All calls so far, as `METHOD target`.
    pub asked: Vec<String>,
    /// The number of responses: each is later than the previous one, also by the agent's clock.
    answers: u32,
}

/// The time in a response that [`Script::stamped`] replaces by the agent's clock.
const TIMESTAMP: &str = r#""timestamp":"2026-11-23T12:00:00Z""#;

impl Script {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Self {
        Self {
            state: State::new(Rc::new(settings)),
            now: START,
            calls: VecDeque::new(),
            timer: None,
            forgotten: 0,
            idle_at: None,
            asked: Vec::new(),
            answers: 0,
        }
    }

    pub fn tell(&mut self, event: FlowEvent) {
        let (state, effects) = step(self.state.clone(), self.now, event);
        self.state = state;
        for effect in effects {
            match effect {
                Effect::Call(call) => {
                    let method = call.request.method().as_str();
                    self.asked
                        .push(format!("{method} {}", call.request.target()));
                    assert_eq!(call.seal.is_some(), call.request.needs_seal());
                    self.calls.push_back(call);
                }
                Effect::Wait { timer, millis } => self.timer = Some((timer, millis)),
                Effect::AbandonReads => {
                    let method = |call: &Call| call.request.method();
                    assert!(self.calls.iter().all(|call| method(call) != Method::Delete));
                    self.calls.retain(|call| method(call) != Method::Get);
                }
                Effect::WatchIdle { millis } => self.idle_at = Some(self.now + i64::from(millis)),
                Effect::WipeCredential => {
                    self.forgotten += 1;
                    self.idle_at = None;
                }
            }
        }
    }

    /// Ends the wait.
    pub fn due(&mut self) -> u32 {
        let (timer, millis) = self.timer.take().expect("the flow waits");
        self.now += i64::from(millis);
        self.tell(FlowEvent::Due(timer));
        millis
    }

    /// Removes the call to `target` from the pending calls and returns it.
    pub fn take(&mut self, target: &str) -> Call {
        let index = self
            .calls
            .iter()
            .position(|call| call.request.target() == target)
            .unwrap_or_else(|| panic!("no call to {target}; under way: {:?}", self.targets()));
        self.calls.remove(index).unwrap()
    }

    pub fn targets(&self) -> Vec<&str> {
        self.calls
            .iter()
            .map(|call| call.request.target())
            .collect()
    }

    pub fn deletes(&self) -> usize {
        self.asked
            .iter()
            .filter(|call| call.starts_with("DELETE"))
            .count()
    }

    pub fn finish(&mut self, call: &Call, reply: Result<Reply, Failure>) {
        let sent_at = self.now;
        self.now += 4;
        let reply = self.stamped(reply);
        self.tell(FlowEvent::Answered(Answered {
            id: call.id,
            sent_at,
            received_at: self.now,
            trace_id: call.seal.as_ref().map(|_| "00000000000000aa".to_owned()),
            reply,
        }));
    }

    /// Returns the reply with the current time of the agent's clock.
    pub fn stamped(&mut self, reply: Result<Reply, Failure>) -> Result<Reply, Failure> {
        self.answers += 1;
        let stamp = format!(r#""timestamp":"2026-11-23T12:00:00.{:09}Z""#, self.answers);
        reply.map(|reply| Reply {
            body: match String::from_utf8(reply.body) {
                Ok(body) => body.replacen(TIMESTAMP, &stamp, 1).into_bytes(),
                Err(other) => other.into_bytes(),
            },
            ..reply
        })
    }

    /// Responds to the call to `target` with `data` in an envelope.
    pub fn data(&mut self, target: &str, data: &str) {
        let call = self.take(target);
        self.finish(&call, ok(data));
    }

    pub fn refuse(&mut self, target: &str, status: u16, err_code: &str) {
        let call = self.take(target);
        self.finish(&call, refusal(status, err_code));
    }

    pub fn lose(&mut self, target: &str) {
        let call = self.take(target);
        self.finish(&call, Err(Failure::NoAnswer(NoAnswer::Network)));
    }

    pub fn open_routes(&mut self, info: &str) {
        self.open_routes_at(info, 0);
    }

    /// Responds for the open routes; the agent's clock shows `seconds` after the start of the
    /// script.
    pub fn open_routes_at(&mut self, info: &str, seconds: i64) {
        self.open_routes_with(info, seconds, KEY);
    }

    /// As `open_routes_at`, with another public key.
    pub fn open_routes_with(&mut self, info: &str, seconds: i64, key: &str) {
        let day = 12 * 3600 + seconds;
        let (hour, minute, second) = (day / 3600, day / 60 % 60, day % 60);
        self.data("/api/v1/info", info);
        self.data(
            "/api/v1/time",
            &format!("\"2026-11-23T{hour:02}:{minute:02}:{second:02}Z\""),
        );
        self.data(
            "/api/v1/secret",
            &format!(r#"{{"ip":"127.0.0.1","port":2886,"public_key":"{key}"}}"#),
        );
    }

    /// Connects to a healthy agent and reaches the review.
    pub fn reach_review(&mut self) {
        self.tell(FlowEvent::AddressEdited(ADDRESS.into()));
        self.tell(FlowEvent::Connect {
            has_credential: true,
        });
        self.open_routes(&info(true));
        self.data("/api/v1/task/dag/agent/unfinish", r#"{"contents":[]}"#);
        assert!(
            matches!(self.state.screen, Screen::Review(_)),
            "{:?}",
            self.state.form
        );
    }

    pub fn reach_submitting(&mut self) {
        self.reach_review();
        self.tell(FlowEvent::Confirm {
            typed: ADDRESS.into(),
        });
    }

    /// Sends the DELETE to an agent that never had a task with a lock.
    pub fn reach_deleting(&mut self) {
        self.reach_deleting_after(None);
    }

    /// Sends the DELETE; the newest task with a lock is `newest`.
    pub fn reach_deleting_after(&mut self, newest: Option<&str>) {
        self.reach_submitting();
        self.open_routes(&info(true));
        self.newest(newest);
        assert_eq!(self.targets(), ["/api/v1/obproxy"]);
    }

    /// Responds with the newest task with a lock.
    pub fn newest(&mut self, newest: Option<&str>) {
        let listed = self.targets().contains(&ALL);
        if listed {
            let list = newest.unwrap_or_default();
            self.data(ALL, &format!(r#"{{"contents":[{list}]}}"#));
        }
        match newest {
            Some(dag) => self.data(NEWEST, dag),
            None if listed => {}
            None => self.refuse(NEWEST, 404, "Task.NotFound"),
        }
    }

    /// Responds to one round of reads that determines the outcome of the DELETE, `seconds` after
    /// the start of the script by the agent's clock.
    pub fn look(&mut self, seconds: i64, info: &str, newest: Option<&str>, unfinished: &[&str]) {
        self.open_routes_at(info, seconds);
        self.look_at_tasks(newest, unfinished);
    }

    /// Responds to the second half of a round.
    pub fn look_at_tasks(&mut self, newest: Option<&str>, unfinished: &[&str]) {
        self.newest(newest);
        let list = format!(r#"{{"contents":[{}]}}"#, unfinished.join(","));
        self.data(UNFINISHED, &list);
    }

    /// Responds to the DELETE with 204.
    pub fn nothing_managed(&mut self) {
        let call = self.take(DELETE);
        let body = Vec::new();
        self.finish(&call, Ok(Reply { status: 204, body }));
    }

    /// Loses the response to the DELETE.
    pub fn reach_finding_out(&mut self, newest: Option<&str>) {
        self.reach_deleting_after(newest);
        self.lose("/api/v1/obproxy");
        assert!(self.uncertain().is_some());
    }

    pub fn uncertain(&self) -> Option<&UncertainDelete> {
        match &self.state.screen {
            Screen::Submitting(Submitting {
                phase: SubmitPhase::DeterminingOutcome(uncertain),
                ..
            }) => Some(uncertain),
            _ => None,
        }
    }

    /// The state with which an ending is checked.
    pub fn uncertain_delete(&self) -> &UncertainDelete {
        match &self.state.screen {
            Screen::Ended(ended) => ended.uncertain_delete.as_deref().expect("it looks on"),
            other => panic!("not ended: {other:?}"),
        }
    }

    pub fn reach_task(&mut self) {
        self.reach_deleting();
        self.data("/api/v1/obproxy", &dag("READY", "RUN", 1, None));
        assert!(matches!(self.state.screen, Screen::Task(_)));
    }

    pub fn ending(&self) -> &Ending {
        match &self.state.screen {
            Screen::Ended(ended) => &ended.ending,
            other => panic!("not ended: {other:?}"),
        }
    }
}

pub fn ok(data: &str) -> Result<Reply, Failure> {
    Ok(Reply {
        status: 200,
        body: format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:00:00Z","duration":1,"status":200,"traceId":"aa","data":{data}}}"#
        )
        .into_bytes(),
    })
}

pub fn refusal(status: u16, err_code: &str) -> Result<Reply, Failure> {
    Ok(Reply {
        status,
        body: format!(
            r#"{{"successful":false,"timestamp":"2026-11-23T12:00:00Z","duration":1,"status":{status},"traceId":"aa","error":{{"errCode":"{err_code}","message":"no"}}}}"#
        )
        .into_bytes(),
    })
}

pub fn info(managed: bool) -> String {
    format!(
        r#"{{"pid":1,"state":2,"startAt":1795436032065896302,"homePath":"/home/admin/a","obVersion":"","architecture":"x86_64","ip":"127.0.0.1","port":2886,"zone":"","identity":"SINGLE","version":"4.5.0.0-0","isObproxyAgent":{managed},"security":true,"supportedAuth":["v2"]}}"#
    )
}

/// As [`info`], of a CLUSTER AGENT, which has sessions.
pub fn cluster_info(password_set: bool) -> String {
    info(true)
        .replace(r#""SINGLE""#, r#""CLUSTER AGENT""#)
        .replace(
            r#""security":true"#,
            &format!(r#""security":{password_set}"#),
        )
}

pub const OPEN_ROUTES: [&str; 3] = ["/api/v1/info", "/api/v1/time", "/api/v1/secret"];
pub const LOGIN: &str = "/api/v1/login";
pub const LOGOUT: &str = "/api/v1/logout";
pub const DELETE: &str = "/api/v1/obproxy";
/// Another key than [`KEY`].
pub const OTHER_KEY: &str = "MIGJAoGBAMzOhCL2XksU6oSZj0cWORaOqfmrO2r8JBp9fcvrotH/Y/+FTBU6bDHK1/aLlwJr0oyOqv5WjMc3aonCysuX8YtFfp/LxM6YLIhMe59G2daFu5bLRU9HodtDBxAFWchxj4sMF08Zsg6xgjCIvdyIMgZwrQwl6cTnO0Y+MGTKpsivAgMBAAE=";
pub const NEWEST: &str = "/api/v1/task/dag/maintain/agent";
/// Every task of the agent.
pub const ALL: &str = "/api/v1/task/dags/agent?show_details=false";
pub const UNFINISHED: &str = "/api/v1/task/dag/agent/unfinish";
pub const DAG: &str = "/api/v1/task/dag/42130706433028861";
const NAMES: [&str; 4] = [
    "Check obproxy status",
    "Stop obproxy",
    "Delete obproxy",
    "Clean obproxy dir",
];

/// A delete DAG; each of `nodes` is (state, operator).
pub fn dag(state: &str, operator: &str, stage: usize, nodes: Option<[(&str, &str); 4]>) -> String {
    let time = "2026-11-23T12:00:00Z";
    let nodes = nodes.map_or("null".to_owned(), |nodes| {
        let nodes: Vec<_> = nodes
            .iter()
            .zip(NAMES)
            .enumerate()
            .map(|(index, ((state, operator), name))| {
                let id = format!("4213070643302886{}", index + 1);
                format!(
                    r#"{{"id":"{id}","node_id":{index},"name":"{name}","state":"{state}","operator":"{operator}","start_time":"{time}","end_time":"{time}","additional_data":null,"sub_tasks":[{{"id":"{id}","task_id":1,"name":"{name}","state":"{state}","operator":"{operator}","start_time":"{time}","end_time":"{time}","additional_data":null,"execute_times":1,"execute_agent":{{"ip":"127.0.0.1","port":2886}},"task_logs":["Get obproxy pid: 8897"]}}]}}"#
                )
            })
            .collect();
        format!("[{}]", nodes.join(","))
    });
    format!(
        r#"{{"id":"42130706433028861","dag_id":1,"name":"Delete obproxy","stage":{stage},"max_stage":4,"maintenance_type":4,"maintenance_key":"","state":"{state}","operator":"{operator}","start_time":"{time}","end_time":"{time}","additional_data":{{}},"nodes":{nodes}}}"#
    )
}

pub const RAN: (&str, &str) = ("SUCCEED", "RUN");
pub const WAITS: (&str, &str) = ("PENDING", "RUN");

/// A copy of a DAG as another one of the same agent: `number` is its `dag_id`, of one digit.
pub fn numbered(dag: &str, number: i64) -> String {
    dag.replace(
        "\"42130706433028861\",\"dag_id\":1",
        &format!("\"4213070643302886{number}\",\"dag_id\":{number}"),
    )
}
