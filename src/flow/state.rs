//! Everything the console knows at one moment. No secret is in it.

use std::ops::Range;
use std::rc::Rc;

use super::effect::{CallId, TimerId};
use super::ending::{Cause, Ending};
use super::operation::Operation;
use super::settings::{AddressProblem, Route, Settings};
pub use super::sign_in::SignIn;
use crate::obshell::address::AgentAddress;
use crate::obshell::crypto::public_key::{PublicKey, PublicKeyError};
use crate::obshell::dag::Dag;
use crate::obshell::dag::id::DagId;
use crate::obshell::error::{ApiError, Failure, Forgotten};
use crate::obshell::info::{AgentInfo, Version};
use crate::obshell::odp::Odp;
use crate::obshell::time::{AgentTime, ClockOffset, Millis};

/// The state of one console.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// What the site or the host decided.
    pub settings: Rc<Settings>,
    /// The connect form, kept on every screen.
    pub form: ConnectForm,
    /// Where the person is.
    pub screen: Screen,
    /// Whether the page can be seen.
    pub visible: bool,
    /// Whether the person wants to be notified of a task's end: a hidden page follows the task then.
    pub notifies: bool,
    pub(super) calls: Calls,
}

impl State {
    /// The state of a console that was just mounted.
    #[must_use]
    pub fn new(settings: Rc<Settings>) -> Self {
        // With one agent to choose from there is nothing to choose.
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

    /// How the contact with the agent is, and when it last told what was asked, by the browser's
    /// clock; nothing where it is not asked again and again.
    #[must_use]
    pub fn contact(&self) -> Option<(&Contact, Millis)> {
        match &self.screen {
            Screen::Task(task) => Some((&task.contact, task.last_news)),
            Screen::Submitting(Submitting {
                phase: SubmitPhase::FindingOut(doubt),
                ..
            }) => Some((&doubt.contact, doubt.last_news)),
            _ => None,
        }
    }

    /// Why the console cleared the credential by itself, as long as there is no other.
    #[must_use]
    pub fn forgotten(&self) -> Option<Forgotten> {
        match self.calls.held {
            Held::Nothing(why) => why,
            Held::InUse | Held::Idle { .. } => None,
        }
    }

    /// Whether the vault holds a credential for this console's agent.
    #[must_use]
    pub fn holds_credential(&self) -> bool {
        !matches!(self.calls.held, Held::Nothing(_))
    }

    /// Which ODP the screen is about.
    #[must_use]
    pub fn odp(&self) -> WhichOdp {
        match &self.screen {
            Screen::Connect => WhichOdp::Unasked,
            Screen::Review(Review { preflight, .. })
            | Screen::Submitting(Submitting { preflight, .. }) => preflight.odp.clone(),
            Screen::Task(task) => task.odp.clone(),
            Screen::Ended(ended) => ended.odp.clone(),
        }
    }

    /// The facts about the agent that the screen is about.
    #[must_use]
    pub fn facts(&self) -> Option<&Rc<Facts>> {
        match &self.screen {
            Screen::Connect => match &self.form.look {
                Look::Seen(facts) => Some(facts),
                Look::Nothing | Look::Asking | Look::Failed(_) => None,
            },
            Screen::Review(Review { preflight, .. })
            | Screen::Submitting(Submitting { preflight, .. }) => Some(&preflight.facts),
            Screen::Task(task) => Some(&task.facts),
            Screen::Ended(ended) => Some(&ended.facts),
        }
    }
}

/// What the connect form holds and says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectForm {
    /// The address as typed.
    pub address: String,
    /// What is wrong with it.
    pub address_problem: Option<AddressProblem>,
    /// Which password is asked for, here and wherever one is asked for again.
    pub sign_in: SignIn,
    /// Set when "Connect" was pressed without a password.
    pub password_missing: bool,
    /// What reading the open routes showed.
    pub look: Look,
    /// Whether "Connect" is under way.
    pub connecting: bool,
    /// Why "Connect" led nowhere.
    pub problem: Option<ConnectProblem>,
    /// The task that "Connect" leads to; the review where there is none.
    pub task: Option<DagId>,
    /// The agent that the vault still holds a typed credential for, after
    /// [`StartOver`](super::event::Event::StartOver): "Connect" needs no password.
    pub signed_in: Option<Rc<Facts>>,
}

/// What is known of an agent without a password.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Look {
    /// No address yet.
    #[default]
    Nothing,
    /// The open routes are being read.
    Asking,
    /// They were read.
    Seen(Rc<Facts>),
    /// They could not be read.
    Failed(Failure),
}

/// Why connecting stopped, for certain before anything was done.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectProblem {
    /// The open routes could not be read.
    Look(Failure),
    /// The agent is older than ODP routes.
    TooOld(Version),
    /// The agent has no password: ODP routes refuse everyone.
    PasswordNotSet {
        /// The agent's home folder, where its Unix socket is.
        home: String,
    },
    /// The agent's public key is unusable.
    Key(PublicKeyError),
    /// The agent did not accept the credential, or did not answer when it was tried.
    Credential(Failure),
}

/// What the open routes say of an agent.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Its address.
    pub address: AgentAddress,
    /// `/info`.
    pub info: AgentInfo,
    /// `/secret`.
    pub key: Result<PublicKey, PublicKeyError>,
    /// Its clock against the browser's.
    pub clock: ClockOffset,
    /// `/time` as it was read, for its zone.
    pub agent_time: AgentTime,
    /// How long the answer to `/time` took, in milliseconds.
    pub round_trip: i64,
    /// How it was reached.
    pub route: Route,
}

/// Where the person is.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one screen at a time; where pointers are short the variant is not even large"
)]
pub enum Screen {
    /// Choosing an agent and giving the password.
    Connect,
    /// Reading the checks and what will happen, and confirming.
    Review(Review),
    /// Confirmed; no task yet.
    Submitting(Submitting),
    /// Watching a task.
    Task(Task),
    /// At the end.
    Ended(Ended),
}

/// What the preflight found; the checks are made from it by
/// [`checks`](super::preflight::checks).
#[derive(Clone, Debug, PartialEq)]
pub struct Preflight {
    /// The agent.
    pub facts: Rc<Facts>,
    /// The task that holds the agent's ODP lock, if any.
    pub holder: Option<Rc<Dag>>,
    /// How many of the agent's unfinished tasks could not be read: any of them may hold the lock.
    pub unread: usize,
    /// Whether the checks are being run again.
    pub rechecking: bool,
    /// The agent's ODP tasks.
    pub tasks: Tasks,
    /// Which ODP the agent manages.
    pub odp: WhichOdp,
    /// Whether the newest task with a lock is asked for without a look at the list of all before: that
    /// list showed a task with a lock, or could not be read.
    pub ask_for_newest: bool,
}

/// Which ODP the agent manages, as its tasks tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum WhichOdp {
    /// Nobody has asked: the agent manages none.
    #[default]
    Unasked,
    /// Its tasks are being read.
    Asking,
    /// A task tells it.
    Told(Rc<Odp>),
    /// No task that could be read tells it.
    Untold,
}

/// The ODP tasks of an agent.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Tasks {
    /// Nobody has asked for them.
    #[default]
    Unasked,
    /// They are being read.
    Asking,
    /// In the order in which they are shown.
    Listed(Rc<Vec<Rc<Dag>>>),
    /// The unfinished ones and the newest with a lock, in the same order: this version tells no
    /// others (4.2.6.x; protocol: 13.2).
    ListedInPart(Rc<Vec<Rc<Dag>>>),
    /// They could not be read.
    Failed(Failure),
}

/// The review. What stands in the way of its confirmation is
/// [`obstacle`](super::preflight::obstacle).
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// What the preflight found.
    pub preflight: Preflight,
    /// Set when what was typed is not the agent's address.
    pub mismatch: bool,
    /// Whether the person continues although the agent manages no ODP.
    pub insists: bool,
}

/// Between the confirmation and the task.
#[derive(Clone, Debug, PartialEq)]
pub struct Submitting {
    /// What the preflight found; its facts are read anew.
    pub preflight: Preflight,
    /// What is under way.
    pub phase: SubmitPhase,
    /// When it was confirmed, by the browser's clock.
    pub confirmed_at: Millis,
}

impl Submitting {
    /// Whether the DELETE was sent a second time, which one answer alone allows: the agent could
    /// not decrypt the header, and its tasks show that the first DELETE began nothing.
    #[must_use]
    pub fn resent(&self) -> bool {
        match &self.phase {
            SubmitPhase::Refreshing => false,
            SubmitPhase::Deleting(deleting) => deleting.first.is_some(),
            SubmitPhase::FindingOut(doubt) => doubt.resent,
        }
    }
}

/// Steps of submitting.
#[derive(Clone, Debug, PartialEq)]
pub enum SubmitPhase {
    /// Key, clock, `/info` and the newest task are read anew; the DELETE has not left.
    Refreshing,
    /// The DELETE is under way.
    Deleting(Box<Deleting>),
    /// Its answer does not tell what came of it: that is found out by reading.
    FindingOut(Box<Doubt>),
}

/// What the agent told at one moment: its tasks with a lock, and itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    /// The open routes, read before the tasks.
    pub facts: Rc<Facts>,
    /// The newest task with a lock.
    pub newest: Option<Rc<Dag>>,
}

impl Noted {
    /// The [number](Dag::number) of the newest task with a lock; 0 where there is none. What a
    /// DELETE starts afterwards has a higher one.
    #[must_use]
    pub fn number(&self) -> i64 {
        self.newest.as_ref().map_or(0, |dag| dag.number)
    }
}

/// A DELETE that is under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Deleting {
    /// What the agent told just before the first DELETE of this confirmation left.
    pub noted: Rc<Noted>,
    /// What is known of the first DELETE, where this is the second one, sealed anew.
    pub first: Option<Box<Doubt>>,
}

/// What is known of the DELETE of one confirmation, or of both, whose answer does not tell what
/// came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// The last answer, or why there is none.
    pub cause: Cause,
    /// The last DELETE.
    pub submission: Submission,
    /// What the agent told just before the first DELETE left. Whatever is read is compared with it.
    pub noted: Rc<Noted>,
    /// The last reading that showed that nothing had begun; at first what was noted.
    pub seen: Noted,
    /// The last second, since 1970 by the agent's clock, in which the agent takes a DELETE of this
    /// confirmation.
    pub expires: i64,
    /// Whether the last reading showed that nothing can begin any more: the agent's clock was past
    /// `expires`, and by as much as it needs to write a task down.
    pub over: bool,
    /// Whether no DELETE leaves any more: it was sealed anew once, or could not be.
    pub resent: bool,
    /// Whether the agent's clock has kept its distance from the browser's since the first DELETE
    /// left. Where it has not, the end of the header's life proves nothing.
    pub steady: bool,
    /// Waits so far.
    pub waits: u32,
    /// How the contact with the agent is.
    pub contact: Contact,
    /// When the agent last told all that was asked, by the browser's clock.
    pub last_news: Millis,
    /// The newest task with a lock, while the other tasks are read.
    pub newest: Option<Rc<Dag>>,
}

/// A task that is watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The agent.
    pub facts: Rc<Facts>,
    /// Which ODP it is about, as the checks before it found.
    pub odp: WhichOdp,
    /// The last good news.
    pub dag: Rc<Dag>,
    /// Whose task it is.
    pub origin: Origin,
    /// When the last good news came, by the browser's clock.
    pub last_news: Millis,
    /// How the contact with the agent is.
    pub contact: Contact,
    /// Whether the task is at its end and the agent is being asked whether `/info` agrees.
    pub confirming: bool,
    /// Whether the agent's process was started anew since the task is watched.
    pub restarted: bool,
    /// Whether this console said before that nothing was done, and this task appeared after all.
    pub takes_back: bool,
    /// The operation on it that was asked for last, until its effect is seen.
    pub operating: Option<Operating>,
    /// What the next answer about it is held against.
    pub watch: Watch,
}

/// What is known of a watched task beside its last state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    /// Since when it is watched, by the browser's clock.
    pub since: Millis,
    /// When it started, as last told: it never goes back.
    pub started: Option<AgentTime>,
    /// Whether the agent's clock was set back since, so that a start may go back after all.
    pub clock_set: bool,
    /// Whether the agent refuses the task's id, so that the task is looked for in its lists and
    /// cannot be operated on (protocol: 13.8).
    pub by_lists: bool,
    /// Whether the task reports a success that its stages do not show, and was asked for again.
    pub doubted: bool,
    /// When, by the browser's clock, an operation before the present one may still take effect:
    /// what came of it was not seen when the next was asked for.
    pub unsettled: Option<Range<Millis>>,
}

/// An operation on a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Operating {
    /// Which one.
    pub operation: Operation,
    /// How far it is.
    pub phase: OperationPhase,
    /// The task as it was when the operation was asked for, and then when it left.
    pub before: Rc<Dag>,
    /// When this phase began, by the browser's clock.
    pub at: Millis,
    /// How long the header of the request lives, in seconds; 0 as long as it has not left.
    pub life_seconds: i64,
}

/// Steps of an operation.
#[derive(Clone, Debug, PartialEq)]
pub enum OperationPhase {
    /// The person is asked whether they mean it.
    Asked,
    /// Confirmed; key, clock, `/info` and the task are read anew, and it has not left.
    Refreshing,
    /// It is under way. It is sent once, whatever comes of it.
    Sent,
    /// The agent has accepted it, and its effect has not been seen yet.
    Accepted,
    /// The agent refused it. A browser may have sent it twice by itself, and this may be the answer
    /// to the second copy (protocol: 13.13): the task is read before anything is said.
    Checking(ApiError),
    /// The agent refused it, and the task showed no effect of it then.
    Refused(ApiError),
    /// It never left; `None` where the task is not as it was any more.
    NotSent(Option<Failure>),
    /// Its answer proves nothing, and its effect has not been seen yet.
    Lost(Failure),
}

/// Whose task it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Started by this console's DELETE.
    Mine(Submission),
    /// A delete that was not there just before this console's DELETE left, whose answer does not
    /// tell: started by it, or by someone else at the same moment.
    Presumed(Submission),
    /// Found while it held the agent: who started it is not known here.
    Followed,
    /// Opened by its id or from the agent's list: who started it is not known here.
    Opened,
}

impl Origin {
    /// The DELETE of this console, where the task may come from it.
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
    /// When it was sent, by the browser's clock.
    pub sent_at: Millis,
    /// Its trace id.
    pub trace_id: Option<String>,
}

/// The contact with the agent while it is asked again and again.
#[derive(Clone, Debug, PartialEq)]
pub enum Contact {
    /// The last question was answered.
    Good,
    /// It was not; it is asked again by itself.
    Retrying {
        /// Failures in a row.
        failures: u32,
        /// The last one.
        failure: Failure,
        /// When it is asked again, by the browser's clock.
        next_at: Millis,
    },
    /// The agent does not accept the credential any more; asked again with a new one only.
    Unauthenticated(Failure),
}

/// The end.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The agent, as last read.
    pub facts: Rc<Facts>,
    /// Which ODP it is about, as the checks before it found.
    pub odp: WhichOdp,
    /// Which end.
    pub ending: Ending,
    /// The task, where there was one.
    pub task: Option<Rc<Task>>,
    /// The DELETE, where one was sent.
    pub submission: Option<Submission>,
    /// When this console saw it, by the browser's clock.
    pub at: Millis,
    /// Where this [may be taken back](Ending::may_be_taken_back): what the agent is read on with.
    pub looking: Option<Box<Doubt>>,
}

impl Ended {
    /// When the task ended, by the agent's clock; `None` where there is no task, where it has not
    /// ended as far as is known, and where the agent does not tell.
    #[must_use]
    pub fn task_ended(&self) -> Option<&AgentTime> {
        self.task.as_ref()?.dag.span.ended.as_ref()
    }
}

/// Calls under way, and what is gathered from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Calls {
    pub(super) last: u64,
    pub(super) open: Vec<(CallId, Purpose)>,
    pub(super) gather: Option<Gather>,
    /// The wait, and when it is over by the browser's clock.
    pub(super) timer: Option<(TimerId, Millis)>,
    /// Whether the agent could not decrypt the last sealed read, and its key was read anew.
    pub(super) reread: bool,
    /// Whether the browser's clock may have jumped since the agent's was measured.
    pub(super) jumped: bool,
    /// When the page was hidden, by the browser's clock.
    pub(super) hidden_at: Millis,
    pub(super) session: Session,
    pub(super) heard: Option<Heard>,
    /// The unfinished tasks of an agent without a list of all, until the newest one is read, too.
    pub(super) in_part: Vec<Dag>,
    pub(super) held: Held,
}

/// What the agent's clock showed in the last answer that was taken for news. A later answer shows a
/// later time; an old one out of a cache does not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Heard {
    pub(super) at: AgentTime,
    /// What was asked.
    pub(super) purpose: Purpose,
    /// What the clock showed when the open routes were last read and showed an earlier time: where
    /// it goes on from there it was set back, and where it does not the answers come out of a cache.
    pub(super) set_back: Option<AgentTime>,
}

/// Whether the vault holds a credential, and since when it is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// It holds none; with a reason where the console cleared it by itself.
    Nothing(Option<Forgotten>),
    /// It does, and what it is for is under way.
    InUse,
    /// It does, nothing that needs it runs, and nobody has used the console since this moment of
    /// the browser's clock.
    Idle {
        /// Milliseconds since 1970.
        since: Millis,
    },
}

impl Default for Held {
    fn default() -> Self {
        Self::Nothing(None)
    }
}

/// How far a session of a CLUSTER AGENT is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Session {
    /// None is wanted.
    #[default]
    None,
    /// The vault holds the root password: a login comes before anything that is sealed.
    Wanted,
    /// The login is under way.
    Asked,
    /// The vault holds the session.
    Open,
}

/// What a call is for.
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
    /// Those that an agent without a list of all its tasks tells.
    TasksInPart(List),
    /// A task whose id the agent refuses, looked for in this list.
    Listed(List),
    /// `/info` at the end of a task.
    Verify,
    /// An operation on a task.
    Operate,
    /// The newest task with a lock, before the DELETE and after.
    Newest,
    /// All tasks, read for whether one of them takes a lock: without one, asking for the newest such
    /// task is answered with an error status.
    AnyLock,
    /// The unfinished tasks, after a DELETE whose answer proves nothing.
    Unfinished,
    /// All tasks, read for the one that tells which ODP the agent manages.
    OdpTasks,
    /// The newest task with a lock, for the same, of an agent without a list of all.
    OdpNewest,
    /// The task that tells which ODP the agent manages, with its log.
    OdpTask,
}

impl Purpose {
    /// Whether it is read to tell which ODP a screen is about: beside everything else, and nothing
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
    /// The agent's clock as it answered each.
    pub(super) heard: Vec<AgentTime>,
}

/// Why the open routes are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// To show what they say.
    Look,
    /// To connect.
    Connect,
    /// To send the DELETE.
    Submit,
    /// To list the agent's tasks.
    List,
    /// To go on watching a task, or finding out.
    Resume,
}
