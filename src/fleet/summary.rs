//! What a screen shows of a run, read from its state. Everything here is cheap: it copies no
//! answer and reads no log but its last line.

use super::event::Whom;
use super::member::{Given, LeftOut, Member, MemberId, Standing, Turn};
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

/// How many members are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All members.
    pub members: usize,
    /// Not checked yet, or being checked.
    pub unchecked: usize,
    /// Waiting.
    pub waiting: usize,
    /// Under way.
    pub under_way: usize,
    /// Ended as Destroyed.
    pub destroyed: usize,
    /// Ended otherwise, or lost sight of: not destroyed as far as is known.
    pub not_destroyed: usize,
    /// Left out.
    pub left_out: usize,
    /// Stopped: the run was ended before their turn.
    pub stopped: usize,
}

/// What happens next in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: no member waits.
    Nothing,
    /// The members under way come to their end first.
    Batch,
    /// The next batch begins at this moment of the browser's clock.
    At(Millis),
    /// The person resumes the run, or ends it.
    Halted(Halt),
}

/// What it takes to try a member again that did not end as Destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Its task stopped and can go on: the operation Retry of the task. Nothing is to be typed; it
    /// begins as soon as there is a place in the batch.
    Task,
    /// No DELETE has left, so the confirmation of the run still holds: it waits for its turn again.
    Turn,
    /// A DELETE left. The member's address is to be typed: a new confirmation, for this member
    /// alone.
    Confirmation,
}

/// A member in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Waits for a credential.
    SignIn,
    /// Waits to be checked.
    Unchecked,
    /// Its checks are being read.
    Checking,
    /// Its checks allow the destroy, or it waits for its turn.
    Waiting,
    /// Its turn came; it is read again before its DELETE leaves.
    Preparing,
    /// Its DELETE is on its way.
    Sending,
    /// What came of its DELETE is being found out.
    FindingOut,
    /// Its task is watched.
    Task(Progress),
    /// The agent does not answer; what is shown is the last known.
    LostContact,
    /// At an ending.
    Ended,
    /// Its outcome is unknown, and nobody waits for it any longer.
    LostSight,
    /// Takes no part.
    LeftOut(LeftOut),
    /// The run was ended before its turn.
    Stopped,
}

/// What a row shows of a member.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// In one word.
    pub word: Word,
    /// Stage n of m, of its task.
    pub stage: Option<(usize, usize)>,
    /// When its turn came, by the browser's clock.
    pub began: Option<Millis>,
    /// When it ended, by the browser's clock.
    pub ended: Option<Millis>,
    /// The newest line of its task's log.
    pub log: Option<&'a str>,
    /// The worst of its checks.
    pub worst: Option<Check>,
    /// Why it could not be read.
    pub problem: Option<&'a ConnectProblem>,
    /// How it ended.
    pub ending: Option<&'a Ending>,
    /// What its agent tells of itself.
    pub facts: Option<&'a Facts>,
    /// Why the agent does not tell anything at the moment.
    pub failure: Option<&'a Failure>,
    /// Whether a credential is asked for.
    pub wants_credential: bool,
    /// What it takes to try it again.
    pub retry: Option<Retry>,
}

impl Fleet {
    /// How many members are where.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            members: self.members.len(),
            ..Counts::default()
        };
        for member in &self.members {
            let count = match member.standing {
                Standing::Unchecked | Standing::Checking => &mut counts.unchecked,
                Standing::Waiting => &mut counts.waiting,
                Standing::UnderWay => &mut counts.under_way,
                Standing::Ended if member.is_destroyed() => &mut counts.destroyed,
                Standing::Ended | Standing::LostSight => &mut counts.not_destroyed,
                Standing::LeftOut(_) => &mut counts.left_out,
                Standing::Stopped => &mut counts.stopped,
            };
            *count += 1;
        }
        counts
    }

    /// What has to be typed to confirm: `destroy N`, N being the number of waiting members.
    #[must_use]
    pub fn confirmation(&self) -> String {
        format!("destroy {}", self.counts().waiting)
    }

    /// What happens next.
    #[must_use]
    pub fn next(&self) -> Next {
        let Some(run) = &self.run else {
            return Next::Nothing;
        };
        let counts = self.counts();
        match (run.halted, run.next_at) {
            (Some(halt), _) => Next::Halted(halt),
            _ if counts.waiting == 0 => Next::Nothing,
            _ if counts.under_way > 0 => Next::Batch,
            (None, Some(at)) => Next::At(at),
            (None, None) => Next::Batch,
        }
    }

    /// Whether "Continue" leads on from the checks: nothing is being checked, and a member waits, or
    /// a journal brought back one that a DELETE was sent to.
    #[must_use]
    pub fn can_review(&self) -> bool {
        let is_checked = |member: &Member| member.standing != Standing::Checking && !member.due;
        let counts = self.counts();
        let was_sent = counts.under_way + counts.destroyed + counts.not_destroyed > 0;
        self.members.iter().all(|it| is_checked(it))
            && (counts.waiting > 0 || self.restored && was_sent)
    }

    /// The members that a credential is for that is given for `whom`: those that want one. A member
    /// that was lost sight of or left out by the person is meant only where it is named.
    #[must_use]
    pub fn wanting(&self, whom: Whom) -> Vec<MemberId> {
        let wants = |member: &&std::rc::Rc<Member>| {
            let named = match whom {
                Whom::All => !matches!(
                    member.standing,
                    Standing::LostSight | Standing::LeftOut(LeftOut::Person) | Standing::Stopped
                ),
                Whom::Member(id) => member.id == id,
            };
            named && member.wants_credential()
        };
        self.members.iter().filter(wants).map(|it| it.id).collect()
    }

    /// The members that wait, in the order in which they begin.
    pub fn waiting(&self) -> impl Iterator<Item = MemberId> {
        let waits = |member: &&std::rc::Rc<Member>| member.standing == Standing::Waiting;
        self.members.iter().filter(waits).map(|member| member.id)
    }

    /// Whether members are under way or begin by themselves: the page is not left without a
    /// question, and the idle time is not counted.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let counts = self.counts();
        let begins = self.run.is_some_and(|run| run.halted.is_none());
        self.phase == Phase::Run && (counts.under_way > 0 || begins && counts.waiting > 0)
    }
}

impl Member {
    /// Whether it ended as Destroyed.
    #[must_use]
    pub fn is_destroyed(&self) -> bool {
        matches!(self.ending(), Some(Ending::Destroyed))
    }

    /// How it ended.
    #[must_use]
    pub fn ending(&self) -> Option<&Ending> {
        match &self.flow.screen {
            Screen::Ended(ended) => Some(&ended.ending),
            _ => None,
        }
    }

    /// The task that its flow shows.
    #[must_use]
    pub fn task(&self) -> Option<&Task> {
        match &self.flow.screen {
            Screen::Task(task) => Some(task),
            Screen::Ended(ended) => ended.task.as_deref(),
            _ => None,
        }
    }

    /// Its checks, where they were read.
    #[must_use]
    pub fn review(&self) -> Option<&Review> {
        match &self.flow.screen {
            Screen::Review(review) => Some(review),
            _ => None,
        }
    }

    /// Whether it needs a credential that nobody has given yet.
    #[must_use]
    pub fn wants_credential(&self) -> bool {
        if self.credential != Given::Nothing {
            return false;
        }
        match (&self.flow.screen, self.flow.contact()) {
            (Screen::Connect, _) => !self.flow.form.connecting,
            (_, Some((Contact::Unauthenticated(_), _))) => true,
            _ => false,
        }
    }

    /// Whether it can be read again with the credential that is there.
    #[must_use]
    pub fn can_recheck(&self) -> bool {
        let is_read = |review: &Review| !review.preflight.rechecking && !self.due;
        self.is_unreached() || self.review().is_some_and(is_read)
    }

    /// Whether the vault holds a credential for it.
    #[must_use]
    pub fn holds_credential(&self) -> bool {
        self.flow.holds_credential() || self.credential == Given::Held
    }

    /// Whether its checks are being read, or will be by themselves.
    #[must_use]
    pub fn is_read_soon(&self) -> bool {
        self.due || self.is_being_read()
    }

    /// Whether the host is being asked for a credential.
    #[must_use]
    pub fn is_asked_of_host(&self) -> bool {
        self.credential == Given::Asked
    }

    /// What it takes to try it again; `None` where there is nothing to try.
    #[must_use]
    pub fn retry(&self) -> Option<Retry> {
        if self.turn.is_some() {
            return None;
        }
        match self.standing {
            Standing::Ended => match self.ending()? {
                Ending::Destroyed | Ending::OtherTaskDone => None,
                Ending::Failed { .. } | Ending::Cancelled { .. } => {
                    let offered = self.task()?.offers(Operation::Retry);
                    offered.then_some(Retry::Task)
                }
                Ending::NotSent(_) if self.confirmed && self.deletes == 0 => Some(Retry::Turn),
                _ => Some(Retry::Confirmation),
            },
            Standing::LeftOut(LeftOut::Unread | LeftOut::Obstacle(_)) if self.confirmed => {
                Some(if self.deletes == 0 {
                    Retry::Turn
                } else {
                    Retry::Confirmation
                })
            }
            Standing::LeftOut(LeftOut::NotReady) => Some(Retry::Confirmation),
            _ => None,
        }
    }

    /// What a row shows. `secure_transport` is whether requests leave the browser by https.
    #[must_use]
    pub fn row(&self, secure_transport: bool) -> Row<'_> {
        let task = self.task();
        let dag = task.map(|task| &*task.dag);
        Row {
            word: self.word(),
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
            wants_credential: self.wants_credential(),
            retry: self.retry(),
        }
    }

    fn failure(&self) -> Option<&Failure> {
        match self.flow.contact()?.0 {
            Contact::Good => None,
            Contact::Retrying { failure, .. } | Contact::Unauthenticated(failure) => Some(failure),
        }
    }

    fn word(&self) -> Word {
        match self.standing {
            Standing::Unchecked if self.wants_credential() => Word::SignIn,
            Standing::Unchecked => Word::Unchecked,
            Standing::Checking => Word::Checking,
            Standing::Waiting => Word::Waiting,
            Standing::Ended if self.turn == Some(Turn::Operate) => Word::Preparing,
            Standing::Ended => Word::Ended,
            Standing::LostSight => Word::LostSight,
            Standing::LeftOut(why) => Word::LeftOut(why),
            Standing::Stopped => Word::Stopped,
            Standing::UnderWay => match &self.flow.screen {
                _ if self.wants_credential() => Word::SignIn,
                _ if self.failure().is_some() || self.is_unreached() => Word::LostContact,
                Screen::Connect | Screen::Review(_) if self.unread => Word::Checking,
                Screen::Connect | Screen::Review(_) => Word::Preparing,
                Screen::Submitting(Submitting { phase, .. }) => match phase {
                    SubmitPhase::Refreshing => Word::Preparing,
                    SubmitPhase::Deleting(_) => Word::Sending,
                    SubmitPhase::FindingOut(_) => Word::FindingOut,
                },
                Screen::Task(task) => Word::Task(task.dag.progress()),
                Screen::Ended(_) => Word::Ended,
            },
        }
    }
}

/// The newest line of the log of the current stage.
fn newest_line(dag: &Dag) -> Option<&str> {
    let parts = dag.current_node()?.sub_tasks.as_ref()?;
    let mut logs = parts.iter().rev().filter_map(|part| part.logs.as_deref());
    logs.find_map(|lines| lines.last()).map(String::as_str)
}

/// The first of the worst checks; `None` where all pass.
fn worst(review: &Review, secure_transport: bool) -> Option<Check> {
    let checks = checks(&review.preflight, secure_transport);
    let bad = checks
        .into_iter()
        .rev()
        .filter(|it| it.verdict != Verdict::Pass);
    // Of equals the last, which is the first of the checks.
    bad.max_by_key(|it| it.verdict)
}
