//! Agents, tasks and endings for the tests of the words, parsed from JSON in an agent's format.
#![allow(dead_code, reason = "each test program uses its own part")]

use std::rc::Rc;

use odp_console::flow::ending::{Cause, Ending, Unknown};
use odp_console::flow::event::Language;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{
    AgentSnapshot, Contact, Ended, Facts, OdpLookup, Origin, Submission, Task, UncertainDelete,
    Watch,
};
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::agent_text::AgentText;
use odp_console::obshell::answer;
use odp_console::obshell::crypto::public_key::{PublicKey, PublicKeyError, SealError};
use odp_console::obshell::dag::Dag;
use odp_console::obshell::error::{
    ApiError, ErrorKind, Failure, NoAnswer, NotObshell, NotObshellKind, NotSent, Unusable,
    WipeReason,
};
use odp_console::obshell::time::{AgentTime, ClockOffset};
use serde_json::{Value, json};

pub const LANGUAGES: [Language; 2] = [Language::English, Language::Chinese];
pub const ADDRESS: &str = "10.10.10.1:2886";

pub const CHECK: &str = "Check obproxy status";
pub const STOP: &str = "Stop obproxy";
pub const DELETE: &str = "Delete obproxy";
pub const CLEAN: &str = "Clean obproxy dir";

/// The key of an agent with 1024 bits (captures/00).
const KEY: &str = include_str!("../fixtures/captures/00-unauthenticated-404-frontend.txt");

pub fn envelope(status: u16, data: &Value) -> Vec<u8> {
    json!({
        "successful": true, "timestamp": "2026-11-23T12:24:43Z", "duration": 1,
        "status": status, "traceId": "t", "data": data,
    })
    .to_string()
    .into_bytes()
}

pub fn facts(managed: Option<bool>) -> Facts {
    let mut info = json!({
        "version": "4.5.0.0-0", "identity": "SINGLE", "ip": "10.10.10.1", "port": 2886,
        "homePath": "/home/admin/agent", "startAt": 1, "security": true,
    });
    if let Some(managed) = managed {
        info["isObproxyAgent"] = json!(managed);
    }
    let key = KEY
        .split("\"public_key\":\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    Facts {
        address: AgentAddress::parse(ADDRESS).unwrap(),
        info: answer::info(200, &envelope(200, &info)).unwrap().value,
        key: PublicKey::parse(key),
        clock: ClockOffset {
            millis: 1_250,
            uncertainty: 20,
        },
        agent_time: AgentTime::parse("2026-11-23T20:24:43.7+08:00").unwrap(),
        round_trip: 12,
        route: Settings::default().route(&AgentAddress::parse(ADDRESS).unwrap()),
    }
}

/// A node with its one sub task: name, state/operator of the node, of the sub task, executions,
/// log.
pub struct Stage {
    pub name: &'static str,
    pub node: (&'static str, &'static str),
    pub sub_task: (&'static str, &'static str),
    pub times: u32,
    pub logs: Option<Vec<String>>,
}

pub fn stage(
    name: &'static str,
    node: (&'static str, &'static str),
    sub_task: (&'static str, &'static str),
    times: u32,
    logs: Option<&[&str]>,
) -> Stage {
    Stage {
        name,
        node,
        sub_task,
        times,
        logs: logs.map(|logs| logs.iter().map(|&line| line.to_owned()).collect()),
    }
}

pub fn done(name: &'static str, logs: &[&str]) -> Stage {
    stage(name, ("SUCCEED", "RUN"), ("SUCCEED", "RUN"), 1, Some(logs))
}

pub fn failed(name: &'static str, logs: &[&str]) -> Stage {
    stage(name, ("FAILED", "RUN"), ("FAILED", "RUN"), 1, Some(logs))
}

pub fn cancelled(name: &'static str, logs: &[&str]) -> Stage {
    stage(name, ("FAILED", "CANCEL"), ("FAILED", "RUN"), 1, Some(logs))
}

pub fn pending(name: &'static str) -> Stage {
    stage(name, ("PENDING", "RUN"), ("PENDING", "RUN"), 0, None)
}

/// Passed without having run.
pub fn passed(name: &'static str) -> Stage {
    stage(name, ("SUCCEED", "PASS"), ("SUCCEED", "PASS"), 0, Some(&[]))
}

/// Failed, then passed.
pub fn failed_then_passed(name: &'static str, logs: &[&str]) -> Stage {
    stage(
        name,
        ("SUCCEED", "PASS"),
        ("SUCCEED", "PASS"),
        1,
        Some(logs),
    )
}

pub const KILLED: [&str; 4] = [
    "Get obproxy pid: 8897",
    "Kill obproxy process 8897",
    "Check obproxy process",
    "Successfully killed the obproxy process",
];

pub const NOT_A_PID: &str = "ERROR: [Common.Unexpected]: Unexpected error: strconv.Atoi: parsing \"not-a-pid\": invalid syntax";
pub const BUSY: &str = "ERROR: [Common.Unexpected]: Unexpected error: unlinkat /home/admin/proxy/bin: device or resource busy";

pub fn dag(name: &str, at: usize, state: (&str, &str), stages: &[Stage]) -> Dag {
    let id = |number: usize| format!("4016843008102886{number}");
    let nodes: Vec<_> = stages
        .iter()
        .enumerate()
        .map(|(index, stage)| {
            let (start, end) = (
                format!("2026-11-23T20:18:{:02}.1+08:00", index * 2 + 4),
                format!("2026-11-23T20:18:{:02}.25+08:00", index * 2 + 5),
            );
            json!({
                "id": id(index + 5), "node_id": index + 5, "name": stage.name,
                "state": stage.node.0, "operator": stage.node.1,
                "start_time": start, "end_time": end, "additional_data": null,
                "sub_tasks": [{
                    "id": id(index + 7), "task_id": index + 7, "name": stage.name,
                    "state": stage.sub_task.0, "operator": stage.sub_task.1,
                    "start_time": start, "end_time": end, "additional_data": null,
                    "execute_times": stage.times,
                    "execute_agent": {"ip": "10.10.10.1", "port": 2886},
                    "task_logs": stage.logs,
                }],
            })
        })
        .collect();
    let data = json!({
        "id": id(2), "dag_id": 2, "name": name, "stage": at, "max_stage": stages.len().max(4),
        "maintenance_type": 4, "maintenance_key": "", "state": state.0, "operator": state.1,
        "start_time": "2026-11-23T20:18:04+08:00", "end_time": "2026-11-23T20:18:30+08:00",
        "additional_data": {},
        "nodes": if stages.is_empty() { Value::Null } else { json!(nodes) },
    });
    answer::dag(200, &envelope(200, &data)).unwrap().value
}

/// A destroy that failed at a stage with this log.
pub fn failed_at(at: usize, logs: &[&str]) -> Dag {
    ended_at(at, "RUN", failed, logs)
}

/// A destroy that was cancelled at a stage.
pub fn cancelled_at(at: usize, logs: &[&str]) -> Dag {
    ended_at(at, "CANCEL", cancelled, logs)
}

fn ended_at(
    at: usize,
    operator: &str,
    end: fn(&'static str, &[&str]) -> Stage,
    logs: &[&str],
) -> Dag {
    let stages: Vec<_> = [CHECK, STOP, DELETE, CLEAN]
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let logs_before: &[&str] = if name == STOP { &KILLED } else { &[] };
            match (index + 1).cmp(&at) {
                std::cmp::Ordering::Less => done(name, logs_before),
                std::cmp::Ordering::Equal => end(name, logs),
                std::cmp::Ordering::Greater => pending(name),
            }
        })
        .collect();
    dag(DELETE, at, ("FAILED", operator), &stages)
}

pub fn destroyed() -> Dag {
    dag(
        DELETE,
        4,
        ("SUCCEED", "RUN"),
        &[
            done(CHECK, &[]),
            done(STOP, &KILLED),
            done(DELETE, &[]),
            done(CLEAN, &[]),
        ],
    )
}

/// Marked as done after the failure of stage 2.
pub fn passed_dag() -> Dag {
    dag(
        DELETE,
        2,
        ("SUCCEED", "PASS"),
        &[
            done(CHECK, &[]),
            failed_then_passed(STOP, &[NOT_A_PID]),
            passed(DELETE),
            passed(CLEAN),
        ],
    )
}

/// Stage 2 was skipped, the rest was done.
pub fn passed_node() -> Dag {
    dag(
        DELETE,
        4,
        ("SUCCEED", "RUN"),
        &[
            done(CHECK, &[]),
            failed_then_passed(STOP, &[NOT_A_PID]),
            done(DELETE, &[]),
            done(CLEAN, &[]),
        ],
    )
}

/// The agent reports success, but its stages do not.
pub fn contradicted() -> [Dag; 4] {
    let whole = destroyed();
    let mut unread = whole.clone();
    unread.unparsed.parts = 1;
    unread.unparsed.fields = 1;
    [
        dag(
            DELETE,
            4,
            ("SUCCEED", "RUN"),
            &[
                done(CHECK, &[]),
                failed(STOP, &[NOT_A_PID]),
                done(DELETE, &[]),
                pending(CLEAN),
            ],
        ),
        Dag {
            nodes: None,
            ..whole.clone()
        },
        Dag { stage: 3, ..whole },
        unread,
    ]
}

pub fn stop_task(at: usize, state: (&str, &str)) -> Dag {
    dag(
        STOP,
        at,
        state,
        &[done(CHECK, &[]), failed(STOP, &[NOT_A_PID])],
    )
}

pub fn submission() -> Submission {
    Submission {
        sent_at: 1_795_436_283_000,
        trace_id: Some("4527c2ce1bf5e8d8".to_owned()),
    }
}

pub fn ended(ending: Ending, dag: Option<Dag>) -> Ended {
    let managed = match &ending {
        Ending::Destroyed | Ending::NothingToDestroy => Some(false),
        Ending::Skipped { managed }
        | Ending::Failed { managed, .. }
        | Ending::Cancelled { managed, .. }
        | Ending::OutcomeUnknown(Unknown::Contradicted { managed, .. }) => *managed,
        _ => Some(true),
    };
    let facts = Rc::new(facts(managed));
    let task = dag.map(|dag| {
        Rc::new(Task {
            odp: OdpLookup::NotRequested,
            facts: Rc::clone(&facts),
            dag: Rc::new(dag),
            origin: Origin::Mine(submission()),
            last_update: 1_795_436_310_000,
            contact: Contact::Good,
            confirming: false,
            operating: None,
            restarted: false,
            revises_ending: false,
            watch: Watch::default(),
        })
    });
    let sent = !matches!(ending, Ending::NotSent(_));
    let looks = ending.may_be_revised();
    Ended {
        odp: OdpLookup::NotRequested,
        uncertain_delete: looks.then(|| Box::new(uncertain(&facts))),
        facts,
        ending,
        task,
        submission: sent.then(submission),
        at: 1_795_436_310_500,
    }
}

/// The state with which an ending is checked after the DELETE has expired.
fn uncertain(facts: &Rc<Facts>) -> UncertainDelete {
    let baseline = AgentSnapshot {
        facts: Rc::clone(facts),
        newest: None,
    };
    UncertainDelete {
        cause: Cause::NothingManaged,
        submission: submission(),
        baseline: Rc::new(baseline.clone()),
        seen: baseline,
        expires: submission().sent_at / 1000 + 15,
        expired: true,
        resent: false,
        clock_steady: true,
        waits: 12,
        contact: Contact::Good,
        last_update: 1_795_436_310_400,
        newest: None,
    }
}

pub fn api_error(kind: ErrorKind) -> ApiError {
    ApiError {
        status: 401,
        err_code: kind.err_code().map(AgentText::from),
        code: Some(10008),
        message: "the agent's own message".into(),
        trace_id: "9bbd8ced6bb4c0a4".to_owned(),
        kind,
    }
}

pub fn failures() -> Vec<Failure> {
    let mut failures: Vec<_> = [
        NotSent::NoCredential,
        NotSent::CredentialWiped(WipeReason::Idle(900_000)),
        NotSent::CredentialWiped(WipeReason::PageLeft),
        NotSent::CredentialWiped(WipeReason::BookLocked),
        NotSent::Seal(SealError::Randomness),
        NotSent::Browser,
        NotSent::Withdrawn,
        NotSent::Unlisted,
        NotSent::Rerouted,
    ]
    .map(Failure::NotSent)
    .into();
    failures.extend(key_errors().map(|error| Failure::NotSent(NotSent::Key(error))));
    failures.extend([NoAnswer::Network, NoAnswer::Timeout(15_000)].map(Failure::NoAnswer));
    failures.extend(not_obshell().into_iter().map(Failure::NotObshell));
    failures.extend(
        [
            Unusable::Stale,
            Unusable::OtherTask,
            Unusable::OtherAgent,
            Unusable::NotListed { all: true },
            Unusable::NotListed { all: false },
            Unusable::ListUnread,
        ]
        .map(Failure::Unusable),
    );
    failures.extend(
        ErrorKind::ALL
            .iter()
            .map(|kind| Failure::Refused(api_error(*kind))),
    );
    failures
}

pub fn key_errors() -> [PublicKeyError; 11] {
    [
        PublicKeyError::Empty,
        PublicKeyError::NotBase64,
        PublicKeyError::NotDer,
        PublicKeyError::Spki,
        PublicKeyError::TrailingData,
        PublicKeyError::TooSmall { bits: 256 },
        PublicKeyError::TooLarge { bits: 16384 },
        PublicKeyError::EvenModulus,
        PublicKeyError::ExponentTooSmall { exponent: 1 },
        PublicKeyError::ExponentTooLarge,
        PublicKeyError::EvenExponent { exponent: 4 },
    ]
}

pub fn not_obshell() -> Vec<NotObshell> {
    use NotObshellKind::{Empty, Other, Page, Redirect, Status, TooLarge, Truncated};
    [
        (200, Page),
        (200, Empty),
        (200, Truncated),
        (200, Other),
        (200, Status(401)),
        (418, Empty),
        (418, Other),
        (418, Page),
        (0, Redirect),
        (200, TooLarge),
        (400, Other),
        (401, Page),
        (403, Other),
        (404, Page),
        (429, Page),
        (502, Page),
        (503, Empty),
        (504, Page),
    ]
    .into_iter()
    .map(|(status, kind)| NotObshell { status, kind })
    .collect()
}

/// Every ending, in many variants.
pub fn endings() -> Vec<Ended> {
    let mut all = vec![
        ended(Ending::Destroyed, Some(destroyed())),
        ended(Ending::Destroyed, None),
        ended(Ending::NothingToDestroy, None),
        ended(
            Ending::OtherTaskDone,
            Some(stop_task(2, ("SUCCEED", "RUN"))),
        ),
        ended(
            Ending::OutcomeUnknown(Unknown::StillManaged),
            Some(destroyed()),
        ),
    ];
    for managed in [None, Some(true), Some(false)] {
        let skipped = Ending::Skipped { managed };
        for dag in [
            passed_dag(),
            passed_node(),
            stop_task(2, ("SUCCEED", "PASS")),
        ] {
            all.push(ended(skipped.clone(), Some(dag)));
        }
        for stage in 0..=5 {
            let stopped = Ending::Failed { stage, managed };
            for logs in [
                &[][..],
                &[NOT_A_PID],
                &["Kill obproxy process 1"],
                &KILLED,
                &["Get obproxy pid: ", "Obproxy is not running"],
                &[BUSY],
                &["ERROR: [Common.Unexpected]: exit status 3"],
            ] {
                all.push(ended(stopped.clone(), Some(failed_at(stage, logs))));
                all.push(ended(
                    Ending::Cancelled { stage, managed },
                    Some(cancelled_at(stage, logs)),
                ));
            }
            for dag in [
                dag(DELETE, stage, ("FAILED", "RUN"), &[]),
                stop_task(stage, ("FAILED", "RUN")),
            ] {
                all.push(ended(stopped.clone(), Some(dag)));
            }
            all.push(ended(stopped, None));
        }
    }
    for failure in failures() {
        if let Failure::Refused(error) = &failure {
            all.push(ended(Ending::Refused(error.clone()), None));
        }
        all.push(ended(Ending::NotSent(failure.clone()), None));
        all.push(ended(
            Ending::OutcomeUnknown(Unknown::Answer(failure.clone().into())),
            None,
        ));
        all.push(ended(Ending::NotDone(failure.into()), None));
    }
    for holder in [
        None,
        Some(Rc::new(failed_at(2, &[NOT_A_PID]))),
        Some(Rc::new(dag(STOP, 1, ("RUNNING", "RUN"), &[]))),
    ] {
        all.push(someone_else(holder));
    }
    for ending in [
        Ending::NotDone(Cause::NothingManaged),
        Ending::OutcomeUnknown(Unknown::Answer(Cause::NothingManaged)),
    ] {
        all.push(ended(ending, None));
    }
    // The same before they are certain, and after the agent is no longer read.
    for mut early in all.clone() {
        if let Some(uncertain) = &mut early.uncertain_delete {
            uncertain.expired = false;
            all.push(early.clone());
        }
        if let Some(uncertain) = &mut early.uncertain_delete {
            let error = api_error(ErrorKind::IncorrectAgentPassword);
            uncertain.contact = Contact::Unauthenticated(Failure::Refused(error));
            all.push(early);
        }
    }
    for managed in [None, Some(true), Some(false)] {
        for dag in contradicted() {
            let contradiction = dag.contradiction().unwrap();
            let unknown = Unknown::Contradicted {
                contradiction,
                managed,
            };
            all.push(ended(Ending::OutcomeUnknown(unknown), Some(dag)));
        }
    }
    let mut refused = ended(
        Ending::Failed {
            stage: 2,
            managed: Some(true),
        },
        Some(failed_at(2, &[NOT_A_PID])),
    );
    Rc::make_mut(refused.task.as_mut().unwrap()).watch.by_lists = true;
    all.push(refused);
    let forgotten = || Ending::OutcomeUnknown(Unknown::Forgotten);
    all.push(ended(forgotten(), None));
    all.push(ended(forgotten(), Some(passed_dag())));
    for origin in [Origin::Presumed(submission()), Origin::Followed] {
        let mut found = ended(Ending::Destroyed, Some(destroyed()));
        found.submission = origin.submission().cloned();
        let task = Rc::make_mut(found.task.as_mut().unwrap());
        task.origin = origin;
        task.restarted = true;
        all.push(found);
    }
    all
}

pub fn someone_else(holder: Option<Rc<Dag>>) -> Ended {
    let error = api_error(ErrorKind::UnderMaintenance);
    ended(Ending::SomeoneElse { error, holder }, None)
}
