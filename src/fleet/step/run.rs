//! The run: starts the members in turn, and pauses and ends the run.

use super::Machine;
use crate::fleet::member::{LeftOut, Member, MemberId, MemberStatus, PendingCredential, Turn};
use crate::fleet::state::{Halt, Phase, Run};
use crate::fleet::summary::Retry;
use crate::flow::event::FlowEvent;
use crate::flow::operation::Operation;
use crate::flow::preflight::obstacle;
use crate::flow::state::{ConnectProblem, Contact, Screen, SignIn, SubmitPhase};
use crate::obshell::error::{ErrorKind, Failure, NotSent};
use crate::obshell::time::Millis;

/// The maximum age of a member's checks when its DELETE is confirmed, in milliseconds. Older checks
/// are read again: which task holds the agent, and whether the agent manages an ODP.
pub(super) const FRESH_MILLIS: Millis = 60_000;

impl Machine {
    /// Confirms the run. No other function starts a run with a DELETE.
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
        for id in self.members_where(|_| true) {
            let Some(member) = self.member_mut(id) else {
                continue;
            };
            match member.status {
                MemberStatus::Waiting => {
                    member.confirmed = true;
                    member.deletes = 0;
                }
                MemberStatus::Unchecked | MemberStatus::Checking => {
                    member.status = MemberStatus::LeftOut(LeftOut::NotReady);
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
        self.store_journal();
    }

    /// Starts a run after a reload in which no member is left to confirm: the run continues without
    /// a confirmation.
    pub(super) fn follow_run(&mut self) {
        self.fleet.run = Some(Run {
            confirmed_at: self.now,
            ended_at: None,
            halted: None,
            next_at: None,
            ending: false,
        });
        self.fleet.phase = Phase::Run;
        self.store_journal();
    }

    /// Whether a DELETE may be sent now.
    pub(super) fn may_destroy(&self) -> bool {
        let halted = self.fleet.run.is_none_or(|run| run.halted.is_some());
        !halted
            && self.is_in(Phase::Run)
            && !self.fleet.settings.read_only
            && !self.fleet.page_left
            && !self.fleet.unmounted
    }

    /// Pauses the run: no further DELETE is sent until the person resumes the run. A queued DELETE
    /// is withdrawn.
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

    /// Ends the run: no further member starts.
    pub(super) fn end_run(&mut self) {
        if !self.is_in(Phase::Run) {
            return;
        }
        self.halt(Halt::Person);
        if let Some(run) = &mut self.fleet.run {
            run.ending = true;
        }
        for id in self.members_where(|it| it.status == MemberStatus::Waiting) {
            self.set_status(id, MemberStatus::Stopped);
        }
        self.store_journal();
    }

    /// Reopens the run because a member is in progress or waiting again.
    pub(super) fn reopen_run(&mut self) {
        if self.is_in(Phase::End)
            && let Some(run) = &mut self.fleet.run
        {
            run.ended_at = None;
            self.fleet.phase = Phase::Run;
        }
    }

    // Turns.

    /// When the next batch starts.
    pub(super) fn next_batch_at(&self) -> Option<Millis> {
        let at = self.fleet.run?.next_at?.min(self.after_pause());
        let waits = self.fleet.waiting().next().is_some();
        (self.may_destroy() && waits && self.in_progress() == 0).then_some(at)
    }

    /// Starts the members that may start now, and advances those that have started.
    pub(super) fn begin_turns(&mut self) {
        let Some(run) = self.fleet.run else {
            return;
        };
        if self.fleet.settings.read_only {
            self.halt(Halt::ReadOnly);
        }
        for id in self.members_where(|it| it.turn == Some(Turn::Operate)) {
            if self.has_capacity() {
                self.operate_now(id);
            }
        }
        // A browser clock that was set back must not extend the pause.
        let next_at = run.next_at.map(|at| at.min(self.after_pause()));
        let waits = self.fleet.waiting().next().is_some();
        if self.may_destroy()
            && waits
            && self.in_progress() == 0
            && next_at.is_none_or(|at| at <= self.now)
        {
            self.begin_batch();
        }
        for id in self.members_where(|it| it.turn == Some(Turn::Destroy)) {
            self.advance_turn(id);
        }
    }

    /// When a pause that starts now ends.
    fn after_pause(&self) -> Millis {
        let pause = i64::from(self.fleet.run_settings.pause) * 1_000;
        self.now.saturating_add(pause)
    }

    fn has_capacity(&self) -> bool {
        self.in_progress() < usize::from(self.fleet.run_settings.batch)
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
            member.status = MemberStatus::InProgress;
            member.turn = Some(Turn::Destroy);
            member.began = Some(now);
            member.ended = None;
            // A member whose agent was unreachable is read again in its turn.
            member.due |= member.is_unreachable();
            if !member.flow.visible {
                self.drive(id, FlowEvent::Visible(true));
            }
        }
    }

    /// Advances a member in its turn to its confirmation, with fresh checks.
    fn advance_turn(&mut self, id: MemberId) {
        if !self.may_destroy() {
            return self.return_to_waiting(id);
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
                    self.drive(id, FlowEvent::Recheck);
                }
            }
            Screen::Review(review) => match obstacle(review, self.fleet.settings.read_only) {
                Some(obstacle) => self.exclude(id, LeftOut::Obstacle(obstacle)),
                None => {
                    let typed = member.chosen.address.to_string();
                    if let Some(member) = self.member_mut(id) {
                        member.turn = None;
                    }
                    self.drive(id, FlowEvent::Confirm { typed });
                }
            },
            Screen::Connect if member.flow.form.connecting => {}
            Screen::Connect
                if member.credential != PendingCredential::Nothing && !member.is_unreachable() =>
            {
                if self.may_read() {
                    self.read(id);
                }
            }
            Screen::Connect if member.flow.form.signed_in.is_some() => {
                self.drive(id, FlowEvent::ConnectAgain);
            }
            // A host is asked again if the console itself cleared the credential.
            Screen::Connect if member.sign_in == SignIn::Host && was_wiped(member) => {
                if let Some(member) = self.member_mut(id) {
                    member.credential = PendingCredential::Host;
                }
                self.advance_turn(id);
            }
            Screen::Connect if lacks_credential(member) => {
                self.return_to_waiting(id);
                self.halt(Halt::NoCredential(id));
            }
            Screen::Connect => self.exclude(id, LeftOut::Unread),
            Screen::Ended(ended) => {
                let event = if ended.ending.may_confirm_again() {
                    FlowEvent::Recheck
                } else {
                    FlowEvent::StartOver
                };
                self.drive(id, event);
                // If the flow did not return to the connect form, the member cannot be read.
                if !matches!(
                    self.member(id).map(|it| &it.flow.screen),
                    Some(Screen::Connect)
                ) {
                    self.exclude(id, LeftOut::Unread);
                } else {
                    self.advance_turn(id);
                }
            }
            Screen::Submitting(_) | Screen::Task(_) => {
                if let Some(member) = self.member_mut(id) {
                    member.turn = None;
                }
            }
        }
    }

    /// Ends the turn of a member without a DELETE. The member waits for another turn.
    pub(super) fn return_to_waiting(&mut self, id: MemberId) {
        let ending = self.fleet.run.is_some_and(|run| run.ending);
        if let Some(member) = self.member_mut(id) {
            member.turn = None;
            member.began = None;
            member.status = if ending {
                MemberStatus::Stopped
            } else {
                MemberStatus::Waiting
            };
        }
        self.store_journal();
    }

    /// Leaves out a member in its turn. Such a member does not end as Destroyed.
    fn exclude(&mut self, id: MemberId, why: LeftOut) {
        let now = self.now;
        if let Some(member) = self.member_mut(id) {
            member.turn = None;
            member.status = MemberStatus::LeftOut(why);
            member.ended = Some(now);
        }
        self.ended(id, false);
    }

    pub(super) fn ended(&mut self, id: MemberId, is_destroyed: bool) {
        if !is_destroyed && self.fleet.run_settings.stop_on_bad_end {
            self.halt(Halt::NotDestroyed(id));
        }
        let next_at = self.after_pause();
        if self.in_progress() == 0
            && let Some(run) = &mut self.fleet.run
        {
            run.next_at = Some(next_at);
        }
        self.store_journal();
    }

    pub(super) fn end_if_over(&mut self) {
        let open = |it: &Member| {
            it.turn.is_some()
                || matches!(it.status, MemberStatus::Waiting | MemberStatus::InProgress)
        };
        if self.is_in(Phase::Review) && self.fleet.waiting().next().is_none() {
            self.fleet.phase = Phase::Preflight;
        }
        if self.is_in(Phase::Run) && !self.fleet.members.iter().any(|it| open(it)) {
            self.fleet.phase = Phase::End;
            if let Some(run) = &mut self.fleet.run {
                run.ended_at = Some(self.now);
            }
            self.store_journal();
        }
    }

    // The actions of a person on one member.

    pub(super) fn retry(&mut self, id: MemberId, typed: Option<&str>) {
        let Some(member) = self.member(id) else {
            return;
        };
        if self.fleet.run.is_none() || self.fleet.settings.read_only {
            return;
        }
        match member.retry() {
            Some(Retry::Task) => {
                self.drive(id, FlowEvent::Operate(Operation::Retry));
                self.confirm_operation(id);
            }
            Some(Retry::Turn) => self.requeue(id),
            Some(Retry::Confirmation) if typed == Some(&member.chosen.address.to_string()) => {
                if let Some(member) = self.member_mut(id) {
                    member.deletes = 0;
                    member.confirmed = true;
                }
                self.requeue(id);
            }
            Some(Retry::Confirmation) | None => {}
        }
    }

    fn requeue(&mut self, id: MemberId) {
        if let Some(member) = self.member_mut(id) {
            member.status = MemberStatus::Waiting;
            member.began = None;
            member.ended = None;
            // The previous checks are outdated.
            member.checked_at = None;
        }
        let was_over = self.is_in(Phase::End);
        self.reopen_run();
        if let Some(run) = &mut self.fleet.run {
            run.ending = false;
            // No other member waits for the person to resume the run.
            if was_over {
                run.halted = None;
            }
        }
        self.store_journal();
    }

    /// Handles a confirmed operation. If the operation returns the member to the run, it waits
    /// until the batch has room.
    pub(super) fn confirm_operation(&mut self, id: MemberId) {
        let Some(member) = self.member_mut(id) else {
            return;
        };
        match member.status {
            MemberStatus::InProgress => self.drive(id, FlowEvent::ConfirmOperation),
            MemberStatus::Ended if member.task().is_some_and(|task| task.awaits_confirmation()) => {
                member.turn = Some(Turn::Operate);
                self.reopen_run();
            }
            _ => {}
        }
    }

    fn operate_now(&mut self, id: MemberId) {
        if let Some(member) = self.member_mut(id) {
            member.turn = None;
            if !member.flow.visible {
                self.drive(id, FlowEvent::Visible(true));
            }
            self.drive(id, FlowEvent::ConfirmOperation);
        }
    }

    pub(super) fn stop_waiting(&mut self, id: MemberId) {
        let Some(member) = self.member(id) else {
            return;
        };
        let halted = self.fleet.run.and_then(|run| run.halted);
        if member.status == MemberStatus::Waiting && halted == Some(Halt::NoCredential(id)) {
            return self.exclude(id, LeftOut::Unread);
        }
        if member.status != MemberStatus::InProgress {
            return;
        }
        match &member.flow.screen {
            Screen::Submitting(submitting) => {
                if matches!(submitting.phase, SubmitPhase::DeterminingOutcome(_)) {
                    self.drive(id, FlowEvent::StartOver);
                }
            }
            Screen::Task(task) if task.contact != Contact::Good => {
                self.drive(id, FlowEvent::PageLeft);
                self.abandon(id);
            }
            Screen::Connect | Screen::Review(_) if member.unread => self.abandon(id),
            _ => {}
        }
    }

    /// Stops waiting for a member: its outcome is unknown.
    pub(super) fn abandon(&mut self, id: MemberId) {
        let now = self.now;
        if let Some(member) = self.member_mut(id) {
            member.status = MemberStatus::Abandoned;
            member.ended = Some(now);
            member.unread = false;
            member.due = false;
            member.reread_at = None;
            member.timer = None;
        }
        self.ended(id, false);
    }

    /// Handles an event for the flow of one member. Events that leave the task, or confirm anything
    /// except an operation, are not passed on: the fleet decides them.
    pub(super) fn member_event(&mut self, id: MemberId, event: FlowEvent) {
        match event {
            FlowEvent::Answered(answered) => {
                self.fleet.queue.answered(id, answered.id);
                self.drive(id, FlowEvent::Answered(answered));
            }
            FlowEvent::ConfirmOperation => self.confirm_operation(id),
            FlowEvent::Operate(_) | FlowEvent::LeaveOperation => {
                if let Some(member) = self.member_mut(id) {
                    // The previous question is withdrawn.
                    member.turn = member.turn.filter(|turn| *turn != Turn::Operate);
                }
                if !self.fleet.settings.read_only {
                    self.drive(id, event);
                }
            }
            FlowEvent::TryNow | FlowEvent::ListTasks => self.drive(id, event),
            _ => {}
        }
    }
}

/// Whether the console itself cleared the credential of a member.
fn was_wiped(member: &Member) -> bool {
    matches!(
        &member.flow.form.problem,
        Some(ConnectProblem::Credential(Failure::NotSent(
            NotSent::CredentialWiped(_)
        )))
    )
}

/// Whether a member could not be read because there is no credential that its agent accepts.
fn lacks_credential(member: &Member) -> bool {
    match &member.flow.form.problem {
        None => true,
        Some(ConnectProblem::Credential(Failure::NotSent(why))) => {
            matches!(why, NotSent::NoCredential | NotSent::CredentialWiped(_))
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
