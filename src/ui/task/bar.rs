//! When a stage waited and when it ran, drawn to the scale of its task. Times stand beside it in
//! words, so it is hidden from screen readers.

use yew::prelude::*;

use super::detail::Scale;
use super::stage::millis;
use crate::obshell::dag::Span;
use crate::obshell::time::Millis;
use crate::ui::ticking::use_now;
use crate::ui::view::View;

/// Units of the drawing's width.
const WIDTH: i64 = 1000;

/// Properties of [`Bar`].
#[derive(Properties, PartialEq)]
pub struct BarProps {
    /// The agent's clock.
    pub view: View,
    /// When it ran.
    pub span: Span,
    /// Whether it runs.
    pub running: bool,
    /// Whether it failed.
    pub failed: bool,
    /// Since when it waited.
    pub waits_from: Option<Millis>,
    /// The time that the whole width stands for.
    pub scale: Scale,
}

/// The bar.
#[component]
pub fn Bar(props: &BarProps) -> Html {
    let BarProps { view, scale, .. } = props;
    let now = use_now(&view.platform, scale.to.is_none());
    let now = view.clock.agent_time(now);
    let to = scale.to.unwrap_or(now).max(scale.from + 1);
    let place = |time: Millis| (time - scale.from) * WIDTH / (to - scale.from);
    let rect = |class: &'static str, from: Millis, to: Millis| {
        let (from, to) = (place(from).clamp(0, WIDTH), place(to).clamp(0, WIDTH));
        // What took no time is still to be seen.
        let width = (to - from).max(4);
        html! { <rect {class} x={from.min(WIDTH - 4).to_string()} y="0" width={width.to_string()} height="6" /> }
    };
    let started = millis(props.span.started.as_ref());
    let ended = millis(props.span.ended.as_ref());
    let class = match (props.failed, props.running) {
        (true, _) => "bad",
        (_, true) => "running",
        _ => "good",
    };
    html! {
        <svg class="span" viewBox="0 0 1000 6" preserveAspectRatio="none" aria-hidden="true">
            if let (Some(from), Some(to)) = (props.waits_from, started.filter(|at| Some(*at) > props.waits_from)) {
                { rect("waiting", from, to) }
            }
            if let Some(started) = started {
                { rect(class, started, ended.unwrap_or(now)) }
            }
        </svg>
    }
}
