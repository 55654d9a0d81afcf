//! The work in progress on the book, or the result of the last action.

use std::rc::Rc;

use yew::prelude::*;

use crate::book::desk::Desk;
use crate::text::book::{said, working};
use crate::ui::icon::{Icon, IconKind};
use crate::ui::view::use_view;

/// Properties of [`WorkLine`].
#[derive(PartialEq, Properties)]
pub struct WorkLineProps {
    /// The state of the panel.
    pub desk: Rc<Desk>,
}

/// One line, in a live region for screen readers.
#[component]
pub fn WorkLine(props: &WorkLineProps) -> Html {
    let language = use_view().language;
    let desk = &props.desk;
    html! {
        <div class="asking" role="status">
            if let Some(work) = desk.work {
                <Icon kind={IconKind::Running} />
                { working(work, language) }
            } else if let Some(told) = &desk.said {
                { said(told, language) }
            }
        </div>
    }
}
