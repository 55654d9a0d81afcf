//! A sub task of a stage.

use std::rc::Rc;

use yew::prelude::*;

use crate::obshell::dag::SubTask;
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;
use crate::ui::rows::PlaceInList;
use crate::ui::status::is_running;
use crate::ui::task::times::Times;
use crate::ui::view::use_view;

/// Properties of [`SubTaskRow`].
#[derive(PartialEq, Properties)]
pub struct SubTaskRowProps {
    /// The sub task.
    pub task: Rc<SubTask>,
    /// The position in a list that renders only some of its rows.
    #[prop_or_default]
    pub place: PlaceInList,
    /// The date shown above, which is not repeated.
    pub day: AttrValue,
    /// The agent's clock, in milliseconds since 1970; any value if the sub task is not running.
    pub now: Millis,
}

/// A sub task: its state, its agent, its attempts, and its name on the agent.
#[component]
pub fn SubTaskRow(props: &SubTaskRowProps) -> Html {
    let SubTaskRowProps {
        task,
        place,
        day,
        now,
    } = props;
    let view = use_view();
    let language = view.language;
    let row = |label, value: Html| {
        html! { <div><dt>{ view.label(label) }</dt><dd>{ value }</dd></div> }
    };
    let [position, of] = place.clone();
    html! {
        <li class="sub-task" aria-posinset={position} aria-setsize={of}>
            <dl class="times">
                { row(
                    Label::SubTask,
                    html! { { text::task::status(&task.state, &task.operator, language) } },
                ) }
                { row(Label::SubTaskName, html! { <code>{ task.name.to_string() }</code> }) }
                { row(Label::SubTaskId, html! { <code>{ task.id.as_str() }</code> }) }
                if let Some(agent) = &task.agent {
                    { row(Label::SubTaskAgent, html! { <code>{ agent.to_string() }</code> }) }
                }
                { row(Label::Executions, html! { { task.execute_times } }) }
                { row(
                    Label::Operator,
                    html! { { text::task::operator(&task.operator, language) } },
                ) }
            </dl>
            if task.span.started.is_some() {
                <Times
                    span={task.span.clone()}
                    runs={is_running(&task.state, &task.operator)}
                    {day}
                    now={*now}
                />
            }
        </li>
    }
}
