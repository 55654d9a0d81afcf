//! Checks the members, a few at a time, and decides which of them take part.

use super::Machine;
use crate::fleet::effect::FleetEffect;
use crate::fleet::event::MemberSelection;
use crate::fleet::member::{LeftOut, Member, MemberId, MemberStatus, PendingCredential};
use crate::fleet::state::{MAX_CONCURRENT_CHECKS, Phase};
use crate::flow::event::FlowEvent;
use crate::flow::preflight::obstacle;
use crate::flow::state::Screen;

impl Machine {
    /// Reads the checks of every member that has a credential.
    pub(super) fn check(&mut self) {
        if !self.is_in(Phase::SignIn) {
            return;
        }
        self.fleet.phase = Phase::Preflight;
        for id in self.members_where(|it| it.credential != PendingCredential::Nothing) {
            if let Some(member) = self.member_mut(id) {
                member.due = true;
            }
        }
    }

    pub(super) fn recheck(&mut self, selection: MemberSelection) {
        let in_run = match self.fleet.phase {
            Phase::Preflight | Phase::Review => false,
            // Only for a member whose outcome is open since a reload.
            Phase::Run => true,
            _ => return,
        };
        let fits = |member: &Member| {
            let unreached = member.unread && member.is_unreachable();
            let meant = match selection {
                MemberSelection::All => {
                    (!member.unread || unreached)
                        && member.status != MemberStatus::LeftOut(LeftOut::Person)
                }
                MemberSelection::Member(id) => member.id == id,
            };
            meant && member.can_recheck() && (unreached || !in_run)
        };
        for id in self.members_where(fits) {
            if let Some(member) = self.member_mut(id) {
                member.due = true;
                if !member.unread {
                    member.status = MemberStatus::Unchecked;
                }
                if !in_run {
                    self.fleet.phase = Phase::Preflight;
                }
            }
        }
    }

    /// Reads the members that are due, up to [`MAX_CONCURRENT_CHECKS`] at the same time.
    pub(super) fn read_due(&mut self) {
        if self.fleet.page_left || !self.fleet.members.iter().any(|it| it.due) {
            return;
        }
        let mut places = MAX_CONCURRENT_CHECKS.saturating_sub(self.count(Member::is_being_read));
        for id in self.members_where(|it| it.due && it.credential != PendingCredential::Asked) {
            if places == 0 {
                return;
            }
            self.read(id);
            places -= usize::from(self.member(id).is_some_and(Member::is_being_read));
        }
    }

    /// Whether fewer than [`MAX_CONCURRENT_CHECKS`] members are being read.
    pub(super) fn may_read(&self) -> bool {
        self.count(Member::is_being_read) < MAX_CONCURRENT_CHECKS
    }

    /// Reads the checks of a member, or the task that a journal names.
    pub(super) fn read(&mut self, id: MemberId) {
        let Some(member) = self.member_mut(id) else {
            return;
        };
        match (&member.flow.screen, member.credential) {
            (Screen::Review(_), _) => {
                member.due = false;
                self.drive(id, FlowEvent::Recheck);
            }
            (Screen::Connect, PendingCredential::Held) => {
                member.due = false;
                member.credential = PendingCredential::Nothing;
                let sign_in = member.sign_in;
                if member.flow.form.sign_in != sign_in {
                    self.drive(id, FlowEvent::SignInWith(sign_in));
                }
                self.drive(
                    id,
                    FlowEvent::Connect {
                        has_credential: true,
                    },
                );
            }
            (Screen::Connect, PendingCredential::Host) => {
                member.credential = PendingCredential::Asked;
                self.effects.push(FleetEffect::AskHost(id));
            }
            (Screen::Connect, PendingCredential::Asked) => {}
            _ => member.due = false,
        }
    }

    pub(super) fn leave_out(&mut self, id: MemberId) {
        let Some(member) = self.member(id) else {
            return;
        };
        let may = match member.status {
            MemberStatus::Waiting => true,
            MemberStatus::Unchecked | MemberStatus::Checking => self.fleet.run.is_none(),
            _ => false,
        };
        if may {
            self.set_status(id, MemberStatus::LeftOut(LeftOut::Person));
            self.store_journal();
        }
    }

    pub(super) fn include(&mut self, id: MemberId) {
        let in_run = self.fleet.run.is_some();
        let Some(member) = self.member(id) else {
            return;
        };
        if member.status != MemberStatus::LeftOut(LeftOut::Person) {
            return;
        }
        if !in_run {
            let status = self.readiness(member);
            self.set_status(id, status);
        } else if member.confirmed && member.sent.is_none() {
            self.set_status(id, MemberStatus::Waiting);
            self.reopen_run();
            self.store_journal();
        }
    }

    /// Opens the review when no check is in progress; or the run, if a journal restored it and no
    /// member waits for a confirmation.
    pub(super) fn review(&mut self) {
        if !self.is_in(Phase::Preflight) || !self.fleet.can_review() {
            return;
        }
        self.fleet.mismatch = false;
        if self.fleet.waiting().next().is_some() {
            self.fleet.phase = Phase::Review;
        } else {
            self.follow_run();
        }
    }

    /// The status of a member before the confirmation, derived from its flow.
    pub(super) fn readiness(&self, member: &Member) -> MemberStatus {
        let form = &member.flow.form;
        match &member.flow.screen {
            _ if member.due => MemberStatus::Unchecked,
            Screen::Connect if form.connecting => MemberStatus::Checking,
            Screen::Connect if form.problem.is_some() => MemberStatus::LeftOut(LeftOut::Unread),
            Screen::Review(review) if review.preflight.rechecking => MemberStatus::Checking,
            Screen::Review(review) => match obstacle(review, self.fleet.settings.read_only) {
                Some(obstacle) => MemberStatus::LeftOut(LeftOut::Obstacle(obstacle)),
                None => MemberStatus::Waiting,
            },
            _ => MemberStatus::Unchecked,
        }
    }
}
