//! Shows when a stage waited and ran, to the scale of its task. The times are also written beside
//! the bar, so the bar is hidden from screen readers.

use yew::prelude::*;

use crate::obshell::dag::Span;
use crate::obshell::time::{AgentTime, Millis};

/// The width of the drawing, in its own units.
const WIDTH: i64 = 1000;

/// The time span of the bars of a task, by the agent's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The start.
    pub from: Millis,
    /// The end; `None` for the present.
    pub to: Option<Millis>,
    /// The agent's clock.
    pub now: Millis,
}

/// Properties of [`Bar`].
#[derive(PartialEq, Properties)]
pub struct BarProps {
    /// When the stage ran.
    pub span: Span,
    /// Whether the stage is running.
    pub runs: bool,
    /// The color.
    pub tone: Option<&'static str>,
    /// The start of the waiting time, by the agent's clock.
    pub waits_from: Option<Millis>,
    /// The time span of the drawing.
    pub scale: Scale,
}

/// The bar of a stage.
#[component]
pub fn Bar(props: &BarProps) -> Html {
    let BarProps {
        span,
        runs,
        tone,
        waits_from,
        scale,
    } = props;
    let Scale { from, to, now } = *scale;
    let to = to.unwrap_or(now).max(from + 1);
    let place = |time: Millis| ((time - from) * WIDTH / (to - from)).clamp(0, WIDTH);
    let rect = |class: Option<&'static str>, from: Millis, to: Millis| {
        let (from, to) = (place(from), place(to));
        // A stage that took no time must still be visible.
        let width = (to - from).max(4);
        html! {
            <rect
                {class}
                x={from.min(WIDTH - 4).to_string()}
                y="0"
                width={width.to_string()}
                height="6"
            />
        }
    };
    let started = span.started.as_ref().map(AgentTime::millis);
    let ended = span.ended.as_ref().map(AgentTime::millis);
    let waited = waits_from.zip(started.filter(|at| Some(*at) > *waits_from));
    // A stage with an unknown end is drawn at its start.
    let ran = started.map(|started| {
        let last = if *runs { now } else { started };
        (started, ended.unwrap_or(last))
    });
    html! {
        <svg class="span" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true">
            if let Some((from, to)) = waited {
                { rect(Some("waiting"), from, to) }
            }
            if let Some((from, to)) = ran {
                { rect(*tone, from, to) }
            }
        </svg>
    }
}
