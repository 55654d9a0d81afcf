//! The state of the console at one moment. It contains no secret.

use std::ops::Range;
use std::rc::Rc;

use super::effect::{CallId, TimerId};
use super::ending::{Cause, Ending};
use super::operation::Operation;
use super::settings::{AddressProblem, Route, Settings};
pub use super::sign_in::SignIn;
use crate::obshell::address::AgentAddress;
use crate::obshell::agent_text::AgentText;
use crate::obshell::crypto::public_key::{PublicKey, PublicKeyError};
use crate::obshell::dag::Dag;
use crate::obshell::dag::id::DagId;
use crate::obshell::error::{ApiError, Failure, NotSent, WipeReason};
use crate::obshell::info::{AgentInfo, Version};
use crate::obshell::odp::Odp;
use crate::obshell::time::{AgentTime, ClockOffset, Millis};

/// The state of one console.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The settings of the site or the host.
    pub settings: Rc<Settings>,
    /// The connect form, kept on all screens.
    pub form: ConnectForm,
    /// The screen that the person sees.
    pub screen: Screen,
    /// Whether the page is visible.
    pub visible: bool,
    /// Whether the person wants a notification at a task's end: the task is then also followed
    /// while the page is hidden.
    pub notifies: bool,
    pub(super) calls: Calls,
}

impl State {
    /// The state of a newly mounted console.
    #[must_use]
    pub fn new(settings: Rc<Settings>) -> Self {
        // A single listed agent is selected from the start.
        let address = match settings.agents.as_slice() {
            [only] => only.address.to_string(),
            _ => String::new(),
        };
        let sign_in = settings.sign_in();
        Self {
            settings,
            form: ConnectForm {
                address,
                sign_in,
                ..ConnectForm::default()
            },
            screen: Screen::Connect,
            visible: true,
            notifies: false,
            calls: Calls::default(),
        }
    }

    /// The contact with the agent, and when the agent last answered, by the browser's clock; `None`
    /// on screens that do not poll.
    #[must_use]
    pub fn contact(&self) -> Option<(&Contact, Millis)> {
        match &self.screen {
            Screen::Task(task) => Some((&task.contact, task.last_update)),
            Screen::Submitting(Submitting {
                phase: SubmitPhase::DeterminingOutcome(uncertain),
                ..
            }) => Some((&uncertain.contact, uncertain.last_update)),
            _ => None,
        }
    }

    /// Why the console cleared the credential on its own, as long as no new one is held.
    #[must_use]
    pub fn wipe_reason(&self) -> Option<WipeReason> {
        match self.calls.credential {
            CredentialStatus::Absent(why) => why,
            CredentialStatus::InUse | CredentialStatus::Idle { .. } => None,
        }
    }

    /// Why the credential is asked for again, where the agent did not turn it down.
    #[must_use]
    pub fn signed_out(&self) -> Option<&NotSent> {
        let failure = match (&self.screen, self.contact()) {
            (Screen::Connect, _) => match &self.form.problem {
                Some(ConnectProblem::Credential(failure)) => failure,
                _ => return None,
            },
            (_, Some((Contact::Unauthenticated(failure), _))) => failure,
            _ => return None,
        };
        match failure {
            Failure::NotSent(why @ (NotSent::NoCredential | NotSent::CredentialWiped(_))) => {
                Some(why)
            }
            _ => None,
        }
    }

    /// Whether the vault holds a credential for this console's agent.
    #[must_use]
    pub fn holds_credential(&self) -> bool {
        !matches!(self.calls.credential, CredentialStatus::Absent(_))
    }

    /// Whether the vault holds a session in the place of the password that it was opened with.
    #[must_use]
    pub(crate) fn holds_session(&self) -> bool {
        self.calls.session == Session::Open
    }

    /// The ODP that the screen is about.
    #[must_use]
    pub fn odp(&self) -> OdpLookup {
        match &self.screen {
            Screen::Connect => OdpLookup::NotRequested,
            Screen::Review(Review { preflight, .. })
            | Screen::Submitting(Submitting { preflight, .. }) => preflight.odp.clone(),
            Screen::Task(task) => task.odp.clone(),
            Screen::Ended(ended) => ended.odp.clone(),
        }
    }

    /// The facts about the agent shown on the screen.
    #[must_use]
    pub fn facts(&self) -> Option<&Rc<Facts>> {
        match &self.screen {
            Screen::Connect => match &self.form.lookup {
                FactsLookup::Read(facts) => Some(facts),
                FactsLookup::NotRequested | FactsLookup::Reading | FactsLookup::Failed(_) => None,
            },
            Screen::Review(Review { preflight, .. })
            | Screen::Submitting(Submitting { preflight, .. }) => Some(&preflight.facts),
            Screen::Task(task) => Some(&task.facts),
            Screen::Ended(ended) => Some(&ended.facts),
        }
    }
}

/// The contents of the connect form and its messages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectForm {
    /// The address as typed.
    pub address: String,
    /// The problem with the address.
    pub address_problem: Option<AddressProblem>,
    /// The kind of password requested, here and in every later sign-in form.
    pub sign_in: SignIn,
    /// Set when "Connect" was pressed without a password.
    pub password_missing: bool,
    /// The result of reading the open routes.
    pub lookup: FactsLookup,
    /// Whether "Connect" is in progress.
    pub connecting: bool,
    /// Why "Connect" failed.
    pub problem: Option<ConnectProblem>,
    /// The task that "Connect" opens; if `None`, "Connect" opens the review.
    pub task: Option<DagId>,
    /// The agent for which the vault still holds a typed credential after
    /// [`StartOver`](super::event::FlowEvent::StartOver): "Connect" needs no password.
    pub signed_in: Option<Rc<Facts>>,
}

/// The facts known about an agent without a password.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum FactsLookup {
    /// No address yet.
    #[default]
    NotRequested,
    /// The open routes are being read.
    Reading,
    /// The open routes were read.
    Read(Rc<Facts>),
    /// The open routes could not be read.
    Failed(Failure),
}

/// Why connecting stopped, before anything was changed.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectProblem {
    /// The open routes could not be read.
    OpenRoutes(Failure),
    /// The agent predates the ODP routes.
    TooOld(Version),
    /// The agent has no password: its ODP routes refuse every request.
    PasswordNotSet {
        /// The agent's home folder, which contains its Unix socket.
        home: AgentText,
    },
    /// The agent's public key is unusable.
    Key(PublicKeyError),
    /// The agent did not accept the credential, or did not answer the read that tests it.
    Credential(Failure),
}

/// The facts about an agent from its open routes.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The agent's address.
    pub address: AgentAddress,
    /// `/info`.
    pub info: AgentInfo,
    /// `/secret`.
    pub key: Result<PublicKey, PublicKeyError>,
    /// The agent's clock relative to the browser's.
    pub clock: ClockOffset,
    /// The time in `/time`, kept for its time zone.
    pub agent_time: AgentTime,
    /// The duration of the `/time` request, in milliseconds.
    pub round_trip: i64,
    /// How it was reached.
    pub route: Route,
}

/// The screens.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one screen at a time; where pointers are short the variant is not even large"
)]
pub enum Screen {
    /// Choosing an agent and giving the password.
    Connect,
    /// Reviewing the checks and the effects, and confirming.
    Review(Review),
    /// The destroy is confirmed; there is no task yet.
    Submitting(Submitting),
    /// Watching a task.
    Task(Task),
    /// The ending.
    Ended(Ended),
}

/// The data read by the pre-flight checks; [`checks`](super::preflight::checks) computes the checks
/// from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Preflight {
    /// The agent.
    pub facts: Rc<Facts>,
    /// The task that holds the agent's ODP lock, if any.
    pub holder: Option<Rc<Dag>>,
    /// How many of the agent's unfinished tasks could not be read: any of these may hold the lock.
    pub unread: usize,
    /// Whether the checks are running again.
    pub rechecking: bool,
    /// The agent's ODP tasks.
    pub tasks: Tasks,
    /// Which ODP the agent manages.
    pub odp: OdpLookup,
    /// Whether the newest task with a lock is requested without reading the list of all tasks
    /// first: the list already showed a task with a lock, or could not be read.
    pub ask_for_newest: bool,
}

/// The ODP that the agent manages, as its tasks record it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OdpLookup {
    /// Not requested: the agent manages none.
    #[default]
    NotRequested,
    /// The agent's tasks are being read.
    Reading,
    /// A task records the ODP.
    Found(Rc<Odp>),
    /// No readable task records the ODP.
    NotFound,
}

/// The ODP tasks of an agent.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Tasks {
    /// Not requested.
    #[default]
    NotRequested,
    /// The tasks are being read.
    Reading,
    /// All tasks, in display order.
    Listed(Rc<Vec<Rc<Dag>>>),
    /// The unfinished tasks and the newest task with a lock, in display order: this version lists
    /// no others (4.2.6.x; protocol: 13.2).
    ListedInPart(Rc<Vec<Rc<Dag>>>),
    /// The tasks could not be read.
    Failed(Failure),
}

/// The review. [`obstacle`](super::preflight::obstacle) returns what blocks its confirmation.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// The data of the pre-flight checks.
    pub preflight: Preflight,
    /// Whether the typed text is not the agent's address.
    pub mismatch: bool,
    /// Whether the person continues although the agent manages no ODP.
    pub continues_anyway: bool,
}

/// Between the confirmation and the task.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitting {
    /// The data of the pre-flight checks; the facts in it are read again.
    pub preflight: Preflight,
    /// The current phase.
    pub phase: SubmitPhase,
    /// When the destroy was confirmed, by the browser's clock.
    pub confirmed_at: Millis,
}

impl Submitting {
    /// Whether the DELETE was sent a second time. Only one response allows this: the agent could
    /// not decrypt the header, and its tasks show that the first DELETE started none.
    #[must_use]
    pub fn resent(&self) -> bool {
        match &self.phase {
            SubmitPhase::Refreshing => false,
            SubmitPhase::Deleting(deleting) => deleting.first.is_some(),
            SubmitPhase::DeterminingOutcome(uncertain) => uncertain.resent,
        }
    }
}

/// Phases of submitting.
#[derive(Clone, Debug, PartialEq)]
pub enum SubmitPhase {
    /// Key, clock, `/info` and the newest task are read again; the DELETE has not been sent.
    Refreshing,
    /// The DELETE has been sent, and its response is pending.
    Deleting(Box<Deleting>),
    /// The response does not show the outcome, which is being determined by reading.
    DeterminingOutcome(Box<UncertainDelete>),
}

/// The facts of an agent and its newest task with a lock at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentSnapshot {
    /// The open routes, read before the tasks.
    pub facts: Rc<Facts>,
    /// The newest task with a lock.
    pub newest: Option<Rc<Dag>>,
}

impl AgentSnapshot {
    /// The [number](Dag::number) of the newest task with a lock; 0 if there is none. A task that a
    /// DELETE starts afterwards has a higher number.
    #[must_use]
    pub fn number(&self) -> i64 {
        self.newest.as_ref().map_or(0, |dag| dag.number)
    }
}

/// A DELETE whose response is pending.
#[derive(Clone, Debug, PartialEq)]
pub struct Deleting {
    /// The state of the agent just before the first DELETE of this confirmation was sent.
    pub baseline: Rc<AgentSnapshot>,
    /// What is known about the first DELETE, if this is the second one, sealed again.
    pub first: Option<Box<UncertainDelete>>,
}

/// What is known about the one or two DELETEs of a confirmation whose response does not show the
/// outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct UncertainDelete {
    /// The last response, or why there is none.
    pub cause: Cause,
    /// The last DELETE.
    pub submission: Submission,
    /// The state of the agent just before the first DELETE was sent. Every reading is compared with
    /// it.
    pub baseline: Rc<AgentSnapshot>,
    /// The last reading which showed that nothing had started; at first the same as `baseline`.
    pub seen: AgentSnapshot,
    /// The last second, since 1970 by the agent's clock, in which the agent accepts a DELETE of
    /// this confirmation.
    pub expires: i64,
    /// Whether the last reading showed that no task can start any longer: the agent's clock had
    /// passed `expires` by at least the time that the agent needs to record a task.
    pub expired: bool,
    /// Whether no further DELETE will be sent: it was sealed again once, or could not be.
    pub resent: bool,
    /// Whether the offset between the agent's clock and the browser's has been constant since the
    /// first DELETE was sent. If it has not, the end of the header's lifetime proves nothing.
    pub clock_steady: bool,
    /// The number of waits so far.
    pub waits: u32,
    /// The contact with the agent.
    pub contact: Contact,
    /// When the agent last answered all requests of a reading, by the browser's clock.
    pub last_update: Millis,
    /// The newest task with a lock, while the other tasks are read.
    pub newest: Option<Rc<Dag>>,
}

/// A task that is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The agent.
    pub facts: Rc<Facts>,
    /// The ODP that the task is about, as the preceding checks determined it.
    pub odp: OdpLookup,
    /// The last known state of the task.
    pub dag: Rc<Dag>,
    /// Who started the task.
    pub origin: Origin,
    /// When the last known state was received, by the browser's clock.
    pub last_update: Millis,
    /// The contact with the agent.
    pub contact: Contact,
    /// Whether the task has ended and `/info` is being read to verify the result.
    pub confirming: bool,
    /// Whether the agent's process has restarted since the task was first watched.
    pub restarted: bool,
    /// Whether this console reported that nothing was done before this task appeared.
    pub revises_ending: bool,
    /// The operation last requested for the task, until its effect is visible.
    pub operating: Option<Operating>,
    /// The data that the next response about the task is compared with.
    pub watch: Watch,
}

/// What is known about a watched task besides its last state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    /// When watching started, by the browser's clock.
    pub since: Millis,
    /// The task's start time, as last reported: it never decreases.
    pub started: Option<AgentTime>,
    /// Whether the agent's clock was set back since, in which case the start time may decrease.
    pub clock_set: bool,
    /// Whether the agent refuses the task's id, so that the task is read from the agent's lists and
    /// cannot be operated on (protocol: 13.8).
    pub by_lists: bool,
    /// Whether the task reported a success that its stages contradict, and was read again.
    pub contradicted: bool,
    /// The period, by the browser's clock, in which an earlier operation may still take effect: its
    /// effect had not been seen when the current one was requested.
    pub unsettled: Option<Range<Millis>>,
}

/// An operation on a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Operating {
    /// The kind of operation.
    pub operation: Operation,
    /// The phase of the operation.
    pub phase: OperationPhase,
    /// The task as it was when the operation was requested, and from the sending on as it was when
    /// the operation was sent.
    pub before: Rc<Dag>,
    /// When this phase began, by the browser's clock.
    pub at: Millis,
    /// The lifetime of the request's header, in seconds; 0 until the request is sent.
    pub life_seconds: i64,
}

/// Phases of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum OperationPhase {
    /// The person is asked to confirm the operation.
    AwaitingConfirmation,
    /// Confirmed; key, clock, `/info` and the task are read again, and the operation has not been
    /// sent.
    Refreshing,
    /// The operation has been sent, and its response is pending. It is sent once, whatever the
    /// response.
    Sent,
    /// The agent accepted the operation, and its effect is not visible yet.
    Accepted,
    /// The agent refused the operation. A browser may have sent the request twice on its own, and
    /// this may be the response to the second copy (protocol: 13.13): the task is read before the
    /// refusal is reported.
    Checking(ApiError),
    /// The agent refused the operation, and the task then showed no effect of it.
    Refused(ApiError),
    /// The operation was never sent; `None` if the task had changed in the meantime.
    NotSent(Option<Failure>),
    /// The response proves nothing, and the effect of the operation is not visible yet.
    Lost(Failure),
}

/// Who started a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Started by this console's DELETE.
    Mine(Submission),
    /// A delete that did not exist just before this console's DELETE was sent, whose response does
    /// not name a task: started by this DELETE, or by another client at the same moment.
    Presumed(Submission),
    /// Found as the task that held the agent's lock: the console does not know who started it.
    Followed,
    /// Opened by its id or from the agent's list: the console does not know who started it.
    Opened,
}

impl Origin {
    /// The DELETE of this console, if the task may come from it.
    #[must_use]
    pub fn submission(&self) -> Option<&Submission> {
        match self {
            Self::Mine(submission) | Self::Presumed(submission) => Some(submission),
            Self::Followed | Self::Opened => None,
        }
    }
}

/// The DELETE of this console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// When the DELETE was sent, by the browser's clock.
    pub sent_at: Millis,
    /// The trace id of the request.
    pub trace_id: Option<String>,
}

/// The contact with an agent that is polled.
#[derive(Clone, Debug, PartialEq)]
pub enum Contact {
    /// The last request was answered.
    Good,
    /// The last request failed; it is retried automatically.
    Retrying {
        /// Failures in a row.
        failures: u32,
        /// The last failure.
        failure: Failure,
        /// When the next retry is due, by the browser's clock.
        next_at: Millis,
    },
    /// The agent no longer accepts the credential; polling continues only with a new one.
    Unauthenticated(Failure),
}

/// The screen of an ending.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The agent, as last read.
    pub facts: Rc<Facts>,
    /// The ODP that it is about, as the preceding checks determined it.
    pub odp: OdpLookup,
    /// The ending.
    pub ending: Ending,
    /// The task, if there was one.
    pub task: Option<Rc<Task>>,
    /// The DELETE, if one was sent.
    pub submission: Option<Submission>,
    /// When this console detected the ending, by the browser's clock.
    pub at: Millis,
    /// The DELETE that the agent is still read for, if the ending [may be taken
    /// back](Ending::may_be_revised).
    pub uncertain_delete: Option<Box<UncertainDelete>>,
}

impl Ended {
    /// When the task ended, by the agent's clock; `None` if there is no task, if it has not ended
    /// as far as is known, or if the agent does not report the time.
    #[must_use]
    pub fn task_ended(&self) -> Option<&AgentTime> {
        self.task.as_ref()?.dag.span.ended.as_ref()
    }
}

/// The pending calls and the data gathered from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Calls {
    pub(super) last: u64,
    pub(super) open: Vec<(CallId, Purpose)>,
    pub(super) gather: Option<Gather>,
    /// The pending wait, and when it is over by the browser's clock.
    pub(super) timer: Option<(TimerId, Millis)>,
    /// Whether the agent could not decrypt the last sealed read, and its key was read again.
    pub(super) reread: bool,
    /// Whether the browser's clock may have jumped since the agent's clock was measured.
    pub(super) jumped: bool,
    /// When the page was hidden, by the browser's clock.
    pub(super) hidden_at: Millis,
    pub(super) session: Session,
    pub(super) last_response: Option<LastResponse>,
    /// The unfinished tasks of an agent without a list of all tasks, until the newest one is read
    /// as well.
    pub(super) in_part: Vec<Dag>,
    pub(super) credential: CredentialStatus,
}

/// The agent's clock in the last response that was accepted as current. A later response shows a
/// later time; an old response from a cache does not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LastResponse {
    pub(super) agent_time: AgentTime,
    /// The purpose of the request.
    pub(super) purpose: Purpose,
    /// The agent's clock as the open routes last showed it, if that was an earlier time: if the
    /// clock advances from there it was set back, and if it does not the responses are from a
    /// cache.
    pub(super) set_back: Option<AgentTime>,
}

/// Whether the vault holds a credential, and since when it has been idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CredentialStatus {
    /// The vault holds none; with a reason if the console cleared it on its own.
    Absent(Option<WipeReason>),
    /// The vault holds a credential, and an action that needs it is in progress.
    InUse,
    /// The vault holds a credential, no action that needs it is in progress, and nobody has used
    /// the console since this moment of the browser's clock.
    Idle {
        /// Milliseconds since 1970.
        since: Millis,
    },
}

impl Default for CredentialStatus {
    fn default() -> Self {
        Self::Absent(None)
    }
}

/// The phase of a session with a CLUSTER AGENT.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Session {
    /// No session is needed.
    #[default]
    None,
    /// The vault holds the root password: the console logs in before any sealed request.
    Required,
    /// The login is pending.
    LoggingIn,
    /// The vault holds the session.
    Open,
}

/// The purpose of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Info,
    Time,
    Secret,
    /// A session for the root password.
    Login,
    Credential,
    Delete,
    Dag,
    /// The task that a link names.
    Open,
    /// All tasks of the agent.
    Tasks,
    /// The tasks that an agent without a list of all tasks returns.
    TasksInPart(List),
    /// A task whose id the agent refuses, to be found in this list.
    Listed(List),
    /// `/info` at the end of a task.
    Verify,
    /// An operation on a task.
    Operate,
    /// The newest task with a lock, before and after the DELETE.
    Newest,
    /// All tasks, to find out whether one of them takes a lock: if none does, a request for the
    /// newest such task is answered with an error status.
    AnyLock,
    /// The unfinished tasks, after a DELETE whose response proves nothing.
    Unfinished,
    /// All tasks, to find the one that records which ODP the agent manages.
    OdpTasks,
    /// The newest task with a lock, for the same purpose, from an agent without a list of all
    /// tasks.
    OdpNewest,
    /// The task that records which ODP the agent manages, with its log.
    OdpTask,
}

impl Purpose {
    /// Whether the call determines the ODP of a screen: it runs beside all other calls, and nothing
    /// waits for it.
    pub(super) fn is_for_odp(self) -> bool {
        matches!(self, Self::OdpTasks | Self::OdpNewest | Self::OdpTask)
    }
}

/// The lists in which a task is found without its id, in the order in which they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// The newest task with a lock.
    Newest,
    /// The unfinished tasks.
    Unfinished,
    /// All tasks.
    All,
}

/// The three open routes, read together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gather {
    pub(super) goal: Goal,
    pub(super) address: AgentAddress,
    pub(super) info: Option<AgentInfo>,
    pub(super) key: Option<Result<PublicKey, PublicKeyError>>,
    pub(super) clock: Option<(ClockOffset, AgentTime)>,
    pub(super) round_trip: i64,
    /// The agent's clock in each response.
    pub(super) agent_times: Vec<AgentTime>,
}

/// Why the open routes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// To show the facts.
    ShowFacts,
    /// To connect.
    Connect,
    /// To send the DELETE.
    Submit,
    /// To list the agent's tasks.
    List,
    /// To continue polling a task or the outcome of a DELETE.
    Resume,
}
