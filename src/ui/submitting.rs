//! Between the confirmation and the task: nothing to press, and what is being done.

use yew::prelude::*;

use super::icon::Icon;
use super::ticking::use_now;
use super::view::View;
use crate::flow::state::{self, SubmitPhase};
use crate::text::labels::Label;

/// Properties of [`Submitting`].
#[derive(Properties, PartialEq)]
pub struct SubmittingProps {
    /// Words.
    pub view: View,
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// What is under way.
    pub submitting: state::Submitting,
}

/// What is being done.
#[component]
pub fn Submitting(props: &SubmittingProps) -> Html {
    let SubmittingProps {
        view, submitting, ..
    } = props;
    let now = use_now(&view.platform, true);
    let waited = (now - submitting.confirmed_at).max(0) / 1000 * 1000;
    let deleting = submitting.phase == SubmitPhase::Deleting;
    let step = |icon: Icon, label| html! { <li>{ icon.draw() }{ view.label(label) }</li> };
    html! {
        <section class="panel" aria-labelledby="screen" aria-busy="true">
            <h2 id="screen" tabindex="-1" ref={props.heading.clone()}>{ view.label(Label::SubmittingTitle) }</h2>
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
