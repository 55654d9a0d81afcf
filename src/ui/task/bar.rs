//! When a stage waited and when it ran, drawn to the scale of its task. Times stand beside it in
//! words, so it is hidden from screen readers.

use yew::prelude::*;

use super::detail::Scale;
use super::tone_of;
use crate::obshell::dag::Node;
use crate::obshell::time::{AgentTime, Millis};
use crate::ui::build::el;
use crate::ui::view::View;

/// Units of the drawing's width.
const WIDTH: i64 = 1000;

/// The bar of a stage that waited since `waits_from`, by the agent's clock.
pub(super) fn bar(view: &View, node: &Node, waits_from: Option<Millis>, scale: Scale) -> Html {
    let now = view.agent_now();
    let to = scale.to.unwrap_or(now).max(scale.from + 1);
    let place = |time: Millis| (time - scale.from) * WIDTH / (to - scale.from);
    let rect = |class: &'static str, from: Millis, to: Millis| {
        let (from, to) = (place(from).clamp(0, WIDTH), place(to).clamp(0, WIDTH));
        // What took no time is still to be seen.
        let width = (to - from).max(4);
        el("rect", class)
            .attr_text("x", from.min(WIDTH - 4).to_string().into())
            .attr("y", "0")
            .attr_text("width", width.to_string().into())
            .attr("height", "6")
    };
    let started = node.span.started.as_ref().map(AgentTime::millis);
    let ended = node.span.ended.as_ref().map(AgentTime::millis);
    let class = tone_of(&node.state, &node.operator);
    let waiting = waits_from
        .zip(started.filter(|at| Some(*at) > waits_from))
        .map(|(from, to)| rect("waiting", from, to));
    // What ended at a time that is not told is drawn where it began.
    let ran = started.map(|started| {
        let last = if node.state.is_final() { started } else { now };
        rect(class, started, ended.unwrap_or(last))
    });
    el("svg", "span")
        .attr("viewBox", "0 0 1000 6")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .maybe(waiting)
        .maybe(ran)
        .html()
}
