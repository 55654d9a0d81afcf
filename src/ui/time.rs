//! A time of the agent.

use yew::prelude::*;

use super::view::use_view;
use crate::obshell::time::AgentTime;

/// Properties of [`Time`].
#[derive(PartialEq, Properties)]
pub struct TimeProps {
    /// The time.
    pub at: AgentTime,
}

/// A time of the agent: in the chosen zone to read, exactly as written to point at.
#[component]
pub fn Time(props: &TimeProps) -> Html {
    let view = use_view();
    let exact = props.at.text().to_owned();
    html! {
        <time datetime={exact.clone()} title={exact}>{ view.moment(props.at.millis()) }</time>
    }
}
