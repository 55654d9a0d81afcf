//! What the open routes say of an agent.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::Icon;
use super::notice::Notice;
use super::view::View;
use crate::flow::state::{Facts, Look};
use crate::text::labels::Label;
use crate::text::problem;

/// Properties of [`AgentFacts`].
#[derive(Properties, PartialEq)]
pub struct AgentFactsProps {
    /// Words.
    pub view: View,
    /// The address as typed.
    pub address: AttrValue,
    /// What is known.
    pub look: Look,
    /// Whether the form says already why nothing is known.
    pub told: bool,
}

/// What is known of the agent without a password.
#[component]
pub fn AgentFacts(props: &AgentFactsProps) -> Html {
    let view = &props.view;
    let body = match &props.look {
        Look::Nothing => html! { <p class="quiet">{ view.label(Label::FactsNothing) }</p> },
        Look::Asking => html! {
            <p class="quiet asking">{ Icon::Running.draw() }{ view.label(Label::FactsAsking) }</p>
        },
        Look::Failed(_) if props.told => {
            html! { <p class="quiet">{ view.label(Label::FactsUnknown) }</p> }
        }
        Look::Failed(failure) => {
            let advice = problem::failure(failure, &props.address, view.language);
            html! { <Notice icon={Icon::Warn} what={advice.what} fix={AttrValue::from(advice.fix)} /> }
        }
        Look::Seen(facts) => list(view, facts),
    };
    html! {
        <section class="facts" aria-labelledby="facts-title" aria-busy={(props.look == Look::Asking).then_some("true")}>
            <h3 id="facts-title">{ view.label(Label::FactsTitle) }</h3>
            { body }
        </section>
    }
}

fn list(view: &View, facts: &Rc<Facts>) -> Html {
    let info = &facts.info;
    let yes = |answer: Option<bool>, yes, no| {
        view.label(match answer {
            Some(true) => yes,
            Some(false) => no,
            None => Label::NotTold,
        })
    };
    let row = |label, value: Html| {
        html! { <><dt>{ view.label(label) }</dt><dd>{ value }</dd></> }
    };
    html! {
        <dl>
            { row(Label::Version, html! { { info.version.to_string() } }) }
            { row(Label::Identity, html! { { info.identity.to_string() } }) }
            { row(Label::ManagedOdp, html! { { yes(info.manages_odp, Label::Managed, Label::NotManaged) } }) }
            { row(Label::Password, html! { { yes(info.password_set, Label::PasswordSet, Label::PasswordNotSet) } }) }
            { row(Label::Home, html! { <code>{ &info.home_path }</code> }) }
            { row(Label::AgentClock, html! { <>{ view.time(&facts.agent_time) }{ " " }<span class="quiet">{ view.zone_name() }</span></> }) }
            if let Ok(key) = &facts.key {
                { row(Label::Key, html! {
                    <>
                        { "RSA " }{ key.bits() }{ " bit" }
                        <code class="fingerprint">{ "SHA-256 " }{ key.fingerprint() }</code>
                    </>
                }) }
            }
        </dl>
    }
}
