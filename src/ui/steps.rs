//! Where on the way the person is.

use std::cmp::Ordering;

use yew::prelude::*;

use super::view::use_view;
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

/// Properties of [`Steps`].
#[derive(PartialEq, Properties)]
pub struct StepsProps {
    /// The current step, counted from 0.
    pub current: usize,
}

/// The steps, the current one marked.
#[component]
pub fn Steps(props: &StepsProps) -> Html {
    let view = use_view();
    let step = |(index, label): (usize, &Label)| {
        let (class, marked) = match index.cmp(&props.current) {
            Ordering::Less => (Some("done"), None),
            Ordering::Equal => (Some("current"), Some("step")),
            Ordering::Greater => (None, None),
        };
        html! {
            <li {class} aria-current={marked}>
                <span class="mark" aria-hidden="true">{ index + 1 }</span>
                { view.label(*label) }
            </li>
        }
    };
    html! {
        <ol class="steps" aria-label={view.label(Label::Steps)}>
            { for STEPS.iter().enumerate().map(step) }
        </ol>
    }
}
