//! What the open routes say of an agent.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::Icon;
use super::notice::advise;
use super::view::View;
use crate::flow::state::{ConnectForm, Facts, Look};
use crate::text::labels::Label;
use crate::text::problem;

/// What is known of the agent without a password. `told` is whether the form says already why
/// nothing is.
pub(super) fn agent_facts(view: &View, form: &ConnectForm, told: bool) -> Html {
    let look = &form.look;
    let body = match look {
        Look::Nothing => html! { <p class="quiet">{ view.label(Label::FactsNothing) }</p> },
        Look::Asking => html! {
            <p class="quiet asking">{ Icon::Running.draw() }{ view.label(Label::FactsAsking) }</p>
        },
        Look::Failed(_) if told => {
            html! { <p class="quiet">{ view.label(Label::FactsUnknown) }</p> }
        }
        Look::Failed(failure) => {
            let advice = problem::failure(failure, &form.address, view.language);
            advise(view, None, Icon::Warn, &advice)
        }
        Look::Seen(facts) => list(view, facts),
    };
    html! {
        <section class="facts" aria-labelledby="facts-title" aria-busy={(*look == Look::Asking).then_some("true")}>
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
