//! A stage of a task, with its sub tasks.

use std::rc::Rc;

use yew::prelude::*;

use super::bar::bar;
use super::detail::Scale;
use super::icon_of;
use crate::obshell::dag::{Node, Operator, Span, State, SubTask};
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;
use crate::ui::header::word;
use crate::ui::view::View;

/// What a stage does not know of itself.
pub(super) struct Row {
    /// Counted from 0.
    pub index: usize,
    /// Whether its log is the one that is shown.
    pub shown: bool,
    /// Since when it waits, by the agent's clock: the end of the stage before.
    pub waits_from: Option<Millis>,
    /// The time that its bar is drawn in.
    pub scale: Scale,
}

/// A stage: state, times, bar, sub tasks. `pick` takes the stage whose log is to be shown.
pub(super) fn stage(view: &View, node: &Node, row: &Row, pick: &Callback<usize>) -> Html {
    let index = row.index;
    let title = text::task::stage_title(&node.name, view.language);
    let translated = title != node.name;
    let onclick = pick.reform(move |_: MouseEvent| index);
    let class = if row.shown { "shown" } else { "" };
    html! {
        <li {class} key={node.id.as_str()}>
            { icon_of(&node.state, &node.operator).draw() }
            <div class="stage">
                <div class="line-1">
                    <button type="button" class="link" aria-pressed={word(row.shown)} title={view.label(Label::ShowLog)} {onclick}>
                        <span class="quiet">{ view.count(index + 1) }</span>{ " " }{ title }
                    </button>
                    <span class="standing">{ text::task::standing(&node.state, &node.operator, view.language) }</span>
                </div>
                if translated {
                    <p class="wire">{ &node.name }</p>
                }
                if node.span.started.is_some() {
                    { bar(view, node, row.waits_from, row.scale) }
                }
                { times(view, &node.span, &node.state) }
                { told(view, &node.operator) }
                { node.sub_tasks.iter().flatten().map(|task| sub_task(view, task)).collect::<Html>() }
            </div>
        </li>
    }
}

/// Start, end and duration, as far as there are any.
fn times(view: &View, span: &Span, state: &State) -> Html {
    let Some(started) = &span.started else {
        return Html::default();
    };
    let length = match span.duration() {
        Some(length) => html! { { view.duration(length) } },
        None if *state == State::Running => {
            html! { { view.elapsed(started.millis(), None) } }
        }
        None => Html::default(),
    };
    html! {
        <dl class="times">
            { pair(view, Label::Start, view.time(started)) }
            if let Some(ended) = &span.ended {
                { pair(view, Label::End, view.time(ended)) }
            }
            { pair(view, Label::Duration, length) }
        </dl>
    }
}

fn pair(view: &View, label: Label, value: Html) -> Html {
    html! { <div><dt>{ view.label(label) }</dt><dd>{ value }</dd></div> }
}

/// What it was told, where that is more than to run.
fn told(view: &View, operator: &Operator) -> Html {
    if *operator == Operator::Run {
        return Html::default();
    }
    html! {
        <p class="told">{ view.label(Label::Operator) }{ " " }<strong>{ text::task::operator(operator, view.language) }</strong></p>
    }
}

fn sub_task(view: &View, task: &Rc<SubTask>) -> Html {
    html! {
        <details class="sub-task" key={task.id.as_str()}>
            <summary>
                { view.label(Label::SubTask) }
                <span>{ text::task::standing(&task.state, &task.operator, view.language) }</span>
                if task.execute_times > 1 {
                    <span>{ attempt(view, task) }</span>
                }
                if let Some(agent) = &task.agent {
                    <code>{ agent.to_string() }</code>
                }
            </summary>
            <dl class="times">
                { pair(view, Label::SubTaskName, html! { { &task.name } }) }
                { pair(view, Label::SubTaskId, html! { <code>{ task.id.to_string() }</code> }) }
                { pair(view, Label::Executions, html! { { task.execute_times } }) }
                { pair(view, Label::Operator, html! { { text::task::operator(&task.operator, view.language) } }) }
            </dl>
            { times(view, &task.span, &task.state) }
        </details>
    }
}

fn attempt(view: &View, task: &SubTask) -> Html {
    html! { <>{ view.label(Label::Executions) }{ " " }{ task.execute_times }</> }
}
