//! The review screen: the target, the checks, the effects and the confirmation.

mod blocked;
pub(super) mod check;
mod checks;
pub(super) mod effects;

use yew::prelude::*;

use self::blocked::Blocked;
use self::checks::Checks;
use self::effects::Effects;
use super::agent_facts::KnownFacts;
use super::book::SaveOffer;
use super::confirm_form::ConfirmForm;
use super::icon::IconKind;
use super::message::{Message, to_flow};
use super::notice::Notice;
use super::odp_facts::OdpFacts;
use super::task_list::TaskList;
use super::view::use_view;
use crate::flow::event::FlowEvent;
use crate::flow::preflight::{Obstacle, obstacle};
use crate::flow::state::Review;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`ReviewScreen`].
#[derive(PartialEq, Properties)]
pub struct ReviewScreenProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The review.
    pub review: Review,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// Whether the console is read-only.
    pub read_only: bool,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The review: the target first, then the checks, the effects and the confirmation. A read-only
/// console shows only the agent and the checks.
#[component]
pub fn ReviewScreen(props: &ReviewScreenProps) -> Html {
    let ReviewScreenProps {
        heading,
        review,
        secure_transport,
        read_only,
        on_message,
    } = props;
    let view = use_view();
    // Kept here, so that the typed text survives checks that fail and then pass.
    let typed = use_state(String::new);
    let on_typed = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let preflight = &review.preflight;
    let facts = &preflight.facts;
    let address = facts.address.to_string();
    let obstacle = obstacle(review, *read_only);
    let [before, after] = text::review::summary(review, view.language);
    let title = if *read_only {
        Label::ReviewReadOnly
    } else {
        Label::ReviewTitle
    };
    let nothing_to_do = obstacle == Some(Obstacle::NothingManaged);
    let confirmation = match obstacle {
        Some(obstacle) => html! { <Blocked {obstacle} {on_message} /> },
        None => html! {
            <ConfirmForm
                expected={address.clone()}
                label={view.label(Label::TypeToConfirm)}
                copy={Label::CopyAddress}
                destroy={text::review::destroy(&address, view.language)}
                mismatch={review.mismatch.then(|| {
                    AttrValue::from(text::review::mismatch(&address, view.language))
                })}
                rechecking={preflight.rechecking}
                typed={AttrValue::from((*typed).clone())}
                {on_typed}
                on_confirm={on_message.reform(|typed| Message::Flow(FlowEvent::Confirm { typed }))}
                on_back={to_flow(on_message, FlowEvent::Back)}
            />
        },
    };
    html! {
        <div class="review">
            <section class="panel what" aria-labelledby="screen">
                <h2 id="screen" tabindex="-1" ref={heading}>{ view.label(title) }</h2>
                if *read_only {
                    <Notice icon={IconKind::Info} what={view.label(Label::ReadOnly)} />
                } else if nothing_to_do {
                    { confirmation.clone() }
                } else {
                    <p class="lead" id="lead">
                        { before }
                        <strong>{ address }</strong>
                        { after }
                    </p>
                }
                if !nothing_to_do {
                    <OdpFacts odp={preflight.odp.clone()} />
                }
            </section>
            <Checks preflight={preflight.clone()} secure_transport={*secure_transport} {on_message} />
            if !*read_only && !nothing_to_do {
                <div class="panel how">
                    <Effects />
                    { confirmation }
                </div>
            }
            <div class="agent">
                <KnownFacts facts={facts.clone()} />
                <SaveOffer address={facts.address.clone()} />
                <TaskList
                    facts={facts.clone()}
                    tasks={preflight.tasks.clone()}
                    {on_message}
                />
            </div>
        </div>
    }
}
