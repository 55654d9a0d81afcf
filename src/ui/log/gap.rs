//! A placeholder for lines that are not rendered.

use yew::prelude::*;

/// A placeholder of this height in pixels; `first` is the first block that it stands for. An SVG has
/// its height in an attribute; a strict Content-Security-Policy would refuse a style attribute.
///
/// Not a component: Yew renders a component whose props changed later than its parent, and lets the
/// browser draw in between. The lines would be removed before the placeholder grows, and the browser
/// would scroll by their height.
pub fn gap(first: usize, height: i64) -> Html {
    html! {
        <svg
            key={format!("gap {first}")}
            class="gap"
            width="1"
            height={height.to_string()}
            aria-hidden="true"
        />
    }
}
