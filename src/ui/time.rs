//! A time of the agent.

use yew::prelude::*;

use super::view::use_view;
use crate::obshell::time::AgentTime;

/// Properties of [`Time`].
#[derive(PartialEq, Properties)]
pub struct TimeProps {
    /// The time.
    pub at: AgentTime,
    /// The date that stands nearby, so that a time of this day is told without it.
    #[prop_or_default]
    pub day: Option<AttrValue>,
}

/// A time of the agent: in the chosen zone to read, exactly as written to point at.
#[component]
pub fn Time(props: &TimeProps) -> Html {
    let view = use_view();
    let exact = props.at.text().to_owned();
    let millis = props.at.millis();
    let shown = match &props.day {
        Some(day) if *day == *view.date(millis) => view.time(millis),
        _ => view.moment(millis),
    };
    html! {
        <time datetime={exact.clone()} title={exact}>{ shown }</time>
    }
}
