//! A titled list of sentences.

use yew::prelude::*;

use crate::text::labels::Label;
use crate::ui::prose::Prose;
use crate::ui::view::use_view;

/// Properties of [`PlainList`].
#[derive(PartialEq, Properties)]
pub struct PlainListProps {
    /// The title.
    pub title: Label,
    /// The sentences; each may end with a command.
    pub lines: Vec<String>,
}

/// A titled list of sentences.
#[component]
pub fn PlainList(props: &PlainListProps) -> Html {
    let view = use_view();
    html! {
        <div>
            <h3>{ view.label(props.title) }</h3>
            <ul class="plain-list">
                for line in &props.lines {
                    <li><Prose text={line.clone()} /></li>
                }
            </ul>
        </div>
    }
}
