//! Start, end and duration.

use yew::prelude::*;

use crate::obshell::dag::{Dag, Span};
use crate::obshell::time::{AgentTime, Millis};
use crate::text::labels::Label;
use crate::ui::time::Time;
use crate::ui::view::{use_view, whole_seconds};

/// When a task began, in milliseconds by the agent's clock: its start or, while it waits, the time
/// at which it was recorded.
pub(super) fn began(dag: &Dag) -> Option<Millis> {
    let time = dag.span.started.as_ref().or(dag.created.as_ref());
    time.map(AgentTime::millis)
}

/// Properties of [`Times`].
#[derive(PartialEq, Properties)]
pub struct TimesProps {
    /// The start and end times.
    pub span: Span,
    /// Whether the part is running.
    pub runs: bool,
    /// The date shown above, which is not repeated.
    pub day: AttrValue,
    /// The agent's clock, in milliseconds since 1970.
    pub now: Millis,
}

/// Start, end and duration of a stage or a sub task that has started.
#[component]
pub fn Times(props: &TimesProps) -> Html {
    let TimesProps {
        span,
        runs,
        day,
        now,
    } = props;
    let view = use_view();
    let started = span.started.as_ref().filter(|_| *runs);
    let running = started.map(|started| whole_seconds(now - started.millis()));
    let length = span.duration().or(running);
    html! {
        <dl class="times">
            if let Some(started) = &span.started {
                <div>
                    <dt>{ view.label(Label::Start) }</dt>
                    <dd><Time at={started.clone()} {day} /></dd>
                </div>
            }
            if let Some(ended) = &span.ended {
                <div>
                    <dt>{ view.label(Label::End) }</dt>
                    <dd><Time at={ended.clone()} {day} /></dd>
                </div>
            }
            if let Some(length) = length {
                <div>
                    <dt>{ view.label(Label::Duration) }</dt>
                    <dd>{ view.duration(length) }</dd>
                </div>
            }
        </dl>
    }
}
