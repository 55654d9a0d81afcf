//! The acts of people, and random events.

use odp_console::obshell::error::Unusable;

use super::*;
use crate::random::Random;

impl Sequence {
    pub(super) fn confirm(&mut self, seen: &mut Seen) -> Checked {
        let typed = ADDRESS.to_owned();
        let confirm = FlowEvent::Confirm { typed };
        let Screen::Review(review) = self.state.screen.clone() else {
            return self.tell(confirm, seen);
        };
        let listed = std::mem::replace(&mut self.listed, false);
        self.confirmations.push(Confirmation::default());
        self.tell(confirm, seen)?;
        let preflight = &review.preflight;
        let holder = preflight.holder.as_deref();
        let takes_lock = holder.is_some_and(|dag| dag.takes_lock() == Some(true));
        let nothing = preflight.facts.info.manages_odp == Some(false) && !review.continues_anyway;
        let stopped = preflight.rechecking || takes_lock || nothing;
        match &self.state.screen {
            Screen::Submitting(_) => {
                ensure!(!stopped, "confirmed, and it was not offered: {review:?}");
                if review.continues_anyway {
                    seen.meet("confirmed although nothing is managed");
                }
            }
            // Nothing was confirmed.
            Screen::Review(_) => {
                ensure!(stopped, "offered, and not confirmed: {review:?}");
                self.confirmations.pop();
                self.listed = listed;
                if nothing {
                    seen.meet("not offered: nothing is managed");
                }
                if takes_lock {
                    seen.meet("not offered: a task takes the lock");
                }
            }
            // The console was idle for too long.
            _ => {
                self.confirmations.pop();
                self.listed = listed;
            }
        }
        Ok(())
    }

    /// Signs in if there is a field for a password.
    pub(super) fn authenticate(&mut self, seen: &mut Seen) -> Checked {
        let asked = match (&self.state.screen, contact(&self.state)) {
            (Screen::Connect, _) => {
                !self.state.form.connecting && self.state.form.signed_in.is_none()
            }
            (_, Some(contact)) => is_unauthenticated(contact),
            _ => false,
        };
        if !asked {
            return Ok(());
        }
        self.vault = Some(match self.state.form.sign_in {
            SignIn::AgentPassword | SignIn::Host => Held::Password(self.agent.password),
            SignIn::RootPassword | SignIn::NoRootPassword => Held::Root,
        });
        let has_credential = true;
        match &self.state.screen {
            Screen::Connect => self.tell(FlowEvent::Connect { has_credential }, seen),
            _ => self.tell(FlowEvent::Authenticate { has_credential }, seen),
        }
    }

    pub(super) fn act(
        &mut self,
        random: &mut Random,
        seen: &mut Seen,
    ) -> Result<&'static str, String> {
        if watched(&self.state).is_some() && !random.once_in(3) {
            return self.operate(random, seen);
        }
        let is_cluster = self.state.facts().is_some_and(|it| it.info.has_sessions());
        let (what, event) = match random.below(if is_cluster { 22 } else { 20 }) {
            0 => {
                self.confirm(seen)?;
                return Ok("confirm");
            }
            1 => {
                self.authenticate(seen)?;
                return Ok("password");
            }
            2 => ("address", FlowEvent::AddressEdited(ADDRESS.to_owned())),
            3 => ("address chosen", FlowEvent::AddressChosen),
            4 | 5 => ("recheck", FlowEvent::Recheck),
            6 | 7 => ("continue anyway", FlowEvent::ContinueAnyway),
            8 => ("back", FlowEvent::Back),
            9 => ("follow", FlowEvent::FollowHolder),
            10 => ("start over", FlowEvent::StartOver),
            12 | 13 => {
                // A current or past task of the agent, or one that never existed.
                let number = random.below(self.agent.past.len() + 1);
                let task = DagId::parse(&format!("4213070643302886{number}"));
                let address = random.once_in(2).then(|| ADDRESS.to_owned());
                let task = task.ok().filter(|_| !random.once_in(4));
                ("link", FlowEvent::Open { address, task })
            }
            14 => ("open nothing", FlowEvent::CancelOpen),
            15 => ("list", FlowEvent::ListTasks),
            16 => {
                let id = match &self.state.screen {
                    Screen::Review(review) => match &review.preflight.tasks {
                        Tasks::Listed(listed) => listed.first().map(|task| task.id.clone()),
                        _ => None,
                    },
                    _ => None,
                };
                let Some(id) = id else {
                    return Ok("nothing listed");
                };
                ("open from the list", FlowEvent::OpenTask(id))
            }
            17 => ("connect again", FlowEvent::ConnectAgain),
            18 => ("sign out", FlowEvent::SignOut),
            19 => ("try now", FlowEvent::TryNow),
            20 => ("root", FlowEvent::SignInWith(SignIn::RootPassword)),
            21 => ("agent", FlowEvent::SignInWith(SignIn::AgentPassword)),
            _ => {
                let typed = "127.0.0.1".to_owned();
                ("wrong confirmation", FlowEvent::Confirm { typed })
            }
        };
        self.tell(event, seen)?;
        Ok(what)
    }

    /// The page is left and restored, or idle for long.
    pub(super) fn leave(
        &mut self,
        random: &mut Random,
        seen: &mut Seen,
    ) -> Result<&'static str, String> {
        let writes = self.flights.iter().any(Flight::is_write);
        let had = self.vault.is_some();
        let runs = matches!(&self.state.screen, Screen::Submitting(_) | Screen::Task(_))
            || self.state.form.connecting;
        let (what, event) = match random.below(3) {
            0 => ("left", FlowEvent::PageLeft),
            1 => ("came back", FlowEvent::PageRestored),
            _ => {
                self.pass(900_000, seen)?;
                ("idle", FlowEvent::IdleDue)
            }
        };
        self.tell(event, seen)?;
        // Setting back the clock extends the idle time once.
        let (keeps, may_keep) = match what {
            "left" => (writes, writes),
            "came back" => (false, false),
            _ => (runs, runs || self.jumped),
        };
        ensure!(
            self.vault.is_none() || may_keep,
            "{what}, and the credential is still there"
        );
        ensure!(
            self.vault.is_some() == had || !keeps,
            "{what}, and the credential of what runs is gone"
        );
        ensure!(
            !matches!(&self.state.screen, Screen::Review(_)) || may_keep,
            "{what}, and one click from a DELETE"
        );
        if had && self.vault.is_none() {
            seen.meet(what);
        }
        Ok(what)
    }

    /// Chooses an operation, confirms it, or cancels it.
    pub(super) fn operate(
        &mut self,
        random: &mut Random,
        seen: &mut Seen,
    ) -> Result<&'static str, String> {
        let asks = watched(&self.state).is_some_and(Watched::awaits_confirmation);
        let (what, event) = match random.below(8) {
            0 => ("leave the operation", FlowEvent::LeaveOperation),
            1..5 if asks => ("confirm the operation", FlowEvent::ConfirmOperation),
            5 => (
                "confirm an operation, asked or not",
                FlowEvent::ConfirmOperation,
            ),
            _ => {
                // Mostly an operation that is offered.
                let offered: Vec<_> = Operation::ALL
                    .into_iter()
                    .filter(|it| watched(&self.state).is_some_and(|task| task.offers(*it)))
                    .collect();
                let operation = if offered.is_empty() || random.once_in(6) {
                    random.pick(&Operation::ALL)
                } else {
                    random.pick(&offered)
                };
                ("ask for an operation", FlowEvent::Operate(operation))
            }
        };
        self.tell(event, seen)?;
        Ok(what)
    }

    /// Rare events that matter only while a DELETE is in transit.
    pub(super) fn mischief(
        &mut self,
        random: &mut Random,
        calm: bool,
        seen: &mut Seen,
    ) -> Result<Option<&'static str>, String> {
        let matters = |flight: &Flight| flight.is_delete() || flight.is_login();
        if self.flights.iter().any(matters) && !self.agent.reinstalled {
            self.agent.key = 1 - self.agent.key;
            return Ok(Some("another key, at this very moment"));
        }
        let waits = |flight: &&Flight| flight.taken.is_none();
        let Some(sealed) = self
            .late
            .iter()
            .find(waits)
            .and_then(|it| it.sealed.as_ref())
        else {
            return Ok(None);
        };
        // At the last moment; and then the agent is slow.
        let left = sealed.expiry * 1000 + 900 - self.agent.clock(self.now);
        if left > 0 && random.once_in(2) {
            self.pass(left, seen)?;
        }
        if let Some(index) = self.late.iter().position(|it| waits(&it)) {
            self.arrive(index, seen)?;
        }
        if !calm && random.once_in(2) {
            self.agent.ahead += 3_600_000;
            self.jumped = true;
        }
        Ok(Some("a late DELETE arrived at the last moment"))
    }

    /// Performs a random event. `calm`: no very rare event.
    pub(super) fn happen(
        &mut self,
        random: &mut Random,
        calm: bool,
        seen: &mut Seen,
    ) -> Result<&'static str, String> {
        self.pass(random.pick(&[0, 5, 20, 200, 3_000]), seen)?;
        if random.once_in(10)
            && let Some(what) = self.mischief(random, calm, seen)?
        {
            return Ok(what);
        }
        if random.once_in(40) {
            let odd = random.pick(&Odd::ALL);
            self.agent.be((!random.once_in(4)).then_some(odd));
            return Ok("the agent's answers become odd, or right again");
        }
        if random.once_in(60) {
            return self.leave(random, seen);
        }
        let often = match &self.state.screen {
            Screen::Ended(_) => 3,
            _ => 12,
        };
        let offers = |it: &Operation| watched(&self.state).is_some_and(|task| task.offers(*it));
        if random.once_in(often) && Operation::ALL.iter().any(offers) {
            return self.operate(random, seen);
        }
        // A person soon types a requested password.
        if contact(&self.state).is_some_and(is_unauthenticated) && random.once_in(4) {
            self.authenticate(seen)?;
            return Ok("password, as asked");
        }
        let any = self.flights.len();
        let writes = |flight: &Flight| flight.is_write();
        if random.once_in(8)
            && let Some(index) = self.flights.iter().position(writes)
        {
            return Ok(self.repeat(index, seen));
        }
        match random.below(100) {
            0..45 if any > 0 => {
                let index = random.below(any);
                self.deliver(index, random.once_in(10), seen)?;
                let taken = self.flights[index].taken.is_some();
                // Mostly immediately; an accepted DELETE may be executed later.
                if taken && self.flights[index].reply.is_none() && !random.once_in(3) {
                    self.deliver(index, random.once_in(6), seen)?;
                }
                if self.flights[index].reply.is_none() && !self.flights[index].unsent {
                    return Ok("a DELETE was taken");
                }
                if random.once_in(6) && !self.flights[index].unsent {
                    return Ok("an answer is on its way");
                }
                let odds = if self.flights[index].is_delete() {
                    3
                } else {
                    30
                };
                let harm = random.once_in(odds).then(|| random.below(8));
                self.answer(index, harm, seen)?;
                Ok(if harm.is_some() {
                    "a garbled answer"
                } else {
                    "an answer"
                })
            }
            45..52 if any > 0 => {
                let index = random.below(any);
                if !self.flights[index].is_delete() && !random.once_in(4) {
                    return Ok("nothing");
                }
                self.answer(index, Some(random.below(8)), seen)?;
                Ok("a lost call")
            }
            0..62 if self.timer.is_some() => {
                self.fire(seen)?;
                Ok("a wait ended")
            }
            52..72 => {
                if !self.agent.tasks.is_empty() {
                    let newest = self.agent.tasks.len() - 1;
                    let index = if random.once_in(8) {
                        random.below(newest + 1)
                    } else {
                        newest
                    };
                    self.agent.tick(index, random.once_in(12), self.now);
                }
                Ok("the engine's pass")
            }
            72..76 if !self.late.is_empty() => {
                self.arrive(random.below(self.late.len()), seen)?;
                Ok("a late DELETE arrived")
            }
            72..80 => self.act(random, seen),
            80..83 => {
                self.tell(FlowEvent::Visible(false), seen)?;
                Ok("hidden")
            }
            83 if random.once_in(4) => {
                self.tell(FlowEvent::Notify(!self.state.notifies), seen)?;
                Ok("notifications")
            }
            83..87 => {
                self.tell(FlowEvent::Visible(true), seen)?;
                Ok("shown")
            }
            87 => {
                if let Some(timer) = self.stale.take() {
                    self.tell(FlowEvent::Due(timer), seen)?;
                }
                Ok("an old wait ended")
            }
            88 | 89 => {
                self.pass(random.pick(&[20_000, 65_000, 90_000, 7_200_000]), seen)?;
                Ok("sleep")
            }
            90..93 => {
                if !self.agent.tasks.is_empty() {
                    let index = random.below(self.agent.tasks.len());
                    // The agent may accept or reject it.
                    let _ = self
                        .agent
                        .operate(index, random.pick(&Operation::ALL), self.now);
                }
                Ok("somebody operates")
            }
            93 | 94 => {
                let kind = random.pick(&[Kind::Delete, Kind::Stop, Kind::Add]);
                let started = self.agent.start(kind, None, self.now);
                if !started && kind == Kind::Add && !self.agent.managed {
                    self.agent.managed = true;
                    self.agent.adopted = true;
                }
                Ok("somebody starts a task")
            }
            95 => {
                self.agent.restart();
                Ok("restart")
            }
            96 => {
                if !self.agent.reinstalled {
                    self.agent.key = 1 - self.agent.key;
                }
                Ok("another key")
            }
            97 => {
                self.agent.change_password();
                Ok("another password")
            }
            98 if !calm => {
                self.jumped = true;
                if random.once_in(2) {
                    self.ahead += random.pick(&[-46_000, 46_000, -7_013_000, 7_013_000]);
                    return Ok("the browser's clock jumps");
                }
                let jump: i64 = random.pick(&[-3_600_000, -60_000, -20_000, 20_000, 3_600_000]);
                // A clock that is set back afterwards voids the statement.
                if jump > 0 || !self.confirmations.iter().any(|known| known.never) {
                    self.agent.ahead += jump;
                    self.set_back |= jump < 0;
                }
                Ok("the agent's clock jumps")
            }
            99 if !calm && !self.agent.reinstalled => {
                self.agent.reinstall();
                Ok("reinstalled")
            }
            _ => Ok("nothing"),
        }
    }

    /// Ends all faults; the person types every requested password. This must lead to an ending, or
    /// to a choice that only a person can make.
    pub(super) fn be_fair(&mut self, seen: &mut Seen) -> Checked {
        if !self.state.visible {
            self.tell(FlowEvent::Visible(true), seen)?;
        }
        for _ in 0..FAIR_STEPS {
            if contact(&self.state).is_some_and(is_unauthenticated) {
                self.authenticate(seen)?;
                continue;
            }
            if !self.flights.is_empty() {
                self.pass(10, seen)?;
                self.deliver(0, false, seen)?;
                self.deliver(0, false, seen)?;
                self.answer(0, None, seen)?;
                continue;
            }
            let over = match &self.state.screen {
                Screen::Connect => {
                    !self.state.form.connecting && self.state.form.lookup != FactsLookup::Reading
                }
                Screen::Review(review) => !review.preflight.rechecking,
                // A wrong ending is withdrawn as long as the page is open.
                Screen::Ended(ended) => match &ended.uncertain_delete {
                    Some(uncertain) => is_unauthenticated(&uncertain.contact) || !self.is_listed(),
                    None => true,
                },
                // A task that no list contains is searched as long as the page is open.
                Screen::Task(task) => matches!(
                    task.contact,
                    Contact::Retrying {
                        failures: 5..,
                        failure: Failure::Unusable(
                            Unusable::NotListed { all: false } | Unusable::ListUnread
                        ),
                        ..
                    }
                ),
                Screen::Submitting(_) => false,
            };
            if over {
                return Ok(());
            }
            ensure!(
                self.timer.is_some(),
                "nothing is asked and nothing waited for"
            );
            self.fire(seen)?;
            for index in 0..self.agent.tasks.len() {
                self.agent.tick(index, false, self.now);
            }
        }
        Err("no end".to_owned())
    }
}
