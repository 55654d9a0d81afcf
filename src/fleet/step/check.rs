//! Checks the members, a few at a time, and decides which of them take part.

use super::Machine;
use crate::fleet::effect::FleetEffect;
use crate::fleet::event::Whom;
use crate::fleet::member::{LeftOut, Member, MemberId, PendingCredential, Standing};
use crate::fleet::state::{MOST_CHECKED, Phase};
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
        for id in self.those(|it| it.credential != PendingCredential::Nothing) {
            if let Some(member) = self.member_mut(id) {
                member.due = true;
            }
        }
    }

    pub(super) fn recheck(&mut self, whom: Whom) {
        let in_run = match self.fleet.phase {
            Phase::Preflight | Phase::Review => false,
            // Only for a member whose outcome is open since a reload.
            Phase::Run => true,
            _ => return,
        };
        let fits = |member: &Member| {
            let unreached = member.unread && member.is_unreached();
            let meant = match whom {
                Whom::All => {
                    (!member.unread || unreached)
                        && member.standing != Standing::LeftOut(LeftOut::Person)
                }
                Whom::Member(id) => member.id == id,
            };
            meant && member.can_recheck() && (unreached || !in_run)
        };
        for id in self.those(fits) {
            if let Some(member) = self.member_mut(id) {
                member.due = true;
                if !member.unread {
                    member.standing = Standing::Unchecked;
                }
                if !in_run {
                    self.fleet.phase = Phase::Preflight;
                }
            }
        }
    }

    /// Reads the members that are due, up to [`MOST_CHECKED`] at the same time.
    pub(super) fn read_due(&mut self) {
        if self.fleet.left || !self.fleet.members.iter().any(|it| it.due) {
            return;
        }
        let mut places = MOST_CHECKED.saturating_sub(self.count(Member::is_being_read));
        for id in self.those(|it| it.due && it.credential != PendingCredential::Asked) {
            if places == 0 {
                return;
            }
            self.read(id);
            places -= usize::from(self.member(id).is_some_and(Member::is_being_read));
        }
    }

    /// Whether fewer than [`MOST_CHECKED`] members are being read.
    pub(super) fn may_read(&self) -> bool {
        self.count(Member::is_being_read) < MOST_CHECKED
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
        let may = match member.standing {
            Standing::Waiting => true,
            Standing::Unchecked | Standing::Checking => self.fleet.run.is_none(),
            _ => false,
        };
        if may {
            self.set_standing(id, Standing::LeftOut(LeftOut::Person));
            self.keep();
        }
    }

    pub(super) fn include(&mut self, id: MemberId) {
        let in_run = self.fleet.run.is_some();
        let Some(member) = self.member(id) else {
            return;
        };
        if member.standing != Standing::LeftOut(LeftOut::Person) {
            return;
        }
        if !in_run {
            let standing = self.readiness(member);
            self.set_standing(id, standing);
        } else if member.confirmed && member.sent.is_none() {
            self.set_standing(id, Standing::Waiting);
            self.again_in_run();
            self.keep();
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
    pub(super) fn readiness(&self, member: &Member) -> Standing {
        let form = &member.flow.form;
        match &member.flow.screen {
            _ if member.due => Standing::Unchecked,
            Screen::Connect if form.connecting => Standing::Checking,
            Screen::Connect if form.problem.is_some() => Standing::LeftOut(LeftOut::Unread),
            Screen::Review(review) if review.preflight.rechecking => Standing::Checking,
            Screen::Review(review) => match obstacle(review, self.fleet.settings.read_only) {
                Some(obstacle) => Standing::LeftOut(LeftOut::Obstacle(obstacle)),
                None => Standing::Waiting,
            },
            _ => Standing::Unchecked,
        }
    }
}
