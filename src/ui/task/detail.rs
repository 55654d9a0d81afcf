//! The stages of a task beside the log of one of them.

mod stage_log;
mod zone_switch;

use std::rc::Rc;

use yew::prelude::*;

use self::stage_log::StageLog;
use self::zone_switch::ZoneSwitch;
use super::bar::Scale;
use super::stage::Stage;
use super::times::began;
use crate::obshell::dag::{Dag, Node, State};
use crate::obshell::time::{AgentTime, Millis};
use crate::text::labels::Label;
use crate::ui::dom::focus;
use crate::ui::list::item_key;
use crate::ui::message::{Message, Picked};
use crate::ui::rows::{PlaceInList, Rows};
use crate::ui::view::use_view;

/// Properties of [`TaskDetail`].
#[derive(PartialEq, Properties)]
pub struct TaskDetailProps {
    /// The task.
    pub dag: Rc<Dag>,
    /// The stage whose log the person selected. If it is not a stage of this task, the log of the
    /// running stage is shown.
    pub picked: Option<Picked>,
    /// Whether the agent does not answer, so that this is the last known state.
    #[prop_or_default]
    pub last_known: bool,
    /// The content above the stages.
    #[prop_or_default]
    pub children: Html,
    /// The browser's clock, in milliseconds since 1970; if the agent does not answer, the time of
    /// its last answer.
    pub now: Millis,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// Stages and log.
#[component]
pub fn TaskDetail(props: &TaskDetailProps) -> Html {
    let TaskDetailProps {
        dag,
        picked,
        last_known,
        children,
        now,
        on_message,
    } = props;
    let view = use_view();
    let log_title = use_node_ref();
    let pick = use_callback(
        (Rc::clone(dag), on_message.clone()),
        |index: usize, (dag, on_message)| {
            let nodes = dag.nodes.as_deref().unwrap_or_default();
            let other = nodes.get(index).filter(|_| index != own_stage(dag, nodes));
            on_message.emit(Message::Pick(
                other.map(|node| Picked::Node(node.id.clone())),
            ));
        },
    );
    let on_follow = {
        let log_title = log_title.clone();
        use_callback(on_message.clone(), move |(), on_message| {
            on_message.emit(Message::Pick(None));
            // The button disappears and would lose the focus.
            focus(&log_title);
        })
    };

    let Some(nodes) = &dag.nodes else {
        return html! {
            <div class="panel">
                { children.clone() }
                <p class="quiet">{ view.label(Label::NoDetails) }</p>
            </div>
        };
    };
    let picked = picked
        .as_ref()
        .and_then(|picked| picked_stage(nodes, picked));
    let shown = picked.unwrap_or_else(|| own_stage(dag, nodes));
    let shown = shown.min(nodes.len().saturating_sub(1));
    let on_follow = (picked.is_some() && !dag.progress().is_final()).then_some(on_follow);
    let scale = scale(dag, nodes, view.clock.agent_time(*now));
    // An icon is animated only while the state can change.
    let moves = !last_known && !dag.progress().is_final();
    let began = began(dag).or_else(|| nodes.iter().find_map(|node| started(node)));
    let day = AttrValue::from(began.map(|began| view.date(began)).unwrap_or_default());
    let row = {
        let (dag, day, pick) = (Rc::clone(dag), day.clone(), pick.clone());
        Callback::from(move |(index, place): (usize, PlaceInList)| {
            let nodes = dag.nodes.as_deref().unwrap_or_default();
            html! {
                if let Some(node) = nodes.get(index) {
                    <Stage
                        key={item_key(index, node.id.as_str())}
                        {node}
                        {index}
                        {place}
                        shown={index == shown}
                        waits_from={waits_from(nodes, index, scale)}
                        {scale}
                        day={day.clone()}
                        pick={&pick}
                    />
                }
            }
        })
    };
    html! {
        <div class={classes!("columns", "detail", (!moves).then_some("still"))}>
            <section class="panel" aria-labelledby="stages-title">
                { children.clone() }
                <div class="head">
                    <h3 id="stages-title">
                        { view.label(Label::Stages) }
                        if *last_known {
                            <span class="quiet">{ " · " }{ view.label(Label::LastKnown) }</span>
                        }
                    </h3>
                    <div class="zone">
                        <span>{ day.clone() }</span>
                        <ZoneSwitch {on_message} />
                    </div>
                </div>
                <p class="legend" aria-hidden="true">
                    <span class="key waiting" />{ view.label(Label::BarWaited) }
                    <span class="key ran" />{ view.label(Label::BarRan) }
                </p>
                <Rows
                    name={view.label(Label::Stages)}
                    tag="ol"
                    class="stages"
                    rows={nodes.len()}
                    first={shown}
                    {row}
                />
            </section>
            <section class="panel log-panel" aria-labelledby="log-title">
                if let Some(node) = nodes.get(shown) {
                    <StageLog {node} index={shown} title={log_title} {on_follow} />
                }
            </section>
        </div>
    }
}

/// The index of the selected stage, counted from 0, if it is one of these.
fn picked_stage(nodes: &[Rc<Node>], picked: &Picked) -> Option<usize> {
    nodes.iter().position(|node| match picked {
        Picked::Node(id) => node.id == *id,
        Picked::SubTask(id) => node.sub_tasks.iter().flatten().any(|task| task.id == *id),
    })
}

/// The index of the stage whose log is shown by default, counted from 0: the current stage; after
/// an end other than a failure, the last stage with log lines.
fn own_stage(dag: &Dag, nodes: &[Rc<Node>]) -> usize {
    let wrote = |node: &Rc<Node>| {
        let mut tasks = node.sub_tasks.iter().flatten();
        tasks.any(|task| task.logs.as_ref().is_some_and(|lines| !lines.is_empty()))
    };
    let current = nodes.iter().position(|node| node.number == dag.stage);
    let current = current.unwrap_or(0);
    match dag.state {
        State::Succeed => nodes.iter().rposition(wrote).unwrap_or(current),
        _ => current,
    }
}

/// When a stage started, in milliseconds by the agent's clock.
fn started(node: &Node) -> Option<Millis> {
    node.span.started.as_ref().map(AgentTime::millis)
}

/// The start of a stage's waiting time, by the agent's clock: the end of the previous stage, or the
/// start of the task.
fn waits_from(nodes: &[Rc<Node>], index: usize, scale: Scale) -> Option<Millis> {
    let Some(before) = index.checked_sub(1) else {
        return Some(scale.from);
    };
    let ended = nodes.get(before)?.span.ended.as_ref();
    ended.map(AgentTime::millis)
}

/// The time from the first event to the end. A RETRY changes the start of the task, but not that of
/// the previous stages. `now` is by the agent's clock.
fn scale(dag: &Dag, nodes: &[Rc<Node>], now: Millis) -> Scale {
    let starts = nodes.iter().filter_map(|node| node.span.started.as_ref());
    let first = starts.map(AgentTime::millis).min();
    // If a task ended without a reported end, the last known time.
    let known = nodes
        .iter()
        .flat_map(|node| [&node.span.started, &node.span.ended]);
    let last = known.flatten().map(AgentTime::millis).max();
    let last = last.filter(|_| dag.state.is_final());
    let ended = dag.span.ended.as_ref().map(AgentTime::millis);
    Scale {
        from: first.into_iter().chain(began(dag)).min().unwrap_or(0),
        to: ended.or(last),
        now,
    }
}
