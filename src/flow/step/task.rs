//! Watching a task to its end.

use std::rc::Rc;

use super::operate::{may_take_effect, settle};
use super::{Machine, opened};
use crate::flow::doubt::steady;
use crate::flow::effect::TimerId;
use crate::flow::ending::{Ending, Unknown};
use crate::flow::event::Answered;
use crate::flow::poll::{JUMP_MILLIS, back_off, refresh};
use crate::flow::state::{
    Contact, Facts, Goal, Held, Origin, Purpose, Screen, SubmitPhase, Submitting, Task,
};
use crate::obshell::answer;
use crate::obshell::dag::Dag;
use crate::obshell::dag::progress::Progress;
use crate::obshell::error::{ErrorKind, Failure, NotSent};
use crate::obshell::request::Request;
use crate::obshell::time::{ClockOffset, Millis};

impl Machine {
    pub(super) fn follow_holder(&mut self) {
        let (facts, dag) = match &self.state.screen {
            Screen::Preflight(preflight) => (&preflight.facts, &preflight.holder),
            Screen::Ended(ended) => match &ended.ending {
                Ending::SomeoneElse { holder, .. } => (&ended.facts, holder),
                _ => return,
            },
            _ => return,
        };
        if let Some(dag) = dag {
            let (facts, dag) = (Rc::clone(facts), Rc::clone(dag));
            self.abandon_reads();
            self.watch(facts, dag, Origin::Followed);
        }
    }

    pub(super) fn watch(&mut self, facts: Rc<Facts>, dag: Rc<Dag>, origin: Origin) {
        self.go_on_watching(Task {
            facts,
            dag,
            origin,
            last_news: self.now,
            contact: Contact::Good,
            confirming: false,
            restarted: false,
            operating: None,
        });
        self.ask_for_news();
    }

    pub(super) fn go_on_watching(&mut self, task: Task) {
        self.state.screen = Screen::Task(Task {
            contact: Contact::Good,
            confirming: false,
            ..task
        });
    }

    pub(super) fn authenticate(&mut self, has_credential: bool) {
        if let Some((contact, facts)) = asked(&mut self.state.screen)
            && matches!(contact, Contact::Unauthenticated(_))
            && has_credential
        {
            *contact = Contact::Good;
            let address = facts.address.clone();
            self.password_given();
            self.gather(Goal::Resume, address);
        } else if has_credential && matches!(self.state.calls.held, Held::Nothing(_)) {
            // Nobody asked for it.
            self.forget();
        }
    }

    /// Where more or less time has passed by the browser's clock than what was waited for
    /// explains, this computer slept or its clock was set: the agent's is measured again.
    /// `millis`: how much longer it may have taken.
    pub(super) fn notice_jump(&mut self, expected: Millis, millis: u32) {
        let late = self.now.saturating_sub(expected);
        let explained = -JUMP_MILLIS..=JUMP_MILLIS + i64::from(millis);
        self.state.calls.jumped |= !explained.contains(&late);
    }

    pub(super) fn visible(&mut self, visible: bool) {
        if visible && !self.state.visible {
            self.notice_jump(self.state.calls.hidden_at, 0);
        }
        self.state.visible = visible;
        self.state.calls.hidden_at = self.now;
        self.state.calls.timer = None;
        // A question under way is enough, and its answer sets the next wait.
        if visible && self.state.calls.open.is_empty() {
            self.ask_again();
        }
    }

    pub(super) fn due(&mut self, timer: TimerId) {
        if let Some((_, at)) = self.state.calls.timer.take_if(|(id, _)| *id == timer) {
            self.notice_jump(at, 0);
            if let Screen::Submitting(submitting) = &mut self.state.screen
                && let SubmitPhase::FindingOut(doubt) = &mut submitting.phase
            {
                doubt.waits += 1;
            }
            self.ask_again();
        }
    }

    /// The next question: straight for the task while all is well; after a failure key, clock and
    /// `/info` come first, as any of them may be what changed. Where there is no task yet, what
    /// they say is part of the question, and where a clock jumped it is not where it was.
    fn ask_again(&mut self) {
        let has_task = matches!(self.state.screen, Screen::Task(_)) && !self.state.calls.jumped;
        if let Some((contact, facts)) = asked(&mut self.state.screen) {
            match contact {
                Contact::Good if has_task => self.ask_for_news(),
                Contact::Good | Contact::Retrying { .. } => {
                    let address = facts.address.clone();
                    self.gather(Goal::Resume, address);
                }
                Contact::Unauthenticated(_) => {}
            }
        }
    }

    pub(super) fn ask_for_news(&mut self) {
        if let Screen::Task(task) = &self.state.screen {
            let facts = Rc::clone(&task.facts);
            let read = Request::dag(&task.dag.id);
            if let Err(failure) = self.sealed_call(Purpose::Dag, &facts, read) {
                self.news_failed(failure);
            }
        }
    }

    pub(super) fn resume_gathered(&mut self, facts: Rc<Facts>) {
        self.compare_clock(facts.clock);
        match &mut self.state.screen {
            Screen::Task(task) => {
                task.restarted |= facts.info.started_at != task.facts.info.started_at;
                task.facts = Rc::clone(&facts);
            }
            Screen::Submitting(submitting) => submitting.preflight.facts = Rc::clone(&facts),
            _ => {}
        }
        self.resume(&facts);
    }

    /// Whether the agent's clock has kept its pace since the DELETE left.
    pub(super) fn compare_clock(&mut self, clock: ClockOffset) {
        if let Screen::Submitting(submitting) = &mut self.state.screen
            && let SubmitPhase::FindingOut(doubt) = &mut submitting.phase
        {
            doubt.steady &= steady(doubt.before.clock, clock);
        }
    }

    /// Asks what there is to ask, with key and clock as they were just read.
    pub(super) fn resume(&mut self, facts: &Facts) {
        if !self.logs_in(facts) {
            // Only one of the two screens is there.
            self.ask_for_news();
            self.ask_for_newest();
        }
    }

    pub(super) fn dag_answered(&mut self, answered: &Answered) {
        let Screen::Task(task) = &mut self.state.screen else {
            return;
        };
        match opened(answered, answer::dag) {
            // A reinstalled agent counts anew from 1.
            Ok(said) if said.what.name != task.dag.name => {
                self.end_task(Ending::OutcomeUnknown(Unknown::Forgotten));
            }
            Ok(said) => {
                let dag = said.what.sharing_with(&task.dag);
                if dag != *task.dag {
                    task.dag = Rc::new(dag);
                }
                task.last_news = answered.received_at;
                task.contact = Contact::Good;
                settle(task);
                if self.send_operation() {
                    return;
                }
                let Screen::Task(task) = &mut self.state.screen else {
                    return;
                };
                if may_take_effect(task, self.now) {
                    self.wait_if_visible(refresh(0));
                } else if task.dag.progress().is_final() {
                    task.confirming = true;
                    let address = task.facts.address.clone();
                    let info = Request::info();
                    self.call(Purpose::Verify, address, info, None);
                } else {
                    let age = age(task, self.now);
                    self.wait_if_visible(refresh(age));
                }
            }
            // Key, clock and `/info` were read since the agent said so first, and it says it again.
            Err(failure)
                if knows_no_task(&failure)
                    && matches!(&task.contact, Contact::Retrying { failure, .. } if knows_no_task(failure)) =>
            {
                self.end_task(Ending::OutcomeUnknown(Unknown::Forgotten));
            }
            Err(failure) => self.news_failed(failure),
        }
    }

    /// Any failure to get news: it is asked for again, unless only a person can help.
    pub(super) fn news_failed(&mut self, failure: Failure) {
        if let Screen::Task(task) = &mut self.state.screen {
            task.confirming = false;
        }
        self.operation_not_sent(&failure);
        let Some((contact, _)) = asked(&mut self.state.screen) else {
            return;
        };
        if needs_credential(&failure) {
            *contact = Contact::Unauthenticated(failure);
            self.forget_refused();
            return;
        }
        let failures = match contact {
            Contact::Retrying { failures, .. } => failures.saturating_add(1),
            Contact::Good | Contact::Unauthenticated(_) => 1,
        };
        let wait = back_off(failures, self.now);
        *contact = Contact::Retrying {
            failures,
            failure,
            next_at: self.now.saturating_add(i64::from(wait)),
        };
        self.wait_if_visible(wait);
    }

    pub(super) fn verify_answered(&mut self, answered: &Answered) {
        let Screen::Task(task) = &mut self.state.screen else {
            return;
        };
        let progress = task.dag.progress();
        let managed = match opened(answered, answer::info) {
            Ok(said) => {
                task.restarted |= said.what.started_at != task.facts.info.started_at;
                let facts = Rc::make_mut(&mut task.facts);
                facts.info = said.what;
                facts.info.manages_odp
            }
            // A success is told only when the agent agrees.
            Err(failure) if progress == Progress::Done => return self.news_failed(failure),
            Err(_) => None,
        };
        let ending = match progress {
            Progress::Done if !task.dag.is_delete() => Ending::OtherTaskDone,
            Progress::Done if managed == Some(false) => Ending::Destroyed,
            Progress::Done => Ending::OutcomeUnknown(Unknown::StillManaged),
            Progress::Skipped => Ending::Skipped { managed },
            Progress::Failed { stage } => Ending::Failed { stage, managed },
            Progress::Cancelled { stage } => Ending::Cancelled { stage, managed },
            Progress::Waiting | Progress::Running | Progress::Cancelling | Progress::Unknown => {
                return;
            }
        };
        self.end_task(ending);
    }

    fn end_task(&mut self, ending: Ending) {
        if let Screen::Task(task) = &self.state.screen {
            let task = Task {
                confirming: false,
                ..task.clone()
            };
            let facts = Rc::clone(&task.facts);
            let submission = task.origin.submission().cloned();
            self.end(facts, ending, Some(Rc::new(task)), submission);
        }
    }

    pub(super) fn wait_if_visible(&mut self, millis: u32) {
        if self.state.visible {
            self.wait(millis);
        }
    }
}

/// What is asked again and again: how the contact is, and what is known of the agent.
fn asked(screen: &mut Screen) -> Option<(&mut Contact, &mut Rc<Facts>)> {
    match screen {
        Screen::Task(task) => Some((&mut task.contact, &mut task.facts)),
        Screen::Submitting(Submitting {
            phase: SubmitPhase::FindingOut(doubt),
            preflight,
            ..
        }) => Some((&mut doubt.contact, &mut preflight.facts)),
        _ => None,
    }
}

/// Whether the agent does not know the task (any more).
fn knows_no_task(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(error) if error.kind == ErrorKind::TaskNotFound)
}

/// How long the task has been running, in milliseconds.
fn age(task: &Task, now: i64) -> i64 {
    let started = task.dag.span.started.as_ref().map(|time| time.millis());
    started.map_or(0, |started| task.facts.clock.agent_time(now) - started)
}

/// Whether the agent turns the credential down: asking again with the same would be turned down
/// again.
pub(super) fn needs_credential(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent(NotSent::NoCredential | NotSent::Forgotten(_)) => true,
        Failure::Refused(error) => matches!(
            error.kind,
            ErrorKind::IncorrectAgentPassword
                | ErrorKind::AgentPasswordNotInitialized
                | ErrorKind::WithAgentPassword
                | ErrorKind::WithOceanBasePassword
                | ErrorKind::IncorrectOceanBasePassword
                | ErrorKind::SessionInvalid
                | ErrorKind::SessionExpired
        ),
        _ => false,
    }
}
