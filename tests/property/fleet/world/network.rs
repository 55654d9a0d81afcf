//! The network between the browser and the agents, and the time that passes.

use odp_console::fleet::event::FleetEvent;
use odp_console::fleet::journal::Journal;
use odp_console::fleet::member::MemberId;
use odp_console::fleet::state::Phase;
use odp_console::flow::effect::Call;
use odp_console::flow::event::{Answered, FlowEvent, Reply};
use odp_console::flow::state::{Screen, SubmitPhase};
use odp_console::obshell::error::{Failure, NoAnswer, NotSent};
use odp_console::obshell::request::{Method, expiry};

use super::super::seen::Seen;
use super::{Checked, Flight, World, ensure};
use crate::agent::{LOGOUT, SLOWEST, Sealed, is_decrypt_failure, stamped};

/// How many requests leave within a second at most.
const MAX_PER_SECOND: usize = 20;

impl World {
    pub(super) fn send(&mut self, id: MemberId, call: Call, seen: &mut Seen) -> Checked {
        let member = self.fleet.member(id).ok_or("nobody's call")?.clone();
        let at = self.index(&member);
        let (now, browser) = (self.now, self.browser_clock());
        self.left.push_back(now);
        if self.left.len() > MAX_PER_SECOND {
            let oldest = self.left.pop_front().unwrap_or_default();
            ensure!(now - oldest >= 1_000, "21 in {} ms", now - oldest);
            if now - oldest == 1_000 {
                seen.meet("20 in a second");
            }
        }
        let host = &mut self.hosts[at];
        let unsent = call.seal.is_some() && host.vault.is_none();
        if call.request.target() == LOGOUT {
            return Ok(());
        }
        ensure!(!self.unmounted, "sent after it was taken down");
        if call.request.method() == Method::Delete {
            seen.deletes += 1;
            let run = self.fleet.run.ok_or("a DELETE without a run")?;
            ensure!(
                !self.halted && run.halted.is_none() && self.fleet.phase == Phase::Run,
                "a DELETE in a run that is halted"
            );
            let Screen::Submitting(submitting) = &member.flow.screen else {
                return Err("a DELETE from another screen".to_owned());
            };
            ensure!(
                matches!(submitting.phase, SubmitPhase::Deleting(_)),
                "a DELETE in another phase"
            );
            let last = host
                .confirmations
                .last_mut()
                .ok_or("a DELETE without a confirmation")?;
            last.sent += u32::from(!unsent);
            ensure!(
                last.sent <= 1 || last.sent == 2 && last.may_send_again,
                "{} DELETEs for one confirmation",
                last.sent
            );
            if last.sent == 2 {
                seen.meet("sent again after DecryptFailed");
            }
            let journal: Journal =
                serde_json::from_str(self.journal.as_deref().ok_or("no journal")?)
                    .map_err(|error| error.to_string())?;
            let entry = journal
                .members
                .iter()
                .find(|it| it.label == member.chosen.label);
            ensure!(
                entry.is_some_and(|it| it.sent.is_some()),
                "a DELETE left before it was written down"
            );
        }
        let operation = (call.request.method() == Method::Post
            && call.request.target().contains("/task/"))
        .then(|| {
            let id = member.task().map(|it| it.dag.id.to_string());
            let operation = member
                .task()
                .and_then(|it| it.operating.as_ref())
                .map(|it| it.operation);
            id.zip(operation)
        })
        .flatten();
        let sealed = call.seal.as_ref().map(|seal| Sealed {
            key: Some(seal.key.clone()),
            held: host.vault,
            expiry: expiry(seal.clock.agent_time(browser), seal.life_seconds),
            confirmation: host.confirmations.len() as u32,
        });
        self.flights.push(Flight {
            member: id,
            at,
            call,
            sealed,
            sent_at: browser,
            unsent,
            taken: None,
            reply: None,
            operation,
        });
        Ok(())
    }

    fn take(&mut self, flight: &mut Flight) {
        let now = self.now;
        let target = flight.call.request.target().to_owned();
        let method = flight.call.request.method();
        let is_delete = flight.is_delete();
        let host = &mut self.hosts[flight.at];
        let reply = match &flight.sealed {
            None => host.agent.tell(&target, now),
            Some(sealed) => {
                if flight.taken.is_none() {
                    if let Err(refusal) = host.agent.gate(sealed, &target, now) {
                        flight.reply = Some(self.stamp(refusal, flight.at));
                        return;
                    }
                    flight.taken = Some(now);
                    if is_delete {
                        return;
                    }
                }
                match &flight.operation {
                    Some((id, operation)) => host.agent.operated(id, *operation, now),
                    None => host.agent.act(method, &target, sealed, now),
                }
            }
        };
        flight.reply = Some(self.stamp(reply, flight.at));
    }

    fn stamp(&mut self, reply: Reply, at: usize) -> Reply {
        self.answers += 1;
        stamped(reply, self.hosts[at].agent.clock(self.now), self.answers)
    }

    pub fn deliver(&mut self, index: usize) {
        let mut flight = self.flights[index].clone();
        if flight.reply.is_none() && !flight.unsent {
            self.take(&mut flight);
        }
        self.flights[index] = flight;
    }

    pub fn arrive(&mut self, index: usize) {
        let mut flight = self.late.remove(index);
        self.take(&mut flight);
        if flight.reply.is_none() {
            self.late.push(flight);
        }
    }

    /// Advances time; requests that an agent accepted long ago are executed.
    pub fn pass(&mut self, millis: i64) {
        let until = self.now + millis;
        let mut flights = std::mem::take(&mut self.flights);
        let mut late = std::mem::take(&mut self.late);
        for flight in flights.iter_mut().chain(&mut late) {
            let is_due = flight.taken.is_some_and(|taken| taken + SLOWEST <= until);
            if is_due && flight.reply.is_none() {
                self.take(flight);
            }
        }
        late.retain(|flight| flight.reply.is_none());
        (self.flights, self.late) = (flights, late);
        self.now = until;
    }

    /// Ends a call from the browser's view.
    pub fn answer(&mut self, index: usize, harm: Option<usize>, seen: &mut Seen) -> Checked {
        let flight = self.flights.remove(index);
        let page = |status| {
            Ok(Reply {
                status,
                body: b"<html>".to_vec(),
            })
        };
        let reply = if flight.unsent {
            Err(Failure::NotSent(NotSent::NoCredential))
        } else {
            match (&flight.reply, harm) {
                (Some(reply), None) => Ok(reply.clone()),
                (Some(reply), Some(0)) => Ok(Reply {
                    status: reply.status,
                    body: reply.body[..reply.body.len() / 2].to_vec(),
                }),
                (_, Some(1)) => page(502),
                (_, Some(2)) => page(200),
                (_, Some(3)) => Err(Failure::NoAnswer(NoAnswer::Timeout(15_000))),
                (_, Some(4)) => Ok(Reply {
                    status: 204,
                    body: Vec::new(),
                }),
                _ => Err(Failure::NoAnswer(NoAnswer::Network)),
            }
        };
        let host = &mut self.hosts[flight.at];
        if flight.call.request.target().ends_with("/unfinish") && harm.is_none() {
            host.read_at = self.now;
        }
        if flight.is_delete()
            && !flight.unsent
            && reply.as_ref().is_ok_and(is_decrypt_failure)
            && let Some(last) = host.confirmations.last_mut()
        {
            last.may_send_again = true;
        }
        if !flight.is_read() && !flight.unsent && flight.reply.is_none() {
            self.late.push(flight.clone());
        }
        let answered = Answered {
            id: flight.call.id,
            sent_at: flight.sent_at,
            received_at: self.browser_clock(),
            trace_id: flight.sealed.is_some().then(|| "aa".to_owned()),
            reply,
        };
        self.tell(
            FleetEvent::Member(flight.member, FlowEvent::Answered(answered)),
            seen,
        )
    }

    pub fn fire(&mut self, seen: &mut Seen) -> Checked {
        if let Some(at) = self.timer.take() {
            self.pass((at - self.now).max(0));
            self.tell(FleetEvent::Due, seen)?;
        }
        Ok(())
    }
}
