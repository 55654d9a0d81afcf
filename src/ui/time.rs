//! A time by the agent's clock.

use yew::prelude::*;

use super::view::use_view;
use crate::obshell::time::AgentTime;

/// Properties of [`Time`].
#[derive(PartialEq, Properties)]
pub struct TimeProps {
    /// The time.
    pub at: AgentTime,
    /// The date shown nearby: a time of the same date is shown without its date.
    #[prop_or_default]
    pub day: Option<AttrValue>,
}

/// A time by the agent's clock: shown in the selected time zone, with the agent's original text as
/// the tooltip.
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
