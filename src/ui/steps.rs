//! The step indicator, with links back to finished steps.

use std::cmp::Ordering;
use std::rc::Rc;

use yew::prelude::*;

use super::icon::{Icon, IconKind};
use super::message::{Message, to_flow};
use super::view::use_view;
use crate::flow::event::FlowEvent;
use crate::flow::state::{Screen, State};
use crate::text::labels::Label;

const STEPS: [Label; 3] = [Label::StepConnect, Label::StepReview, Label::StepTask];

/// The step of a screen, counted from 0; an ended task is beyond the last step.
fn step_of(screen: &Screen) -> usize {
    match screen {
        Screen::Connect => 0,
        Screen::Review(_) => 1,
        Screen::Submitting(_) | Screen::Task(_) => 2,
        // Without a task, the last step was not finished.
        Screen::Ended(ended) if ended.task.is_none() => 2,
        Screen::Ended(_) => 3,
    }
}

/// The event that returns to a finished step; `None` if there is no way back, as from a
/// confirmation whose outcome is not known yet.
fn return_event(screen: &Screen, step: Label) -> Option<FlowEvent> {
    match (screen, step) {
        (Screen::Review(_), Label::StepConnect) => Some(FlowEvent::Back),
        (Screen::Task(_) | Screen::Ended(_), Label::StepConnect) => Some(FlowEvent::StartOver),
        (Screen::Ended(ended), Label::StepReview) if ended.ending.may_confirm_again() => {
            Some(FlowEvent::Recheck)
        }
        _ => None,
    }
}

/// Properties of [`Steps`].
#[derive(PartialEq, Properties)]
pub struct StepsProps {
    /// The state to render.
    pub state: Rc<State>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The steps: the current one is marked, finished ones have a check mark, and those that one can
/// return to are buttons.
#[component]
pub fn Steps(props: &StepsProps) -> Html {
    let StepsProps { state, on_message } = props;
    let view = use_view();
    let screen = &state.screen;
    let current = step_of(screen);
    let step = |(index, label): (usize, &Label)| {
        let name = view.label(*label);
        let (class, marked) = match index.cmp(&current) {
            Ordering::Less => (Some("done"), None),
            Ordering::Equal => (Some("current"), Some("step")),
            Ordering::Greater => (None, None),
        };
        html! {
            <li {class} aria-current={marked}>
                <span class="mark" aria-hidden="true">
                    if index < current {
                        <Icon kind={IconKind::Done} />
                    } else {
                        { index + 1 }
                    }
                </span>
                if let Some(act) = return_event(screen, *label).filter(|_| index < current) {
                    <button type="button" class="link" onclick={to_flow(on_message, act)}>
                        { name }
                    </button>
                } else {
                    { name }
                }
            </li>
        }
    };
    html! {
        <ol class="steps" aria-label={view.label(Label::Steps)}>
            { for STEPS.iter().enumerate().map(step) }
        </ol>
    }
}
