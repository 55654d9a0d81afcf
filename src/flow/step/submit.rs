//! From the confirmation to the task. The DELETE is sent here.

use std::rc::Rc;

use super::credential::needs_credential;
use super::{Machine, opened};
use crate::flow::doubt::Found;
use crate::flow::ending::{Cause, Ending, Unknown};
use crate::flow::event::Answered;
use crate::flow::poll::{late_start_interval, outcome_interval, write_life_seconds};
use crate::flow::preflight::obstacle;
use crate::flow::state::{
    Contact, Deleting, Doubt, Ended, Facts, Goal, Noted, Origin, Purpose, Review, Screen,
    Submission, SubmitPhase, Submitting,
};
use crate::obshell::address::AgentAddress;
use crate::obshell::answer::{self, Deletion, Opened};
use crate::obshell::dag::Dag;
use crate::obshell::error::{ErrorKind, Failure, NoAnswer, NotObshell, NotObshellKind};
use crate::obshell::info::Version;
use crate::obshell::request::{Request, expiry};
use crate::obshell::time::Millis;

/// How long after the confirmation a DELETE that the agent could not decrypt may be sealed again,
/// in milliseconds: a page that was suspended for an hour must not send an unexpected DELETE when
/// it resumes.
const SEND_AGAIN_MILLIS: Millis = 60_000;

impl Machine {
    /// The only way to a DELETE. The review is left in the same step, so a second confirmation
    /// finds none.
    pub(super) fn confirm(&mut self, typed: &str) {
        let Screen::Review(review) = &mut self.state.screen else {
            return;
        };
        // The host may have made the console read-only since, and outdated checks prove nothing.
        let read_only = self.state.settings.read_only;
        if review.preflight.rechecking || obstacle(review, read_only).is_some() {
            return;
        }
        let address = review.preflight.facts.address.clone();
        if AgentAddress::parse(typed).as_ref() != Ok(&address) {
            review.mismatch = true;
            return;
        }
        // A list of tasks that is still pending is not waited for.
        self.abandon_reads();
        let Screen::Review(Review { preflight, .. }) = &self.state.screen else {
            return;
        };
        let preflight = preflight.clone();
        let checked = preflight.facts.route.clone();
        self.state.screen = Screen::Submitting(Submitting {
            preflight,
            phase: SubmitPhase::Refreshing,
            confirmed_at: self.now,
        });
        match self.state.settings.still_allow(&address, &checked) {
            Ok(()) => self.gather(Goal::Submit, address),
            Err(changed) => self.not_sent(Failure::NotSent(changed)),
        }
    }

    /// The route that the checks were read by stays the one that the DELETE leaves by.
    pub(super) fn submit_gathered(&mut self, facts: Rc<Facts>) {
        if let Screen::Submitting(submitting) = &mut self.state.screen {
            let route = submitting.preflight.facts.route.clone();
            let facts = Rc::unwrap_or_clone(facts);
            submitting.preflight.facts = Rc::new(Facts { route, ..facts });
            self.ask_for_newest();
        }
    }

    /// Requests the newest task with a lock: a task that a DELETE starts is newer.
    ///
    /// An agent that never had such a task answers 404, which a browser reports as an error. If no
    /// such task is known, and the version has a list of all tasks, the list is read first.
    pub(super) fn ask_for_newest(&mut self) {
        let known = if let Some((doubt, _)) = doubted(&mut self.state.screen) {
            doubt.noted.newest.is_some() || doubt.seen.newest.is_some()
        } else if let Screen::Submitting(submitting) = &self.state.screen {
            let preflight = &submitting.preflight;
            let holder = preflight.holder.as_ref();
            preflight.ask_for_newest || holder.is_some_and(|dag| dag.takes_lock() == Some(true))
        } else {
            return;
        };
        let Some(facts) = self.state.facts() else {
            return;
        };
        let lists_all = facts.info.version.at_least(Version::FIRST_WITH_LIST) == Some(true);
        if lists_all && !known {
            self.read(Purpose::AnyLock, Request::agent_dags());
        } else {
            self.read(Purpose::Newest, Request::newest_maintenance_dag());
        }
    }

    /// Handles the list of all tasks. The list alone decides if it is complete and shows no task
    /// with a lock. Otherwise the newest such task is requested as usual: a problem with the list
    /// never blocks the DELETE.
    pub(super) fn any_lock_answered(&mut self, all: Opened<Option<Vec<Dag>>>) {
        match all.map(|answer| answer.value) {
            Ok(Some(dags)) if dags.iter().all(Dag::takes_no_lock) => self.handle_newest(None),
            Err(failure @ (Failure::NotSent(_) | Failure::NoAnswer(NoAnswer::Network))) => {
                self.read_failed(failure)
            }
            Err(failure) if needs_credential(&failure) => self.read_failed(failure),
            Ok(_) | Err(_) => self.read(Purpose::Newest, Request::newest_maintenance_dag()),
        }
    }

    fn read(&mut self, purpose: Purpose, request: Request) {
        if let Some(facts) = self.state.facts().cloned()
            && let Err(failure) = self.sealed_call(purpose, &facts, request)
        {
            self.read_failed(failure);
        }
    }

    /// A read failed. Before the DELETE this ends the submission; afterwards the console keeps
    /// reading.
    fn read_failed(&mut self, failure: Failure) {
        if self.doubts() {
            self.update_failed(failure);
        } else {
            self.not_sent(failure);
        }
    }

    fn doubts(&mut self) -> bool {
        doubted(&mut self.state.screen).is_some()
    }

    pub(super) fn newest_answered(&mut self, newest: Opened<Dag>) {
        match newest {
            Ok(answer) => self.handle_newest(Some(Rc::new(answer.value))),
            Err(Failure::Refused(error)) if error.kind == ErrorKind::TaskNotFound => {
                self.handle_newest(None);
            }
            Err(failure) => self.read_failed(failure),
        }
    }

    fn handle_newest(&mut self, newest: Option<Rc<Dag>>) {
        if let Some((doubt, _)) = doubted(&mut self.state.screen) {
            doubt.newest = newest;
            return self.read(Purpose::Unfinished, Request::agent_unfinished_dags());
        }
        let Screen::Submitting(submitting) = &self.state.screen else {
            return;
        };
        let facts = Rc::clone(&submitting.preflight.facts);
        if self.state.calls.jumped {
            return self.gather(Goal::Submit, facts.address.clone());
        }
        let noted = Rc::new(Noted { facts, newest });
        if let Err(failure) = self.send_delete(Deleting { noted, first: None }) {
            self.not_sent(failure);
        }
    }

    /// Sends the DELETE with the key and clock just read.
    ///
    /// # Errors
    /// If the agent's key is unusable, nothing is sent.
    fn send_delete(&mut self, deleting: Deleting) -> Result<(), Failure> {
        let Screen::Submitting(submitting) = &mut self.state.screen else {
            return Ok(());
        };
        let facts = Rc::clone(&submitting.preflight.facts);
        // The host may have changed its list since.
        let checked = &deleting.noted.facts.route;
        let settings = &self.state.settings;
        settings
            .still_allow(&facts.address, checked)
            .map_err(Failure::NotSent)?;
        submitting.phase = SubmitPhase::Deleting(Box::new(deleting));
        self.sealed_call(Purpose::Delete, &facts, Request::delete_odp())
    }

    pub(super) fn delete_answered(&mut self, answered: Answered) {
        let Screen::Submitting(submitting) = &self.state.screen else {
            return;
        };
        let SubmitPhase::Deleting(deleting) = &submitting.phase else {
            return;
        };
        let Deleting { noted, first } = (**deleting).clone();
        let facts = Rc::clone(&submitting.preflight.facts);
        let deletion = opened(&answered, answer::deletion).map(|answer| answer.value);
        let submission = Submission {
            sent_at: answered.sent_at,
            trace_id: answered.trace_id,
        };
        let cause = match deletion {
            Ok(Deletion::Started(dag)) if dag.is_delete() && dag.number > noted.number() => {
                return self.watch(facts, dag, Origin::Mine(submission));
            }
            Ok(Deletion::Started(_)) => Cause::Failure(Failure::NotObshell(NotObshell {
                status: 200,
                kind: NotObshellKind::Other,
            })),
            Ok(Deletion::NothingManaged) => Cause::NothingManaged,
            Err(failure @ Failure::NotSent(_)) => {
                return match first {
                    None => self.not_sent(failure),
                    Some(first) => self.find_out(Doubt {
                        resent: true,
                        ..*first
                    }),
                };
            }
            Err(failure) => Cause::Failure(failure),
        };
        let sealed_at = facts.clock.agent_time(submission.sent_at);
        let expires = expiry(sealed_at, write_life_seconds(facts.round_trip));
        self.find_out(match first {
            Some(first) => Doubt {
                cause,
                submission,
                expires: expires.max(first.expires),
                resent: true,
                waits: 0,
                ..*first
            },
            None => Doubt {
                cause,
                submission,
                seen: (*noted).clone(),
                noted,
                expires,
                over: false,
                resent: false,
                steady: true,
                waits: 0,
                contact: Contact::Good,
                last_update: self.now,
                newest: None,
            },
        });
    }

    /// Starts determining the outcome of the DELETE. From here on the agent is only read, until the
    /// outcome is as certain as it can be.
    fn find_out(&mut self, doubt: Doubt) {
        let Screen::Submitting(submitting) = &mut self.state.screen else {
            return;
        };
        let cause = doubt.cause.clone();
        submitting.phase = SubmitPhase::FindingOut(Box::new(doubt));
        match cause {
            // A read with the same credential would be rejected again.
            Cause::Failure(failure) if needs_credential(&failure) => self.update_failed(failure),
            _ => {
                let address = submitting.preflight.facts.address.clone();
                self.gather(Goal::Resume, address);
            }
        }
    }

    pub(super) fn unfinished_answered(&mut self, unfinished: Opened<Vec<Dag>>) {
        let unfinished = match unfinished {
            Ok(answer) => answer.value,
            Err(failure) => return self.read_failed(failure),
        };
        let may_send_again = self.may_send_again();
        let now = self.now;
        let Some((doubt, facts)) = doubted(&mut self.state.screen) else {
            return;
        };
        doubt.contact = Contact::Good;
        doubt.last_update = now;
        let found = doubt.find(facts, unfinished, may_send_again);
        let (doubt, facts) = (doubt.clone(), Rc::clone(facts));
        let ended_at = match &self.state.screen {
            Screen::Ended(ended) => Some(ended.at),
            _ => None,
        };
        match (found, ended_at) {
            (Found::Task(dag), None) => {
                self.watch(facts, dag, Origin::Presumed(doubt.submission));
            }
            // The ending was reported too early.
            (Found::Task(dag), Some(_)) => {
                self.watch(facts, dag, Origin::Presumed(doubt.submission));
                if let Screen::Task(task) = &mut self.state.screen {
                    task.revises_ending = true;
                }
            }
            (Found::End(ending), None) => self.end_submission(ending, doubt),
            (Found::SendAgain, None) => self.send_again(doubt),
            (Found::NothingYet | Found::Unclear, None) => {
                self.wait_if_watched(outcome_interval(doubt.waits));
            }
            // The reported ending no longer holds.
            (Found::End(ending @ Ending::OutcomeUnknown(_)), Some(_)) => {
                self.end_submission(ending, doubt);
            }
            (Found::Unclear, Some(_)) => {
                let unknown = Unknown::Answer(doubt.cause.clone());
                self.end_submission(Ending::OutcomeUnknown(unknown), doubt);
            }
            (Found::End(_) | Found::NothingYet | Found::SendAgain, Some(at)) => {
                self.wait_if_watched(late_start_interval(doubt.over, now.saturating_sub(at)));
            }
        }
    }

    /// Whether a DELETE that started no task may be sealed again: still as the person confirmed,
    /// and soon enough after the confirmation.
    fn may_send_again(&self) -> bool {
        match &self.state.screen {
            Screen::Submitting(submitting) => {
                let since = self.now.saturating_sub(submitting.confirmed_at);
                (0..=SEND_AGAIN_MILLIS).contains(&since) && !self.state.settings.read_only
            }
            _ => false,
        }
    }

    /// Sends the DELETE again, once. Only one response allows this: the agent could not decrypt the
    /// header, and its tasks show that no copy of the request was acted on.
    fn send_again(&mut self, first: Doubt) {
        if self.state.calls.jumped {
            let address = first.noted.facts.address.clone();
            return self.gather(Goal::Resume, address);
        }
        let deleting = Deleting {
            noted: Rc::clone(&first.noted),
            first: Some(Box::new(first.clone())),
        };
        if self.send_delete(deleting).is_err() {
            self.find_out(Doubt {
                resent: true,
                ..first
            });
        }
    }

    /// The person stops waiting for the outcome.
    pub(super) fn stop_finding_out(&mut self) {
        if let Screen::Submitting(submitting) = &self.state.screen
            && let SubmitPhase::FindingOut(doubt) = &submitting.phase
        {
            let doubt = (**doubt).clone();
            let unknown = Ending::OutcomeUnknown(Unknown::Answer(doubt.cause.clone()));
            self.abandon_reads();
            self.end_submission(unknown, doubt);
        }
    }

    /// The first DELETE of a confirmation was not sent.
    pub(super) fn not_sent(&mut self, failure: Failure) {
        if let Screen::Submitting(submitting) = &self.state.screen {
            let facts = Rc::clone(&submitting.preflight.facts);
            self.end(facts, Ending::NotSent(failure), None, None);
        }
    }

    /// Ends a submission whose DELETE was sent. An ending that may have to be taken back is
    /// followed up.
    fn end_submission(&mut self, ending: Ending, doubt: Doubt) {
        let Some(facts) = self.state.facts().cloned() else {
            return;
        };
        let looks = ending.may_be_revised();
        self.end(facts, ending, None, Some(doubt.submission.clone()));
        if looks && let Screen::Ended(ended) = &mut self.state.screen {
            let wait = late_start_interval(doubt.over, 0);
            ended.looking = Some(Box::new(doubt));
            self.wait_if_watched(wait);
        }
    }
}

/// The DELETE whose outcome is being read from the agent's tasks, and the facts about the agent.
pub(super) fn doubted(screen: &mut Screen) -> Option<(&mut Doubt, &mut Rc<Facts>)> {
    match screen {
        Screen::Submitting(Submitting {
            phase: SubmitPhase::FindingOut(doubt),
            preflight,
            ..
        }) => Some((doubt, &mut preflight.facts)),
        Screen::Ended(Ended {
            looking: Some(doubt),
            facts,
            ..
        }) => Some((doubt, facts)),
        _ => None,
    }
}
