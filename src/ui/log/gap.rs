//! The place of lines that are not drawn.

use yew::prelude::*;

/// Properties of [`Gap`].
#[derive(PartialEq, Properties)]
pub struct GapProps {
    /// In pixels.
    pub height: i64,
}

/// The place of lines that are not drawn. A drawing has its height in an attribute; a style
/// attribute would be refused by a strict policy.
#[component]
pub fn Gap(props: &GapProps) -> Html {
    html! { <svg class="gap" width="1" height={props.height.to_string()} aria-hidden="true" /> }
}
