//! The operations on the task, and the confirmation question before one.

mod outcome;

use std::rc::Rc;

use yew::prelude::*;

pub(super) use self::outcome::outcome;
use super::message::{Message, to_flow};
use super::view::use_view;
use crate::flow::event::FlowEvent;
use crate::flow::operation::Operation;
use crate::flow::state::{OperationPhase, Task};
use crate::text::operation;

/// Properties of [`Operations`].
#[derive(PartialEq, Properties)]
pub struct OperationsProps {
    /// Takes the focus when the question appears: never a button that performs an action.
    pub place: NodeRef,
    /// The task.
    pub task: Rc<Task>,
    /// The operation that repairs the failure, if it is offered.
    #[prop_or_default]
    pub repair: Option<Operation>,
    /// Further actions, which are not operations on the task.
    #[prop_or_default]
    pub children: Html,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The outcome of the last operation, the question before the next, or the operations on offer.
#[component]
pub fn Operations(props: &OperationsProps) -> Html {
    let OperationsProps {
        place,
        task,
        repair,
        children,
        on_message,
    } = props;
    let language = use_view().language;
    if task.is_last_known() {
        return html! {
            <div class="operate">
                { outcome(task, language) }
                if let Some(why) = operation::not_offered(task, language) {
                    <p class="quiet">{ why }</p>
                }
                if *children != Html::default() {
                    <div class="acts">{ children.clone() }</div>
                }
            </div>
        };
    }
    let asked = task
        .operating
        .as_ref()
        .filter(|operating| operating.phase == OperationPhase::AwaitingConfirmation)
        .map(|operating| operating.operation);
    if let Some(operation) = asked {
        let version = &task.facts.info.version;
        let mut effect = operation::effect(operation, &task.dag, language);
        effect.extend(operation::caution(operation, version, language));
        return html! {
            <div
                class="operate asks"
                role="group"
                tabindex="-1"
                aria-labelledby="operate"
                aria-describedby="operate-effect"
                ref={place}
            >
                { outcome(task, language) }
                <h3 id="operate">{ operation::question(operation, &task.dag, language) }</h3>
                <div id="operate-effect">
                    for sentence in effect {
                        <p>{ sentence }</p>
                    }
                </div>
                <div class="acts">
                    <button type="button" onclick={to_flow(on_message, FlowEvent::LeaveOperation)}>
                        { operation::leave(language) }
                    </button>
                    <button
                        type="button"
                        class="danger"
                        onclick={to_flow(on_message, FlowEvent::ConfirmOperation)}
                    >
                        { operation::confirm(operation, language) }
                    </button>
                </div>
            </div>
        };
    }
    let offered: Vec<_> = Operation::ALL
        .into_iter()
        .filter(|operation| task.offers(*operation))
        .collect();
    if offered.is_empty() {
        return html! {
            <>
                { outcome(task, language) }
                if *children != Html::default() {
                    <div class="acts">{ children.clone() }</div>
                }
            </>
        };
    }
    html! {
        <div
            class="operate"
            role="group"
            tabindex="-1"
            aria-labelledby="operate"
            ref={place}
        >
            { outcome(task, language) }
            <h3 id="operate">{ operation::heading(language) }</h3>
            <div class="acts">
                for operation in offered {
                    <button
                        type="button"
                        class={(*repair == Some(operation)).then_some("primary")}
                        onclick={to_flow(on_message, FlowEvent::Operate(operation))}
                    >
                        { operation::name(operation, language) }
                    </button>
                }
                { children.clone() }
            </div>
        </div>
    }
}
