//! From the confirmation to the task: where the DELETE is sent.

use std::rc::Rc;

use super::{Machine, opened};
use crate::flow::doubt::{Found, found};
use crate::flow::ending::{Ending, Unknown};
use crate::flow::event::Answered;
use crate::flow::poll::look_again;
use crate::flow::state::{
    Contact, Doubt, Facts, Goal, Origin, Purpose, Screen, Submission, SubmitPhase, Submitting,
};
use crate::obshell::answer::{self, Deletion, Opened, Said};
use crate::obshell::dag::Dag;
use crate::obshell::error::{ErrorKind, Failure};
use crate::obshell::request::Request;

impl Machine {
    /// The only way to a DELETE. The screen is left in the same step, so that a second
    /// confirmation finds no review any more.
    pub(super) fn confirm(&mut self, typed: &str) {
        let Screen::Review(review) = &mut self.state.screen else {
            return;
        };
        // The host may have said so since.
        if self.state.settings.read_only {
            return self.back();
        }
        let address = review.preflight.facts.address.clone();
        if typed != address.to_string() {
            review.mismatch = true;
            return;
        }
        let preflight = review.preflight.clone();
        // A list of tasks that has not come by now is not waited for.
        self.abandon_reads();
        self.state.screen = Screen::Submitting(Submitting {
            preflight,
            phase: SubmitPhase::Refreshing,
            resent: false,
            confirmed_at: self.now,
            newest: 0,
        });
        self.gather(Goal::Submit, address);
    }

    pub(super) fn submit_gathered(&mut self, facts: Rc<Facts>) {
        if let Screen::Submitting(submitting) = &mut self.state.screen {
            submitting.preflight.facts = facts;
            self.ask_for_newest();
        }
    }

    /// Asks for the newest task with a lock: what a DELETE starts is newer than what was the
    /// newest before.
    pub(super) fn ask_for_newest(&mut self) {
        self.read(Purpose::Newest, Request::newest_maintenance_dag());
    }

    fn read(&mut self, purpose: Purpose, request: Request) {
        if let Screen::Submitting(submitting) = &self.state.screen {
            let facts = Rc::clone(&submitting.preflight.facts);
            if let Err(failure) = self.sealed_call(purpose, &facts, request) {
                self.read_failed(failure);
            }
        }
    }

    /// A read failed. Before the DELETE that is the end of it; afterwards the console goes on
    /// reading.
    fn read_failed(&mut self, failure: Failure) {
        match &self.state.screen {
            Screen::Submitting(Submitting {
                phase: SubmitPhase::FindingOut(_),
                ..
            }) => self.news_failed(failure),
            _ => self.end_submission(Ending::NotSent(failure), None),
        }
    }

    pub(super) fn newest_answered(&mut self, newest: Opened<Dag>) {
        let newest = match newest {
            Ok(said) => Some(Rc::new(said.what)),
            Err(Failure::Refused(error)) if error.kind == ErrorKind::TaskNotFound => None,
            Err(failure) => return self.read_failed(failure),
        };
        let Screen::Submitting(submitting) = &mut self.state.screen else {
            return;
        };
        if let SubmitPhase::FindingOut(doubt) = &mut submitting.phase {
            doubt.newest = newest;
            return self.read(Purpose::Unfinished, Request::agent_unfinished_dags());
        }
        if self.state.calls.jumped {
            let address = submitting.preflight.facts.address.clone();
            return self.gather(Goal::Submit, address);
        }
        submitting.newest = newest.map_or(0, |dag| dag.number);
        submitting.phase = SubmitPhase::Deleting;
        let facts = Rc::clone(&submitting.preflight.facts);
        let delete = Request::delete_odp();
        if let Err(failure) = self.sealed_call(Purpose::Delete, &facts, delete) {
            self.end_submission(Ending::NotSent(failure), None);
        }
    }

    pub(super) fn delete_answered(&mut self, answered: Answered) {
        let Screen::Submitting(submitting) = &mut self.state.screen else {
            return;
        };
        let facts = Rc::clone(&submitting.preflight.facts);
        let deletion = opened(&answered, answer::deletion);
        let submission = Submission {
            sent_at: answered.sent_at,
            trace_id: answered.trace_id,
        };
        let ending = match deletion {
            Ok(Said { what, .. }) => match what {
                Deletion::Started(dag) => {
                    return self.watch(facts, dag, Origin::Mine(submission));
                }
                Deletion::NothingManaged => Ending::NothingToDestroy,
            },
            Err(Failure::NotSent(why)) => {
                return self.end_submission(Ending::NotSent(Failure::NotSent(why)), None);
            }
            Err(Failure::Refused(error)) => match error.kind {
                // The one answer after which the DELETE is sent again, once: the agent could not
                // even read who asked for what.
                ErrorKind::HeaderDecryptFailed if !submitting.resent => {
                    submitting.resent = true;
                    submitting.phase = SubmitPhase::Refreshing;
                    return self.gather(Goal::Submit, facts.address.clone());
                }
                // A browser may send a DELETE twice by itself, where a connection that it had kept
                // breaks; then the task that is in the way may be this console's own.
                kind if kind.proves_nothing_was_done() && kind != ErrorKind::UnderMaintenance => {
                    Ending::Refused(error)
                }
                _ => return self.find_out(facts, Failure::Refused(error), submission),
            },
            Err(failure) => return self.find_out(facts, failure, submission),
        };
        self.end_submission(ending, Some(submission));
    }

    /// From here on the agent is read only, until it is certain what came of the DELETE.
    fn find_out(&mut self, before: Rc<Facts>, cause: Failure, submission: Submission) {
        if let Screen::Submitting(submitting) = &mut self.state.screen {
            let address = before.address.clone();
            submitting.phase = SubmitPhase::FindingOut(Box::new(Doubt {
                cause,
                submission,
                before,
                steady: true,
                waits: 0,
                contact: Contact::Good,
                last_news: self.now,
                newest: None,
            }));
            self.gather(Goal::Resume, address);
        }
    }

    pub(super) fn unfinished_answered(&mut self, unfinished: Opened<Vec<Dag>>) {
        let unfinished = match unfinished {
            Ok(said) => said.what,
            Err(failure) => return self.read_failed(failure),
        };
        let now = self.now;
        let Screen::Submitting(submitting) = &mut self.state.screen else {
            return;
        };
        let SubmitPhase::FindingOut(doubt) = &mut submitting.phase else {
            return;
        };
        doubt.contact = Contact::Good;
        doubt.last_news = now;
        let wait = look_again(doubt.waits);
        let doubt = doubt.clone();
        match found(
            &doubt,
            submitting.newest,
            &submitting.preflight.facts,
            unfinished,
        ) {
            Found::Task(dag) => {
                let facts = Rc::clone(&submitting.preflight.facts);
                self.watch(facts, dag, Origin::Presumed(doubt.submission));
            }
            Found::End(ending) => self.end_submission(ending, Some(doubt.submission)),
            Found::NothingYet => self.wait_if_visible(wait),
        }
    }

    /// The person does not wait for it any longer.
    pub(super) fn stop_finding_out(&mut self) {
        if let Screen::Submitting(submitting) = &self.state.screen
            && let SubmitPhase::FindingOut(doubt) = &submitting.phase
        {
            let unknown = Ending::OutcomeUnknown(Unknown::Answer(doubt.cause.clone()));
            let submission = doubt.submission.clone();
            self.abandon_reads();
            self.end_submission(unknown, Some(submission));
        }
    }

    pub(super) fn end_submission(&mut self, ending: Ending, submission: Option<Submission>) {
        if let Screen::Submitting(submitting) = &self.state.screen {
            let facts = Rc::clone(&submitting.preflight.facts);
            self.end(facts, ending, None, submission);
        }
    }
}
