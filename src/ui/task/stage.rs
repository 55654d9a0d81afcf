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
use crate::ui::build::{On, el, pair as pair_of, said, text as text_node, texted};
use crate::ui::header::word;
use crate::ui::view::View;

/// How many sub tasks of a stage are drawn. The stages of ODP tasks have one each, and a page that
/// draws what somebody else's agent sends without end stands still.
pub(super) const MOST_DRAWN: usize = 100;

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
    let pick = pick.reform(move |_: Event| index);
    let class = if row.shown { "shown" } else { "" };
    let choose = el("button", "link")
        .attr("type", "button")
        .attr("aria-pressed", word(row.shown))
        .attr("title", view.label(Label::ShowLog))
        .on(On::Click, pick)
        .child(texted("span", "quiet", view.count(node.number)))
        .say(" ")
        .text(title);
    let standing = text::task::standing(&node.state, &node.operator, view.language);
    let line = el("div", "line-1")
        .child(choose)
        .child(texted("span", "standing", standing));
    let started = node.span.started.as_ref();
    let bar = started.map(|_| bar(view, node, row.waits_from, row.scale));
    let sub_tasks = node.sub_tasks.iter().flatten();
    let left_out = sub_tasks.clone().count().saturating_sub(MOST_DRAWN);
    let left_out = (left_out > 0).then(|| {
        said("p", "quiet", view.label(Label::SubTasksLeftOut))
            .say(" ")
            .text(view.count(left_out))
    });
    let words = el("div", "stage")
        .child(line)
        .maybe(translated.then(|| texted("p", "wire", node.name.clone())))
        .node(bar.unwrap_or_default())
        .node(times(view, &node.span, &node.state))
        .node(told(view, &node.operator))
        .each(sub_tasks.take(MOST_DRAWN).map(|task| sub_task(view, task)))
        .maybe(left_out);
    el("li", class)
        .key(node.id.as_str())
        .node(icon_of(&node.state, &node.operator).draw())
        .child(words)
        .html()
}

/// Start, end and duration, as far as there are any.
fn times(view: &View, span: &Span, state: &State) -> Html {
    let Some(started) = &span.started else {
        return Html::default();
    };
    let length = match span.duration() {
        Some(length) => Some(view.duration(length)),
        None if *state == State::Running => Some(view.elapsed(started.millis(), None)),
        None => None,
    };
    let length = length.map(|length| pair(view, Label::Duration, text_node(length)));
    let ended = span.ended.as_ref();
    let ended = ended.map(|ended| pair(view, Label::End, view.time(ended)));
    el("dl", "times")
        .node(pair(view, Label::Start, view.time(started)))
        .node(ended.unwrap_or_default())
        .node(length.unwrap_or_default())
        .html()
}

fn pair(view: &View, label: Label, value: Html) -> Html {
    pair_of(view.label(label), value)
}

/// What it was told, where that is more than to run.
fn told(view: &View, operator: &Operator) -> Html {
    if *operator == Operator::Run {
        return Html::default();
    }
    let operator = text::task::operator(operator, view.language);
    said("p", "told", view.label(Label::Operator))
        .say(" ")
        .child(texted("strong", "", operator))
        .html()
}

fn sub_task(view: &View, task: &Rc<SubTask>) -> Html {
    let standing = text::task::standing(&task.state, &task.operator, view.language);
    let attempt = (task.execute_times > 1).then(|| {
        said("span", "", view.label(Label::Executions))
            .say(" ")
            .text(task.execute_times.to_string())
    });
    let agent = task.agent.as_ref();
    let summary = said("summary", "", view.label(Label::SubTask))
        .child(texted("span", "", standing))
        .maybe(attempt)
        .maybe(agent.map(|agent| texted("code", "", agent.to_string())));
    let operator = text::task::operator(&task.operator, view.language);
    let id = texted("code", "", task.id.to_string()).html();
    let row = |label, value| pair(view, label, value);
    let times_run = task.execute_times.to_string();
    let list = el("dl", "times")
        .node(row(Label::SubTaskName, text_node(task.name.clone())))
        .node(row(Label::SubTaskId, id))
        .node(row(Label::Executions, text_node(times_run)))
        .node(row(Label::Operator, text_node(operator)));
    el("details", "sub-task")
        .key(task.id.as_str())
        .child(summary)
        .child(list)
        .node(times(view, &task.span, &task.state))
        .html()
}
