//! A one-line summary of a task.

use std::rc::Rc;

use yew::prelude::*;

use super::times::began;
use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{Dag, Node, Operator};
use crate::obshell::time::{AgentTime, Millis};
use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::status::{icon_of, tone_of};
use crate::ui::view::use_view;

/// The maximum number of stages in the bar.
const MOST_SEGMENTS: usize = 64;

/// Properties of [`TaskStrip`].
#[derive(PartialEq, Properties)]
pub struct TaskStripProps {
    /// The task.
    pub dag: Rc<Dag>,
    /// The previously reported start, in milliseconds by the agent's clock: a task that is being
    /// cancelled no longer reports its start.
    #[prop_or_default]
    pub since: Option<Millis>,
    /// The time of the agent's last answer, by the browser's clock, if the agent does not answer.
    #[prop_or_default]
    pub last_known: Option<Millis>,
    /// Whether the task has ended and the heading contains the stage.
    #[prop_or_default]
    pub ended: bool,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
}

/// State, stage and elapsed time in one line, and a bar of the stages.
#[component]
pub fn TaskStrip(props: &TaskStripProps) -> Html {
    let TaskStripProps {
        dag,
        since,
        last_known,
        ended: has_ended,
        now,
    } = props;
    let view = use_view();
    // A task that passed a stage has not succeeded.
    let operator = match dag.progress() {
        Progress::Skipped => &Operator::Pass,
        _ => &dag.operator,
    };
    let (kind, status) = match dag.progress() {
        Progress::Contradicted => (
            IconKind::Warn,
            text::task::reported(view.language).to_owned(),
        ),
        _ => (
            icon_of(&dag.state, operator),
            text::task::status(&dag.state, operator, view.language),
        ),
    };
    let (kind, status) = match last_known {
        Some(at) => (
            IconKind::Warn,
            text::task::last_known(&view.updated(*at, *now), &status, view.language),
        ),
        None => (kind, status),
    };
    let ended = dag.span.ended.as_ref().map(AgentTime::millis);
    // The duration of a task that ended without a reported end is unknown.
    let known = ended.is_some() || !dag.state.is_final();
    // While the agent does not answer, the time does not advance.
    let clock = last_known.unwrap_or(*now);
    let elapsed = began(dag)
        .or(*since)
        .filter(|_| known)
        .map(|since| view.elapsed(since, ended, clock));
    html! {
        <>
            <div class="strip">
                <span class="state"><Icon {kind} /><strong>{ status }</strong></span>
                if !has_ended {
                    <span>{ text::task::stage_of(
                        &view.count(dag.stage),
                        &view.count(dag.max_stage),
                        view.language,
                    ) }</span>
                }
                if let Some(elapsed) = elapsed {
                    <span>
                        { view.label(Label::Elapsed) }
                        { " " }
                        <strong class="elapsed">{ elapsed }</strong>
                    </span>
                }
                if !has_ended {
                    <span class="id">
                        { view.label(Label::TaskId) }
                        { " " }
                        <code>{ dag.id.as_str() }</code>
                    </span>
                }
            </div>
            { segments(dag) }
        </>
    }
}

/// A bar of the stages, in the colors of their states.
pub(in crate::ui) fn segments(dag: &Dag) -> Html {
    let tone = |stage| dag.node(stage).and_then(|node| segment(node));
    html! {
        <div class="segments-bar" aria-hidden="true">
            for stage in 1..=dag.max_stage.min(MOST_SEGMENTS) {
                <span class={tone(stage)} />
            }
        </div>
    }
}

/// The color of a stage in the bar. A stage that never ran has none, even if its task ended after
/// it.
fn segment(node: &Node) -> Option<&'static str> {
    let sub_tasks = node.sub_tasks.as_deref().unwrap_or_default();
    let never_ran = !sub_tasks.is_empty() && sub_tasks.iter().all(|task| task.execute_times == 0);
    tone_of(&node.state, &node.operator).filter(|_| !(node.state.is_final() && never_ran))
}
