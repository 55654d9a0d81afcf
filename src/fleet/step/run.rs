//! The run: whose turn it is, and when none comes.

use super::Machine;
use crate::fleet::member::{Given, LeftOut, Member, MemberId, Standing, Turn};
use crate::fleet::state::{Halt, Phase, Run};
use crate::fleet::summary::Retry;
use crate::flow::event::Event;
use crate::flow::operation::Operation;
use crate::flow::preflight::obstacle;
use crate::flow::state::{ConnectProblem, Contact, Screen, SignIn, SubmitPhase};
use crate::obshell::error::{ErrorKind, Failure, NotSent};
use crate::obshell::time::Millis;

/// How old the checks of a member may be as its DELETE is confirmed, in milliseconds. Older ones are
/// read again: who holds the agent, and whether it manages an ODP.
pub(super) const FRESH_MILLIS: Millis = 60_000;

impl Machine {
    /// The only way to a run.
    pub(super) fn confirm(&mut self, typed: &str) {
        let may = self.is_in(Phase::Review)
            && !self.fleet.settings.read_only
            && self.fleet.can_review()
            && self.fleet.waiting().next().is_some();
        if !may {
            return;
        }
        if typed != self.fleet.confirmation() {
            self.fleet.mismatch = true;
            return;
        }
        self.fleet.mismatch = false;
        for id in self.those(|_| true) {
            let Some(member) = self.member_mut(id) else {
                continue;
            };
            match member.standing {
                Standing::Waiting => {
                    member.confirmed = true;
                    member.deletes = 0;
                }
                Standing::Unchecked | Standing::Checking => {
                    member.standing = Standing::LeftOut(LeftOut::NotReady);
                }
                _ => {}
            }
        }
        self.fleet.run = Some(Run {
            confirmed_at: self.now,
            ended_at: None,
            halted: None,
            next_at: None,
            ending: false,
        });
        self.fleet.phase = Phase::Run;
        self.keep();
    }

    /// After a reload, with nothing left to confirm: to the run as it goes on by itself.
    pub(super) fn follow_run(&mut self) {
        self.fleet.run = Some(Run {
            confirmed_at: self.now,
            ended_at: None,
            halted: None,
            next_at: None,
            ending: false,
        });
        self.fleet.phase = Phase::Run;
        self.keep();
    }

    /// Whether a DELETE may leave now.
    pub(super) fn may_destroy(&self) -> bool {
        let halted = self.fleet.run.is_none_or(|run| run.halted.is_some());
        !halted
            && self.is_in(Phase::Run)
            && !self.fleet.settings.read_only
            && !self.fleet.left
            && !self.fleet.unmounted
    }

    /// No further DELETE leaves until the person resumes the run. One that waits in line is taken
    /// back.
    pub(super) fn halt(&mut self, why: Halt) {
        if self.is_in(Phase::Run)
            && let Some(run) = &mut self.fleet.run
            && run.halted.is_none()
        {
            run.halted = Some(why);
        }
    }

    pub(super) fn resume(&mut self) {
        if self.is_in(Phase::Run)
            && !self.fleet.settings.read_only
            && let Some(run) = &mut self.fleet.run
            && !run.ending
        {
            run.halted = None;
        }
    }

    /// No member begins any more.
    pub(super) fn end_run(&mut self) {
        if !self.is_in(Phase::Run) {
            return;
        }
        self.halt(Halt::Person);
        if let Some(run) = &mut self.fleet.run {
            run.ending = true;
        }
        for id in self.those(|it| it.standing == Standing::Waiting) {
            self.set_standing(id, Standing::Stopped);
        }
        self.keep();
    }

    /// A member is under way or waits again: the run is not at its end.
    pub(super) fn again_in_run(&mut self) {
        if self.is_in(Phase::End)
            && let Some(run) = &mut self.fleet.run
        {
            run.ended_at = None;
            self.fleet.phase = Phase::Run;
        }
    }

    // Turns.

    /// When the next batch begins by itself.
    pub(super) fn next_batch_at(&self) -> Option<Millis> {
        let at = self.fleet.run?.next_at?.min(self.after_pause());
        let waits = self.fleet.waiting().next().is_some();
        (self.may_destroy() && waits && self.under_way() == 0).then_some(at)
    }

    /// Begins what may begin now, and brings on what has begun.
    pub(super) fn begin_turns(&mut self) {
        let Some(run) = self.fleet.run else {
            return;
        };
        if self.fleet.settings.read_only {
            self.halt(Halt::ReadOnly);
        }
        for id in self.those(|it| it.turn == Some(Turn::Operate)) {
            if self.has_place() {
                self.operate_now(id);
            }
        }
        // A clock that was set back does not make the pause longer.
        let next_at = run.next_at.map(|at| at.min(self.after_pause()));
        let waits = self.fleet.waiting().next().is_some();
        if self.may_destroy()
            && waits
            && self.under_way() == 0
            && next_at.is_none_or(|at| at <= self.now)
        {
            self.begin_batch();
        }
        for id in self.those(|it| it.turn == Some(Turn::Destroy)) {
            self.bring_on(id);
        }
    }

    /// When a pause that begins now is over.
    fn after_pause(&self) -> Millis {
        let pause = i64::from(self.fleet.run_settings.pause) * 1_000;
        self.now.saturating_add(pause)
    }

    fn has_place(&self) -> bool {
        self.under_way() < usize::from(self.fleet.run_settings.batch)
    }

    fn begin_batch(&mut self) {
        if let Some(run) = &mut self.fleet.run {
            run.next_at = None;
        }
        let batch = usize::from(self.fleet.run_settings.batch);
        let begins: Vec<_> = self.fleet.waiting().take(batch).collect();
        for id in begins {
            let now = self.now;
            let Some(member) = self.member_mut(id) else {
                continue;
            };
            member.standing = Standing::UnderWay;
            member.turn = Some(Turn::Destroy);
            member.began = Some(now);
            member.ended = None;
            // It could not be reached before; its turn is another try.
            member.due |= member.is_unreached();
            if !member.flow.visible {
                self.drive(id, Event::Visible(true));
            }
        }
    }

    /// Brings a member whose turn came to its confirmation: through fresh checks.
    fn bring_on(&mut self, id: MemberId) {
        if !self.may_destroy() {
            return self.wait_again(id);
        }
        let now = self.now;
        let Some(member) = self.member(id) else {
            return;
        };
        let is_fresh = member
            .checked_at
            .is_some_and(|at| (0..=FRESH_MILLIS).contains(&now.saturating_sub(at)));
        match &member.flow.screen {
            Screen::Review(review) if review.preflight.rechecking => {}
            Screen::Review(_) if !is_fresh => {
                if self.may_read() {
                    self.drive(id, Event::Recheck);
                }
            }
            Screen::Review(review) => match obstacle(review, self.fleet.settings.read_only) {
                Some(obstacle) => self.drop_out(id, LeftOut::Obstacle(obstacle)),
                None => {
                    let typed = member.chosen.address.to_string();
                    if let Some(member) = self.member_mut(id) {
                        member.turn = None;
                    }
                    self.drive(id, Event::Confirm { typed });
                }
            },
            Screen::Connect if member.flow.form.connecting => {}
            Screen::Connect if member.credential != Given::Nothing && !member.is_unreached() => {
                if self.may_read() {
                    self.read(id);
                }
            }
            Screen::Connect if member.flow.form.signed_in.is_some() => {
                self.drive(id, Event::ConnectAgain);
            }
            // A host is asked again where the console itself cleared what it gave.
            Screen::Connect if member.sign_in == SignIn::Host && was_forgotten(member) => {
                if let Some(member) = self.member_mut(id) {
                    member.credential = Given::Host;
                }
                self.bring_on(id);
            }
            Screen::Connect if lacks_credential(member) => {
                self.wait_again(id);
                self.halt(Halt::NoCredential(id));
            }
            Screen::Connect => self.drop_out(id, LeftOut::Unread),
            Screen::Ended(ended) => {
                let event = if ended.ending.may_confirm_again() {
                    Event::Recheck
                } else {
                    Event::StartOver
                };
                self.drive(id, event);
                // Where this led nowhere there is nothing to bring on.
                if !matches!(
                    self.member(id).map(|it| &it.flow.screen),
                    Some(Screen::Connect)
                ) {
                    self.drop_out(id, LeftOut::Unread);
                } else {
                    self.bring_on(id);
                }
            }
            Screen::Submitting(_) | Screen::Task(_) => {
                if let Some(member) = self.member_mut(id) {
                    member.turn = None;
                }
            }
        }
    }

    /// The turn of a member is over without a DELETE; it comes again.
    pub(super) fn wait_again(&mut self, id: MemberId) {
        let ending = self.fleet.run.is_some_and(|run| run.ending);
        if let Some(member) = self.member_mut(id) {
            member.turn = None;
            member.began = None;
            member.standing = if ending {
                Standing::Stopped
            } else {
                Standing::Waiting
            };
        }
        self.keep();
    }

    /// A member whose turn came takes no part after all. It does not end as Destroyed.
    fn drop_out(&mut self, id: MemberId, why: LeftOut) {
        let now = self.now;
        if let Some(member) = self.member_mut(id) {
            member.turn = None;
            member.standing = Standing::LeftOut(why);
            member.ended = Some(now);
        }
        self.ended(id, false);
    }

    /// A member came to its end.
    pub(super) fn ended(&mut self, id: MemberId, is_destroyed: bool) {
        if !is_destroyed && self.fleet.run_settings.stop_on_bad_end {
            self.halt(Halt::BadEnd(id));
        }
        let next_at = self.after_pause();
        if self.under_way() == 0
            && let Some(run) = &mut self.fleet.run
        {
            run.next_at = Some(next_at);
        }
        self.keep();
    }

    pub(super) fn end_if_over(&mut self) {
        let open = |it: &Member| {
            it.turn.is_some() || matches!(it.standing, Standing::Waiting | Standing::UnderWay)
        };
        if self.is_in(Phase::Review) && self.fleet.waiting().next().is_none() {
            self.fleet.phase = Phase::Preflight;
        }
        if self.is_in(Phase::Run) && !self.fleet.members.iter().any(|it| open(it)) {
            self.fleet.phase = Phase::End;
            if let Some(run) = &mut self.fleet.run {
                run.ended_at = Some(self.now);
            }
            self.keep();
        }
    }

    // What a person does with one member.

    pub(super) fn retry(&mut self, id: MemberId, typed: Option<&str>) {
        let Some(member) = self.member(id) else {
            return;
        };
        if self.fleet.run.is_none() || self.fleet.settings.read_only {
            return;
        }
        match member.retry() {
            Some(Retry::Task) => {
                self.drive(id, Event::Operate(Operation::Retry));
                self.confirm_operation(id);
            }
            Some(Retry::Turn) => self.queue_again(id),
            Some(Retry::Confirmation) if typed == Some(&member.chosen.address.to_string()) => {
                if let Some(member) = self.member_mut(id) {
                    member.deletes = 0;
                    member.confirmed = true;
                }
                self.queue_again(id);
            }
            Some(Retry::Confirmation) | None => {}
        }
    }

    fn queue_again(&mut self, id: MemberId) {
        if let Some(member) = self.member_mut(id) {
            member.standing = Standing::Waiting;
            member.began = None;
            member.ended = None;
            // What was read before is old.
            member.checked_at = None;
        }
        let was_over = self.is_in(Phase::End);
        self.again_in_run();
        if let Some(run) = &mut self.fleet.run {
            run.ending = false;
            // Nothing else waits for the person to resume the run.
            if was_over {
                run.halted = None;
            }
        }
        self.keep();
    }

    /// The person agreed to an operation. Where it brings a member under way again, it waits for a
    /// place.
    pub(super) fn confirm_operation(&mut self, id: MemberId) {
        let Some(member) = self.member_mut(id) else {
            return;
        };
        match member.standing {
            Standing::UnderWay => self.drive(id, Event::ConfirmOperation),
            Standing::Ended if member.task().is_some_and(|task| task.asks()) => {
                member.turn = Some(Turn::Operate);
                self.again_in_run();
            }
            _ => {}
        }
    }

    fn operate_now(&mut self, id: MemberId) {
        if let Some(member) = self.member_mut(id) {
            member.turn = None;
            if !member.flow.visible {
                self.drive(id, Event::Visible(true));
            }
            self.drive(id, Event::ConfirmOperation);
        }
    }

    pub(super) fn let_go(&mut self, id: MemberId) {
        let Some(member) = self.member(id) else {
            return;
        };
        let halted = self.fleet.run.and_then(|run| run.halted);
        if member.standing == Standing::Waiting && halted == Some(Halt::NoCredential(id)) {
            return self.drop_out(id, LeftOut::Unread);
        }
        if member.standing != Standing::UnderWay {
            return;
        }
        match &member.flow.screen {
            Screen::Submitting(submitting) => {
                if matches!(submitting.phase, SubmitPhase::FindingOut(_)) {
                    self.drive(id, Event::StartOver);
                }
            }
            Screen::Task(task) if task.contact != Contact::Good => {
                self.drive(id, Event::Left);
                self.lose_sight(id);
            }
            Screen::Connect | Screen::Review(_) if member.unread => self.lose_sight(id),
            _ => {}
        }
    }

    /// Nobody waits for a member any longer.
    pub(super) fn lose_sight(&mut self, id: MemberId) {
        let now = self.now;
        if let Some(member) = self.member_mut(id) {
            member.standing = Standing::LostSight;
            member.ended = Some(now);
            member.unread = false;
            member.due = false;
            member.look_at = None;
            member.timer = None;
        }
        self.ended(id, false);
    }

    /// Something for the flow of one member. What leaves its task, or confirms anything but an
    /// operation, is the fleet's to decide.
    pub(super) fn member_event(&mut self, id: MemberId, event: Event) {
        match event {
            Event::Answered(answered) => {
                self.fleet.queue.answered(id, answered.id);
                self.drive(id, Event::Answered(answered));
            }
            Event::ConfirmOperation => self.confirm_operation(id),
            Event::Operate(_) | Event::LeaveOperation => {
                if let Some(member) = self.member_mut(id) {
                    // The question before is withdrawn.
                    member.turn = member.turn.filter(|turn| *turn != Turn::Operate);
                }
                if !self.fleet.settings.read_only {
                    self.drive(id, event);
                }
            }
            Event::TryNow | Event::ListTasks => self.drive(id, event),
            _ => {}
        }
    }
}

/// Whether the console cleared the credential of a member by itself.
fn was_forgotten(member: &Member) -> bool {
    matches!(
        &member.flow.form.problem,
        Some(ConnectProblem::Credential(Failure::NotSent(
            NotSent::Forgotten(_)
        )))
    )
}

/// Whether a member could not be read for want of a credential that its agent accepts.
fn lacks_credential(member: &Member) -> bool {
    match &member.flow.form.problem {
        None => true,
        Some(ConnectProblem::Credential(Failure::NotSent(why))) => {
            matches!(why, NotSent::NoCredential | NotSent::Forgotten(_))
        }
        Some(ConnectProblem::Credential(Failure::Refused(error))) => matches!(
            error.kind,
            ErrorKind::IncorrectAgentPassword
                | ErrorKind::SessionInvalid
                | ErrorKind::SessionExpired
                | ErrorKind::IncorrectOceanBasePassword
        ),
        Some(_) => false,
    }
}
