//! The work in progress on the book, or the result of the last action.

use std::rc::Rc;

use yew::prelude::*;

use crate::book::state::BookState;
use crate::text::book::{outcome, work_label};
use crate::ui::icon::{Icon, IconKind};
use crate::ui::view::use_view;

/// Properties of [`WorkLine`].
#[derive(PartialEq, Properties)]
pub struct WorkLineProps {
    /// The state of the panel.
    pub state: Rc<BookState>,
}

/// One line, in a live region for screen readers.
#[component]
pub fn WorkLine(props: &WorkLineProps) -> Html {
    let language = use_view().language;
    let state = &props.state;
    html! {
        <div class="asking" role="status">
            if let Some(work) = state.work {
                <Icon kind={IconKind::Running} />
                { work_label(work, language) }
            } else if let Some(result) = &state.outcome {
                { outcome(result, language) }
            }
        </div>
    }
}
