//! The facts about an agent from its open routes.

mod list;

use std::rc::Rc;

use yew::prelude::*;

use self::list::FactList;
use super::icon::{Icon, IconKind};
use super::notice::Notice;
use super::view::use_view;
use crate::flow::state::{Facts, FactsLookup};
use crate::obshell::info::Version;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`AgentFacts`].
#[derive(PartialEq, Properties)]
pub struct AgentFactsProps {
    /// The result of reading the open routes.
    pub lookup: FactsLookup,
    /// The agent's address as typed.
    pub address: AttrValue,
    /// Whether the form already shows why the facts are missing.
    pub is_reason_shown: bool,
}

/// The facts about an agent that are known without a password.
#[component]
pub fn AgentFacts(props: &AgentFactsProps) -> Html {
    let view = use_view();
    let AgentFactsProps {
        lookup,
        address,
        is_reason_shown,
    } = props;
    let body = match lookup {
        FactsLookup::NotRequested => {
            html! { <p class="quiet">{ view.label(Label::FactsNothing) }</p> }
        }
        FactsLookup::Reading => html! {
            <p class="quiet asking">
                <Icon kind={IconKind::Running} />
                { view.label(Label::FactsAsking) }
            </p>
        },
        FactsLookup::Failed(_) if *is_reason_shown => {
            html! { <p class="quiet">{ view.label(Label::FactsUnknown) }</p> }
        }
        FactsLookup::Failed(failure) => {
            let advice = text::problem::failure(failure, address, view.language);
            html! { <Notice icon={IconKind::Warn} what={advice.what} fix={advice.fix} /> }
        }
        FactsLookup::Read(facts) => html! { <FactList facts={facts.clone()} /> },
    };
    let busy = matches!(lookup, FactsLookup::Reading).then_some("true");
    html! {
        <section class="facts" aria-labelledby="facts-title" aria-busy={busy}>
            <h3 id="facts-title">{ view.label(Label::FactsTitle) }</h3>
            { body }
            if is_older(lookup) {
                <p class="quiet">{ view.label(Label::VersionIsOlder) }</p>
            }
            <p class="quiet">{ view.label(Label::VersionsTested) }</p>
        </section>
    }
}

/// Properties of [`KnownFacts`].
#[derive(PartialEq, Properties)]
pub struct KnownFactsProps {
    /// The facts.
    pub facts: Rc<Facts>,
}

/// The facts about a connected agent.
#[component]
pub fn KnownFacts(props: &KnownFactsProps) -> Html {
    let view = use_view();
    html! {
        <section class="facts" aria-labelledby="facts-title">
            <h3 id="facts-title">{ view.label(Label::FactsTitle) }</h3>
            <FactList facts={props.facts.clone()} />
        </section>
    }
}

/// Whether the agent is known to lack the features that obshell has from 4.3.1.0 on (protocol: 13).
fn is_older(lookup: &FactsLookup) -> bool {
    let FactsLookup::Read(facts) = lookup else {
        return false;
    };
    let version = &facts.info.version;
    version.at_least(Version::FIRST_WITH_ERR_CODE) == Some(false)
}
