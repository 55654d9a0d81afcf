//! The stages of a member's task.

use std::rc::Rc;

use yew::prelude::*;

use crate::obshell::dag::Dag;
use crate::text;
use crate::ui::task::strip::segments;
use crate::ui::view::use_view;

/// Properties of [`StageBar`].
#[derive(PartialEq, Properties)]
pub struct StageBarProps {
    /// The task.
    pub dag: Rc<Dag>,
}

/// The current stage and the number of stages, as a bar and in figures.
#[component]
pub fn StageBar(props: &StageBarProps) -> Html {
    let dag = &props.dag;
    let view = use_view();
    let [stage, of] = [dag.stage, dag.max_stage].map(|number| view.count(number));
    html! {
        <div class="stage-bar">
            { segments(dag) }
            <span aria-hidden="true">{ format!("{stage}/{of}") }</span>
            <span class="unseen">{ text::task::stage_of(&stage, &of, view.language) }</span>
        </div>
    }
}
