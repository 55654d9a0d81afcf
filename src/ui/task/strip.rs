//! A task in one line.

use std::rc::Rc;

use yew::prelude::*;

use super::times::began;
use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{Dag, Operator};
use crate::obshell::time::{AgentTime, Millis};
use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::standing::{icon_of, tone_of};
use crate::ui::view::use_view;

/// How many stages the bar shows at most.
const MOST_SEGMENTS: usize = 64;

/// Properties of [`TaskStrip`].
#[derive(PartialEq, Properties)]
pub struct TaskStripProps {
    /// The task.
    pub dag: Rc<Dag>,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
}

/// State, stage, elapsed time and id in one line, and a bar of the stages.
#[component]
pub fn TaskStrip(props: &TaskStripProps) -> Html {
    let TaskStripProps { dag, now } = props;
    let view = use_view();
    // A task that left a stage out has not succeeded.
    let operator = match dag.progress() {
        Progress::Skipped => &Operator::Pass,
        _ => &dag.operator,
    };
    let (kind, standing) = match dag.progress() {
        Progress::Contradicted => (
            IconKind::Warn,
            text::task::reported(view.language).to_owned(),
        ),
        _ => (
            icon_of(&dag.state, operator),
            text::task::standing(&dag.state, operator, view.language),
        ),
    };
    let ended = dag.span.ended.as_ref().map(AgentTime::millis);
    // Of a task that has ended without an end that is told, nobody knows how long it took.
    let known = ended.is_some() || !dag.state.is_final();
    let elapsed = began(dag)
        .filter(|_| known)
        .map(|since| view.elapsed(since, ended, *now));
    let tone = |stage| {
        let node = dag.node(stage)?;
        tone_of(&node.state, &node.operator)
    };
    html! {
        <>
            <div class="strip">
                <span class="state"><Icon {kind} /><strong>{ standing }</strong></span>
                <span>
                    { view.label(Label::Stage) }
                    { " " }
                    <strong>{ view.count(dag.stage) }</strong>
                    { " / " }
                    { view.count(dag.max_stage) }
                </span>
                if let Some(elapsed) = elapsed {
                    <span>
                        { view.label(Label::Elapsed) }
                        { " " }
                        <strong class="elapsed">{ elapsed }</strong>
                    </span>
                }
                <span>{ view.label(Label::TaskId) }{ " " }<code>{ dag.id.as_str() }</code></span>
            </div>
            <div class="segments-bar" aria-hidden="true">
                for stage in 1..=dag.max_stage.min(MOST_SEGMENTS) {
                    <span class={tone(stage)} />
                }
            </div>
        </>
    }
}
