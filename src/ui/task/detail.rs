//! The stages of a task beside the log of one of them.

use std::rc::Rc;

use yew::prelude::*;

use super::stage::{MOST_DRAWN, Row, stage};
use crate::flow::event::Language;
use crate::obshell::dag::{Dag, Node, State, SubTask};
use crate::obshell::time::{AgentTime, Millis};
use crate::text;
use crate::text::labels::Label;
use crate::ui::ConsoleProps;
use crate::ui::build::{On, button, el, entered, said, several, texted};
use crate::ui::focus;
use crate::ui::log::LogProps;
use crate::ui::message::{Message, Picked};
use crate::ui::part::{Given, Part};
use crate::ui::view::{View, ZoneChoice};

/// What stages and log are given.
#[derive(PartialEq)]
pub struct TaskDetailProps {
    /// Words.
    pub view: View,
    /// The task.
    pub dag: Rc<Dag>,
    /// The stage whose log a person wants to see. Where it is none of the task's, the log is that of
    /// the running one.
    pub picked: Option<Picked>,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// The time that the bars span, by the agent's clock; without an end it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    /// Its beginning.
    pub from: Millis,
    /// Its end.
    pub to: Option<Millis>,
}

/// Stages and log, as a child.
#[inline(never)]
pub(in crate::ui) fn detail(props: &ConsoleProps, view: &View, dag: &Rc<Dag>) -> Html {
    Given::TaskDetail(TaskDetailProps {
        view: view.clone(),
        dag: Rc::clone(dag),
        picked: props.picked.clone(),
        tell: props.tell.clone(),
    })
    .html()
}

/// What stages and log keep.
#[derive(Default)]
struct Own {
    /// The log's title.
    title: NodeRef,
}

/// Stages and log.
pub(in crate::ui) fn task_detail(props: &TaskDetailProps, part: &Part) -> Html {
    let TaskDetailProps { view, dag, .. } = props;
    let Some(nodes) = &dag.nodes else {
        return said("p", "quiet panel", view.label(Label::NoDetails)).html();
    };
    let own = own_stage(dag, nodes);
    let kept = part.kept::<Own>();
    let picked = props.picked.as_ref().and_then(|picked| {
        nodes.iter().position(|node| match picked {
            Picked::Node(id) => node.id == *id,
            Picked::SubTask(id) => node.sub_tasks.iter().flatten().any(|task| task.id == *id),
        })
    });
    let shown = picked.unwrap_or(own).min(nodes.len().saturating_sub(1));
    let title = kept.title.clone();
    let pick = {
        let (tell, dag) = (props.tell.clone(), Rc::clone(dag));
        Callback::from(move |index: usize| {
            let node = dag.nodes.iter().flatten().nth(index);
            let other = node.filter(|_| index != own);
            tell.emit(Message::Pick(
                other.map(|node| Picked::Node(node.id.clone())),
            ));
        })
    };
    let tell = props.tell.clone();
    let follow = Callback::from(move |_| {
        tell.emit(Message::Pick(None));
        // The button goes away, and the focus with it if it stayed there.
        focus(&kept.title);
    });
    let scale = scale(dag, nodes);
    let mut free = Some(scale.from);
    let rows = nodes.iter().enumerate().map(|(index, node)| {
        let waits_from = free;
        free = node.span.ended.as_ref().map(AgentTime::millis);
        let row = Row {
            index,
            shown: index == shown,
            waits_from,
            scale,
        };
        stage(view, node, &row, &pick)
    });
    let rows = el("ol", "stages").each(rows);
    let head = el("div", "head")
        .child(said("h3", "", view.label(Label::Stages)).attr("id", "stages-title"))
        .node(zones(view, &props.tell));
    let stages = el("section", "panel")
        .attr("aria-labelledby", "stages-title")
        .child(head)
        .child(rows);
    let shown = nodes.get(shown).map(|node| {
        let heading = texted("h3", "", log_title(view, node))
            .attr("id", "log-title")
            .attr("tabindex", "-1")
            .at(&title);
        let follow = (picked.is_some() && !dag.progress().is_final())
            .then(|| button("small", view.label(Label::FollowStage), follow));
        let head = el("div", "head").child(heading).maybe(follow);
        let mut logs = Vec::new();
        for task in node.sub_tasks.iter().flatten().take(MOST_DRAWN) {
            logs.push(log(view, node, task));
        }
        several(vec![head.html(), several(logs)])
    });
    let log = el("section", "panel")
        .attr("aria-labelledby", "log-title")
        .node(shown.unwrap_or_default());
    el("div", "columns detail").child(stages).child(log).html()
}

fn log_title(view: &View, node: &Node) -> String {
    let number = view.count(node.number);
    let title = text::task::stage_title(&node.name, view.language);
    match view.language {
        Language::English => ["Log of stage ", &number, " · ", &title].concat(),
        Language::Chinese => ["第 ", &number, " 阶段日志 · ", &title].concat(),
    }
}

/// The log of a sub task; its agent is named where there are several.
fn log(view: &View, node: &Node, task: &Rc<SubTask>) -> Html {
    let several = node.sub_tasks.as_ref().is_some_and(|all| all.len() > 1);
    let agent = task
        .agent
        .as_ref()
        .map_or_else(|| task.id.to_string(), ToString::to_string);
    let lines = Given::Log(LogProps {
        view: view.calm(),
        lines: task.logs.clone().unwrap_or_default(),
        name: text::task::stage_title(&task.name, view.language),
        live: !task.state.is_final() || node.state == State::Running,
    });
    el("div", "")
        .key(task.id.as_str())
        .maybe(several.then(|| texted("h4", "", agent)))
        .node(lines.html())
        .html()
}

/// The stage whose log is shown by itself: the current one; after an end other than a failure the
/// last one that wrote anything. Counted from 0.
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

/// From the first thing that happened to the end. A RETRY moves the beginning of the task, not
/// that of the stages before.
fn scale(dag: &Dag, nodes: &[Rc<Node>]) -> Scale {
    let starts = nodes.iter().filter_map(|node| node.span.started.as_ref());
    let first = starts.map(AgentTime::millis).min();
    // Where a task ended without an end that is told, the last thing that is known to have happened.
    let known = nodes
        .iter()
        .flat_map(|node| [&node.span.started, &node.span.ended]);
    let last = known.flatten().map(AgentTime::millis).max();
    let last = last.filter(|_| dag.state.is_final());
    Scale {
        from: first
            .into_iter()
            .chain(super::began(dag))
            .min()
            .unwrap_or(0),
        to: dag.span.ended.as_ref().map(AgentTime::millis).or(last),
    }
}

/// The switch of zones.
fn zones(view: &View, tell: &Callback<Message>) -> Html {
    let tell = tell.clone();
    let choose = Callback::from(move |event: Event| {
        let name = entered(&event);
        let mut zones = ZoneChoice::ALL.into_iter();
        if let Some(zone) = zones.find(|zone| zone.name() == name) {
            tell.emit(Message::Zone(zone));
        }
    });
    let option = |zone: ZoneChoice| {
        let label = match zone {
            ZoneChoice::Agent => Some(Label::ZoneAgent),
            ZoneChoice::Browser => Some(Label::ZoneBrowser),
            ZoneChoice::Utc => None,
        };
        let name = view.platform.zone_name(view.zone_of(zone));
        let text = match label {
            Some(label) => [view.label(label), " · ", &name].concat(),
            None => name,
        };
        let selected = (view.zone == zone).then_some("selected");
        texted("option", "", text)
            .attr("value", zone.name())
            .attr_if("selected", selected)
            .html()
    };
    let select = el("select", "")
        .on(On::Change, choose)
        .each(ZoneChoice::ALL.into_iter().map(option));
    el("label", "zone")
        .child(said("span", "", view.label(Label::TimesIn)))
        .child(select)
        .html()
}
