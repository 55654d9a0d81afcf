//! A sub task of a stage.

use std::rc::Rc;

use yew::prelude::*;

use crate::obshell::dag::SubTask;
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;
use crate::ui::task::times::Times;
use crate::ui::view::use_view;

/// Properties of [`SubTaskRow`].
#[derive(PartialEq, Properties)]
pub struct SubTaskRowProps {
    /// The sub task.
    pub task: Rc<SubTask>,
    /// The agent's clock, in milliseconds since 1970; anything where it does not run.
    pub now: Millis,
}

/// A sub task, folded.
#[component]
pub fn SubTaskRow(props: &SubTaskRowProps) -> Html {
    let SubTaskRowProps { task, now } = props;
    let view = use_view();
    let language = view.language;
    let row = |label, value: Html| {
        html! { <div><dt>{ view.label(label) }</dt><dd>{ value }</dd></div> }
    };
    html! {
        <details class="sub-task">
            <summary>
                { view.label(Label::SubTask) }
                <span>{ text::task::standing(&task.state, &task.operator, language) }</span>
                if task.execute_times > 1 {
                    <span>
                        { view.label(Label::Executions) }
                        { " " }
                        { task.execute_times }
                    </span>
                }
                if let Some(agent) = &task.agent {
                    <code>{ agent.to_string() }</code>
                }
            </summary>
            <dl class="times">
                { row(Label::SubTaskName, html! { { &task.name } }) }
                { row(Label::SubTaskId, html! { <code>{ task.id.as_str() }</code> }) }
                { row(Label::Executions, html! { { task.execute_times } }) }
                { row(
                    Label::Operator,
                    html! { { text::task::operator(&task.operator, language) } },
                ) }
            </dl>
            <Times span={task.span.clone()} state={task.state.clone()} now={*now} />
        </details>
    }
}
