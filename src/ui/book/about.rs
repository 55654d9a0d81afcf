//! The protection that the agent book provides, and its limits.

use yew::prelude::*;

use crate::text::book::BookLabel;
use crate::ui::view::use_view;

/// A disclosure with the protection and its limits.
#[component]
pub fn About() -> Html {
    let language = use_view().language;
    let lines = [
        BookLabel::Protects,
        BookLabel::CannotScripts,
        BookLabel::CannotMalware,
        BookLabel::CannotWeak,
        BookLabel::Shows,
    ];
    html! {
        <details class="more">
            <summary>{ BookLabel::About.get(language) }</summary>
            <ul class="plain-list">
                for line in lines {
                    <li>{ line.get(language) }</li>
                }
            </ul>
        </details>
    }
}
