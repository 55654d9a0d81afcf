//! The screen between the confirmation and the task: the current phase, and as the only action a
//! button that stops determining the outcome.

use yew::prelude::*;

use super::contact::ContactLine;
use super::icon::{Icon, IconKind};
use super::message::{Message, to_flow};
use super::notice::Notice;
use super::view::{use_view, whole_seconds};
use crate::flow::event::FlowEvent;
use crate::flow::state::{Contact, SignIn, SubmitPhase, Submitting};
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;

/// How long a wait lasts before it is mentioned, in milliseconds.
const NOTABLE_WAIT_MILLIS: i64 = 3_000;

/// Properties of [`SubmittingScreen`].
#[derive(PartialEq, Properties)]
pub struct SubmittingScreenProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The submission to show.
    pub submitting: Submitting,
    /// The kind of password to request again, if the credential is rejected.
    pub sign_in: SignIn,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The current phase of the submission.
#[component]
pub fn SubmittingScreen(props: &SubmittingScreenProps) -> Html {
    let SubmittingScreenProps {
        heading,
        submitting,
        sign_in,
        now,
        on_message,
    } = props;
    let view = use_view();
    let waited = whole_seconds(now - submitting.confirmed_at);
    let (first, second) = match &submitting.phase {
        SubmitPhase::Refreshing => (IconKind::Running, IconKind::Waiting),
        SubmitPhase::Deleting(_) => (IconKind::Pass, IconKind::Running),
        SubmitPhase::DeterminingOutcome(_) => (IconKind::Pass, IconKind::Warn),
    };
    let uncertain = match &submitting.phase {
        SubmitPhase::DeterminingOutcome(uncertain) => Some(uncertain),
        SubmitPhase::Refreshing | SubmitPhase::Deleting(_) => None,
    };
    // The outcome cannot be determined while the agent does not answer.
    let finding_out = match uncertain.map(|uncertain| &uncertain.contact) {
        Some(Contact::Good) | None => IconKind::Running,
        Some(Contact::Retrying { .. } | Contact::Unauthenticated(_)) => IconKind::Waiting,
    };
    let phase = |kind, label| html! { <li><Icon {kind} />{ view.label(label) }</li> };
    let facts = &submitting.preflight.facts;
    let address = facts.address.to_string();
    html! {
        <section class="panel" aria-labelledby="screen" aria-busy="true">
            <h2 id="screen" tabindex="-1" ref={heading}>{ view.label(Label::SubmittingTitle) }</h2>
            <ol class="phases">
                { phase(first, Label::Refreshing) }
                { phase(second, Label::Deleting) }
                if uncertain.is_some() {
                    { phase(finding_out, Label::DeterminingOutcome) }
                }
            </ol>
            if let Some(uncertain) = uncertain {
                <Notice
                    icon={IconKind::Warn}
                    what={text::problem::cause(&uncertain.cause, &address, view.language).what}
                    fix={view.label(Label::UncertainDelete)}
                />
                <ContactLine
                    {heading}
                    {facts}
                    contact={uncertain.contact.clone()}
                    last_update={uncertain.last_update}
                    sign_in={*sign_in}
                    now={*now}
                    {on_message}
                />
            } else {
                if submitting.resent() {
                    <p class="hint">{ view.label(Label::Resent) }</p>
                }
                <p class="quiet">{ view.label(Label::SentOnce) }</p>
            }
            if waited >= NOTABLE_WAIT_MILLIS {
                <p class="quiet">{ view.label(Label::Waited) }{ " " }{ view.duration(waited) }</p>
            }
            if uncertain.is_some() {
                <p class="leave">
                    <button type="button" class="plain" onclick={to_flow(on_message, FlowEvent::StartOver)}>
                        { view.label(Label::StopChecking) }
                    </button>
                </p>
            }
        </section>
    }
}
