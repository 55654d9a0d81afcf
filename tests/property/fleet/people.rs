//! Random acts of people, agents and browsers.

use odp_console::fleet::event::{FleetEvent, MemberSelection};
use odp_console::fleet::journal::Journal;
use odp_console::fleet::member::{MemberId, MemberStatus};
use odp_console::fleet::state::{Fleet, Phase, RunSettings};
use odp_console::flow::event::FlowEvent;
use odp_console::flow::operation::Operation;
use odp_console::flow::state::Screen;

use super::seen::Seen;
use super::world::{Checked, World, ensure};
use crate::agent::Kind;
use crate::random::Random;

impl World {
    /// Chooses the settings of the run, and agents with defects.
    pub fn set_up(&mut self, random: &mut Random, seen: &mut Seen) -> Checked {
        let settings = RunSettings {
            batch: random.pick(&[1, 1, 2, 3, 10]),
            pause: random.pick(&[0, 0, 5, 70]),
            stop_on_bad_end: !random.once_in(3),
        };
        if settings.pause > 0 {
            seen.meet("a pause between batches");
        }
        self.tell(FleetEvent::Settings(settings), seen)?;
        if random.once_in(3) {
            let at = random.below(self.hosts.len());
            let agent = &mut self.hosts[at].agent;
            match random.below(3) {
                0 => agent.managed = false,
                1 => agent.password += 1,
                _ => {
                    agent.start(Kind::Stop, None, self.now);
                }
            }
        }
        Ok(())
    }

    /// Performs a random event.
    pub fn happen(&mut self, random: &mut Random, seen: &mut Seen) -> Result<&'static str, String> {
        self.pass(random.pick(&[0, 0, 5, 20, 200, 1_500]));
        if self.unmounted {
            return Ok("nothing any more");
        }
        if !self.asked.is_empty() && random.once_in(2) {
            self.host_gives(!random.once_in(8), seen)?;
            return Ok("the host was asked");
        }
        if random.once_in(30) {
            return self.once_in_a_while(random, seen);
        }
        // Mostly, a person takes the next step.
        if random.once_in(4)
            && let Some(what) = self.go_the_way(seen)?
        {
            return Ok(what);
        }
        if random.once_in(10) {
            return self.act(random, seen);
        }
        let any = self.flights.len();
        match random.below(100) {
            0..60 if any > 0 => {
                let index = random.below(any);
                self.deliver(index);
                let waits = self.flights[index].taken.is_some()
                    && self.flights[index].reply.is_none()
                    && !self.flights[index].unsent;
                if waits && !random.once_in(3) {
                    self.deliver(index);
                } else if waits {
                    return Ok("a DELETE was taken");
                }
                let odds = if self.flights[index].is_delete() {
                    4
                } else {
                    40
                };
                let harm = random.once_in(odds).then(|| random.below(6));
                self.answer(index, harm, seen)?;
                Ok("an answer")
            }
            60..63 if any > 0 => {
                let index = random.below(any);
                if !self.flights[index].is_delete() && !random.once_in(4) {
                    return Ok("nothing");
                }
                self.answer(index, Some(3 + 2 * random.below(2)), seen)?;
                Ok("a lost call")
            }
            0..85 if self.timer.is_some() && (any == 0 || random.once_in(4)) => {
                self.fire(seen)?;
                Ok("a wait is over")
            }
            85..98 => {
                let at = random.below(self.hosts.len());
                let now = self.now;
                let agent = &mut self.hosts[at].agent;
                for index in 0..agent.tasks.len() {
                    agent.tick(index, random.once_in(12), now);
                }
                Ok("a tick")
            }
            98.. if !self.late.is_empty() => {
                let index = random.below(self.late.len());
                self.arrive(index);
                Ok("a late copy arrives")
            }
            _ => Ok("nothing"),
        }
    }

    /// Takes the next step of a person who wants to reach the end.
    fn go_the_way(&mut self, seen: &mut Seen) -> Result<Option<&'static str>, String> {
        if !self
            .fleet
            .needing_credential(MemberSelection::All)
            .is_empty()
        {
            self.give_passwords(seen)?;
            return Ok(Some("passwords"));
        }
        match self.fleet.phase {
            Phase::SignIn => {
                self.tell(FleetEvent::Check, seen)?;
                Ok(Some("check"))
            }
            Phase::Preflight if self.fleet.can_review() => {
                self.tell(FleetEvent::Review, seen)?;
                Ok(Some("review"))
            }
            Phase::Review => {
                self.confirm(seen)?;
                Ok(Some("confirm"))
            }
            _ => Ok(None),
        }
    }

    fn anyone(&self, random: &mut Random) -> MemberId {
        self.fleet.members[random.below(self.fleet.members.len())].id
    }

    fn act(&mut self, random: &mut Random, seen: &mut Seen) -> Result<&'static str, String> {
        let id = self.anyone(random);
        let (what, event) = match random.below(15) {
            0 => {
                if self.fleet.phase == Phase::Run {
                    self.halted = true;
                    if self.has_delete_in_line() {
                        seen.meet("paused with a DELETE in line");
                    }
                }
                ("pause", FleetEvent::Pause)
            }
            1..4 => ("resume", FleetEvent::Resume),
            4 | 5 => {
                let can: Vec<_> = self
                    .fleet
                    .members
                    .iter()
                    .filter(|it| it.retry().is_some())
                    .map(|it| it.id)
                    .collect();
                let id = if can.is_empty() {
                    id
                } else {
                    random.pick(&can)
                };
                self.retry(id, seen)?;
                return Ok("retry");
            }
            6 => ("leave out", FleetEvent::LeaveOut(id)),
            7 => ("include", FleetEvent::Include(id)),
            8 => ("let go", FleetEvent::StopWaiting(id)),
            9 if random.once_in(4) => {
                if self.fleet.phase == Phase::Run {
                    self.halted = true;
                }
                ("end the run", FleetEvent::EndRun)
            }
            10 => {
                let unreached = self
                    .fleet
                    .members
                    .iter()
                    .filter(|it| matches!(it.flow.screen, Screen::Connect) && it.can_recheck());
                let unreached: Vec<_> = unreached.map(|it| it.id).collect();
                let selection = random.pick(&[MemberSelection::All, MemberSelection::Member(id)]);
                self.tell(FleetEvent::Recheck(selection), seen)?;
                let is_due = |id: &MemberId| self.fleet.member(*id).unwrap().is_read_soon();
                if unreached.iter().any(is_due) {
                    seen.meet("checked again after no answer");
                }
                return Ok("recheck");
            }
            11 => {
                let operation = random.pick(&Operation::ALL);
                self.tell(FleetEvent::Member(id, FlowEvent::Operate(operation)), seen)?;
                let confirms = FleetEvent::Member(id, FlowEvent::ConfirmOperation);
                ("operate", confirms)
            }
            12 => {
                // Events of the single flow that a fleet never accepts.
                let event = match random.below(6) {
                    0 => FlowEvent::StartOver,
                    1 => FlowEvent::Back,
                    2 => FlowEvent::Confirm {
                        typed: self.fleet.member(id).unwrap().chosen.address.to_string(),
                    },
                    3 => FlowEvent::Recheck,
                    4 => FlowEvent::FollowHolder,
                    _ => FlowEvent::ContinueAnyway,
                };
                ("an event of the single flow", FleetEvent::Member(id, event))
            }
            13 => {
                let typed = format!("destroy {}", self.fleet.counts().waiting + 1);
                let before = self.fleet.phase;
                self.tell(FleetEvent::Confirm { typed }, seen)?;
                ensure!(
                    before != Phase::Review || self.fleet.phase != Phase::Run,
                    "confirmed with another number"
                );
                return Ok("another number");
            }
            _ => ("on the screen", FleetEvent::Shown(vec![id])),
        };
        self.tell(event, seen)?;
        Ok(what)
    }

    fn has_delete_in_line(&self) -> bool {
        self.fleet.members.iter().any(|it| {
            matches!(&it.flow.screen, Screen::Submitting(_))
                && !self.flights.iter().any(|flight| flight.member == it.id)
        })
    }

    fn once_in_a_while(
        &mut self,
        random: &mut Random,
        seen: &mut Seen,
    ) -> Result<&'static str, String> {
        let at = random.below(self.hosts.len());
        let now = self.now;
        match random.below(16) {
            14 => {
                // Also to exactly the previous time.
                let back = self.ahead;
                let by = random.pick(&[7_013_000, 86_400_000, 46_000, -46_000, -7_013_000, -back]);
                seen.meet(match by {
                    ..0 => "the browser's clock was set back",
                    1.. => "the browser's clock was set forward",
                    0 => "the browser's clock stayed",
                });
                self.jump(by);
                Ok("the browser's clock jumps")
            }
            15 => {
                let by = random.pick(&[-3_600_000, -60_000, -20_000, 20_000, 3_600_000]);
                self.hosts[at].agent.ahead += by;
                Ok("an agent's clock jumps")
            }
            0 => {
                let before = self.waiting_with_credential();
                let is_there = |fleet: &Fleet, id: &MemberId| {
                    fleet.member(*id).is_some_and(|it| it.holds_credential())
                };
                let was_running = self.fleet.is_running();
                self.pass(950_000);
                self.tell(FleetEvent::Due, seen)?;
                if was_running && !before.is_empty() {
                    ensure!(
                        before.iter().all(|id| is_there(&self.fleet, id)),
                        "a member that waits in a run lost its credential"
                    );
                    seen.meet("waited for long with a credential");
                } else if self.fleet.members.iter().all(|it| !it.holds_credential()) {
                    seen.meet("idle");
                    ensure!(
                        self.hosts.iter().all(|it| it.vault.is_none()),
                        "idle, and a credential is there"
                    );
                }
                Ok("a quarter of an hour")
            }
            1 => {
                if self.fleet.phase == Phase::Run {
                    self.halted = true;
                }
                self.tell(FleetEvent::PageLeft, seen)?;
                self.tell(FleetEvent::PageRestored, seen)?;
                ensure!(
                    self.hosts.iter().all(|it| it.vault.is_none()),
                    "the page was left, and a credential is there"
                );
                Ok("left and came back")
            }
            2..5 => self.reload(random, seen),
            5 if random.once_in(3) => {
                if self.has_delete_in_line() {
                    seen.meet("unmounted with a DELETE in line");
                }
                self.tell(FleetEvent::Unmounted, seen)?;
                self.unmounted = true;
                ensure!(
                    self.hosts.iter().all(|it| it.vault.is_none()),
                    "unmounted, and a credential is there"
                );
                // Later responses have no effect.
                for flight in std::mem::take(&mut self.flights) {
                    self.late.push(flight);
                }
                for event in [FleetEvent::Due, FleetEvent::Resume, FleetEvent::Active] {
                    self.tell(event, seen)?;
                }
                Ok("unmounted")
            }
            6 => {
                self.hosts[at].agent.change_password();
                Ok("another password")
            }
            7 => {
                self.hosts[at].agent.restart();
                Ok("restarted")
            }
            8 => {
                self.hosts[at].agent.start(
                    random.pick(&[Kind::Stop, Kind::Add, Kind::Delete]),
                    None,
                    now,
                );
                Ok("somebody's task")
            }
            9 if !self.hosts[at].agent.reinstalled => {
                self.hosts[at].agent.key = 1 - self.hosts[at].agent.key;
                Ok("another key")
            }
            10 if random.once_in(4) && !self.hosts[at].agent.reinstalled => {
                self.hosts[at].agent.reinstall();
                Ok("reinstalled")
            }
            11 => {
                let visible = random.once_in(2);
                self.tell(FleetEvent::Visible(visible), seen)?;
                Ok("hidden or shown")
            }
            12 => {
                self.set_up(random, seen)?;
                Ok("other settings")
            }
            _ => {
                self.pass(61_000);
                Ok("a minute")
            }
        }
    }

    fn waiting_with_credential(&self) -> Vec<MemberId> {
        let waits = |it: &&std::rc::Rc<odp_console::fleet::member::Member>| {
            it.status == MemberStatus::Waiting && it.holds_credential()
        };
        let waiting = self.fleet.members.iter().filter(waits);
        waiting.map(|it| it.id).collect()
    }

    /// Reloads the page: the tab's journal and the requests in transit remain.
    fn reload(&mut self, random: &mut Random, seen: &mut Seen) -> Result<&'static str, String> {
        let Some(journal) = &self.journal else {
            return Ok("nothing to reload");
        };
        let journal: Journal = serde_json::from_str(journal).map_err(|it| it.to_string())?;
        if journal.members.iter().any(|it| it.sent.is_some()) {
            seen.meet("reloaded with a DELETE out");
        }
        for flight in std::mem::take(&mut self.flights) {
            if flight.call.request.method() != odp_console::obshell::request::Method::Get
                && !flight.unsent
                && flight.reply.is_none()
            {
                self.late.push(flight);
            }
        }
        self.hosts.iter_mut().for_each(|it| it.vault = None);
        self.timer = None;
        self.asked.clear();
        // Another page starts its own count.
        self.left.clear();
        self.fleet = Fleet::new(std::rc::Rc::clone(&self.fleet.settings));
        // Earlier confirmations are void.
        self.halted = true;
        if random.once_in(3) {
            self.pass(120_000);
        }
        let before = self.flights.len();
        self.tell(FleetEvent::Restored(Box::new(journal)), seen)?;
        ensure!(self.flights.len() == before, "a reload sends something");
        ensure!(self.fleet.phase == Phase::SignIn, "the table is not there");
        Ok("reloaded")
    }
}
