//! From the confirmation to the task: where the DELETE is sent.

use std::rc::Rc;

use super::{DELETE_TIMEOUT_MILLIS, Machine, opened};
use crate::flow::ending::{Ending, Holder, Unknown};
use crate::flow::event::Answered;
use crate::flow::poll::READ_TIMEOUT_MILLIS;
use crate::flow::preflight::holder;
use crate::flow::state::{
    Facts, Goal, Origin, Purpose, Screen, Submission, SubmitPhase, Submitting,
};
use crate::obshell::answer::{self, Deletion, Opened, Said};
use crate::obshell::dag::Dag;
use crate::obshell::error::{ApiError, ErrorKind, Failure};
use crate::obshell::request::Request;

impl Machine {
    /// The only way to a DELETE. The screen is left in the same step, so that a second
    /// confirmation finds no review any more.
    pub(super) fn confirm(&mut self, typed: &str) {
        let Screen::Review(review) = &mut self.state.screen else {
            return;
        };
        let address = review.preflight.facts.address.clone();
        if typed != address.to_string() {
            review.mismatch = true;
            return;
        }
        self.state.screen = Screen::Submitting(Submitting {
            preflight: review.preflight.clone(),
            phase: SubmitPhase::Refreshing,
            resent: false,
            confirmed_at: self.now,
        });
        self.gather(Goal::Submit, address);
    }

    pub(super) fn submit_gathered(&mut self, facts: Rc<Facts>) {
        let Screen::Submitting(submitting) = &mut self.state.screen else {
            return;
        };
        submitting.preflight.facts = Rc::clone(&facts);
        submitting.phase = SubmitPhase::Deleting;
        let delete = Request::delete_odp();
        if let Err(failure) =
            self.sealed_call(Purpose::Delete, &facts, delete, DELETE_TIMEOUT_MILLIS)
        {
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
                ErrorKind::UnderMaintenance => {
                    return self.someone_else(&facts, error, submission);
                }
                kind if kind.proves_nothing_was_done() => Ending::Refused(error),
                _ => Ending::OutcomeUnknown(Unknown::Answer(Failure::Refused(error))),
            },
            Err(failure) => Ending::OutcomeUnknown(Unknown::Answer(failure)),
        };
        self.end_submission(ending, Some(submission));
    }

    fn someone_else(&mut self, facts: &Rc<Facts>, error: ApiError, submission: Submission) {
        let read = Request::agent_unfinished_dags();
        let holder = match self.sealed_call(Purpose::Holder, facts, read, READ_TIMEOUT_MILLIS) {
            Ok(()) => Holder::Searching,
            Err(failure) => Holder::Unreadable(failure),
        };
        self.end_submission(Ending::SomeoneElse { error, holder }, Some(submission));
    }

    pub(super) fn holder_answered(&mut self, unfinished: Opened<Vec<Dag>>) {
        if let Screen::Ended(ended) = &mut self.state.screen
            && let Ending::SomeoneElse { holder: found, .. } = &mut ended.ending
        {
            *found = match unfinished.map(|said| holder(said.what)) {
                Ok(Some(dag)) => Holder::Found(Rc::new(dag)),
                Ok(None) => Holder::NotFound,
                Err(failure) => Holder::Unreadable(failure),
            };
        }
    }

    pub(super) fn end_submission(&mut self, ending: Ending, submission: Option<Submission>) {
        if let Screen::Submitting(submitting) = &self.state.screen {
            let facts = Rc::clone(&submitting.preflight.facts);
            self.end(facts, ending, None, submission);
        }
    }
}
