//! What happens to the credentials when nobody uses the console, or the page goes away.

use std::rc::Rc;

use super::Machine;
use crate::fleet::event::FleetEvent;
use crate::fleet::member::{Member, Standing};
use crate::fleet::state::Halt;
use crate::flow::event::Event;
use crate::flow::state::{Ended, Screen};
use crate::obshell::time::Millis;

impl Machine {
    /// When the credentials are forgotten because nobody uses the console.
    pub(super) fn idle_at(&self) -> Option<Millis> {
        let limit = i64::from(self.fleet.settings.timeouts.idle);
        let holds = self.fleet.members.iter().any(|it| it.holds_credential());
        (holds && !self.is_busy()).then(|| self.fleet.used_at.saturating_add(limit))
    }

    /// Before anything else is done: a computer that slept wakes up to a timer that is late, or to a
    /// person who goes on. Members that wait for their turn in a run keep their credentials: the run
    /// uses them.
    pub(super) fn forget_if_idle(&mut self, event: &FleetEvent) {
        // A clock that was set back must not make the time longer.
        self.fleet.used_at = self.fleet.used_at.min(self.now);
        let signs_in = matches!(
            event,
            FleetEvent::SignIn { .. } | FleetEvent::HostGave { .. }
        );
        if self.is_busy() || signs_in {
            self.fleet.used_at = self.now;
            return;
        }
        if self.idle_at().is_some_and(|at| at <= self.now) {
            for id in self.those(Member::holds_credential) {
                self.drop_credential(id);
                // The flow forgets by its own rule, which tells the reason.
                let settings = Rc::clone(&self.fleet.settings);
                if let Some(member) = self.member_mut(id) {
                    Rc::make_mut(&mut member.flow).settings = settings;
                }
                self.drive(id, Event::IdleDue);
                let settings = Rc::clone(&self.fleet.member_settings);
                if let Some(member) = self.member_mut(id) {
                    Rc::make_mut(&mut member.flow).settings = settings;
                }
            }
        }
    }

    /// A hidden page goes on with what is under way: nobody expects a run to stand still behind
    /// another tab. What only looks whether an ending still holds is paused.
    pub(super) fn visible(&mut self, visible: bool) {
        let looks = |member: &Member| {
            matches!(
                member.flow.screen,
                Screen::Ended(Ended {
                    looking: Some(_),
                    ..
                })
            )
        };
        let meant = |member: &Member| {
            let stands = member.standing != Standing::UnderWay;
            if visible {
                !member.flow.visible
            } else {
                stands && member.flow.visible && looks(member)
            }
        };
        for id in self.those(meant) {
            if !visible && let Some(member) = self.member_mut(id) {
                member.timer = None;
            }
            self.drive(id, Event::Visible(visible));
        }
    }

    /// The page is left: the credentials are cleared, but for what is being changed at an agent.
    pub(super) fn left(&mut self) {
        self.fleet.left = true;
        self.halt(Halt::PageLeft);
        // A DELETE in line does not leave any more, and its member has nothing under way.
        self.send();
        for id in self.those(|_| true) {
            self.drop_credential(id);
            self.drive(id, Event::Left);
        }
    }

    pub(super) fn came_back(&mut self) {
        self.fleet.left = false;
        for id in self.those(|_| true) {
            self.drop_credential(id);
            self.drive(id, Event::CameBack);
        }
    }

    /// The console is taken down: nothing leaves any more but the end of sessions.
    pub(super) fn unmounted(&mut self) {
        self.halt(Halt::Person);
        self.fleet.queue.clear();
        for id in self.those(|_| true) {
            self.drop_credential(id);
            self.drive(id, Event::Unmounted);
        }
        self.fleet.queue.clear();
        self.fleet.unmounted = true;
    }
}
