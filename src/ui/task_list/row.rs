//! A task in the agent's list.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::event::FlowEvent;
use crate::obshell::dag::Dag;
use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::Icon;
use crate::ui::message::{Message, to_flow};
use crate::ui::rows::PlaceInList;
use crate::ui::status::icon_of;
use crate::ui::time::Time;
use crate::ui::view::use_view;

/// Properties of [`TaskRow`].
#[derive(PartialEq, Properties)]
pub struct TaskRowProps {
    /// The task.
    pub dag: Rc<Dag>,
    /// The position in a list that renders only some of its rows.
    #[prop_or_default]
    pub place: PlaceInList,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// A task: its name as a button that opens the task, with state, start and stage.
#[component]
pub fn TaskRow(props: &TaskRowProps) -> Html {
    let TaskRowProps {
        dag,
        place,
        on_message,
    } = props;
    let view = use_view();
    let began = dag.span.started.as_ref().or(dag.created.as_ref());
    let [position, of] = place.clone();
    html! {
        <li aria-posinset={position} aria-setsize={of}>
            <Icon kind={icon_of(&dag.state, &dag.operator)} />
            <div class="stage">
                <div class="line-1">
                    <button
                        type="button"
                        class="link"
                        onclick={to_flow(on_message, FlowEvent::OpenTask(dag.id.clone()))}
                    >
                        { text::task::dag_title(&dag.name, view.language) }
                    </button>
                    <span class="standing">
                        { text::task::status(&dag.state, &dag.operator, view.language) }
                    </span>
                </div>
                <p class="told">
                    if let Some(began) = began {
                        <Time at={began.clone()} />
                    }
                    { " · " }
                    <span>
                        { view.label(Label::Stage) }
                        { " " }
                        { view.count(dag.stage) }
                        { " / " }
                        { view.count(dag.max_stage) }
                    </span>
                    { " · " }
                    <code>{ dag.id.as_str() }</code>
                </p>
            </div>
        </li>
    }
}
