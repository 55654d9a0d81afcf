//! The outcome of the last operation.

use yew::prelude::*;

use crate::flow::event::Language;
use crate::flow::state::{OperationPhase, Task};
use crate::text::operation;
use crate::text::problem::Advice;
use crate::ui::icon::IconKind;
use crate::ui::notice::Notice;

/// The outcome of the last operation; empty if there is nothing to report. Not a component: a
/// component must not be empty before a sibling that can be removed.
pub fn outcome(task: &Task, language: Language) -> Html {
    let Some(Advice { what, fix }) = operation::status(task, language) else {
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
