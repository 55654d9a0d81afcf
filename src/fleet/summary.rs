//! The data that a screen shows of a run, derived from its state. All functions are cheap: they
//! copy no answer and read only the last line of a log.

use super::event::MemberSelection;
use super::member::{LeftOut, Member, MemberId, MemberStatus, PendingCredential, Turn};
use super::state::{Fleet, Halt, Phase};
use crate::flow::ending::Ending;
use crate::flow::operation::Operation;
use crate::flow::preflight::{Check, Verdict, checks};
use crate::flow::state::{
    ConnectProblem, Contact, Facts, Review, Screen, SubmitPhase, Submitting, Task,
};
use crate::obshell::dag::Dag;
use crate::obshell::dag::progress::Progress;
use crate::obshell::error::Failure;
use crate::obshell::time::Millis;

/// The number of members by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All members.
    pub members: usize,
    /// Members that have not been checked or are being checked.
    pub unchecked: usize,
    /// Waiting members.
    pub waiting: usize,
    /// Members in progress.
    pub in_progress: usize,
    /// Members that ended as Destroyed.
    pub destroyed: usize,
    /// Members that ended otherwise or whose outcome is unknown: not known to be destroyed.
    pub not_destroyed: usize,
    /// Members that were left out.
    pub left_out: usize,
    /// Members that were stopped: the run was ended before their turn.
    pub stopped: usize,
}

/// The next event of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextStep {
    /// None: no member waits.
    Nothing,
    /// The next batch starts after the members in progress have ended.
    Batch,
    /// The next batch starts at this time of the browser's clock.
    At(Millis),
    /// The person must resume or end the run.
    Halted(Halt),
}

/// The requirements for retrying a member that did not end as Destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The task failed and can continue: the operation Retry of the task. Requires no typed text;
    /// starts as soon as the batch has room.
    Task,
    /// No DELETE was sent, so the confirmation of the run is still valid: the member waits for
    /// another turn.
    Turn,
    /// A DELETE was sent. The person must type the address of the member: a new confirmation, for
    /// this member only.
    Confirmation,
}

/// The status of a member in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayStatus {
    /// The member needs a credential.
    SignIn,
    /// The member waits to be checked.
    Unchecked,
    /// The checks are being read.
    Checking,
    /// The checks allow the destroy, or the member waits for its turn.
    Waiting,
    /// The turn of the member has begun; its checks are read again before the DELETE is sent.
    Preparing,
    /// The DELETE is being sent.
    Sending,
    /// The outcome of the DELETE is being determined.
    DeterminingOutcome,
    /// The task is being followed.
    Task(Progress),
    /// The agent does not answer; the last known state is shown.
    LostContact,
    /// The flow is at an ending.
    Ended,
    /// The outcome is unknown, and the console no longer waits for it.
    Abandoned,
    /// The member does not take part.
    LeftOut(LeftOut),
    /// The run was ended before the turn of the member.
    Stopped,
}

/// The content of a member's row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// The status in one word.
    pub display_status: DisplayStatus,
    /// The number of the current stage and the number of stages of the task.
    pub stage: Option<(usize, usize)>,
    /// When the turn of the member began, by the browser's clock.
    pub began: Option<Millis>,
    /// When the member ended, by the browser's clock.
    pub ended: Option<Millis>,
    /// The newest line of the task's log.
    pub log: Option<&'a str>,
    /// The worst of the checks.
    pub worst: Option<Check>,
    /// Why the member could not be read.
    pub problem: Option<&'a ConnectProblem>,
    /// The ending.
    pub ending: Option<&'a Ending>,
    /// The facts that the agent reported.
    pub facts: Option<&'a Facts>,
    /// Why the agent currently does not answer.
    pub failure: Option<&'a Failure>,
    /// Whether the member needs a credential.
    pub needs_credential: bool,
    /// The requirements for a retry.
    pub retry: Option<Retry>,
}

impl Fleet {
    /// Counts the members by status.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            members: self.members.len(),
            ..Counts::default()
        };
        for member in &self.members {
            let count = match member.status {
                MemberStatus::Unchecked | MemberStatus::Checking => &mut counts.unchecked,
                MemberStatus::Waiting => &mut counts.waiting,
                MemberStatus::InProgress => &mut counts.in_progress,
                MemberStatus::Ended if member.is_destroyed() => &mut counts.destroyed,
                MemberStatus::Ended | MemberStatus::Abandoned => &mut counts.not_destroyed,
                MemberStatus::LeftOut(_) => &mut counts.left_out,
                MemberStatus::Stopped => &mut counts.stopped,
            };
            *count += 1;
        }
        counts
    }

    /// The text to type as the confirmation: `destroy N`, where N is the number of waiting members.
    #[must_use]
    pub fn confirmation(&self) -> String {
        format!("destroy {}", self.counts().waiting)
    }

    /// The next event of the run.
    #[must_use]
    pub fn next(&self) -> NextStep {
        let Some(run) = &self.run else {
            return NextStep::Nothing;
        };
        let counts = self.counts();
        match (run.halted, run.next_at) {
            (Some(halt), _) => NextStep::Halted(halt),
            _ if counts.waiting == 0 => NextStep::Nothing,
            _ if counts.in_progress > 0 => NextStep::Batch,
            (None, Some(at)) => NextStep::At(at),
            (None, None) => NextStep::Batch,
        }
    }

    /// Whether "Continue" is available in the checks: no check is in progress, and a member waits
    /// or a journal restored a member with a DELETE.
    #[must_use]
    pub fn can_review(&self) -> bool {
        let is_checked = |member: &Member| member.status != MemberStatus::Checking && !member.due;
        let counts = self.counts();
        let was_sent = counts.in_progress + counts.destroyed + counts.not_destroyed > 0;
        self.members.iter().all(|it| is_checked(it))
            && (counts.waiting > 0 || self.restored && was_sent)
    }

    /// The members that a credential for `selection` applies to: those that need one. A member
    /// whose outcome is unknown, or that was left out by the person, is included only if
    /// `selection` names it.
    #[must_use]
    pub fn needing_credential(&self, selection: MemberSelection) -> Vec<MemberId> {
        let wants = |member: &&std::rc::Rc<Member>| {
            let named = match selection {
                MemberSelection::All => !matches!(
                    member.status,
                    MemberStatus::Abandoned
                        | MemberStatus::LeftOut(LeftOut::Person)
                        | MemberStatus::Stopped
                ),
                MemberSelection::Member(id) => member.id == id,
            };
            named && member.needs_credential()
        };
        self.members.iter().filter(wants).map(|it| it.id).collect()
    }

    /// The waiting members, in the order in which they start.
    pub fn waiting(&self) -> impl Iterator<Item = MemberId> {
        let waits = |member: &&std::rc::Rc<Member>| member.status == MemberStatus::Waiting;
        self.members.iter().filter(waits).map(|member| member.id)
    }

    /// Whether members are in progress or about to start: leaving the page requires a confirmation,
    /// and the idle time does not run.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let counts = self.counts();
        let begins = self.run.is_some_and(|run| run.halted.is_none());
        self.phase == Phase::Run && (counts.in_progress > 0 || begins && counts.waiting > 0)
    }
}

impl Member {
    /// Whether the member ended as Destroyed.
    #[must_use]
    pub fn is_destroyed(&self) -> bool {
        matches!(self.ending(), Some(Ending::Destroyed))
    }

    /// The ending, if the flow is at one.
    #[must_use]
    pub fn ending(&self) -> Option<&Ending> {
        match &self.flow.screen {
            Screen::Ended(ended) => Some(&ended.ending),
            _ => None,
        }
    }

    /// The task that the flow shows.
    #[must_use]
    pub fn task(&self) -> Option<&Task> {
        match &self.flow.screen {
            Screen::Task(task) => Some(task),
            Screen::Ended(ended) => ended.task.as_deref(),
            _ => None,
        }
    }

    /// The checks, if they have been read.
    #[must_use]
    pub fn review(&self) -> Option<&Review> {
        match &self.flow.screen {
            Screen::Review(review) => Some(review),
            _ => None,
        }
    }

    /// Whether the member needs a credential that has not been supplied.
    #[must_use]
    pub fn needs_credential(&self) -> bool {
        if self.credential != PendingCredential::Nothing {
            return false;
        }
        match (&self.flow.screen, self.flow.contact()) {
            (Screen::Connect, _) => !self.flow.form.connecting,
            (_, Some((Contact::Unauthenticated(_), _))) => true,
            _ => false,
        }
    }

    /// Whether the member can be read again with the current credential.
    #[must_use]
    pub fn can_recheck(&self) -> bool {
        let is_read = |review: &Review| !review.preflight.rechecking && !self.due;
        self.is_unreachable() || self.review().is_some_and(is_read)
    }

    /// Whether the vault contains a credential for the member.
    #[must_use]
    pub fn holds_credential(&self) -> bool {
        self.flow.holds_credential() || self.credential == PendingCredential::Held
    }

    /// Whether the checks are being read, or will be read without an action of a person.
    #[must_use]
    pub fn is_read_soon(&self) -> bool {
        self.due || self.is_being_read()
    }

    /// Whether the host is being asked for a credential.
    #[must_use]
    pub fn is_asked_of_host(&self) -> bool {
        self.credential == PendingCredential::Asked
    }

    /// The requirements for a retry; `None` if there is nothing to retry.
    #[must_use]
    pub fn retry(&self) -> Option<Retry> {
        if self.turn.is_some() {
            return None;
        }
        match self.status {
            MemberStatus::Ended => match self.ending()? {
                Ending::Destroyed | Ending::OtherTaskDone => None,
                Ending::Failed { .. } | Ending::Cancelled { .. } => {
                    let offered = self.task()?.offers(Operation::Retry);
                    offered.then_some(Retry::Task)
                }
                Ending::NotSent(_) if self.confirmed && self.deletes == 0 => Some(Retry::Turn),
                _ => Some(Retry::Confirmation),
            },
            MemberStatus::LeftOut(LeftOut::Unread | LeftOut::Obstacle(_)) if self.confirmed => {
                Some(if self.deletes == 0 {
                    Retry::Turn
                } else {
                    Retry::Confirmation
                })
            }
            MemberStatus::LeftOut(LeftOut::NotReady) => Some(Retry::Confirmation),
            _ => None,
        }
    }

    /// The content of the member's row. `secure_transport` is whether requests leave the browser by
    /// HTTPS.
    #[must_use]
    pub fn row(&self, secure_transport: bool) -> Row<'_> {
        let task = self.task();
        let dag = task.map(|task| &*task.dag);
        Row {
            display_status: self.display_status(),
            stage: dag.map(|dag| (dag.stage, dag.max_stage)),
            began: self.began,
            ended: self.ended,
            log: dag.and_then(newest_line),
            worst: self.review().and_then(|it| worst(it, secure_transport)),
            problem: match &self.flow.screen {
                Screen::Connect => self.flow.form.problem.as_ref(),
                _ => None,
            },
            ending: self.ending(),
            facts: self.flow.facts().map(|facts| &**facts),
            failure: self.failure(),
            needs_credential: self.needs_credential(),
            retry: self.retry(),
        }
    }

    fn failure(&self) -> Option<&Failure> {
        match self.flow.contact()?.0 {
            Contact::Good => None,
            Contact::Retrying { failure, .. } | Contact::Unauthenticated(failure) => Some(failure),
        }
    }

    fn display_status(&self) -> DisplayStatus {
        match self.status {
            MemberStatus::Unchecked if self.needs_credential() => DisplayStatus::SignIn,
            MemberStatus::Unchecked => DisplayStatus::Unchecked,
            MemberStatus::Checking => DisplayStatus::Checking,
            MemberStatus::Waiting => DisplayStatus::Waiting,
            MemberStatus::Ended if self.turn == Some(Turn::Operate) => DisplayStatus::Preparing,
            MemberStatus::Ended => DisplayStatus::Ended,
            MemberStatus::Abandoned => DisplayStatus::Abandoned,
            MemberStatus::LeftOut(why) => DisplayStatus::LeftOut(why),
            MemberStatus::Stopped => DisplayStatus::Stopped,
            MemberStatus::InProgress => match &self.flow.screen {
                _ if self.needs_credential() => DisplayStatus::SignIn,
                _ if self.failure().is_some() || self.is_unreachable() => {
                    DisplayStatus::LostContact
                }
                Screen::Connect | Screen::Review(_) if self.unread => DisplayStatus::Checking,
                Screen::Connect | Screen::Review(_) => DisplayStatus::Preparing,
                Screen::Submitting(Submitting { phase, .. }) => match phase {
                    SubmitPhase::Refreshing => DisplayStatus::Preparing,
                    SubmitPhase::Deleting(_) => DisplayStatus::Sending,
                    SubmitPhase::DeterminingOutcome(_) => DisplayStatus::DeterminingOutcome,
                },
                Screen::Task(task) => DisplayStatus::Task(task.dag.progress()),
                Screen::Ended(_) => DisplayStatus::Ended,
            },
        }
    }
}

/// The newest line in the log of the current stage.
fn newest_line(dag: &Dag) -> Option<&str> {
    let parts = dag.current_node()?.sub_tasks.as_ref()?;
    let mut logs = parts.iter().rev().filter_map(|part| part.logs.as_deref());
    logs.find_map(|lines| lines.last()).map(String::as_str)
}

/// The first of the worst checks; `None` if all checks pass.
fn worst(review: &Review, secure_transport: bool) -> Option<Check> {
    let checks = checks(&review.preflight, secure_transport);
    let bad = checks
        .into_iter()
        .rev()
        .filter(|it| it.verdict != Verdict::Pass);
    // `max_by_key` returns the last of equal items, which is the first check in the original order.
    bad.max_by_key(|it| it.verdict)
}
