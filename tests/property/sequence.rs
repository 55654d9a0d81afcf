//! One sequence: random acts of a person, a browser, a network and an agent, with the invariants of
//! the flow.

use std::rc::Rc;

use odp_console::flow::effect::{Call, Effect, TimerId};
use odp_console::flow::ending::{Ending, Unknown};
use odp_console::flow::event::{Answered, FlowEvent, Reply};
use odp_console::flow::operation::Operation;
use odp_console::flow::poll::HIDDEN_MILLIS;
use odp_console::flow::settings::Settings;
use odp_console::flow::state::{
    Contact, FactsLookup, OperationPhase, Origin, Review, Screen, SignIn, State, SubmitPhase,
    Task as Watched, Tasks,
};
use odp_console::flow::step::step;
use odp_console::obshell::dag::Dag;
use odp_console::obshell::dag::id::DagId;
use odp_console::obshell::error::{Failure, NoAnswer, NotSent};
use odp_console::obshell::request::{DagOperation, Method, Request, expiry};

use crate::agent::{
    A_CREATION, A_START, ALL, AN_END, Agent, Held, Kind, LOGIN, LOGOUT, NEWEST, Odd, SLOWEST,
    START, Sealed, Task, Version, is_decrypt_failure, stamped,
};

const ADDRESS: &str = "127.0.0.1:2886";

/// The maximum number of requests to a fair agent until the console reaches an ending: more than
/// the slowest task needs.
const FAIR_STEPS: usize = 400;

type Checked = Result<(), String>;

macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!($($what)+));
        }
    };
}

mod network;
mod people;
mod seen;
mod starts;
mod truth;

pub use seen::Seen;
pub use starts::Starts;

/// A request that the browser sent or should have sent.
#[derive(Clone)]
struct Flight {
    call: Call,
    /// `None`: an open route.
    sealed: Option<Sealed>,
    /// By the browser's clock.
    sent_at: i64,
    /// Not sent, because there is no password.
    unsent: bool,
    /// When the agent accepted it, by true time; the agent executes it within [`SLOWEST`].
    taken: Option<i64>,
    reply: Option<Reply>,
    /// The agent's counter when it accepted the request.
    moment: u64,
    /// The operation, and the id of its task.
    operation: Option<(String, Operation)>,
    /// The session of a login.
    session: Option<u32>,
    /// The true state of the task that was read.
    task: Option<Task>,
}

impl Flight {
    fn is_delete(&self) -> bool {
        self.call.request.method() == Method::Delete
    }

    fn is_login(&self) -> bool {
        self.call.request.is_login()
    }

    /// Whether it may change something: giving it up does not cancel it.
    fn is_write(&self) -> bool {
        self.is_delete() || self.operation.is_some()
    }
}

/// An operation that a person confirmed, and the task at that time.
#[derive(Clone)]
struct Agreed {
    operation: Operation,
    dag: Rc<Dag>,
}

/// The records of one confirmation.
#[derive(Clone, Copy, Default)]
struct Confirmation {
    sent: u32,
    may_send_again: bool,
    /// The console said that the agent no longer accepts a copy of its DELETE.
    never: bool,
    /// The number of the newest task when the DELETE was sent, as recorded by the console.
    baseline: i64,
}

#[derive(Clone)]
struct Sequence {
    agent: Agent,
    state: State,
    /// True time, in milliseconds.
    now: i64,
    /// The offset of the browser's clock from true time, in milliseconds.
    ahead: i64,
    vault: Option<Held>,
    flights: Vec<Flight>,
    /// DELETEs that are no longer awaited but may still arrive.
    late: Vec<Flight>,
    /// The number of responses.
    answers: u64,
    /// Cached responses, by their request.
    cache: Vec<(String, Reply)>,
    /// The followed task at its last read, and when an operation was sent.
    shown: Option<Task>,
    shown_before: Option<Task>,
    /// The number of the newest task at its last read; 0 if there was none.
    newest: i64,
    timer: Option<(TimerId, i64)>,
    stale: Option<TimerId>,
    confirmations: Vec<Confirmation>,
    /// The confirmed operation that was not sent yet.
    agreed: Option<Agreed>,
    /// The number of requests that the agent accepted.
    moments: u64,
    /// The counter at the last read of the task whose response the console has seen, and at the
    /// console's last operation.
    read_at: u64,
    operated_at: u64,
    /// Whether a clock ever jumped: the expiry of a request is then unknown.
    jumped: bool,
    /// Whether the agent's clock was ever set back: conclusions from a read may then be wrong.
    set_back: bool,
    /// Whether the agent's list had a task of the last confirmation at the last read of the newest
    /// task.
    listed: bool,
    /// Whether the agent managed an ODP at the last read of `/info`.
    managed: bool,
}

impl Sequence {
    fn brief(&self) -> String {
        let screen = match &self.state.screen {
            Screen::Connect => "connect".to_owned(),
            Screen::Review(_) => "review".to_owned(),
            Screen::Submitting(submitting) => match &submitting.phase {
                SubmitPhase::DeterminingOutcome(uncertain) => format!(
                    "finding out (steady {}, waits {}, {:?})",
                    uncertain.clock_steady, uncertain.waits, uncertain.contact
                ),
                phase => format!("submitting {phase:?}"),
            },
            Screen::Task(task) => format!(
                "task {} {:?} {:?} {:?}",
                task.dag.number,
                task.dag.progress(),
                task.origin,
                task.contact
            ),
            Screen::Ended(ended) => format!("ended {:?}", ended.ending),
        };
        let flights: Vec<_> = self
            .flights
            .iter()
            .map(|flight| flight.call.request.target())
            .collect();
        format!(
            "{screen}; open {flights:?}; timer {:?}; late {}; agent: managed {} locked {} {:?}",
            self.timer,
            self.late.len(),
            self.agent.managed,
            self.agent.locked,
            self.agent.tasks
        )
    }

    fn browser_clock(&self) -> i64 {
        self.now + self.ahead
    }

    fn tell(&mut self, event: FlowEvent, seen: &mut Seen) -> Checked {
        if let FlowEvent::Visible(_) = event {
            self.stale = self.timer.take().map(|(timer, _)| timer);
        }
        let before = std::mem::discriminant(&self.state.screen);
        let said = ending(&self.state).cloned();
        let had_task = watched(&self.state).is_some();
        let was_watching = match &self.state.screen {
            Screen::Task(task) => Some(task.dag.id.to_string()),
            _ => None,
        };
        let asked = match (&event, watched(&self.state)) {
            (FlowEvent::ConfirmOperation, Some(task)) if task.awaits_confirmation() => {
                task.operating.clone()
            }
            _ => None,
        };
        if let Some(asked) = asked {
            self.agreed = watched(&self.state).map(|task| Agreed {
                operation: asked.operation,
                dag: Rc::clone(&task.dag),
            });
        }
        let was_shown = watched(&self.state).map(|task| Rc::clone(&task.dag));
        let awaited = match (&event, watched(&self.state)) {
            (FlowEvent::Answered(_), Some(task)) => task.operating.clone(),
            _ => None,
        };
        let (state, effects) = step(self.state.clone(), self.browser_clock(), event);
        self.state = state;
        for effect in effects {
            match effect {
                Effect::Call(call) => self.send(call, seen)?,
                Effect::Wait { timer, millis } => {
                    let notifies = self.state.notifies
                        && matches!(self.state.screen, Screen::Task(_))
                        && millis >= HIDDEN_MILLIS;
                    ensure!(self.state.visible || notifies, "a hidden page waits to ask");
                    self.timer = Some((timer, self.now + i64::from(millis)));
                }
                Effect::AbandonReads => {
                    let open = self.flights.len();
                    for flight in std::mem::take(&mut self.flights) {
                        if flight.is_delete() {
                            self.flights.push(flight);
                        } else if flight.is_write() && flight.reply.is_none() && !flight.unsent {
                            self.late.push(flight);
                        }
                    }
                    ensure!(
                        self.flights.is_empty() && open > 0,
                        "reads were given up beside a DELETE, or there were none"
                    );
                }
                Effect::WatchIdle { .. } => {}
                Effect::WipeCredential => self.vault = None,
            }
        }
        if let Some(task) = watched(&self.state) {
            let task = task.clone();
            if !was_shown.is_some_and(|shown| Rc::ptr_eq(&shown, &task.dag)) {
                self.check_times(&task.dag)?;
            }
            self.check_effect(awaited.as_ref(), &task)?;
        }
        if let Screen::Review(Review { preflight, .. }) = &self.state.screen
            && matches!(preflight.tasks, Tasks::ListedInPart(_))
        {
            seen.meet("listed in part");
        }
        let phase = watched(&self.state).and_then(|task| task.operating.as_ref());
        match phase.map(|operating| &operating.phase) {
            Some(OperationPhase::Refreshing) => {}
            Some(OperationPhase::NotSent(None)) => {
                if self.agreed.take().is_some() {
                    seen.meet("an operation did not fit any more");
                }
            }
            // From now on it needs another confirmation.
            _ => self.agreed = None,
        }
        let now = std::mem::discriminant(&self.state.screen);
        match &self.state.screen {
            Screen::Ended(ended) if now != before || said.as_ref() != Some(&ended.ending) => {
                if said.is_some_and(|said| said.may_be_revised()) {
                    ensure!(
                        matches!(ended.ending, Ending::OutcomeUnknown(_)),
                        "an ending became another"
                    );
                    seen.meet("nothing was done, and it is unknown after all");
                }
                self.check_ending(seen)?;
            }
            Screen::Task(task) if now != before => {
                let task = task.clone();
                ensure!(
                    !task.revises_ending
                        || had_task
                        || said.is_some_and(|said| said.may_be_revised()),
                    "what was never said is taken back"
                );
                self.check_origin(&task, was_watching, seen)?;
            }
            _ => {}
        }
        self.check_claim(seen)?;
        self.check_motion()
    }

    fn send(&mut self, call: Call, seen: &mut Seen) -> Checked {
        let target = call.request.target();
        ensure!(
            !self
                .flights
                .iter()
                .any(|flight| flight.call.request.target() == target),
            "{target} is asked twice at once"
        );
        let sent_at = self.browser_clock();
        let confirmation = self.confirmations.len() as u32;
        let is_delete = call.request.method() == Method::Delete;
        if is_delete {
            seen.deletes += 1;
            ensure!(
                !self.flights.iter().any(Flight::is_delete),
                "two DELETEs at once"
            );
            let Some(last) = self.confirmations.last_mut() else {
                return Err("a DELETE without a confirmation".to_owned());
            };
            last.sent += 1;
            ensure!(
                last.sent == 1 || last.sent == 2 && last.may_send_again,
                "{} DELETEs for one confirmation",
                last.sent
            );
            if last.sent == 2 {
                seen.meet("sent again after DecryptFailed");
            }
            let Screen::Submitting(submitting) = &self.state.screen else {
                return Err("a DELETE from another screen".to_owned());
            };
            let SubmitPhase::Deleting(deleting) = &submitting.phase else {
                return Err("a DELETE in another phase".to_owned());
            };
            let baseline = deleting.baseline.number();
            ensure!(
                last.sent == 1 || baseline == last.baseline,
                "what was noted before the first DELETE was overwritten"
            );
            ensure!(
                last.sent == 2 || baseline == self.newest,
                "another task was noted as the newest than the agent told"
            );
            last.baseline = baseline;
            ensure!(
                last.sent == 1 || !self.listed,
                "sent again, and the agent's list showed its task"
            );
        }
        ensure!(
            call.seal.is_none() || self.vault != Some(Held::Root) || target == LOGIN,
            "the root password goes with {target}"
        );
        if target == LOGOUT {
            let Some(Held::Session(session)) = self.vault else {
                return Err("a logout without a session".to_owned());
            };
            self.agent.sessions.retain(|open| *open != session);
            seen.meet("a session was ended");
            // It is not awaited.
            return Ok(());
        }
        let operation = if target == LOGIN {
            let root = matches!(self.vault, None | Some(Held::Root));
            ensure!(root, "a login without the root password");
            None
        } else if call.request.method() == Method::Post {
            let operation = self.check_operation(&call)?;
            self.shown_before = self.shown.clone();
            Some(operation)
        } else {
            None
        };
        let sealed = call.seal.as_ref().map(|seal| Sealed {
            key: Some(seal.key.clone()),
            held: self.vault,
            expiry: expiry(seal.clock.agent_time(sent_at), seal.life_seconds),
            confirmation,
        });
        self.flights.push(Flight {
            unsent: sealed.is_some() && self.vault.is_none(),
            call,
            sealed,
            sent_at,
            taken: None,
            reply: None,
            moment: 0,
            operation,
            session: None,
            task: None,
        });
        Ok(())
    }

    /// Checks an operation that is sent: once per confirmation, and as confirmed.
    fn check_operation(&mut self, call: &Call) -> Result<(String, Operation), String> {
        let Some(Agreed { operation, dag }) = self.agreed.take() else {
            return Err("an operation that nobody has confirmed, or not again".to_owned());
        };
        let Some(now) = watched(&self.state).map(|task| Rc::clone(&task.dag)) else {
            return Err("an operation on no task".to_owned());
        };
        let request = match operation {
            Operation::Retry => Some(Request::operate_dag(&dag.id, DagOperation::Retry)),
            Operation::Cancel => Some(Request::operate_dag(&dag.id, DagOperation::Cancel)),
            Operation::MarkDone => Some(Request::operate_dag(&dag.id, DagOperation::Pass)),
            Operation::Skip => dag.current_node().map(|node| Request::pass_node(&node.id)),
        };
        let of_one_stage = matches!(operation, Operation::Retry | Operation::Skip);
        ensure!(
            request.as_ref() == Some(&call.request) && (now.stage == dag.stage || !of_one_stage),
            "not what was agreed to: {:?} instead of {operation:?} at stage {}",
            call.request,
            dag.stage
        );
        Ok((dag.id.to_string(), operation))
    }
}

/// Returns the ending on the screen.
fn ending(state: &State) -> Option<&Ending> {
    match &state.screen {
        Screen::Ended(ended) => Some(&ended.ending),
        _ => None,
    }
}

/// Returns the task on the screen.
fn watched(state: &State) -> Option<&Watched> {
    match &state.screen {
        Screen::Task(task) => Some(task),
        Screen::Ended(ended) => ended.task.as_deref(),
        _ => None,
    }
}

/// Returns the contact with an agent that is being polled.
fn contact(state: &State) -> Option<&Contact> {
    match &state.screen {
        Screen::Task(task) => Some(&task.contact),
        Screen::Submitting(submitting) => match &submitting.phase {
            SubmitPhase::DeterminingOutcome(uncertain) => Some(&uncertain.contact),
            _ => None,
        },
        _ => None,
    }
}

fn is_unauthenticated(contact: &Contact) -> bool {
    matches!(contact, Contact::Unauthenticated(_))
}
