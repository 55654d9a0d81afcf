//! Watching a task to its end.

use std::mem;
use std::rc::Rc;

use super::Machine;
use super::credential::needs_credential;
use super::listed::refuses_id;
use super::operate::{may_take_effect, settle};
use super::submit::uncertain_delete;
use crate::flow::effect::TimerId;
use crate::flow::ending::{Ending, Unknown};
use crate::flow::event::Answered;
use crate::flow::poll::{HIDDEN_MILLIS, JUMP_MILLIS, back_off, refresh_interval};
use crate::flow::state::{
    Contact, CredentialStatus, Facts, Goal, Origin, Purpose, Review, Screen, Task, Watch,
};
use crate::flow::uncertain_delete::steady;
use crate::obshell::answer;
use crate::obshell::dag::Dag;
use crate::obshell::dag::progress::Progress;
use crate::obshell::error::{ErrorKind, Failure, Unusable};
use crate::obshell::request::Request;
use crate::obshell::time::{AgentTime, ClockOffset, Millis};

impl Machine {
    pub(super) fn follow_holder(&mut self) {
        let (facts, dag) = match &self.state.screen {
            Screen::Review(Review { preflight, .. }) => (&preflight.facts, &preflight.holder),
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
        self.watch_as(facts, dag, origin, Watch::default());
    }

    /// As [`watch`](Self::watch), for a task whose id the agent refuses.
    pub(super) fn watch_by_lists(&mut self, facts: Rc<Facts>, dag: Rc<Dag>, origin: Origin) {
        let by_lists = Watch {
            by_lists: true,
            ..Watch::default()
        };
        self.watch_as(facts, dag, origin, by_lists);
    }

    fn watch_as(&mut self, facts: Rc<Facts>, dag: Rc<Dag>, origin: Origin, watch: Watch) {
        let watch = Watch {
            since: self.now,
            started: began(&dag).cloned(),
            ..watch
        };
        self.show_task(Task {
            odp: self.state.odp(),
            facts,
            dag,
            origin,
            last_update: self.now,
            contact: Contact::Good,
            confirming: false,
            restarted: false,
            revises_ending: false,
            operating: None,
            watch,
        });
        self.request_update();
    }

    pub(super) fn show_task(&mut self, task: Task) {
        self.state.screen = Screen::Task(Task {
            contact: Contact::Good,
            confirming: false,
            ..task
        });
    }

    pub(super) fn authenticate(&mut self, has_credential: bool) {
        if let Some((contact, facts)) = polled(&mut self.state.screen)
            && matches!(contact, Contact::Unauthenticated(_))
            && has_credential
        {
            *contact = Contact::Good;
            let address = facts.address.clone();
            self.password_given();
            self.gather(Goal::Resume, address);
        } else if has_credential
            && matches!(self.state.calls.credential, CredentialStatus::Absent(_))
        {
            // No screen requests this credential.
            self.wipe_credential();
        }
    }

    /// Measures the agent's clock again if the time passed by the browser's clock differs from the
    /// wait by more than the tolerance: this computer slept, or its clock was set. `millis`: how
    /// much longer the wait may have taken.
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
        if self.is_update_pending() {
            return;
        }
        if visible {
            self.poll();
        } else {
            self.wait_if_watched(0);
        }
    }

    pub(super) fn notify(&mut self, notifies: bool) {
        self.state.notifies = notifies && self.state.settings.notifications;
    }

    pub(super) fn due(&mut self, timer: TimerId) {
        if let Some((_, at)) = self.state.calls.timer.take_if(|(id, _)| *id == timer) {
            self.notice_jump(at, 0);
            if let Some((uncertain, _)) = uncertain_delete(&mut self.state.screen) {
                uncertain.waits = uncertain.waits.saturating_add(1);
            }
            self.poll();
        }
    }

    /// Sends the next request: the task alone while contact is good; after a failure, key, clock
    /// and `/info` first, since any of them may have changed. The open routes are also read if
    /// there is no task yet, because the outcome depends on them, and after a jump of a clock.
    fn poll(&mut self) {
        let has_task = matches!(self.state.screen, Screen::Task(_)) && !self.state.calls.jumped;
        if let Some((contact, facts)) = polled(&mut self.state.screen) {
            match contact {
                Contact::Good if has_task => self.request_update(),
                Contact::Good | Contact::Retrying { .. } => {
                    let address = facts.address.clone();
                    self.gather(Goal::Resume, address);
                }
                Contact::Unauthenticated(_) => {}
            }
        }
    }

    /// Whether a polling request is pending: one is enough, and its response sets the next wait.
    fn is_update_pending(&self) -> bool {
        let mut open = self.state.calls.open.iter();
        open.any(|(_, purpose)| !purpose.is_for_odp())
    }

    /// The person skips the wait for the next request.
    pub(super) fn try_now(&mut self) {
        if let Some((Contact::Retrying { .. }, _)) = polled(&mut self.state.screen)
            && !self.is_update_pending()
        {
            self.state.calls.timer = None;
            self.poll();
        }
    }

    pub(super) fn request_update(&mut self) {
        if let Screen::Task(task) = &self.state.screen {
            let facts = Rc::clone(&task.facts);
            if task.watch.by_lists {
                return self.search_lists(&facts);
            }
            let read = Request::dag(&task.dag.id);
            if let Err(failure) = self.sealed_call(Purpose::Dag, &facts, read) {
                self.update_failed(failure);
            }
        }
    }

    pub(super) fn resume_gathered(&mut self, facts: Rc<Facts>) {
        self.compare_clock(facts.clock);
        if let Screen::Task(task) = &mut self.state.screen {
            if !facts.info.is_same_agent(&task.facts.info) {
                return self.update_failed(Failure::Unusable(Unusable::OtherAgent));
            }
            task.restarted |= facts.info.started_at != task.facts.info.started_at;
        }
        if let Some((_, known)) = polled(&mut self.state.screen) {
            // An operation leaves only by the route that the screen began with.
            let route = known.route.clone();
            *known = Rc::new(Facts {
                route,
                ..(*facts).clone()
            });
        }
        self.resume(&facts);
    }

    /// Checks that the agent's clock has kept its pace since the DELETE was sent.
    pub(super) fn compare_clock(&mut self, clock: ClockOffset) {
        if let Some((uncertain, _)) = uncertain_delete(&mut self.state.screen) {
            uncertain.clock_steady &= steady(uncertain.baseline.facts.clock, clock);
        }
    }

    /// Sends the requests of this screen with the key and clock just read.
    pub(super) fn resume(&mut self, facts: &Facts) {
        if !self.log_in_if_required(facts) {
            // Only one of the two requests is to be sent here.
            self.request_update();
            self.ask_for_newest();
        }
    }

    pub(super) fn dag_answered(&mut self, answered: &Answered) {
        match self.open_fresh(Purpose::Dag, answered, answer::dag) {
            Ok(answer) => self.update_task(answer.value, answered.received_at),
            Err(failure) => self.task_failed(failure),
        }
    }

    /// The agent returned the state of the requested task.
    pub(super) fn update_task(&mut self, dag: Dag, received_at: Millis) {
        let Screen::Task(task) = &mut self.state.screen else {
            return;
        };
        if dag.id != task.dag.id {
            return self.update_failed(Failure::Unusable(Unusable::OtherTask));
        }
        if !is_same_task(task, &dag) {
            return self.end_task(Ending::OutcomeUnknown(Unknown::Forgotten));
        }
        if let Some(began) = began(&dag) {
            task.watch.started = Some(began.clone());
        }
        let dag = dag.sharing_with(&task.dag);
        if dag != *task.dag {
            task.dag = Rc::new(dag);
        }
        task.last_update = received_at;
        task.contact = Contact::Good;
        settle(task, self.now);
        if self.send_operation() {
            return;
        }
        let Screen::Task(task) = &mut self.state.screen else {
            return;
        };
        let progress = task.dag.progress();
        // A record that the agent writes in several steps may be read halfway.
        let was_contradicted = mem::replace(
            &mut task.watch.contradicted,
            progress == Progress::Contradicted,
        );
        if may_take_effect(task, self.now) || (task.watch.contradicted && !was_contradicted) {
            self.wait_if_watched(refresh_interval(0));
        } else if progress.is_final() {
            task.confirming = true;
            let address = task.facts.address.clone();
            self.call(Purpose::Verify, address, Request::info(), None);
        } else {
            let age = self.now.saturating_sub(task.watch.since);
            self.wait_if_watched(refresh_interval(age));
        }
    }

    /// The state of the task could not be read.
    pub(super) fn task_failed(&mut self, failure: Failure) {
        let Screen::Task(task) = &mut self.state.screen else {
            return;
        };
        if refuses_id(&task.dag.id, &failure) && !task.watch.by_lists {
            task.watch.by_lists = true;
            self.operation_not_sent(&failure);
            return self.request_update();
        }
        // Key, clock and `/info` were read after the agent's first response of this kind, and this
        // is the second.
        if knows_no_task(&failure)
            && matches!(&task.contact, Contact::Retrying { failure, .. } if knows_no_task(failure))
        {
            return self.end_task(Ending::OutcomeUnknown(Unknown::Forgotten));
        }
        self.update_failed(failure);
    }

    /// Handles any failure of a polling request: it is retried, unless a person has to act first.
    pub(super) fn update_failed(&mut self, failure: Failure) {
        if let Screen::Task(task) = &mut self.state.screen {
            task.confirming = false;
        }
        self.operation_not_sent(&failure);
        let Some((contact, _)) = polled(&mut self.state.screen) else {
            return;
        };
        if needs_credential(&failure) {
            *contact = Contact::Unauthenticated(failure);
            self.wipe_refused();
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
        self.wait_if_watched(wait);
    }

    pub(super) fn end_task(&mut self, ending: Ending) {
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

    /// Waits if the page is visible, or if the person wants a notification at the end of a task:
    /// the task is then followed while the page is hidden, at a longer interval.
    pub(super) fn wait_if_watched(&mut self, millis: u32) {
        if self.state.visible {
            self.wait(millis);
        } else if self.state.notifies
            && let Screen::Task(Task {
                contact: Contact::Good | Contact::Retrying { .. },
                ..
            }) = self.state.screen
        {
            self.wait(millis.max(HIDDEN_MILLIS));
        }
    }
}

/// The polled subject: its contact, and the facts about the agent.
fn polled(screen: &mut Screen) -> Option<(&mut Contact, &mut Rc<Facts>)> {
    match screen {
        Screen::Task(task) => Some((&mut task.contact, &mut task.facts)),
        screen => {
            uncertain_delete(screen).map(|(uncertain, facts)| (&mut uncertain.contact, facts))
        }
    }
}

/// Whether the agent does not know, or no longer knows, the task.
fn knows_no_task(failure: &Failure) -> bool {
    match failure {
        Failure::Refused(error) => error.kind == ErrorKind::TaskNotFound,
        Failure::Unusable(why) => *why == Unusable::NotListed { all: true },
        _ => false,
    }
}

/// When a task began: its start time, or its creation time while it is pending.
fn began(dag: &Dag) -> Option<&AgentTime> {
    dag.span.started.as_ref().or(dag.created.as_ref())
}

/// Whether this is a later state of the watched task. A reinstalled agent restarts its numbering at
/// 1, and an agent whose data was restored may have had another task of this number.
fn is_same_task(task: &Task, dag: &Dag) -> bool {
    let went_back = began(dag)
        .zip(task.watch.started.as_ref())
        .is_some_and(|(now, before)| now.millis().saturating_add(JUMP_MILLIS) < before.millis());
    (&dag.name, dag.number) == (&task.dag.name, task.dag.number)
        && (task.watch.clock_set || !went_back)
}
