//! A stage of a task, with its sub tasks.

mod sub_task;

use std::rc::Rc;

use yew::prelude::*;

use self::sub_task::SubTaskRow;
use super::bar::{Bar, Scale};
use super::times::Times;
use crate::obshell::dag::{Node, Operator, Span};
use crate::obshell::time::{AgentTime, Millis};
use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::Icon;
use crate::ui::list::item_key;
use crate::ui::rows::{PlaceInList, Rows};
use crate::ui::status::{icon_of, is_running, tone_of};
use crate::ui::view::use_view;

/// Properties of [`Stage`].
#[derive(PartialEq, Properties)]
pub struct StageProps {
    /// The stage.
    pub node: Rc<Node>,
    /// The position in the task, counted from 0.
    pub index: usize,
    /// The position in a list that renders only some of its rows.
    #[prop_or_default]
    pub place: PlaceInList,
    /// Whether the log of the stage is shown.
    pub shown: bool,
    /// The start of the waiting time, by the agent's clock: the end of the previous stage.
    pub waits_from: Option<Millis>,
    /// The time span of the bar.
    pub scale: Scale,
    /// The date shown above, which is not repeated.
    pub day: AttrValue,
    /// Receives the index of the stage whose log is to be shown.
    pub pick: Callback<usize>,
}

/// A stage: its name and state, when it waited and ran, and its name on the agent.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps {
        node,
        index,
        place,
        shown,
        waits_from,
        scale,
        day,
        pick,
    } = props;
    let view = use_view();
    let language = view.language;
    let title = text::task::stage_title(&node.name, language);
    let onclick = {
        let index = *index;
        pick.reform(move |_| index)
    };
    let sub_tasks = node.sub_tasks.as_ref().map_or(0, Vec::len);
    let sub_task = {
        let (node, day, scale) = (Rc::clone(node), day.clone(), *scale);
        Callback::from(move |(index, place): (usize, PlaceInList)| {
            let sub_tasks = node.sub_tasks.as_deref().unwrap_or_default();
            html! {
                if let Some(task) = sub_tasks.get(index) {
                    <SubTaskRow
                        key={item_key(index, task.id.as_str())}
                        {task}
                        {place}
                        day={day.clone()}
                        now={clock_of(is_running(&task.state, &task.operator), scale)}
                    />
                }
            }
        })
    };
    let span = span(node);
    let runs = is_running(&node.state, &node.operator);
    let [position, of] = place.clone();
    html! {
        <li
            class={shown.then_some("shown")}
            aria-posinset={position}
            aria-setsize={of}
        >
            <Icon kind={icon_of(&node.state, &node.operator)} />
            <div class="stage">
                <div class="line-1">
                    <button
                        type="button"
                        class="link"
                        aria-pressed={shown.to_string()}
                        title={view.label(Label::ShowLog)}
                        {onclick}
                    >
                        <span class="quiet">{ view.count(node.number) }</span>
                        { " " }
                        { title.clone() }
                    </button>
                    <span class="standing">
                        { text::task::status(&node.state, &node.operator, language) }
                    </span>
                </div>
                if span.started.is_some() {
                    <Bar
                        span={span.clone()}
                        {runs}
                        tone={tone_of(&node.state, &node.operator)}
                        waits_from={*waits_from}
                        scale={*scale}
                    />
                    <Times {span} {runs} {day} now={clock_of(runs, *scale)} />
                }
                <details class="more">
                    <summary>
                        { view.label(Label::Details) }
                        <span class="unseen">{ " · " }{ title.clone() }</span>
                    </summary>
                    <dl class="times">
                        <div>
                            <dt>{ view.label(Label::SubTaskName) }</dt>
                            <dd><code>{ node.name.to_string() }</code></dd>
                        </div>
                        <div>
                            <dt>{ view.label(Label::SubTaskId) }</dt>
                            <dd><code>{ node.id.as_str() }</code></dd>
                        </div>
                        <div>
                            <dt>{ view.label(Label::Operator) }</dt>
                            <dd>{ text::task::operator(&node.operator, language) }</dd>
                        </div>
                    </dl>
                    if sub_tasks > 0 {
                        <Rows
                            name={format!("{title} – {}", view.label(Label::SubTasks))}
                            tag="ul"
                            class="sub-tasks"
                            rows={sub_tasks}
                            row={sub_task}
                        />
                    }
                </details>
            </div>
        </li>
    }
}

/// When a stage ran. The agent writes 1970 into a stage that is being cancelled while its sub task
/// is still running (capture 16).
fn span(node: &Node) -> Span {
    if node.span.started.is_some() || node.operator != Operator::Cancel || node.state.is_final() {
        return node.span.clone();
    }
    let started = node.sub_tasks.iter().flatten();
    let started = started.filter_map(|task| task.span.started.as_ref());
    Span {
        started: started.min_by_key(|time| AgentTime::millis(time)).cloned(),
        ended: None,
    }
}

/// The agent's clock for a running part; 0 otherwise, so that the part is not rendered again as
/// time passes.
fn clock_of(runs: bool, scale: Scale) -> Millis {
    if runs { scale.now } else { 0 }
}
