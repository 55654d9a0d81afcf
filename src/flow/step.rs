//! The transition function.

mod connect;
mod credential;
mod freshness;
mod leave;
mod listed;
mod odp;
mod open;
mod operate;
mod session;
mod submit;
mod task;
mod verify;

use std::rc::Rc;

use super::effect::{Call, CallId, Effect, SealWith, TimerId};
use super::ending::Ending;
use super::event::{Answered, FlowEvent, Reply};
use super::poll::{JUMP_MILLIS, write_life_seconds};
use super::state::{
    CredentialStatus, Ended, Facts, FactsLookup, Gather, Goal, Purpose, Screen, State, Submission,
    Task, Tasks,
};
use crate::obshell::address::AgentAddress;
use crate::obshell::answer::{self, Answer, Opened};
use crate::obshell::crypto::public_key::PublicKey;
use crate::obshell::error::{Failure, NotSent, WipeReason};
use crate::obshell::request::{HEADER_LIFE_SECONDS, Request};
use crate::obshell::time::{ClockOffset, Millis};

/// Returns the next state and the effects to perform, in order. Total: an event that does not fit
/// the state changes nothing. `now` is milliseconds since 1970 by the browser's clock.
#[must_use]
pub fn step(state: State, now: Millis, event: FlowEvent) -> (State, Vec<Effect>) {
    let mut machine = Machine {
        state,
        now,
        effects: Vec::new(),
    };
    machine.handle(event);
    (machine.state, machine.effects)
}

struct Machine {
    state: State,
    now: Millis,
    effects: Vec<Effect>,
}

impl Machine {
    fn handle(&mut self, event: FlowEvent) {
        self.wipe_if_idle(&event);
        self.handle_now(event);
        self.watch_idle();
    }

    fn handle_now(&mut self, event: FlowEvent) {
        match event {
            FlowEvent::AddressEdited(text) => self.address_edited(text),
            FlowEvent::AddressChosen => self.address_chosen(),
            FlowEvent::Open { address, task } => self.open(address, task),
            FlowEvent::CancelOpen => self.cancel_open(),
            FlowEvent::ListTasks => self.list_tasks(),
            FlowEvent::OpenTask(id) => self.open_listed(&id),
            FlowEvent::SignInWith(sign_in) => self.sign_in_with(sign_in),
            FlowEvent::Connect { has_credential } => self.connect(has_credential),
            FlowEvent::ConnectAgain => self.connect_again(),
            FlowEvent::SignOut => self.sign_out(),
            FlowEvent::Recheck => self.recheck(),
            FlowEvent::ContinueAnyway => self.continue_anyway(),
            FlowEvent::Back => self.back(),
            FlowEvent::Confirm { typed } => self.confirm(&typed),
            FlowEvent::FollowHolder => self.follow_holder(),
            FlowEvent::Authenticate { has_credential } => self.authenticate(has_credential),
            FlowEvent::Operate(operation) => self.operate(operation),
            FlowEvent::ConfirmOperation => self.confirm_operation(),
            FlowEvent::LeaveOperation => self.leave_operation(),
            FlowEvent::StartOver => self.start_over(),
            FlowEvent::TryNow => self.try_now(),
            FlowEvent::Unmounted => self.wipe_credential(),
            FlowEvent::Visible(visible) => self.visible(visible),
            FlowEvent::Notify(notifies) => self.notify(notifies),
            FlowEvent::PageLeft => self.page_left(),
            FlowEvent::PageRestored => self.wipe_because(WipeReason::PageLeft),
            FlowEvent::Active => self.active(),
            FlowEvent::IdleDue => self.idle_due(),
            FlowEvent::Due(timer) => self.due(timer),
            FlowEvent::Answered(answered) => self.answered(answered),
        }
    }

    fn answered(&mut self, answered: Answered) {
        let open = &mut self.state.calls.open;
        // The response to an abandoned call is ignored.
        let Some(index) = open.iter().position(|(id, _)| *id == answered.id) else {
            return;
        };
        let (_, purpose) = open.remove(index);
        self.notice_jump(answered.sent_at, self.state.settings.timeouts.read);
        if self.retry_with_new_key(purpose, &answered) {
            return;
        }
        match purpose {
            Purpose::Info => self.gathered(opened(&answered, answer::info), |gather, info| {
                gather.info = Some(info);
            }),
            Purpose::Time => self.gather_time(&answered),
            Purpose::Secret => self.gathered(opened(&answered, answer::secret), |gather, key| {
                gather.key = Some(PublicKey::parse(&key));
            }),
            Purpose::Login => self.login_answered(opened(&answered, answer::done)),
            Purpose::Credential => {
                let unfinished = self.open_fresh(purpose, &answered, answer::dags);
                self.credential_answered(unfinished);
            }
            Purpose::Open => {
                let dag = self.open_fresh(purpose, &answered, answer::dag);
                self.open_answered(dag);
            }
            Purpose::Tasks => {
                let dags = self.open_fresh(purpose, &answered, answer::dags);
                self.tasks_answered(dags);
            }
            Purpose::TasksInPart(list) => self.tasks_in_part_answered(list, &answered),
            Purpose::Listed(list) => self.listed_answered(list, &answered),
            Purpose::Delete => self.delete_answered(answered),
            Purpose::Newest => {
                let newest = self.open_fresh(purpose, &answered, answer::dag);
                self.newest_answered(newest);
            }
            Purpose::AnyLock => {
                let all = self.open_fresh(purpose, &answered, answer::all_dags);
                self.any_lock_answered(all);
            }
            Purpose::Unfinished => {
                let unfinished = self.open_fresh(purpose, &answered, answer::dags);
                self.unfinished_answered(unfinished);
            }
            Purpose::OdpTasks => {
                let all = self.open_fresh_concurrent(&answered, answer::all_dags);
                self.odp_tasks_answered(all);
            }
            Purpose::OdpNewest => {
                let newest = self.open_fresh_concurrent(&answered, answer::dag);
                self.odp_newest_answered(newest);
            }
            Purpose::OdpTask => self.odp_task_answered(&answered),
            Purpose::Dag => self.dag_answered(&answered),
            Purpose::Verify => self.verify_answered(&answered),
            Purpose::Operate => self.operation_answered(&answered),
        }
    }

    // The open routes, read together.

    fn gather(&mut self, goal: Goal, address: AgentAddress) {
        self.drop_gather();
        self.state.calls.jumped = false;
        for (purpose, request) in [
            (Purpose::Info, Request::info()),
            (Purpose::Time, Request::time()),
            (Purpose::Secret, Request::secret()),
        ] {
            self.call(purpose, address.clone(), request, None);
        }
        self.state.calls.gather = Some(Gather {
            goal,
            address,
            info: None,
            key: None,
            clock: None,
            round_trip: 0,
            agent_times: Vec::new(),
        });
    }

    /// Abandons the reads of the open routes. No other read is pending at the same time, except
    /// those for the ODP, which are abandoned with them.
    fn drop_gather(&mut self) {
        self.state.calls.gather = None;
        let open = &mut self.state.calls.open;
        let is_open_route = |(_, purpose): &(CallId, Purpose)| {
            matches!(purpose, Purpose::Info | Purpose::Time | Purpose::Secret)
        };
        if open.iter().any(is_open_route) {
            open.retain(|call| !is_open_route(call) && !call.1.is_for_odp());
            self.stop_looking_for_odp();
            self.effects.push(Effect::AbandonReads);
        }
    }

    fn gather_time(&mut self, answered: &Answered) {
        let (sent, received) = (answered.sent_at, answered.received_at);
        self.gathered(opened(answered, answer::time), |gather, time| {
            gather.round_trip = received.saturating_sub(sent).max(0);
            gather.clock = Some((ClockOffset::measured(&time, sent, received), time));
        });
    }

    /// Stores one of the three responses; the first failure ends the reading.
    fn gathered<T>(&mut self, opened: Opened<T>, keep: impl FnOnce(&mut Gather, T)) {
        match opened {
            Ok(Answer {
                value, agent_time, ..
            }) => {
                if let Some(gather) = &mut self.state.calls.gather {
                    gather.agent_times.extend(agent_time);
                    keep(gather, value);
                }
                self.finish_gather();
            }
            Err(failure) => self.gather_failed(failure),
        }
    }

    fn finish_gather(&mut self) {
        let (goal, facts, agent_times) = match self.state.calls.gather.take() {
            Some(Gather {
                goal,
                address,
                info: Some(info),
                key: Some(key),
                clock: Some((clock, agent_time)),
                round_trip,
                agent_times,
            }) => (
                goal,
                Rc::new(Facts {
                    route: self.state.settings.route(&address),
                    address,
                    info,
                    key,
                    clock,
                    agent_time,
                    round_trip,
                }),
                agent_times,
            ),
            unfinished => {
                self.state.calls.gather = unfinished;
                return;
            }
        };
        // A measurement during which the browser's clock jumped is invalid. It still shows whether
        // the agent's clock was set, which must be noted now: the clock may be set right again
        // before the next measurement.
        if self.state.calls.jumped {
            if facts.round_trip <= JUMP_MILLIS {
                self.compare_clock(facts.clock);
            }
            return self.gather(goal, facts.address.clone());
        }
        if !self.accept_open_routes(goal, &facts.address, &agent_times) {
            return;
        }
        match goal {
            Goal::ShowFacts => self.show_facts(facts),
            Goal::Connect => self.connect_gathered(facts),
            Goal::Submit => self.submit_gathered(facts),
            Goal::List => self.tasks_gathered(facts),
            Goal::Resume => self.resume_gathered(facts),
        }
    }

    fn gather_failed(&mut self, failure: Failure) {
        let Some(gather) = &self.state.calls.gather else {
            return;
        };
        let goal = gather.goal;
        self.drop_gather();
        self.reading_failed(goal, failure);
    }

    /// The open routes could not be read.
    fn reading_failed(&mut self, goal: Goal, failure: Failure) {
        match goal {
            Goal::ShowFacts => self.state.form.lookup = FactsLookup::Failed(failure),
            Goal::Connect => self.connect_failed(failure),
            Goal::Submit => self.not_sent(failure),
            Goal::List => self.set_tasks(Tasks::Failed(failure)),
            Goal::Resume => self.update_failed(failure),
        }
    }

    // Effects.

    fn call(
        &mut self,
        purpose: Purpose,
        agent: AgentAddress,
        request: Request,
        seal: Option<SealWith>,
    ) {
        let timeouts = self.state.settings.timeouts;
        let timeout = match purpose {
            Purpose::Delete => timeouts.destroy,
            _ => timeouts.read,
        };
        let id = CallId(self.next());
        self.state.calls.open.push((id, purpose));
        self.effects.push(Effect::Call(Call {
            id,
            agent,
            request,
            seal,
            timeout: Some(timeout),
        }));
    }

    /// Sends a sealed request.
    ///
    /// # Errors
    /// If there is no credential, or the agent's key is unusable, nothing is sent.
    fn sealed_call(
        &mut self,
        purpose: Purpose,
        facts: &Facts,
        request: Request,
    ) -> Result<(), Failure> {
        if let CredentialStatus::Absent(why) = self.state.calls.credential {
            return Err(no_credential(why));
        }
        let key = match &facts.key {
            Ok(key) => key.clone(),
            Err(error) => return Err(Failure::NotSent(NotSent::Key(*error))),
        };
        let seal = SealWith {
            key,
            clock: facts.clock,
            life_seconds: match purpose {
                Purpose::Delete | Purpose::Operate => write_life_seconds(facts.round_trip),
                _ => HEADER_LIFE_SECONDS,
            },
        };
        self.call(purpose, facts.address.clone(), request, Some(seal));
        Ok(())
    }

    fn wait(&mut self, millis: u32) {
        let timer = TimerId(self.next());
        self.state.calls.timer = Some((timer, self.now.saturating_add(millis.into())));
        self.effects.push(Effect::Wait { timer, millis });
    }

    fn next(&mut self) -> u64 {
        self.state.calls.last += 1;
        self.state.calls.last
    }

    /// Abandons all reads. Must not be used while a DELETE is pending.
    fn abandon_reads(&mut self) {
        self.state.calls.gather = None;
        self.state.calls.timer = None;
        self.abandon_login();
        self.stop_looking_for_odp();
        if !self.state.calls.open.is_empty() {
            self.state.calls.open.clear();
            self.effects.push(Effect::AbandonReads);
        }
    }

    fn end(
        &mut self,
        facts: Rc<Facts>,
        ending: Ending,
        task: Option<Rc<Task>>,
        submission: Option<Submission>,
    ) {
        self.state.calls.timer = None;
        if nothing_left_to_ask(&ending) {
            self.wipe_credential();
        }
        self.state.screen = Screen::Ended(Ended {
            odp: self.state.odp(),
            facts,
            ending,
            task,
            submission,
            at: self.now,
            uncertain_delete: None,
        });
    }
}

/// The failure for a missing credential, with the reason if the console cleared it.
fn no_credential(why: Option<WipeReason>) -> Failure {
    Failure::NotSent(why.map_or(NotSent::NoCredential, NotSent::CredentialWiped))
}

/// Whether the credential is no longer needed: neither a read nor an operation can follow this
/// ending.
fn nothing_left_to_ask(ending: &Ending) -> bool {
    matches!(
        ending,
        Ending::Destroyed | Ending::Skipped { .. } | Ending::OtherTaskDone
    )
}

/// Parses a response with the parser of its endpoint.
fn opened<T>(answered: &Answered, open: fn(u16, &[u8]) -> Opened<T>) -> Opened<T> {
    match &answered.reply {
        Ok(Reply { status, body }) => open(*status, body),
        Err(failure) => Err(failure.clone()),
    }
}
