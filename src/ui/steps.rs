//! Where on the way the person is.

use yew::prelude::*;

use super::build::{el, texted};
use super::view::View;
use crate::flow::state::Screen;
use crate::text::labels::Label;

const STEPS: [Label; 4] = [
    Label::StepAgent,
    Label::StepChecks,
    Label::StepReview,
    Label::StepTask,
];

/// The step of a screen, counted from 0; the end of a task is behind the last.
#[must_use]
pub(super) fn step_of(screen: &Screen) -> usize {
    match screen {
        Screen::Connect => 0,
        Screen::Preflight(_) => 1,
        Screen::Review(_) => 2,
        Screen::Submitting(_) | Screen::Task(_) => 3,
        // Without a task the last step was not made.
        Screen::Ended(ended) if ended.task.is_none() => 3,
        Screen::Ended(_) => 4,
    }
}

/// The steps, the current one marked; counted from 0.
pub(super) fn steps(view: &View, current: usize) -> Html {
    let steps = STEPS.iter().enumerate().map(|(index, label)| {
        let (class, marked) = match index.cmp(&current) {
            std::cmp::Ordering::Less => ("done", None),
            std::cmp::Ordering::Equal => ("current", Some("step")),
            std::cmp::Ordering::Greater => ("", None),
        };
        let mark = texted("span", "mark", (index + 1).to_string()).attr("aria-hidden", "true");
        el("li", class)
            .attr_if("aria-current", marked)
            .child(mark)
            .say(view.label(*label))
            .html()
    });
    el("ol", "steps")
        .attr("aria-label", view.label(Label::Steps))
        .each(steps)
        .html()
}
