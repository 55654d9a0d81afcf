//! The acts of the network and the agent.

use super::*;

/// The faults of a gateway that responds on its own, and of a cache.
const GATEWAY: usize = 6;
const CACHE: usize = 7;

impl Sequence {
    /// The agent accepts a request; the response has the time of its clock.
    pub(super) fn take(&mut self, flight: &mut Flight, twice: bool, seen: &mut Seen) -> Checked {
        let had = flight.reply.is_some();
        self.take_now(flight, twice)?;
        if let Some(reply) = flight.reply.take() {
            self.answers += u64::from(!had);
            let clock = self.agent.clock(self.now);
            let reads_tasks = flight.call.request.target().contains("/task/");
            if let Some(odd) = self.agent.odd
                && reads_tasks
                && reply.status == 200
            {
                seen.meet(odd.name());
            }
            flight.reply = Some(if had {
                reply
            } else {
                stamped(reply, clock, self.answers)
            });
        }
        Ok(())
    }

    fn take_now(&mut self, flight: &mut Flight, twice: bool) -> Checked {
        let target = flight.call.request.target().to_owned();
        let Some(sealed) = flight.sealed.clone() else {
            if target == "/api/v1/info" {
                self.managed = self.agent.managed;
            }
            flight.reply = Some(self.agent.tell(&target, self.now));
            return Ok(());
        };
        if flight.taken.is_none() {
            if let Err(refusal) = self.agent.gate(&sealed, &target, self.now) {
                flight.reply = Some(refusal);
                return Ok(());
            }
            ensure!(
                !flight.is_delete() || !self.confirmations[sealed.confirmation as usize - 1].never,
                "taken after it was said that it would not be"
            );
            flight.taken = Some(self.now);
            // A DELETE may be slow.
            if flight.is_delete() {
                return Ok(());
            }
        }
        self.moments += 1;
        if let Some((id, operation)) = &flight.operation {
            let reply = self.agent.operated(id, *operation, self.now);
            if reply.status == 200 {
                self.operated_at = self.moments;
            }
            flight.reply = Some(reply);
            return Ok(());
        }
        flight.moment = self.moments;
        if [NEWEST, ALL].contains(&target.as_str()) {
            self.listed = self.is_listed();
            self.newest = self.agent.tasks.last().map_or(0, |task| task.number);
        }
        let id = target.rsplit('/').next().unwrap();
        let read = self.agent.tasks.iter().find(|task| task.id() == id);
        flight.task = read.cloned();
        let method = flight.call.request.method();
        flight.reply = Some(self.agent.act(method, &target, &sealed, self.now));
        flight.session = (target == LOGIN).then_some(self.agent.last_session);
        if twice && flight.is_delete() {
            flight.reply = Some(self.agent.act(method, &target, &sealed, self.now));
        }
        Ok(())
    }

    /// Confirms, and reaches an ending that says that nothing was done. `lost`: the agent accepted
    /// the DELETE and hangs, without a response; otherwise its second copy finds another client's
    /// task, and the first is still in transit.
    pub(super) fn say_too_early(&mut self, lost: bool) -> Checked {
        let mut seen = Seen::default();
        self.confirm(&mut seen)?;
        while !self.flights.iter().any(Flight::is_delete) {
            self.pass(10, &mut seen)?;
            self.deliver(0, false, &mut seen)?;
            self.answer(0, None, &mut seen)?;
        }
        if lost {
            self.deliver(0, false, &mut seen)?;
            self.answer(0, Some(5), &mut seen)?;
        } else {
            self.repeat(0, &mut seen);
            ensure!(
                self.agent.start(Kind::Stop, None, self.now),
                "no task of another's"
            );
            self.deliver(0, false, &mut seen)?;
            self.deliver(0, false, &mut seen)?;
            self.answer(0, None, &mut seen)?;
            // The wait of a fair agent would let that task continue.
            while !self.flights.is_empty() {
                self.pass(10, &mut seen)?;
                self.deliver(0, false, &mut seen)?;
                self.answer(0, None, &mut seen)?;
            }
        }
        self.be_fair(&mut seen)?;
        ensure!(self.late.len() == 1, "no copy is on its way");
        match ending(&self.state) {
            Some(Ending::NotDone(_)) if lost => Ok(()),
            Some(Ending::SomeoneElse { .. }) if !lost => Ok(()),
            other => Err(format!("{other:?}")),
        }
    }

    /// The browser repeats a write on its own, with the same bytes. The console gets only the
    /// response to the last copy; the others may arrive at any time.
    pub(super) fn repeat(&mut self, index: usize, seen: &mut Seen) -> &'static str {
        let flight = &mut self.flights[index];
        if !flight.is_write() || flight.unsent {
            return "nothing";
        }
        let again = Flight {
            taken: None,
            reply: None,
            ..flight.clone()
        };
        let copy = std::mem::replace(flight, again);
        seen.meet(if copy.is_delete() {
            "a DELETE was sent twice by the browser"
        } else {
            "an operation was sent twice by the browser"
        });
        match &copy.reply {
            Some(reply) if reply.status == 200 => {
                seen.meet("a copy was acted on, and another was answered");
            }
            Some(_) => {}
            None => self.late.push(copy),
        }
        "the browser repeats a request"
    }

    /// Advances time; requests that the agent accepted long ago are executed.
    pub(super) fn pass(&mut self, millis: i64, seen: &mut Seen) -> Checked {
        let until = self.now + millis;
        let mut flights = std::mem::take(&mut self.flights);
        let mut late = std::mem::take(&mut self.late);
        for flight in flights.iter_mut().chain(&mut late) {
            let is_due = flight.taken.is_some_and(|taken| taken + SLOWEST <= until);
            if is_due && flight.reply.is_none() {
                self.take(flight, false, seen)?;
            }
        }
        late.retain(|flight| flight.reply.is_none());
        self.flights = flights;
        self.late = late;
        self.now = until;
        Ok(())
    }

    pub(super) fn deliver(&mut self, index: usize, twice: bool, seen: &mut Seen) -> Checked {
        let mut flight = self.flights[index].clone();
        if flight.reply.is_none() && !flight.unsent {
            self.take(&mut flight, twice, seen)?;
        }
        self.flights[index] = flight;
        Ok(())
    }

    /// Ends a call from the browser's view.
    pub(super) fn answer(&mut self, index: usize, harm: Option<usize>, seen: &mut Seen) -> Checked {
        let flight = self.flights.remove(index);
        let page = |status| {
            Ok(Reply {
                status,
                body: b"<html>".to_vec(),
            })
        };
        let network = Err(Failure::NoAnswer(NoAnswer::Network));
        let reply = if flight.unsent {
            Err(Failure::NotSent(NotSent::NoCredential))
        } else {
            match (&flight.reply, harm) {
                (Some(reply), None) => Ok(reply.clone()),
                (Some(reply), Some(0)) => Ok(Reply {
                    status: reply.status,
                    body: reply.body[..reply.body.len() / 2].to_vec(),
                }),
                (Some(_), Some(1)) => Ok(self.agent.refusal(500, "Common.Unexpected")),
                (_, Some(2)) => page(502),
                (_, Some(3)) => page(200),
                (_, Some(GATEWAY)) => {
                    seen.meet("an empty 204 by a gateway");
                    Ok(Reply {
                        status: 204,
                        body: Vec::new(),
                    })
                }
                (_, Some(CACHE)) => self.cached(&flight, seen).map_or(network, Ok),
                (_, Some(4)) => Err(Failure::NoAnswer(NoAnswer::Timeout(15_000))),
                _ => network,
            }
        };
        if let (Some(reply), None) = (&flight.reply, harm) {
            self.keep(&flight, reply);
            if flight.task.is_some() {
                self.shown.clone_from(&flight.task);
            }
        }
        if let (Some(session), None) = (flight.session, harm) {
            ensure!(
                self.vault == Some(Held::Root),
                "a session that nobody wants"
            );
            self.vault = Some(Held::Session(session));
            seen.meet("logged in");
        }
        let dead = |reply: &Reply| reply.body.windows(14).any(|it| it == b"SessionInvalid");
        if flight.reply.as_ref().is_some_and(dead) {
            seen.meet("a session had died");
        }
        if let Some((_, operation)) = &flight.operation {
            let accepted = reply.as_ref().is_ok_and(|reply| {
                reply.status == 200 && reply.body.ends_with(b"}") && !reply.body.starts_with(b"<")
            });
            seen.meet(match (accepted, operation, &flight.reply) {
                (true, Operation::Retry, _) => "retry accepted",
                (true, Operation::Cancel, _) => "cancel accepted",
                (true, Operation::Skip, _) => "skip accepted",
                (true, Operation::MarkDone, _) => "mark as done accepted",
                (false, _, Some(did)) if did.status == 200 => "an operation was lost, and acted",
                (false, Operation::Cancel | Operation::MarkDone, Some(_))
                    if self.agent.version == Version::V4_2_6_0 =>
                {
                    "an operation was refused by 4.2.6.0"
                }
                (false, _, Some(_)) => "an operation was refused",
                (false, _, None) => "an operation got lost",
            });
            if flight.reply.is_none() && !flight.unsent {
                self.late.push(flight.clone());
            }
        } else if flight
            .call
            .request
            .target()
            .starts_with("/api/v1/task/dag/4")
            && harm.is_none()
        {
            self.read_at = self.read_at.max(flight.moment);
        }
        if flight.is_delete() && !flight.unsent {
            if reply.as_ref().is_ok_and(is_decrypt_failure)
                && let Some(last) = self.confirmations.last_mut()
            {
                last.may_send_again = true;
            }
            if flight.reply.is_none() {
                self.late.push(flight.clone());
            }
        }
        let accepted = reply.as_ref().is_ok_and(|reply| {
            reply.status == 200 && reply.body.ends_with(b"}") && !reply.body.starts_with(b"<")
        });
        let is_operation = flight.operation.is_some();
        let trace_id = flight.sealed.is_some().then(|| "aa".to_owned());
        let answered = Answered {
            id: flight.call.id,
            sent_at: flight.sent_at,
            received_at: self.browser_clock(),
            trace_id,
            reply,
        };
        self.tell(FlowEvent::Answered(answered), seen)?;
        let operating = watched(&self.state).and_then(|task| task.operating.as_ref());
        ensure!(
            !is_operation
                || accepted
                || operating.is_none_or(|it| it.phase != OperationPhase::Accepted),
            "an operation is accepted, and the agent did not say so"
        );
        Ok(())
    }

    /// A cache sometimes stores a response, and no other until it returns a newer one.
    fn keep(&mut self, flight: &Flight, reply: &Reply) {
        let request = &flight.call.request;
        if request.method() != Method::Get || !self.answers.is_multiple_of(3) {
            return;
        }
        self.cache.retain(|(target, _)| target != request.target());
        self.cache
            .push((request.target().to_owned(), reply.clone()));
    }

    /// Returns an earlier response.
    fn cached(&self, flight: &Flight, seen: &mut Seen) -> Option<Reply> {
        let request = &flight.call.request;
        let (target, reply) = self
            .cache
            .iter()
            .find(|(target, _)| request.method() == Method::Get && target == request.target())?;
        seen.meet(match &self.state.screen {
            Screen::Task(task) if task.confirming && target == "/api/v1/info" => {
                "an old /info at the end"
            }
            _ => "an old answer",
        });
        Some(reply.clone())
    }

    pub(super) fn arrive(&mut self, index: usize, seen: &mut Seen) -> Checked {
        let mut flight = self.late[index].clone();
        let before = self.agent.tasks.len();
        self.take(&mut flight, false, seen)?;
        if flight.operation.is_some() {
            let acted = |reply: &Reply| reply.status == 200;
            if flight.reply.as_ref().is_some_and(acted) {
                seen.meet("a late operation acted");
                let seal = flight.call.seal.as_ref();
                let timed = seal.is_some_and(|seal| seal.clock.uncertainty < 10_000);
                ensure!(
                    !self.waits_for_operation() || !timed || self.jumped,
                    "an end was told while an operation was on its way"
                );
            }
        } else if self.agent.tasks.len() > before {
            seen.meet("a late DELETE acted");
        } else if flight.reply.is_some() {
            seen.meet("a late DELETE was refused");
        }
        if flight.reply.is_some() {
            self.late.remove(index);
        } else {
            self.late[index] = flight;
        }
        Ok(())
    }

    /// Whether the end of a task is shown although the console does not know the outcome of its
    /// operation.
    pub(super) fn waits_for_operation(&self) -> bool {
        let Screen::Ended(ended) = &self.state.screen else {
            return false;
        };
        let operating = ended.task.as_ref().and_then(|task| task.operating.as_ref());
        operating.is_some_and(|operating| match operating.phase {
            OperationPhase::Lost(_) => true,
            OperationPhase::Refused(_) => operating.operation != Operation::Cancel,
            _ => false,
        })
    }

    pub(super) fn arrive_late(&mut self, seen: &mut Seen) -> Checked {
        while let Some(last) = self.late.len().checked_sub(1) {
            self.arrive(last, seen)?;
        }
        Ok(())
    }

    pub(super) fn fire(&mut self, seen: &mut Seen) -> Checked {
        if let Some((timer, at)) = self.timer.take() {
            self.pass((at - self.now).max(0), seen)?;
            self.tell(FlowEvent::Due(timer), seen)?;
        }
        Ok(())
    }
}
