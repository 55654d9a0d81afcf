//! What will happen, and the confirmation.

mod confirm_form;

use yew::prelude::*;

use self::confirm_form::ConfirmForm;
use super::icon::{Icon, IconKind};
use super::message::Message;
use super::odp_facts::OdpFacts;
use super::view::use_view;
use crate::flow::state::Review;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`ReviewScreen`].
#[derive(PartialEq, Properties)]
pub struct ReviewScreenProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// What is reviewed.
    pub review: Review,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// The stages in plain words, what they mean, and the confirmation.
#[component]
pub fn ReviewScreen(props: &ReviewScreenProps) -> Html {
    let ReviewScreenProps {
        heading,
        review,
        tell,
    } = props;
    let view = use_view();
    let language = view.language;
    let address = review.preflight.facts.address.to_string();
    html! {
        <section class="panel" aria-labelledby="screen">
            <h2 id="screen" tabindex="-1" ref={heading}>{ view.label(Label::ReviewTitle) }</h2>
            <p class="lead">{ text::review::summary(&address, language) }</p>
            <OdpFacts odp={review.preflight.odp.clone()} />
            <h3>{ view.label(Label::ReviewStages) }</h3>
            <ol class="effects">
                for stage in text::review::stages(language) {
                    <li>
                        <p>
                            <strong>{ stage.title }</strong>
                            <code>{ stage.wire_name }</code>
                        </p>
                        <p class="detail">{ stage.effect }</p>
                    </li>
                }
            </ol>
            <h3>{ view.label(Label::ReviewKnow) }</h3>
            <ul class="warnings">
                for warning in text::review::warnings(language) {
                    <li>
                        <Icon kind={IconKind::Warn} />
                        <span>{ warning }</span>
                    </li>
                }
            </ul>
            <ConfirmForm {address} mismatch={review.mismatch} {tell} />
        </section>
    }
}
