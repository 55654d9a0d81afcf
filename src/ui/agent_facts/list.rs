//! The facts about an agent, each with a label.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::state::Facts;
use crate::text::labels::Label;
use crate::ui::time::Time;
use crate::ui::view::use_view;

/// Properties of [`FactList`].
#[derive(PartialEq, Properties)]
pub struct FactListProps {
    /// The facts.
    pub facts: Rc<Facts>,
}

/// The facts about an agent, each with a label.
#[component]
pub fn FactList(props: &FactListProps) -> Html {
    let view = use_view();
    let facts = &props.facts;
    let info = &facts.info;
    let answer = |answer: Option<bool>, yes, no| {
        view.label(match answer {
            Some(true) => yes,
            Some(false) => no,
            None => Label::NotTold,
        })
    };
    html! {
        <dl>
            <dt>{ view.label(Label::Version) }</dt>
            <dd>{ info.version.to_string() }</dd>
            <dt>{ view.label(Label::Identity) }</dt>
            <dd>{ info.identity.to_string() }</dd>
            <dt>{ view.label(Label::ManagedOdp) }</dt>
            <dd>{ answer(info.manages_odp, Label::Managed, Label::NotManaged) }</dd>
            <dt>{ view.label(Label::Password) }</dt>
            <dd>{ answer(info.password_set, Label::PasswordSet, Label::PasswordNotSet) }</dd>
            <dt>{ view.label(Label::Home) }</dt>
            <dd><code>{ info.home_path.to_string() }</code></dd>
            <dt>{ view.label(Label::AgentClock) }</dt>
            <dd>
                <Time at={facts.agent_time.clone()} />
                { " " }
                <span class="quiet">{ view.zone_name() }</span>
            </dd>
            <dt>{ view.label(Label::RunningSince) }</dt>
            <dd>
                if let Some(since) = info.running_since() {
                    { view.moment(since) }
                    { " " }
                    <span class="quiet">{ view.zone_name() }</span>
                } else {
                    { view.label(Label::NotTold) }
                }
            </dd>
            if let Ok(key) = &facts.key {
                <dt>{ view.label(Label::Key) }</dt>
                <dd>
                    { format!("RSA {} bit", key.bits()) }
                    <code class="fingerprint">{ format!("SHA-256 {}", key.fingerprint()) }</code>
                </dd>
            }
        </dl>
    }
}
