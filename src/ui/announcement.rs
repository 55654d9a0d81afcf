//! The announcements for screen readers when the state changes. The texts contain no times:
//! otherwise the clock would be announced every second.

use super::view::View;
use crate::flow::preflight::checks;
use crate::flow::state::{Contact, FactsLookup, Review, Screen, State, SubmitPhase, Tasks};
use crate::obshell::error::{Failure, NotSent};
use crate::text;
use crate::text::labels::Label;

/// The announcement for a state. `secure_transport`: requests leave the browser by HTTPS.
#[must_use]
pub(super) fn announcement(state: &State, secure_transport: bool, view: &View) -> String {
    let label = |label| view.label(label).to_owned();
    match &state.screen {
        Screen::Connect => match (
            &state.form.connecting,
            &state.form.problem,
            &state.form.lookup,
        ) {
            (true, _, _) => label(Label::Connecting),
            (_, Some(problem), _) => {
                let address = &state.form.address;
                let (_, advice) = text::problem::connect_problem(problem, address, view.language);
                [&*advice.what, " ", &advice.fix].concat()
            }
            (_, None, FactsLookup::Reading) => label(Label::FactsAsking),
            (_, None, FactsLookup::Read(_)) => label(Label::FactsRead),
            (_, None, FactsLookup::NotRequested | FactsLookup::Failed(_)) => String::new(),
        },
        Screen::Review(Review { preflight, .. }) if preflight.rechecking => label(Label::Checking),
        Screen::Review(Review { preflight, .. }) => match &preflight.tasks {
            Tasks::Listed(listed) | Tasks::ListedInPart(listed) => {
                let count = view.count(listed.len());
                [view.label(Label::ListTasks), ": ", &count].concat()
            }
            Tasks::NotRequested | Tasks::Reading | Tasks::Failed(_) => {
                let checks = checks(preflight, secure_transport);
                let tally = text::check::tally(&checks, view.language);
                [view.label(Label::PreflightTitle), ": ", &tally].concat()
            }
        },
        Screen::Submitting(submitting) => label(match &submitting.phase {
            SubmitPhase::Refreshing => Label::Refreshing,
            SubmitPhase::Deleting(_) => Label::Deleting,
            SubmitPhase::DeterminingOutcome(uncertain) => match uncertain.contact {
                Contact::Good => Label::DeterminingOutcome,
                Contact::Retrying { .. } => Label::ContactLost,
                Contact::Unauthenticated(ref failure) => sign_in_label(failure),
            },
        }),
        Screen::Task(task) => match &task.contact {
            Contact::Good if task.confirming => label(Label::Confirming),
            Contact::Good => match text::operation::status(task, view.language) {
                Some(operation) => operation.what,
                None => text::task::progress(&task.dag, view.language),
            },
            Contact::Retrying { .. } => label(Label::ContactLost),
            Contact::Unauthenticated(failure) => label(sign_in_label(failure)),
        },
        Screen::Ended(ended) => {
            let name = text::ending::name(&ended.ending, view.language);
            match ended
                .task
                .as_ref()
                .and_then(|task| text::operation::status(task, view.language))
            {
                Some(operation) => [&*name, " ", &operation.what].concat(),
                None => name,
            }
        }
    }
}

/// Why the credential is requested again.
fn sign_in_label(failure: &Failure) -> Label {
    match failure {
        Failure::NotSent(NotSent::CredentialWiped(_)) => Label::SignedOut,
        _ => Label::SignInRefused,
    }
}
