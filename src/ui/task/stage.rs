//! A stage of a task, with its sub tasks.

mod sub_task;

use std::rc::Rc;

use yew::prelude::*;

use self::sub_task::SubTaskRow;
use super::bar::{Bar, Scale};
use super::times::Times;
use crate::obshell::dag::{Node, Operator, State};
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::Icon;
use crate::ui::list::item_key;
use crate::ui::standing::icon_of;
use crate::ui::view::use_view;

/// How many sub tasks of a stage are drawn. The stages of ODP tasks have one each, and a page that
/// draws what somebody else's agent sends without end stands still.
pub(super) const MOST_DRAWN: usize = 100;

/// Properties of [`Stage`].
#[derive(PartialEq, Properties)]
pub struct StageProps {
    /// The stage.
    pub node: Rc<Node>,
    /// Its place in the task, counted from 0.
    pub index: usize,
    /// Whether its log is the one that is shown.
    pub shown: bool,
    /// Since when it waits, by the agent's clock: the end of the stage before.
    pub waits_from: Option<Millis>,
    /// The time that its bar is drawn in.
    pub scale: Scale,
    /// Takes the place of the stage whose log is to be shown.
    pub pick: Callback<usize>,
}

/// A stage: state, times, bar, sub tasks.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps {
        node,
        index,
        shown,
        waits_from,
        scale,
        pick,
    } = props;
    let view = use_view();
    let language = view.language;
    let title = text::task::stage_title(&node.name, language);
    let translated = title != node.name;
    let onclick = {
        let index = *index;
        pick.reform(move |_| index)
    };
    let sub_tasks = node.sub_tasks.as_deref().unwrap_or_default();
    let left_out = sub_tasks.len().saturating_sub(MOST_DRAWN);
    html! {
        <li class={shown.then_some("shown")}>
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
                        { title }
                    </button>
                    <span class="standing">
                        { text::task::standing(&node.state, &node.operator, language) }
                    </span>
                </div>
                if translated {
                    <p class="wire">{ &node.name }</p>
                }
                if node.span.started.is_some() {
                    <Bar {node} waits_from={*waits_from} scale={*scale} />
                }
                <Times
                    span={node.span.clone()}
                    state={node.state.clone()}
                    now={clock_of(&node.state, *scale)}
                />
                // What it was told, where that is more than to run.
                if node.operator != Operator::Run {
                    <p class="told">
                        { view.label(Label::Operator) }
                        { " " }
                        <strong>{ text::task::operator(&node.operator, language) }</strong>
                    </p>
                }
                for (position, task) in sub_tasks.iter().take(MOST_DRAWN).enumerate() {
                    <SubTaskRow
                        key={item_key(position, task.id.as_str())}
                        {task}
                        now={clock_of(&task.state, *scale)}
                    />
                }
                if left_out > 0 {
                    <p class="quiet">
                        { view.label(Label::SubTasksLeftOut) }
                        { " " }
                        { view.count(left_out) }
                    </p>
                }
            </div>
        </li>
    }
}

/// The agent's clock for what runs. What does not run has no use for it, and is not drawn again as
/// it goes on.
fn clock_of(state: &State, scale: Scale) -> Millis {
    if *state == State::Running {
        scale.now
    } else {
        0
    }
}
