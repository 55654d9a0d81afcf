//! The facts about the ODP of a screen.

use yew::prelude::*;

use super::icon::{Icon, IconKind};
use super::prose::Prose;
use super::view::use_view;
use crate::flow::state::OdpLookup;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`OdpFacts`].
#[derive(PartialEq, Properties)]
pub struct OdpFactsProps {
    /// The ODP as the agent's tasks record it.
    pub odp: OdpLookup,
}

/// Home, name, cluster and port of the ODP with their source, or how to find them on the host;
/// renders nothing if they were not requested.
#[component]
pub fn OdpFacts(props: &OdpFactsProps) -> Html {
    let view = use_view();
    let language = view.language;
    let body = match &props.odp {
        OdpLookup::NotRequested => return Html::default(),
        OdpLookup::Reading => html! {
            <p class="quiet asking">
                <Icon kind={IconKind::Running} />
                { view.label(Label::OdpAsking) }
            </p>
        },
        OdpLookup::NotFound => html! { <p><Prose text={text::odp::unknown(language)} /></p> },
        OdpLookup::Found(odp) => {
            let started = odp.source.started.as_ref();
            let when =
                started.map(|at| format!("{} {}", view.moment(at.millis()), view.zone_name()));
            let source = text::odp::source(&odp.source, &when.unwrap_or_default(), language);
            let fact = |label, value: Option<String>| {
                html! {
                    <>
                        <dt>{ view.label(label) }</dt>
                        if let Some(value) = value {
                            <dd><code>{ value }</code></dd>
                        } else {
                            <dd class="quiet">{ view.label(Label::NotTold) }</dd>
                        }
                    </>
                }
            };
            html! {
                <>
                    <dl>
                        { fact(Label::OdpHome, odp.home.as_ref().map(ToString::to_string)) }
                        { fact(Label::OdpName, odp.name.as_ref().map(ToString::to_string)) }
                        { fact(Label::OdpCluster, odp.cluster.as_ref().map(ToString::to_string)) }
                        { fact(Label::OdpPort, odp.port.map(|port| port.to_string())) }
                    </dl>
                    <p class="quiet">{ source }</p>
                </>
            }
        }
    };
    html! {
        <section class="odp-facts" aria-labelledby="odp-title">
            <h3 id="odp-title">{ view.label(Label::OdpTitle) }</h3>
            { body }
        </section>
    }
}
