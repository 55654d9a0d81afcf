//! Clears the credentials when nobody uses the console or the page is left.

use std::rc::Rc;

use super::Machine;
use crate::fleet::event::FleetEvent;
use crate::fleet::member::{Member, MemberStatus};
use crate::fleet::state::Halt;
use crate::flow::event::FlowEvent;
use crate::flow::state::{Ended, Screen};
use crate::obshell::time::Millis;

impl Machine {
    /// When the credentials are cleared because nobody uses the console.
    pub(super) fn idle_at(&self) -> Option<Millis> {
        let limit = i64::from(self.fleet.settings.timeouts.idle);
        let holds = self.fleet.members.iter().any(|it| it.holds_credential());
        (holds && !self.is_busy()).then(|| self.fleet.used_at.saturating_add(limit))
    }

    /// Runs before any other handling of an event: a computer that slept wakes up to a late timer,
    /// or to an action of a person. Members that wait in a run keep their credentials, because the
    /// run uses them.
    pub(super) fn wipe_if_idle(&mut self, event: &FleetEvent) {
        // A browser clock that was set back must not extend the idle time.
        self.fleet.used_at = self.fleet.used_at.min(self.now);
        let signs_in = matches!(
            event,
            FleetEvent::SignIn { .. } | FleetEvent::HostResponded { .. }
        );
        if self.is_busy() || signs_in {
            self.fleet.used_at = self.now;
            return;
        }
        if self.idle_at().is_some_and(|at| at <= self.now) {
            for id in self.members_where(Member::holds_credential) {
                self.drop_credential(id);
                // The flow clears the credential by its own rule, which records the reason.
                let settings = Rc::clone(&self.fleet.settings);
                if let Some(member) = self.member_mut(id) {
                    Rc::make_mut(&mut member.flow).settings = settings;
                }
                self.drive(id, FlowEvent::IdleDue);
                let settings = Rc::clone(&self.fleet.member_settings);
                if let Some(member) = self.member_mut(id) {
                    Rc::make_mut(&mut member.flow).settings = settings;
                }
            }
        }
    }

    /// A hidden page continues the members in progress: a run must not stop because its tab is in
    /// the background. Only the verification of an ending is paused.
    pub(super) fn visible(&mut self, visible: bool) {
        let looks = |member: &Member| {
            matches!(
                member.flow.screen,
                Screen::Ended(Ended {
                    uncertain_delete: Some(_),
                    ..
                })
            )
        };
        let meant = |member: &Member| {
            let status_of = member.status != MemberStatus::InProgress;
            if visible {
                !member.flow.visible
            } else {
                status_of && member.flow.visible && looks(member)
            }
        };
        for id in self.members_where(meant) {
            if !visible && let Some(member) = self.member_mut(id) {
                member.timer = None;
            }
            self.drive(id, FlowEvent::Visible(visible));
        }
    }

    /// Handles leaving the page: the credentials are cleared, except for changes in progress at an
    /// agent.
    pub(super) fn page_left(&mut self) {
        self.fleet.page_left = true;
        self.halt(Halt::PageLeft);
        // A queued DELETE is withdrawn, and its member then has nothing in progress.
        self.send();
        for id in self.members_where(|_| true) {
            self.drop_credential(id);
            self.drive(id, FlowEvent::PageLeft);
        }
    }

    pub(super) fn page_restored(&mut self) {
        self.fleet.page_left = false;
        for id in self.members_where(|_| true) {
            self.drop_credential(id);
            self.drive(id, FlowEvent::PageRestored);
        }
    }

    /// Handles unmounting: only logouts are sent from now on.
    pub(super) fn unmounted(&mut self) {
        self.halt(Halt::Person);
        self.fleet.queue.clear();
        for id in self.members_where(|_| true) {
            self.drop_credential(id);
            self.drive(id, FlowEvent::Unmounted);
        }
        self.fleet.queue.clear();
        self.fleet.unmounted = true;
    }
}
