//! The transition function of a run.

mod check;
mod choose;
mod drive;
mod idle;
mod restore;
mod run;

use std::rc::Rc;

use super::effect::FleetEffect;
use super::event::FleetEvent;
use super::member::{Member, MemberId, MemberStatus};
use super::state::{Fleet, Halt, Phase};
use crate::flow::event::FlowEvent;
use crate::obshell::time::Millis;

/// The maximum number of timers handled in one step: a page that was suspended resumes with many
/// expired timers, and no task of the browser should take long.
const MAX_TIMERS_PER_STEP: usize = 40;

/// Returns the next fleet and the effects to perform, in order. Total: an event that does not fit
/// the state changes nothing. `now` is milliseconds since 1970 by the browser's clock.
#[must_use]
pub fn step(fleet: Fleet, now: Millis, event: FleetEvent) -> (Fleet, Vec<FleetEffect>) {
    let mut machine = Machine {
        fleet,
        now,
        effects: Vec::new(),
    };
    machine.handle(event);
    (machine.fleet, machine.effects)
}

struct Machine {
    fleet: Fleet,
    now: Millis,
    effects: Vec<FleetEffect>,
}

impl Machine {
    fn handle(&mut self, event: FleetEvent) {
        if self.fleet.unmounted {
            return;
        }
        self.follow_clock();
        self.wipe_if_idle(&event);
        self.handle_now(event);
        if self.fleet.unmounted {
            return;
        }
        self.advance();
        self.set_wait();
    }

    fn handle_now(&mut self, event: FleetEvent) {
        match event {
            FleetEvent::Pick(picked) => self.pick(picked),
            FleetEvent::Type(text) => self.type_text(text),
            FleetEvent::Choose => self.choose(),
            FleetEvent::Back => self.back(),
            FleetEvent::SignIn {
                selection,
                sign_in,
                has_credential,
            } => self.sign_in(selection, sign_in, has_credential),
            FleetEvent::HostResponded {
                member,
                has_credential,
            } => self.host_responded(member, has_credential),
            FleetEvent::Check => self.check(),
            FleetEvent::Recheck(selection) => self.recheck(selection),
            FleetEvent::LeaveOut(id) => self.leave_out(id),
            FleetEvent::Include(id) => self.include(id),
            FleetEvent::Review => self.review(),
            FleetEvent::Settings(settings) => {
                self.fleet.run_settings = settings.within_limits();
            }
            FleetEvent::Confirm { typed } => self.confirm(&typed),
            FleetEvent::Pause => self.halt(Halt::Person),
            FleetEvent::Resume => self.resume(),
            FleetEvent::Retry { member, typed } => self.retry(member, typed.as_deref()),
            FleetEvent::StopWaiting(id) => self.stop_waiting(id),
            FleetEvent::EndRun => self.end_run(),
            FleetEvent::StartOver => self.start_over(),
            FleetEvent::Member(id, event) => self.member_event(id, event),
            FleetEvent::Shown(shown) => {
                if *self.fleet.shown != *shown {
                    self.fleet.shown = shown.into();
                }
            }
            FleetEvent::Due => self.due(),
            FleetEvent::Active => self.fleet.used_at = self.now,
            FleetEvent::Visible(visible) => self.visible(visible),
            FleetEvent::PageLeft => self.page_left(),
            FleetEvent::PageRestored => self.page_restored(),
            FleetEvent::Unmounted => self.unmounted(),
            FleetEvent::Restored(journal) => self.restored(&journal),
        }
    }

    /// Performs the transitions that need no event.
    fn advance(&mut self) {
        self.read_due();
        self.begin_turns();
        self.end_if_over();
        self.send();
    }

    // Members.

    fn member(&self, id: MemberId) -> Option<&Member> {
        self.fleet.member(id).map(|member| &**member)
    }

    fn member_mut(&mut self, id: MemberId) -> Option<&mut Member> {
        let index = self.fleet.index(id)?;
        self.fleet.members.get_mut(index).map(Rc::make_mut)
    }

    /// The members for which `which` holds.
    fn members_where(&self, which: impl Fn(&Member) -> bool) -> Vec<MemberId> {
        let members = self.fleet.members.iter();
        let members_where = members.filter(|member| which(member));
        members_where.map(|member| member.id).collect()
    }

    fn status_of(&self, id: MemberId) -> Option<MemberStatus> {
        self.member(id).map(|member| member.status)
    }

    fn set_status(&mut self, id: MemberId, status: MemberStatus) {
        if self.status_of(id) != Some(status)
            && let Some(member) = self.member_mut(id)
        {
            member.status = status;
        }
    }

    fn count(&self, which: impl Fn(&Member) -> bool) -> usize {
        let members = self.fleet.members.iter();
        members.filter(|member| which(member)).count()
    }

    fn in_progress(&self) -> usize {
        self.count(|member| member.status == MemberStatus::InProgress)
    }

    /// Whether members are read, in progress, or about to start. The idle time does not run while
    /// they are.
    fn is_busy(&self) -> bool {
        let works = |member: &Member| match member.status {
            _ if member.due => true,
            // A member restored from a journal waits for the person.
            MemberStatus::InProgress if member.unread => {
                member.is_being_read() || member.review().is_some()
            }
            status => matches!(status, MemberStatus::Checking | MemberStatus::InProgress),
        };
        self.fleet.is_running() || self.count(works) > 0
    }

    // Timers.

    /// Moves the timers back if the browser's clock was set back, so that they fire after the same
    /// time.
    fn follow_clock(&mut self) {
        let back = self.fleet.last.saturating_sub(self.now);
        self.fleet.last = self.now;
        if back <= 0 {
            return;
        }
        let waits = |it: &Member| it.timer.is_some() || it.reread_at.is_some() || it.unread;
        for id in self.members_where(waits) {
            let Some(member) = self.member_mut(id) else {
                continue;
            };
            let earlier = |at: &mut Millis| *at = at.saturating_sub(back);
            member.timer.iter_mut().for_each(|(_, at)| earlier(at));
            member.reread_at.iter_mut().for_each(earlier);
            if member.unread {
                member.began.iter_mut().for_each(earlier);
            }
        }
    }

    fn due(&mut self) {
        self.fleet.wake = None;
        let now = self.now;
        let is_over = |at: Option<Millis>| at.is_some_and(|at| at <= now);
        let over = self.members_where(|it| {
            is_over(it.reread_at) || is_over(it.timer.as_ref().map(|(_, at)| *at))
        });
        for id in over.into_iter().take(MAX_TIMERS_PER_STEP) {
            let Some(member) = self.member_mut(id) else {
                continue;
            };
            let timer = member.timer.take_if(|(_, at)| *at <= now);
            if member.reread_at.take_if(|at| *at <= now).is_some() {
                member.due = true;
            }
            if let Some((timer, _)) = timer {
                self.drive(id, FlowEvent::Due(timer));
            }
        }
    }

    /// Sets one timer for the earliest scheduled event.
    fn set_wait(&mut self) {
        let members = self.fleet.members.iter();
        let times = members
            .flat_map(|it| [it.timer.as_ref().map(|(_, at)| *at), it.reread_at])
            .flatten();
        let mut wake = times.min();
        let mut at_least = |at: Option<Millis>| {
            wake = match (wake, at) {
                (Some(wake), Some(at)) => Some(wake.min(at)),
                (wake, at) => wake.or(at),
            };
        };
        at_least(self.next_batch_at());
        at_least(self.idle_at());
        at_least(self.fleet.queue.stale_at());
        if self.fleet.queue.is_waiting() && self.fleet.queue.has_room() {
            at_least(self.fleet.queue.next_slot_at(self.now));
        }
        if wake != self.fleet.wake {
            self.fleet.wake = wake;
            if let Some(at) = wake {
                let rest = at.saturating_sub(self.now).max(1);
                // A longer wait is split.
                let millis = u32::try_from(rest).unwrap_or(u32::MAX).min(MAX_WAIT);
                self.effects.push(FleetEffect::Wait { millis });
            }
        }
    }

    fn store_journal(&mut self) {
        if self.fleet.run.is_some() && !self.effects.ends_with(&[FleetEffect::StoreJournal]) {
            self.effects.push(FleetEffect::StoreJournal);
        }
    }

    fn is_in(&self, phase: Phase) -> bool {
        self.fleet.phase == phase
    }
}

/// The longest timeout of a browser's timer, in milliseconds.
const MAX_WAIT: u32 = i32::MAX as u32;
