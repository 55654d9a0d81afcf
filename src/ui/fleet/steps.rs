//! The position of the person in the steps of a run.

use std::cmp::Ordering;

use yew::prelude::*;

use crate::fleet::event::FleetEvent;
use crate::fleet::state::Phase;
use crate::text::fleet::labels::FleetLabel;
use crate::text::labels::Label;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::message::Message;
use crate::ui::view::use_view;

const STEPS: [FleetLabel; 5] = [
    FleetLabel::StepChoose,
    FleetLabel::StepSignIn,
    FleetLabel::StepChecks,
    FleetLabel::StepReview,
    FleetLabel::StepRun,
];

/// The step of a phase, counted from 0; the end comes after the last step.
fn step_of(phase: Phase) -> usize {
    match phase {
        Phase::Choose => 0,
        Phase::SignIn => 1,
        Phase::Preflight => 2,
        Phase::Review => 3,
        Phase::Run => 4,
        Phase::End => 5,
    }
}

/// Properties of [`Steps`].
#[derive(PartialEq, Properties)]
pub struct StepsProps {
    /// The phase.
    pub phase: Phase,
    /// Whether the members were restored after a reload: such a run cannot return to the choice.
    pub restored: bool,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The steps: the current step is marked, completed steps have a check mark, and until the
/// confirmation completed steps are buttons.
#[component]
pub fn Steps(props: &StepsProps) -> Html {
    let StepsProps {
        phase,
        restored,
        on_message,
    } = props;
    let view = use_view();
    let current = step_of(*phase);
    let leads_back = |index: usize| {
        let confirmed = matches!(phase, Phase::Run | Phase::End);
        index < current && !confirmed && (!restored || index == step_of(Phase::Preflight))
    };
    let step = |(index, label): (usize, &FleetLabel)| {
        let name = label.get(view.language);
        let (class, marked) = match index.cmp(&current) {
            Ordering::Less => (Some("done"), None),
            Ordering::Equal => (Some("current"), Some("step")),
            Ordering::Greater => (None, None),
        };
        let onclick = on_message.clone();
        let back = move |_: MouseEvent| {
            for _ in index..current {
                onclick.emit(Message::Fleet(FleetEvent::Back));
            }
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
                if leads_back(index) {
                    <button type="button" class="link" onclick={back}>{ name }</button>
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
