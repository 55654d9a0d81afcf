//! Between the confirmation and the task: nothing to press, and what is being done.

use yew::prelude::*;

use super::icon::Icon;
use super::view::{View, whole_seconds};
use crate::flow::state::{self, SubmitPhase};
use crate::text::labels::Label;

/// What is being done.
pub(super) fn submitting(view: &View, heading: &NodeRef, submitting: &state::Submitting) -> Html {
    let waited = whole_seconds(view.now - submitting.confirmed_at);
    let deleting = submitting.phase == SubmitPhase::Deleting;
    let step = |icon: Icon, label| html! { <li>{ icon.draw() }{ view.label(label) }</li> };
    html! {
        <section class="panel" aria-labelledby="screen" aria-busy="true">
            <h2 id="screen" tabindex="-1" ref={heading.clone()}>{ view.label(Label::SubmittingTitle) }</h2>
            <ol class="phases">
                { step(if deleting { Icon::Pass } else { Icon::Running }, Label::Refreshing) }
                { step(if deleting { Icon::Running } else { Icon::Waiting }, Label::Deleting) }
            </ol>
            if submitting.resent {
                <p class="hint">{ view.label(Label::Resent) }</p>
            }
            <p class="quiet">{ view.label(Label::SentOnce) }</p>
            if waited >= 3000 {
                <p class="quiet">{ view.label(Label::Waited) }{ " " }{ view.duration(waited) }</p>
            }
        </section>
    }
}
