//! States for rendering, built from an agent's responses.

use std::rc::Rc;

use odp_console::flow::ending::{Ending, Unknown};
use odp_console::flow::event::FlowEvent;
use odp_console::flow::operation::Operation;
use odp_console::flow::settings::{AddressProblem, ListedAgent, Settings};
use odp_console::flow::state::{
    AgentSnapshot, ConnectProblem, Contact, Deleting, Ended, Facts, FactsLookup, OdpLookup,
    Operating, OperationPhase, Origin, Preflight, Review, Screen, SignIn, State, Submission,
    SubmitPhase, Submitting, Task, Tasks, UncertainDelete, Watch,
};
use odp_console::flow::step::step;
use odp_console::obshell::address::{AddressError, AgentAddress};
use odp_console::obshell::answer;
use odp_console::obshell::crypto::public_key::PublicKey;
use odp_console::obshell::dag::{Dag, Operator, Span, State as NodeState};
use odp_console::obshell::error::{
    ApiError, ErrorKind, Failure, NoAnswer, NotObshell, NotObshellKind, NotSent, WipeReason,
};
use odp_console::obshell::info::{Identity, Version};
use odp_console::obshell::time::{AgentTime, ClockOffset};
use serde_json::{Value, json};

use super::surroundings::NOW;

pub const ADDRESS: &str = "10.10.10.1:2886";
const KEY: &str = "MIGJAoGBAMzOhCL2XksU6oSZj0cWORaOqfmrO2r8JBp9fcvrotH/Y/+FTBU6bDHK1/aLlwJr0oyOqv5WjMc3aonCysuX8YtFfp/LxM6YLIhMe59G2daFu5bLRU9HodtDBxAFWchxj4sMF08Zsg6xgjCIvdyIMgZwrQwl6cTnO0Y+MGTKpsjvAgMBAAE=";
const STAGES: [&str; 4] = [
    "Check obproxy status",
    "Stop obproxy",
    "Delete obproxy",
    "Clean obproxy dir",
];
const LOGS: [&[&str]; 4] = [
    &[],
    &[
        "Get obproxy pid: 8897",
        "Kill obproxy process 8897",
        "Successfully killed the obproxy process",
    ],
    &["Delete obproxy meta"],
    &["Remove /home/admin/odp/etc", "Remove /home/admin/odp/log"],
];

pub fn settings() -> Rc<Settings> {
    Rc::new(Settings {
        agents: vec![
            ListedAgent {
                address: AgentAddress::parse(ADDRESS).unwrap(),
                label: Some("Payments, Hangzhou".to_owned()),
                group: None,
                endpoint: None,
            },
            ListedAgent {
                address: AgentAddress::parse("[fd00::7]:2886").unwrap(),
                label: None,
                group: None,
                endpoint: None,
            },
        ],
        ..Settings::default()
    })
}

fn envelope(data: Value) -> String {
    let envelope = json!({
        "successful": true, "timestamp": "2026-11-23T20:00:12+08:00", "duration": 1,
        "status": 200, "traceId": "a1a1a1a1a1a1a1a1", "data": data,
    });
    envelope.to_string()
}

pub fn facts() -> Rc<Facts> {
    let info = envelope(json!({
        "version": "4.5.0.0-0", "identity": "SINGLE", "ip": "10.10.10.1", "port": 2886,
        "homePath": "/home/admin/obshell", "startAt": 1_795_431_605_702_963_660_i64,
        "isObproxyAgent": true, "security": true,
    }));
    Rc::new(Facts {
        address: AgentAddress::parse(ADDRESS).unwrap(),
        info: answer::info(200, info.as_bytes()).unwrap().value,
        key: PublicKey::parse(KEY),
        clock: ClockOffset {
            millis: 2_000,
            uncertainty: 20,
        },
        agent_time: AgentTime::parse("2026-11-23T20:00:12+08:00").unwrap(),
        round_trip: 12,
        route: Settings::default().route(&AgentAddress::parse(ADDRESS).unwrap()),
    })
}

/// The facts of a CLUSTER AGENT, which has sessions.
pub fn cluster_facts(password_set: bool) -> Rc<Facts> {
    let mut facts = facts();
    let cluster = Rc::make_mut(&mut facts);
    cluster.info.identity = Identity::ClusterAgent;
    cluster.info.password_set = Some(password_set);
    facts
}

/// The agent's clock is two hours behind the browser's.
fn clocks_differ() -> Rc<Facts> {
    let mut facts = facts();
    Rc::make_mut(&mut facts).clock.millis = -7_200_000;
    facts
}

/// A task with `stage` started nodes; the last of them and the task are in `state`.
pub fn dag(stage: usize, state: &str, operator: &str) -> Dag {
    let time = |second: usize| format!("2026-11-23T20:00:{second:02}.5+08:00");
    let id = |number: usize| format!("40168430081028860{number}");
    let nodes: Vec<Value> = STAGES
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let (state, operator, times) = match (index + 1).cmp(&stage) {
                std::cmp::Ordering::Less => ("SUCCEED", "RUN", 1),
                std::cmp::Ordering::Equal => (state, operator, 1),
                // Passing a task passes every part that was not done (protocol: 4.5).
                std::cmp::Ordering::Greater if operator == "PASS" => ("SUCCEED", "PASS", 0),
                std::cmp::Ordering::Greater => ("PENDING", "RUN", 0),
            };
            let logs = (times > 0).then(|| LOGS[index].to_vec());
            json!({
                "id": id(index + 1), "name": name, "state": state, "operator": operator,
                "start_time": time(index * 2), "end_time": time(index * 2 + 2),
                "sub_tasks": [{
                    "id": id(index + 1), "name": name, "state": state, "operator": operator,
                    "start_time": time(index * 2), "end_time": time(index * 2 + 1),
                    "execute_times": times, "execute_agent": {"ip": "10.10.10.1", "port": 2886},
                    "task_logs": logs,
                }],
            })
        })
        .collect();
    let answer = envelope(json!({
        "id": id(1), "dag_id": 1, "name": "Delete obproxy", "stage": stage, "max_stage": 4,
        "maintenance_type": 4, "state": state, "operator": operator,
        "start_time": time(0), "end_time": time(stage * 2), "nodes": nodes,
    }));
    answer::dag(200, answer.as_bytes()).unwrap().value
}

/// Stage 2 was skipped, the rest was done.
fn with_a_stage_skipped() -> Dag {
    let mut dag = dag(4, "SUCCEED", "RUN");
    let nodes = dag.nodes.as_mut().unwrap();
    Rc::make_mut(&mut nodes[1]).operator = Operator::Pass;
    dag
}

/// Stage 2 is being cancelled: the agent reports 1970 for the task and the stage, whose sub task
/// still runs (capture 16).
fn cancelling() -> State {
    let before = dag(2, "RUNNING", "RUN");
    let mut dag = before.clone();
    dag.state = NodeState::Ready;
    dag.operator = Operator::Cancel;
    dag.span = Span::default();
    let node = Rc::make_mut(&mut dag.nodes.as_mut().unwrap()[1]);
    node.state = NodeState::Pending;
    node.operator = Operator::Cancel;
    node.span = Span::default();
    let mut task = task(dag, Contact::Good);
    task.watch.started = before.span.started;
    with(Screen::Task(task))
}

/// A task that was cancelled before it started.
fn cancelled_before() -> State {
    let mut dag = dag(1, "FAILED", "CANCEL");
    let node = Rc::make_mut(&mut dag.nodes.as_mut().unwrap()[0]);
    node.span = Span::default();
    let sub_task = Rc::make_mut(&mut node.sub_tasks.as_mut().unwrap()[0]);
    sub_task.execute_times = 0;
    sub_task.span = Span::default();
    let managed = Some(true);
    ended(Ending::Cancelled { stage: 1, managed }, Some(dag))
}

/// The task reports success, but its second stage failed.
fn contradicted() -> State {
    let mut dag = dag(4, "SUCCEED", "RUN");
    let nodes = dag.nodes.as_mut().unwrap();
    Rc::make_mut(&mut nodes[1]).state = NodeState::Failed;
    let contradiction = dag.contradiction().unwrap();
    let unknown = Unknown::Contradicted {
        contradiction,
        managed: Some(false),
    };
    ended(Ending::OutcomeUnknown(unknown), Some(dag))
}

/// Destroyed, without any valid time of the agent.
fn timeless() -> State {
    let mut dag = dag(4, "SUCCEED", "RUN");
    dag.span = Span::default();
    for node in dag.nodes.iter_mut().flatten() {
        Rc::make_mut(node).span.ended = None;
    }
    ended(Ending::Destroyed, Some(dag))
}

/// The agent rejects the task's id.
fn failed_by_lists() -> State {
    let managed = Some(true);
    let failed = Ending::Failed { stage: 2, managed };
    let mut state = ended(failed, Some(dag(2, "FAILED", "RUN")));
    if let Screen::Ended(ended) = &mut state.screen {
        Rc::make_mut(ended.task.as_mut().unwrap()).watch.by_lists = true;
    }
    state
}

/// The first stage could not be read.
fn in_part() -> Dag {
    let mut dag = dag(2, "RUNNING", "RUN");
    dag.nodes.as_mut().unwrap().remove(0);
    dag.unparsed.parts = 1;
    dag
}

/// A task of an agent that may reject a CANCEL.
fn old_cancel_asked() -> State {
    let dag = dag(2, "RUNNING", "RUN");
    let mut task = operated(dag, Operation::Cancel, OperationPhase::AwaitingConfirmation);
    Rc::make_mut(&mut task.facts).info.version = Version::new("4.2.6.0-0");
    with(Screen::Task(task))
}

fn with(screen: Screen) -> State {
    let mut state = State::new(settings());
    state.form.address = ADDRESS.to_owned();
    state.form.lookup = FactsLookup::Read(facts());
    state.screen = screen;
    state
}

/// The review with these pre-flight results.
pub fn review(preflight: Preflight) -> Screen {
    Screen::Review(Review {
        preflight,
        mismatch: false,
        continues_anyway: false,
    })
}

pub fn preflight(holder: Option<Dag>) -> Preflight {
    Preflight {
        facts: facts(),
        holder: holder.map(Rc::new),
        unread: 0,
        rechecking: false,
        tasks: Tasks::NotRequested,
        odp: OdpLookup::NotRequested,
        ask_for_newest: false,
    }
}

fn with_tasks(tasks: Tasks) -> State {
    with(review(Preflight {
        tasks,
        ..preflight(None)
    }))
}

/// A link to a task at this address.
fn link(address: &str) -> State {
    connect(|state| {
        state.form.address = address.to_owned();
        state.form.task = Some(dag(2, "RUNNING", "RUN").id);
    })
}

fn submission() -> Submission {
    Submission {
        sent_at: NOW - 10_000,
        trace_id: Some("00c0ffee00c0ffee".to_owned()),
    }
}

pub fn task(dag: Dag, contact: Contact) -> Task {
    Task {
        odp: OdpLookup::NotRequested,
        facts: facts(),
        dag: Rc::new(dag),
        origin: Origin::Mine(submission()),
        last_update: NOW - 1_000,
        contact,
        confirming: false,
        operating: None,
        restarted: false,
        revises_ending: false,
        watch: Watch::default(),
    }
}

/// A task with an operation in this phase.
fn operated(dag: Dag, operation: Operation, phase: OperationPhase) -> Task {
    let mut task = task(dag, Contact::Good);
    task.operating = Some(Operating {
        operation,
        phase,
        before: Rc::clone(&task.dag),
        at: NOW - 500,
        life_seconds: 15,
    });
    task
}

/// The ending of a task that failed at stage 2, with an operation in this phase.
fn stopped(operation: Operation, phase: OperationPhase) -> State {
    let managed = Some(true);
    let mut state = ended(Ending::Failed { stage: 2, managed }, None);
    if let Screen::Ended(ended) = &mut state.screen {
        let dag = dag(2, "FAILED", "RUN");
        ended.task = Some(Rc::new(operated(dag, operation, phase)));
    }
    state
}

pub fn ended(ending: Ending, dag: Option<Dag>) -> State {
    let looks = ending.may_be_revised();
    with(Screen::Ended(Ended {
        odp: OdpLookup::NotRequested,
        facts: facts(),
        uncertain_delete: looks.then(|| Box::new(uncertain(Contact::Good))),
        ending,
        task: dag.map(|dag| Rc::new(task(dag, Contact::Good))),
        submission: Some(submission()),
        at: NOW,
    }))
}

pub fn refusal(kind: ErrorKind, message: &str) -> ApiError {
    ApiError {
        status: 401,
        err_code: kind.err_code().map(Into::into),
        code: None,
        message: message.into(),
        trace_id: "7777777777777777".to_owned(),
        kind,
    }
}

pub fn connect(edit: impl FnOnce(&mut State)) -> State {
    let mut state = State::new(settings());
    edit(&mut state);
    state
}

pub fn lost() -> Failure {
    Failure::NoAnswer(NoAnswer::Network)
}

fn forgotten(why: WipeReason) -> Failure {
    Failure::NotSent(NotSent::CredentialWiped(why))
}

/// The page was left on this screen, with a credential.
fn left(screen: impl FnOnce() -> Screen) -> State {
    let mut state = State::new(settings());
    state.form.address = ADDRESS.to_owned();
    let has_credential = true;
    let (mut state, _) = step(state, 0, FlowEvent::Connect { has_credential });
    assert!(state.form.connecting);
    state.screen = screen();
    step(state, 0, FlowEvent::PageLeft).0
}

fn baseline() -> AgentSnapshot {
    AgentSnapshot {
        facts: facts(),
        newest: None,
    }
}

fn uncertain(contact: Contact) -> UncertainDelete {
    UncertainDelete {
        cause: lost().into(),
        submission: submission(),
        baseline: Rc::new(baseline()),
        seen: baseline(),
        expires: NOW / 1000 + 5,
        expired: false,
        resent: false,
        clock_steady: true,
        waits: 3,
        contact,
        last_update: NOW - 2_000,
        newest: None,
    }
}

fn finding_out(contact: Contact) -> SubmitPhase {
    SubmitPhase::DeterminingOutcome(Box::new(uncertain(contact)))
}

/// The first DELETE is in transit, or the one that was sealed again.
fn deleting(resent: bool) -> SubmitPhase {
    SubmitPhase::Deleting(Box::new(Deleting {
        baseline: Rc::new(baseline()),
        first: resent.then(|| Box::new(uncertain(Contact::Good))),
    }))
}

/// Every screen and every ending, each with a name.
pub fn all() -> Vec<(&'static str, State)> {
    let wrong_password = Failure::Refused(refusal(
        ErrorKind::IncorrectAgentPassword,
        "Access denied: agent password is incorrect",
    ));
    let page = Failure::NotObshell(NotObshell {
        status: 200,
        kind: NotObshellKind::Page,
    });
    let busy = refusal(
        ErrorKind::UnderMaintenance,
        "Create task 'Delete obproxy' failed: 10.10.10.1:2886 is under maintenance",
    );
    let someone = |holder| Ending::SomeoneElse {
        error: busy.clone(),
        holder,
    };
    let nothing_managed = |continues_anyway| {
        let mut known = (*facts()).clone();
        known.info.manages_odp = Some(false);
        Screen::Review(Review {
            preflight: Preflight {
                facts: Rc::new(known),
                ..preflight(None)
            },
            mismatch: false,
            continues_anyway,
        })
    };
    let mismatch = Screen::Review(Review {
        preflight: preflight(None),
        mismatch: true,
        continues_anyway: false,
    });
    let submitting = |phase| {
        Screen::Submitting(Submitting {
            preflight: preflight(None),
            phase,
            confirmed_at: NOW - 5_000,
        })
    };
    let retrying = Contact::Retrying {
        failures: 3,
        failure: lost(),
        next_at: NOW + 3_400,
    };
    let managed = Some(true);
    let mut confirming = task(dag(4, "SUCCEED", "RUN"), Contact::Good);
    confirming.confirming = true;
    let mut presumed = task(dag(3, "RUNNING", "RUN"), Contact::Good);
    presumed.origin = Origin::Presumed(submission());
    presumed.restarted = true;
    let mut taken_back = presumed.clone();
    taken_back.revises_ending = true;
    let mut empty_dag = dag(1, "READY", "RUN");
    empty_dag.nodes = None;
    vec![
        ("connect", connect(|_| {})),
        ("connect-plain", State::new(Rc::new(Settings::default()))),
        (
            "connect-list-only",
            connect(|state| Rc::make_mut(&mut state.settings).typed_address = false),
        ),
        (
            "connect-asking",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Reading;
            }),
        ),
        ("connect-seen", with(Screen::Connect)),
        (
            "connect-bad-address",
            connect(|state| {
                state.form.address = "10.10.10.1".to_owned();
                state.form.address_problem = Some(AddressProblem::Malformed(AddressError::NoPort));
                state.form.password_missing = true;
            }),
        ),
        (
            "connect-wrong-password",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(facts());
                state.form.problem = Some(ConnectProblem::Credential(wrong_password.clone()));
            }),
        ),
        (
            "connect-web-page",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Failed(page.clone());
                state.form.problem = Some(ConnectProblem::OpenRoutes(page.clone()));
            }),
        ),
        (
            "connect-too-old",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(facts());
                state.form.problem = Some(ConnectProblem::TooOld(Version::new("4.2.5.0-1")));
            }),
        ),
        (
            "connect-older",
            connect(|state| {
                let mut older = facts();
                Rc::make_mut(&mut older).info.version = Version::new("4.3.0.0-1");
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(older);
            }),
        ),
        (
            "connect-no-password",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(facts());
                state.form.problem = Some(ConnectProblem::PasswordNotSet {
                    home: "/home/admin/obshell".into(),
                });
            }),
        ),
        (
            "connect-cluster",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(cluster_facts(true));
            }),
        ),
        (
            "connect-cluster-root",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(cluster_facts(false));
                state.form.sign_in = SignIn::RootPassword;
                state.form.password_missing = true;
            }),
        ),
        (
            "connect-cluster-no-password",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(cluster_facts(false));
                state.form.sign_in = SignIn::NoRootPassword;
            }),
        ),
        (
            "connect-forgotten",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(facts());
                let why = forgotten(WipeReason::Idle(900_000));
                state.form.problem = Some(ConnectProblem::Credential(why));
            }),
        ),
        (
            "task-forgotten",
            with(Screen::Task(task(
                dag(2, "RUNNING", "RUN"),
                Contact::Unauthenticated(forgotten(WipeReason::PageLeft)),
            ))),
        ),
        (
            "failed-forgotten",
            left(|| {
                let (stage, managed) = (2, Some(true));
                let failed = Ending::Failed { stage, managed };
                ended(failed, Some(dag(2, "FAILED", "RUN"))).screen
            }),
        ),
        (
            "review-rechecking",
            with(review(Preflight {
                rechecking: true,
                ..preflight(None)
            })),
        ),
        ("review-nothing-managed", with(nothing_managed(false))),
        ("review-insists", with(nothing_managed(true))),
        (
            "review-session",
            with(review(Preflight {
                facts: cluster_facts(false),
                ..preflight(None)
            })),
        ),
        (
            "review-held",
            with(review(preflight(Some(dag(2, "RUNNING", "RUN"))))),
        ),
        ("connect-link", link(ADDRESS)),
        ("connect-link-foreign", link("10.10.10.2:2886")),
        ("tasks-asking", with_tasks(Tasks::Reading)),
        ("tasks-failed", with_tasks(Tasks::Failed(lost()))),
        ("tasks-none", with_tasks(Tasks::Listed(Rc::default()))),
        (
            "tasks",
            with_tasks(Tasks::Listed(Rc::new(vec![
                Rc::new(dag(2, "RUNNING", "RUN")),
                Rc::new(dag(2, "FAILED", "CANCEL")),
                Rc::new(dag(4, "SUCCEED", "RUN")),
            ]))),
        ),
        ("review", with(review(preflight(None)))),
        ("review-mismatch", with(mismatch)),
        ("submitting", with(submitting(SubmitPhase::Refreshing))),
        ("submitting-again", with(submitting(deleting(true)))),
        ("finding-out", with(submitting(finding_out(Contact::Good)))),
        (
            "finding-out-retrying",
            with(submitting(finding_out(retrying.clone()))),
        ),
        (
            "finding-out-unauthenticated",
            with(submitting(finding_out(Contact::Unauthenticated(
                wrong_password.clone(),
            )))),
        ),
        (
            "task-new",
            with(Screen::Task(task(empty_dag, Contact::Good))),
        ),
        (
            "task",
            with(Screen::Task(task(dag(2, "RUNNING", "RUN"), Contact::Good))),
        ),
        (
            "task-retrying",
            with(Screen::Task(task(
                dag(2, "RUNNING", "RUN"),
                retrying.clone(),
            ))),
        ),
        ("task-retrying-asked", {
            let dag = dag(2, "RUNNING", "RUN");
            let mut task = operated(dag, Operation::Cancel, OperationPhase::AwaitingConfirmation);
            task.contact = retrying;
            with(Screen::Task(task))
        }),
        (
            "task-unauthenticated",
            with(Screen::Task(task(
                dag(3, "RUNNING", "RUN"),
                Contact::Unauthenticated(wrong_password),
            ))),
        ),
        (
            "task-session-ended",
            with(Screen::Task(Task {
                facts: cluster_facts(true),
                ..task(
                    dag(3, "RUNNING", "RUN"),
                    Contact::Unauthenticated(Failure::Refused(refusal(
                        ErrorKind::SessionInvalid,
                        "Session is invalid",
                    ))),
                )
            })),
        ),
        (
            "task-clocks-differ",
            with(Screen::Task(Task {
                facts: clocks_differ(),
                ..task(dag(2, "RUNNING", "RUN"), Contact::Good)
            })),
        ),
        ("task-confirming", with(Screen::Task(confirming))),
        (
            "task-cancel-asked",
            with(Screen::Task(operated(
                dag(2, "RUNNING", "RUN"),
                Operation::Cancel,
                OperationPhase::AwaitingConfirmation,
            ))),
        ),
        (
            "task-cancel-sent",
            with(Screen::Task(operated(
                dag(2, "RUNNING", "RUN"),
                Operation::Cancel,
                OperationPhase::Sent,
            ))),
        ),
        (
            "task-retry-accepted",
            with(Screen::Task(operated(
                dag(2, "FAILED", "RUN"),
                Operation::Retry,
                OperationPhase::Accepted,
            ))),
        ),
        (
            "failed-retry-asked",
            stopped(Operation::Retry, OperationPhase::AwaitingConfirmation),
        ),
        (
            "failed-skip-asked",
            stopped(Operation::Skip, OperationPhase::AwaitingConfirmation),
        ),
        (
            "failed-done-asked",
            stopped(Operation::MarkDone, OperationPhase::AwaitingConfirmation),
        ),
        (
            "failed-skip-refused",
            stopped(
                Operation::Skip,
                OperationPhase::Refused(refusal(
                    ErrorKind::NodePassNotFailed,
                    "Failed to pass node: node Stop obproxy is not failed",
                )),
            ),
        ),
        (
            "failed-retry-checking",
            with(Screen::Task(operated(
                dag(2, "FAILED", "RUN"),
                Operation::Retry,
                OperationPhase::Checking(refusal(
                    ErrorKind::RetryNotFailed,
                    "Failed to retry: the task is not failed",
                )),
            ))),
        ),
        (
            "failed-retry-lost",
            stopped(Operation::Retry, OperationPhase::Lost(lost())),
        ),
        (
            "failed-retry-not-sent",
            stopped(Operation::Retry, OperationPhase::NotSent(Some(lost()))),
        ),
        ("task-presumed", with(Screen::Task(presumed))),
        ("task-taken-back", with(Screen::Task(taken_back))),
        (
            "destroyed",
            ended(Ending::Destroyed, Some(dag(4, "SUCCEED", "RUN"))),
        ),
        (
            "skipped",
            ended(Ending::Skipped { managed }, Some(dag(2, "SUCCEED", "PASS"))),
        ),
        (
            "skipped-stage",
            ended(Ending::Skipped { managed }, Some(with_a_stage_skipped())),
        ),
        (
            "failed",
            ended(
                Ending::Failed { stage: 2, managed },
                Some(dag(2, "FAILED", "RUN")),
            ),
        ),
        (
            "cancelled",
            ended(
                Ending::Cancelled { stage: 2, managed },
                Some(dag(2, "FAILED", "CANCEL")),
            ),
        ),
        ("nothing", ended(Ending::NothingToDestroy, None)),
        (
            "refused",
            ended(
                Ending::Refused(refusal(
                    ErrorKind::Expired,
                    "Verification failed: auth expired",
                )),
                None,
            ),
        ),
        (
            "someone-found",
            ended(someone(Some(Rc::new(dag(2, "RUNNING", "RUN")))), None),
        ),
        ("someone-gone", ended(someone(None), None)),
        (
            "not-sent",
            ended(Ending::NotSent(Failure::NotSent(NotSent::Browser)), None),
        ),
        ("not-done", ended(Ending::NotDone(lost().into()), None)),
        (
            "forgotten",
            ended(
                Ending::OutcomeUnknown(Unknown::Forgotten),
                Some(dag(2, "RUNNING", "RUN")),
            ),
        ),
        (
            "unknown",
            ended(Ending::OutcomeUnknown(Unknown::Answer(lost().into())), None),
        ),
        (
            "still-managed",
            ended(
                Ending::OutcomeUnknown(Unknown::StillManaged),
                Some(dag(4, "SUCCEED", "RUN")),
            ),
        ),
        ("contradicted", contradicted()),
        ("task-cancelling", cancelling()),
        ("cancelled-before", cancelled_before()),
        (
            "connect-again",
            connect(|state| {
                state.form.address = ADDRESS.to_owned();
                state.form.lookup = FactsLookup::Read(facts());
                state.form.signed_in = Some(facts());
            }),
        ),
        ("timeless", timeless()),
        ("failed-by-lists", failed_by_lists()),
        (
            "task-in-part",
            with(Screen::Task(task(in_part(), Contact::Good))),
        ),
        (
            "tasks-in-part",
            with_tasks(Tasks::ListedInPart(Rc::new(vec![Rc::new(dag(
                2, "FAILED", "RUN",
            ))]))),
        ),
        (
            "tasks-none-in-part",
            with_tasks(Tasks::ListedInPart(Rc::default())),
        ),
        (
            "review-unread",
            with(review(Preflight {
                unread: 1,
                ..preflight(None)
            })),
        ),
        ("old-cancel-asked", old_cancel_asked()),
        (
            "other-task",
            ended(Ending::OtherTaskDone, Some(dag(4, "SUCCEED", "RUN"))),
        ),
    ]
}
