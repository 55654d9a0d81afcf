//! Watching a task to its end.

use std::rc::Rc;

use super::{Machine, opened};
use crate::flow::effect::{Effect, TimerId};
use crate::flow::ending::{Ending, Holder, Unknown};
use crate::flow::event::Answered;
use crate::flow::poll::{READ_TIMEOUT_MILLIS, back_off, refresh};
use crate::flow::state::{Contact, Facts, Goal, Origin, Purpose, Screen, Task};
use crate::obshell::answer;
use crate::obshell::dag::Dag;
use crate::obshell::dag::progress::Progress;
use crate::obshell::error::{ErrorKind, Failure, NotSent};
use crate::obshell::request::Request;

impl Machine {
    pub(super) fn follow_holder(&mut self) {
        let (facts, dag) = match &self.state.screen {
            Screen::Preflight(preflight) => match &preflight.holder {
                Some(dag) => (&preflight.facts, dag),
                None => return,
            },
            Screen::Ended(ended) => match &ended.ending {
                Ending::SomeoneElse {
                    holder: Holder::Found(dag),
                    ..
                } => (&ended.facts, dag),
                _ => return,
            },
            _ => return,
        };
        let (facts, dag) = (Rc::clone(facts), Rc::clone(dag));
        self.abandon_reads();
        self.watch(facts, dag, Origin::Followed);
    }

    pub(super) fn watch(&mut self, facts: Rc<Facts>, dag: Rc<Dag>, origin: Origin) {
        self.state.screen = Screen::Task(Task {
            facts,
            dag,
            origin,
            last_news: self.now,
            contact: Contact::Good,
            confirming: false,
        });
        self.ask_for_news();
    }

    pub(super) fn authenticate(&mut self, has_credential: bool) {
        if let Screen::Task(task) = &mut self.state.screen
            && matches!(task.contact, Contact::Unauthenticated(_))
            && has_credential
        {
            task.contact = Contact::Good;
            let address = task.facts.address.clone();
            self.gather(Goal::Resume, address);
        }
    }

    pub(super) fn visible(&mut self, visible: bool) {
        self.state.visible = visible;
        self.state.calls.timer = None;
        // A question under way is enough, and its answer sets the next wait.
        if visible && self.state.calls.open.is_empty() {
            self.refresh_task();
        }
    }

    pub(super) fn due(&mut self, timer: TimerId) {
        if self.state.calls.timer == Some(timer) {
            self.state.calls.timer = None;
            self.refresh_task();
        }
    }

    /// The next question: straight for the task while all is well; after a failure key, clock and
    /// `/info` come first, as any of them may be what changed.
    fn refresh_task(&mut self) {
        if let Screen::Task(task) = &self.state.screen {
            match task.contact {
                Contact::Good => self.ask_for_news(),
                Contact::Retrying { .. } => {
                    let address = task.facts.address.clone();
                    self.gather(Goal::Resume, address);
                }
                Contact::Unauthenticated(_) => {}
            }
        }
    }

    fn ask_for_news(&mut self) {
        if let Screen::Task(task) = &self.state.screen {
            let facts = Rc::clone(&task.facts);
            let read = Request::dag(&task.dag.id);
            if let Err(failure) = self.sealed_call(Purpose::Dag, &facts, read, READ_TIMEOUT_MILLIS)
            {
                self.news_failed(failure);
            }
        }
    }

    pub(super) fn resume_gathered(&mut self, facts: Rc<Facts>) {
        if let Screen::Task(task) = &mut self.state.screen {
            task.facts = facts;
            self.ask_for_news();
        }
    }

    pub(super) fn dag_answered(&mut self, answered: &Answered) {
        let Screen::Task(task) = &mut self.state.screen else {
            return;
        };
        match opened(answered, answer::dag) {
            Ok(said) => {
                let dag = said.what.sharing_with(&task.dag);
                if dag != *task.dag {
                    task.dag = Rc::new(dag);
                }
                task.last_news = answered.received_at;
                task.contact = Contact::Good;
                if task.dag.progress().is_final() {
                    task.confirming = true;
                    let address = task.facts.address.clone();
                    let info = Request::info();
                    self.call(Purpose::Verify, address, info, None, READ_TIMEOUT_MILLIS);
                } else {
                    let age = age(task, self.now);
                    self.wait_if_visible(refresh(age));
                }
            }
            Err(failure) => self.news_failed(failure),
        }
    }

    /// Any failure to get news: it is asked for again, unless only a person can help.
    pub(super) fn news_failed(&mut self, failure: Failure) {
        let Screen::Task(task) = &mut self.state.screen else {
            return;
        };
        task.confirming = false;
        if needs_credential(&failure) {
            task.contact = Contact::Unauthenticated(failure);
            self.effects.push(Effect::Forget);
            return;
        }
        let failures = match task.contact {
            Contact::Retrying { failures, .. } => failures.saturating_add(1),
            Contact::Good | Contact::Unauthenticated(_) => 1,
        };
        let wait = back_off(failures);
        task.contact = Contact::Retrying {
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
        task.confirming = false;
        let task = task.clone();
        let submission = match &task.origin {
            Origin::Mine(submission) => Some(submission.clone()),
            Origin::Followed => None,
        };
        self.end(
            Rc::clone(&task.facts),
            ending,
            Some(Rc::new(task)),
            submission,
        );
    }

    fn wait_if_visible(&mut self, millis: u32) {
        if self.state.visible {
            self.wait(millis);
        }
    }
}

/// How long the task has been running, in milliseconds.
fn age(task: &Task, now: i64) -> i64 {
    let started = task.dag.span.started.as_ref().map(|time| time.millis());
    started.map_or(0, |started| task.facts.clock.agent_time(now) - started)
}

/// Whether the agent turns the credential down: asking again with the same would be turned down
/// again.
fn needs_credential(failure: &Failure) -> bool {
    match failure {
        Failure::NotSent(NotSent::NoCredential) => true,
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
