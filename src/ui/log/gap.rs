//! The place of lines that are not drawn.

use yew::prelude::*;

use super::window::LINE_HEIGHT;

/// Properties of [`Gap`].
#[derive(PartialEq, Properties)]
pub struct GapProps {
    /// How many lines are not drawn.
    pub lines: usize,
}

/// The place of lines that are not drawn. A drawing has its height in an attribute; a style
/// attribute would be refused by a strict policy.
#[component]
pub fn Gap(props: &GapProps) -> Html {
    if props.lines == 0 {
        return Html::default();
    }
    let height = (props.lines * LINE_HEIGHT).to_string();
    html! { <svg class="gap" width="1" {height} aria-hidden="true" /> }
}
