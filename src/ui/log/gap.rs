//! A placeholder for lines that are not rendered.

use yew::prelude::*;

/// Properties of [`Gap`].
#[derive(PartialEq, Properties)]
pub struct GapProps {
    /// In pixels.
    pub height: i64,
}

/// A placeholder for lines that are not rendered. An SVG has its height in an attribute; a strict
/// Content-Security-Policy would refuse a style attribute.
#[component]
pub fn Gap(props: &GapProps) -> Html {
    html! { <svg class="gap" width="1" height={props.height.to_string()} aria-hidden="true" /> }
}
