//! People who do as they should, and a network that breaks nothing.

use odp_console::fleet::event::{FleetEvent, MemberSelection};
use odp_console::fleet::member::{MemberId, MemberStatus};
use odp_console::fleet::state::Phase;
use odp_console::fleet::summary::Retry;
use odp_console::flow::state::{Contact, SignIn};

use super::super::seen::Seen;
use super::{Checked, Confirmation, World, ensure};
use crate::agent::Held;

/// The maximum number of steps with a fair network.
const FAIR_STEPS: usize = 20_000;

impl World {
    /// Puts a password into the vaults that need one, like the shell, and reports it.
    pub fn give_passwords(&mut self, seen: &mut Seen) -> Checked {
        let sign_in = if self.is_host {
            SignIn::Host
        } else {
            for id in self.fleet.needing_credential(MemberSelection::All) {
                let at = self.index(&self.fleet.member(id).unwrap().clone());
                self.hosts[at].vault = Some(Held::Password(self.hosts[at].agent.password));
            }
            SignIn::AgentPassword
        };
        self.tell(
            FleetEvent::SignIn {
                selection: MemberSelection::All,
                sign_in,
                has_credential: true,
            },
            seen,
        )
    }

    pub fn host_gives(&mut self, gives: bool, seen: &mut Seen) -> Checked {
        let member = self.asked.remove(0);
        let known = self.fleet.member(member).cloned();
        // The shell drops a credential that the host returns too late, such as after the person
        // left the page.
        let Some(known) = known.filter(|member| member.is_asked_of_host()) else {
            return Ok(());
        };
        if gives {
            let at = self.index(&known);
            self.hosts[at].vault = Some(Held::Password(self.hosts[at].agent.password));
        }
        self.tell(
            FleetEvent::HostResponded {
                member,
                has_credential: gives,
            },
            seen,
        )
    }

    /// Confirms with the required text.
    pub fn confirm(&mut self, seen: &mut Seen) -> Checked {
        let typed = self.fleet.confirmation();
        let waiting: Vec<_> = self.fleet.waiting().collect();
        let was = self.fleet.phase;
        if was == Phase::Review {
            // Returned if it is not accepted.
            for id in &waiting {
                let at = self.index(&self.fleet.member(*id).unwrap().clone());
                self.hosts[at].confirmations.push(Confirmation::default());
            }
            self.halted = false;
        }
        self.tell(FleetEvent::Confirm { typed }, seen)?;
        if was == Phase::Review {
            if self.fleet.run.is_none() {
                for id in waiting {
                    let at = self.index(&self.fleet.member(id).unwrap().clone());
                    self.hosts[at].confirmations.pop();
                }
            } else {
                seen.meet("confirmed");
                if self.fleet.restored {
                    seen.meet("confirmed after a reload");
                }
            }
        }
        Ok(())
    }

    pub fn retry(&mut self, id: MemberId, seen: &mut Seen) -> Checked {
        let Some(member) = self.fleet.member(id).cloned() else {
            return Ok(());
        };
        let way = member.retry();
        let at = self.index(&member);
        match way {
            Some(Retry::Task) => seen.meet("retry: task"),
            Some(Retry::Turn) => seen.meet("retry: turn"),
            Some(Retry::Confirmation) => {
                seen.meet("retry: confirmation");
                self.hosts[at].confirmations.push(Confirmation::default());
            }
            None => {}
        }
        let phase = self.fleet.phase;
        if phase == Phase::End && matches!(way, Some(Retry::Turn | Retry::Confirmation)) {
            self.halted = false;
        }
        self.tell(
            FleetEvent::Retry {
                member: id,
                typed: Some(member.chosen.address.to_string()),
            },
            seen,
        )?;
        let batch_is_full = self.fleet.members.iter().any(|it| {
            it.status == MemberStatus::Ended
                && it.task().is_some_and(|task| task.awaits_confirmation())
        });
        if way == Some(Retry::Task) && batch_is_full {
            seen.meet("an operation waited for its place");
        }
        Ok(())
    }

    /// Responds and waits until no request is pending and nothing is being read.
    pub fn settle(&mut self, seen: &mut Seen) -> Checked {
        for _ in 0..FAIR_STEPS {
            if !self.asked.is_empty() {
                self.host_gives(true, seen)?;
            } else if !self.flights.is_empty() {
                self.pass(10);
                self.deliver(0);
                self.deliver(0);
                self.answer(0, None, seen)?;
            } else if self.fleet.members.iter().any(|it| {
                matches!(it.status, MemberStatus::Checking)
                    || it.status == MemberStatus::Unchecked && !it.needs_credential()
            }) {
                self.fire(seen)?;
            } else {
                return Ok(());
            }
        }
        Err("the checks come to no end".to_owned())
    }

    /// Ends all faults; the person takes every required step. This must lead to the end.
    pub fn be_fair(&mut self, seen: &mut Seen) -> Checked {
        if self.unmounted {
            return Ok(());
        }
        self.tell(FleetEvent::PageRestored, seen)?;
        self.tell(FleetEvent::Visible(true), seen)?;
        let mut given = 0;
        for step in 0..FAIR_STEPS {
            if step % 50 == 0 {
                self.tell(FleetEvent::Active, seen)?;
            }
            if !self.asked.is_empty() {
                self.host_gives(true, seen)?;
                continue;
            }
            let needing_credential = self.fleet.needing_credential(MemberSelection::All);
            if !needing_credential.is_empty() && self.flights.is_empty() {
                given += 1;
                // The agent accepts the password, but the member still cannot be read: the agent
                // may no longer know the task.
                match needing_credential
                    .iter()
                    .find(|id| self.fleet.member(**id).unwrap().unread)
                {
                    Some(id) if given > 5 => self.tell(FleetEvent::StopWaiting(*id), seen)?,
                    _ => self.give_passwords(seen)?,
                }
                continue;
            }
            if !self.flights.is_empty() {
                self.pass(10);
                self.deliver(0);
                self.deliver(0);
                self.answer(0, None, seen)?;
                continue;
            }
            let halted = self.fleet.run.and_then(|run| run.halted).is_some();
            let is_checking = self.fleet.members.iter().any(|it| {
                matches!(it.status, MemberStatus::Checking | MemberStatus::Unchecked) || it.unread
            });
            match self.fleet.phase {
                Phase::SignIn => {
                    self.tell(FleetEvent::Check, seen)?;
                    continue;
                }
                Phase::Preflight if self.fleet.can_review() && !is_checking => {
                    self.tell(FleetEvent::Review, seen)?;
                    continue;
                }
                Phase::Review => {
                    self.confirm(seen)?;
                    continue;
                }
                Phase::Preflight if !is_checking => {
                    // All members are left out, or followed until they have ended.
                    let counts = self.fleet.counts();
                    if counts.waiting + counts.in_progress == 0 {
                        return Ok(());
                    }
                }
                Phase::Run if halted && self.fleet.counts().waiting > 0 => {
                    let ending = self.fleet.run.is_some_and(|run| run.ending);
                    self.tell(
                        if ending {
                            FleetEvent::EndRun
                        } else {
                            FleetEvent::Resume
                        },
                        seen,
                    )?;
                    continue;
                }
                Phase::End => {
                    seen.meet("over, fairly");
                    return Ok(());
                }
                _ => {}
            }
            // A member that cannot be read is given up.
            let stuck = self.fleet.members.iter().find(|it| {
                it.status == MemberStatus::InProgress
                    && (it.unread && it.flow.form.problem.is_some()
                        || it.flow.contact().is_some_and(|(contact, _)| {
                            matches!(contact, Contact::Retrying { failures: 5.., .. })
                        }))
            });
            if let Some(stuck) = stuck {
                let id = stuck.id;
                self.tell(FleetEvent::StopWaiting(id), seen)?;
                continue;
            }
            ensure!(
                self.timer.is_some(),
                "nothing is asked and nothing waited for"
            );
            self.fire(seen)?;
            for host in &mut self.hosts {
                for index in 0..host.agent.tasks.len() {
                    host.agent.tick(index, false, self.now);
                }
            }
        }
        Err("no end".to_owned())
    }
}
