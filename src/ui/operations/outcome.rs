//! The outcome of the last operation.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::state::{OperationPhase, Task};
use crate::text::operation;
use crate::text::problem::Advice;
use crate::ui::icon::IconKind;
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`Outcome`].
#[derive(PartialEq, Properties)]
pub struct OutcomeProps {
    /// The task.
    pub task: Rc<Task>,
}

/// The outcome of the last operation; renders nothing if there is nothing to report.
#[component]
pub fn Outcome(props: &OutcomeProps) -> Html {
    let task = &props.task;
    let language = use_view().language;
    let Some(Advice { what, fix }) = operation::standing(task, language) else {
        return Html::default();
    };
    let icon = match task.operating.as_ref().map(|operating| &operating.phase) {
        Some(OperationPhase::Refused(_)) => IconKind::Fail,
        Some(
            OperationPhase::Checking(_) | OperationPhase::NotSent(_) | OperationPhase::Lost(_),
        ) => IconKind::Warn,
        _ => IconKind::Info,
    };
    html! { <Notice {icon} {what} {fix} /> }
}
