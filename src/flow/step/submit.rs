//! From the confirmation to the task. The DELETE is sent here.

use std::rc::Rc;

use super::credential::needs_credential;
use super::{Machine, opened};
use crate::flow::ending::{Cause, Ending, Unknown};
use crate::flow::event::Answered;
use crate::flow::poll::{late_start_interval, outcome_interval, write_life_seconds};
use crate::flow::preflight::obstacle;
use crate::flow::state::{
    AgentSnapshot, Contact, Deleting, Ended, Facts, Goal, Origin, Purpose, Review, Screen,
    Submission, SubmitPhase, Submitting, UncertainDelete,
};
use crate::flow::uncertain_delete::Conclusion;
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
        let known = if let Some((uncertain, _)) = uncertain_delete(&mut self.state.screen) {
            uncertain.baseline.newest.is_some() || uncertain.seen.newest.is_some()
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
        if self.has_uncertain_delete() {
            self.update_failed(failure);
        } else {
            self.not_sent(failure);
        }
    }

    fn has_uncertain_delete(&mut self) -> bool {
        uncertain_delete(&mut self.state.screen).is_some()
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
        if let Some((uncertain, _)) = uncertain_delete(&mut self.state.screen) {
            uncertain.newest = newest;
            return self.read(Purpose::Unfinished, Request::agent_unfinished_dags());
        }
        let Screen::Submitting(submitting) = &self.state.screen else {
            return;
        };
        let facts = Rc::clone(&submitting.preflight.facts);
        if self.state.calls.jumped {
            return self.gather(Goal::Submit, facts.address.clone());
        }
        let baseline = Rc::new(AgentSnapshot { facts, newest });
        if let Err(failure) = self.send_delete(Deleting {
            baseline,
            first: None,
        }) {
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
        let checked = &deleting.baseline.facts.route;
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
        let Deleting { baseline, first } = (**deleting).clone();
        let facts = Rc::clone(&submitting.preflight.facts);
        let deletion = opened(&answered, answer::deletion).map(|answer| answer.value);
        let submission = Submission {
            sent_at: answered.sent_at,
            trace_id: answered.trace_id,
        };
        let cause = match deletion {
            Ok(Deletion::Started(dag)) if dag.is_delete() && dag.number > baseline.number() => {
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
                    Some(first) => self.determine_outcome(UncertainDelete {
                        resent: true,
                        ..*first
                    }),
                };
            }
            Err(failure) => Cause::Failure(failure),
        };
        let sealed_at = facts.clock.agent_time(submission.sent_at);
        let expires = expiry(sealed_at, write_life_seconds(facts.round_trip));
        self.determine_outcome(match first {
            Some(first) => UncertainDelete {
                cause,
                submission,
                expires: expires.max(first.expires),
                resent: true,
                waits: 0,
                ..*first
            },
            None => UncertainDelete {
                cause,
                submission,
                seen: (*baseline).clone(),
                baseline,
                expires,
                expired: false,
                resent: false,
                clock_steady: true,
                waits: 0,
                contact: Contact::Good,
                last_update: self.now,
                newest: None,
            },
        });
    }

    /// Starts determining the outcome of the DELETE. From here on the agent is only read, until the
    /// outcome is as certain as it can be.
    fn determine_outcome(&mut self, uncertain: UncertainDelete) {
        let Screen::Submitting(submitting) = &mut self.state.screen else {
            return;
        };
        let cause = uncertain.cause.clone();
        submitting.phase = SubmitPhase::DeterminingOutcome(Box::new(uncertain));
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
        let Some((uncertain, facts)) = uncertain_delete(&mut self.state.screen) else {
            return;
        };
        uncertain.contact = Contact::Good;
        uncertain.last_update = now;
        let found = uncertain.conclude(facts, unfinished, may_send_again);
        let (uncertain, facts) = (uncertain.clone(), Rc::clone(facts));
        let ended_at = match &self.state.screen {
            Screen::Ended(ended) => Some(ended.at),
            _ => None,
        };
        match (found, ended_at) {
            (Conclusion::Task(dag), None) => {
                self.watch(facts, dag, Origin::Presumed(uncertain.submission));
            }
            // The ending was reported too early.
            (Conclusion::Task(dag), Some(_)) => {
                self.watch(facts, dag, Origin::Presumed(uncertain.submission));
                if let Screen::Task(task) = &mut self.state.screen {
                    task.revises_ending = true;
                }
            }
            (Conclusion::End(ending), None) => self.end_submission(ending, uncertain),
            (Conclusion::SendAgain, None) => self.send_again(uncertain),
            (Conclusion::NothingYet | Conclusion::Unclear, None) => {
                self.wait_if_watched(outcome_interval(uncertain.waits));
            }
            // The reported ending no longer holds.
            (Conclusion::End(ending @ Ending::OutcomeUnknown(_)), Some(_)) => {
                self.end_submission(ending, uncertain);
            }
            (Conclusion::Unclear, Some(_)) => {
                let unknown = Unknown::Answer(uncertain.cause.clone());
                self.end_submission(Ending::OutcomeUnknown(unknown), uncertain);
            }
            (Conclusion::End(_) | Conclusion::NothingYet | Conclusion::SendAgain, Some(at)) => {
                self.wait_if_watched(late_start_interval(
                    uncertain.expired,
                    now.saturating_sub(at),
                ));
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
    fn send_again(&mut self, first: UncertainDelete) {
        if self.state.calls.jumped {
            let address = first.baseline.facts.address.clone();
            return self.gather(Goal::Resume, address);
        }
        let deleting = Deleting {
            baseline: Rc::clone(&first.baseline),
            first: Some(Box::new(first.clone())),
        };
        if self.send_delete(deleting).is_err() {
            self.determine_outcome(UncertainDelete {
                resent: true,
                ..first
            });
        }
    }

    /// The person stops waiting for the outcome.
    pub(super) fn stop_finding_out(&mut self) {
        if let Screen::Submitting(submitting) = &self.state.screen
            && let SubmitPhase::DeterminingOutcome(uncertain) = &submitting.phase
        {
            let uncertain = (**uncertain).clone();
            let unknown = Ending::OutcomeUnknown(Unknown::Answer(uncertain.cause.clone()));
            self.abandon_reads();
            self.end_submission(unknown, uncertain);
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
    fn end_submission(&mut self, ending: Ending, uncertain: UncertainDelete) {
        let Some(facts) = self.state.facts().cloned() else {
            return;
        };
        let looks = ending.may_be_revised();
        self.end(facts, ending, None, Some(uncertain.submission.clone()));
        if looks && let Screen::Ended(ended) = &mut self.state.screen {
            let wait = late_start_interval(uncertain.expired, 0);
            ended.uncertain_delete = Some(Box::new(uncertain));
            self.wait_if_watched(wait);
        }
    }
}

/// The DELETE whose outcome is being read from the agent's tasks, and the facts about the agent.
pub(super) fn uncertain_delete(
    screen: &mut Screen,
) -> Option<(&mut UncertainDelete, &mut Rc<Facts>)> {
    match screen {
        Screen::Submitting(Submitting {
            phase: SubmitPhase::DeterminingOutcome(uncertain),
            preflight,
            ..
        }) => Some((uncertain, &mut preflight.facts)),
        Screen::Ended(Ended {
            uncertain_delete: Some(uncertain),
            facts,
            ..
        }) => Some((uncertain, facts)),
        _ => None,
    }
}
