//! The phases from the choice of agents to their credentials.

use std::rc::Rc;

use super::Machine;
use crate::fleet::effect::FleetEffect;
use crate::fleet::event::MemberSelection;
use crate::fleet::member::{
    ChosenAgent, LeftOut, Member, MemberId, MemberStatus, PendingCredential,
};
use crate::fleet::parse;
use crate::fleet::state::Phase;
use crate::flow::event::FlowEvent;
use crate::flow::state::{Screen, SignIn};

impl Machine {
    pub(super) fn pick(&mut self, picked: Vec<ChosenAgent>) {
        if self.is_in(Phase::Choose) {
            self.fleet.choice.picked = picked;
        }
    }

    pub(super) fn type_text(&mut self, text: String) {
        if self.is_in(Phase::Choose) {
            self.fleet.choice.text = text;
        }
    }

    pub(super) fn choose(&mut self) {
        if !self.is_in(Phase::Choose) {
            return;
        }
        let parsed = parse::parse_choice(&self.fleet.choice, &self.fleet.settings);
        if parsed.has_unusable() || parsed.chosen.is_empty() {
            return;
        }
        self.replace_members(parsed.chosen);
        self.fleet.phase = Phase::SignIn;
    }

    /// Replaces the members. The credentials of the previous members are cleared.
    pub(super) fn replace_members(&mut self, chosen: Vec<ChosenAgent>) {
        for id in self.members_where(|_| true) {
            self.drop_credential(id);
            self.drive(id, FlowEvent::Unmounted);
            self.fleet.queue.remove(id);
            self.effects.push(FleetEffect::Member(
                id,
                crate::flow::effect::Effect::AbandonReads,
            ));
        }
        let before = u32::try_from(self.fleet.members.len()).unwrap_or(u32::MAX);
        self.fleet.first = self.fleet.first.saturating_add(before);
        let first = self.fleet.first;
        self.fleet.members = (first..)
            .zip(chosen)
            .map(|(id, chosen)| {
                let settings = Rc::clone(&self.fleet.member_settings);
                Rc::new(Member::new(MemberId(id), chosen, settings))
            })
            .collect();
    }

    pub(super) fn back(&mut self) {
        self.fleet.mismatch = false;
        match self.fleet.phase {
            Phase::Review => self.fleet.phase = Phase::Preflight,
            // Members restored from a journal are not discarded by a step back.
            Phase::Preflight if !self.fleet.restored => {
                let members = self.fleet.members.iter();
                let chosen = members.map(|member| (*member.chosen).clone()).collect();
                self.replace_members(chosen);
                self.fleet.phase = Phase::SignIn;
            }
            Phase::SignIn if !self.fleet.restored => {
                self.replace_members(Vec::new());
                self.fleet.phase = Phase::Choose;
            }
            _ => {}
        }
    }

    /// Starts again with the same choice.
    pub(super) fn start_over(&mut self) {
        let may = self.is_in(Phase::End)
            || self.fleet.restored && !matches!(self.fleet.phase, Phase::Run | Phase::Choose);
        if may {
            self.replace_members(Vec::new());
            self.fleet.phase = Phase::Choose;
            self.fleet.run = None;
            self.fleet.restored = false;
            self.fleet.mismatch = false;
            self.effects.push(FleetEffect::DiscardJournal);
        }
    }

    pub(super) fn sign_in(
        &mut self,
        selection: MemberSelection,
        sign_in: SignIn,
        has_credential: bool,
    ) {
        if self.is_in(Phase::Choose) {
            return;
        }
        self.fleet.used_at = self.now;
        let given = match sign_in {
            SignIn::Host => PendingCredential::Host,
            _ if has_credential => PendingCredential::Held,
            _ => return,
        };
        for id in self.fleet.needing_credential(selection) {
            let before_checks = self.is_in(Phase::SignIn);
            if let Some(member) = self.member_mut(id) {
                member.sign_in = sign_in;
                member.credential = given;
            }
            if !before_checks {
                self.use_credential(id);
            }
        }
    }

    /// Uses a new credential for the purpose for which the member needs it.
    pub(super) fn use_credential(&mut self, id: MemberId) {
        let Some(member) = self.member_mut(id) else {
            return;
        };
        if matches!(member.flow.screen, Screen::Connect) {
            member.due = true;
            if matches!(member.status, MemberStatus::LeftOut(why) if why != LeftOut::Person)
                && !member.confirmed
            {
                member.status = MemberStatus::Unchecked;
            }
            return;
        }
        match member.credential {
            PendingCredential::Held => {
                member.credential = PendingCredential::Nothing;
                if member.status == MemberStatus::Abandoned {
                    member.status = MemberStatus::InProgress;
                    member.ended = None;
                }
                self.reopen_run();
                self.drive(
                    id,
                    FlowEvent::Authenticate {
                        has_credential: true,
                    },
                );
            }
            PendingCredential::Host => {
                member.credential = PendingCredential::Asked;
                self.effects.push(FleetEffect::AskHost(id));
            }
            PendingCredential::Asked | PendingCredential::Nothing => {}
        }
    }

    pub(super) fn host_responded(&mut self, id: MemberId, has_credential: bool) {
        let Some(member) = self.member_mut(id) else {
            return;
        };
        if member.credential != PendingCredential::Asked {
            return;
        }
        if has_credential {
            member.credential = PendingCredential::Held;
            self.use_credential(id);
        } else {
            member.credential = PendingCredential::Nothing;
            self.drive(
                id,
                FlowEvent::Connect {
                    has_credential: false,
                },
            );
        }
    }

    /// Wipes a credential that has not been reported to the flow.
    pub(super) fn drop_credential(&mut self, id: MemberId) {
        if let Some(member) = self.member_mut(id)
            && member.credential != PendingCredential::Nothing
        {
            member.credential = PendingCredential::Nothing;
            member.due = false;
            self.effects.push(FleetEffect::Member(
                id,
                crate::flow::effect::Effect::WipeCredential,
            ));
        }
    }
}
