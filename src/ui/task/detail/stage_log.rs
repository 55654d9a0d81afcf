//! The log of a stage.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::event::Language;
use crate::obshell::dag::{Node, State, SubTask};
use crate::text;
use crate::text::labels::Label;
use crate::ui::list::item_key;
use crate::ui::log::Log;
use crate::ui::rows::{PlaceInList, Rows};
use crate::ui::view::{View, use_view};

/// Properties of [`StageLog`].
#[derive(PartialEq, Properties)]
pub struct StageLogProps {
    /// The stage.
    pub node: Rc<Node>,
    /// The position in the task, counted from 0.
    pub index: usize,
    /// The title, to be focused.
    pub title: NodeRef,
    /// Returns to the running stage, if another stage is shown.
    pub on_follow: Option<Callback<()>>,
}

/// The title of a stage's log, and the logs of its sub tasks.
#[component]
pub fn StageLog(props: &StageLogProps) -> Html {
    let StageLogProps {
        node,
        index,
        title,
        on_follow,
    } = props;
    let view = use_view();
    let row = {
        let (node, language) = (Rc::clone(node), view.language);
        Callback::from(move |(index, [position, of]): (usize, PlaceInList)| {
            let sub_tasks = node.sub_tasks.as_deref().unwrap_or_default();
            html! {
                if let Some(task) = sub_tasks.get(index) {
                    <li
                        key={item_key(index, task.id.as_str())}
                        aria-posinset={position}
                        aria-setsize={of}
                    >
                        <h4>{ agent_of(task) }</h4>
                        { log(&node, task, language) }
                    </li>
                }
            }
        })
    };
    // The log of another stage is a different log, even if the agent reuses the id.
    let logs = match node.sub_tasks.as_deref().unwrap_or_default() {
        [] => Html::default(),
        [only] => html! {
            <div key={item_key(*index, only.id.as_str())}>{ log(node, only, view.language) }</div>
        },
        all => html! {
            <Rows
                key={*index}
                name={log_title(&view, node)}
                tag="ul"
                class="logs"
                rows={all.len()}
                {row}
            />
        },
    };
    html! {
        <>
            <div class="head">
                <h3 id="log-title" tabindex="-1" ref={title}>{ log_title(&view, node) }</h3>
                if let Some(on_follow) = on_follow {
                    <button type="button" class="small" onclick={on_follow.reform(|_| ())}>
                        { view.label(Label::FollowStage) }
                    </button>
                }
            </div>
            { logs }
        </>
    }
}

/// The log of a sub task.
fn log(node: &Node, task: &SubTask, language: Language) -> Html {
    html! {
        <Log
            lines={task.logs.clone().unwrap_or_default()}
            name={text::task::stage_title(&task.name, language)}
            hidden={task.hidden}
            live={!task.state.is_final() || node.state == State::Running}
        />
    }
}

fn log_title(view: &View, node: &Node) -> String {
    let number = view.count(node.number);
    let title = text::task::stage_title(&node.name, view.language);
    match view.language {
        Language::English => format!("Log of stage {number} · {title}"),
        Language::Chinese => format!("第 {number} 阶段日志 · {title}"),
    }
}

/// The agent that runs a sub task, or the id of the sub task if the agent is unknown.
fn agent_of(task: &SubTask) -> String {
    task.agent
        .as_ref()
        .map_or_else(|| task.id.to_string(), ToString::to_string)
}
