//! The search bar of a log.

use yew::prelude::*;

use crate::text::labels::Label;
use crate::ui::dom::{is_enter, value_of};
use crate::ui::icon::{Icon, IconKind};
use crate::ui::view::use_view;

/// Properties of [`SearchBar`].
#[derive(PartialEq, Properties)]
pub struct SearchBarProps {
    /// The search text.
    pub query: AttrValue,
    /// How many lines match.
    pub count: usize,
    /// The selected match, counted from 0.
    pub index: usize,
    /// Receives the search text.
    pub on_query: Callback<AttrValue>,
    /// Receives the match to select, counted from 0.
    pub on_choose: Callback<usize>,
}

/// Search over all lines, with the number of lines that match.
#[component]
pub fn SearchBar(props: &SearchBarProps) -> Html {
    let SearchBarProps {
        query,
        count,
        index,
        on_query,
        on_choose,
    } = props;
    let (count, index) = (*count, *index);
    let view = use_view();
    // Selects the next or the previous match; wraps around at the ends.
    let go = {
        let on_choose = on_choose.clone();
        move |forward: bool| {
            if count > 0 {
                let step = if forward { 1 } else { count - 1 };
                on_choose.emit((index + step) % count);
            }
        }
    };
    let oninput = on_query.reform(|event: InputEvent| value_of(&event).into());
    let onkeydown = {
        let go = go.clone();
        move |event: KeyboardEvent| {
            if is_enter(&event) {
                event.prevent_default();
                go(!event.shift_key());
            }
        }
    };
    let step = |label, kind, forward| {
        let go = go.clone();
        let name = view.label(label);
        html! {
            <button
                type="button"
                class="small"
                aria-label={name}
                title={name}
                onclick={move |_| go(forward)}
            >
                <Icon {kind} />
            </button>
        }
    };
    let place = if count == 0 { 0 } else { index + 1 };
    let name = view.label(Label::SearchLog);
    html! {
        <div class="search" role="search">
            <input
                type="search"
                aria-label={name}
                placeholder={name}
                autocomplete="off"
                spellcheck="false"
                value={query.clone()}
                {oninput}
                {onkeydown}
            />
            if !query.is_empty() {
                <span class="count" role="status">
                    { view.count(place) }
                    { " / " }
                    { view.count(count) }
                </span>
                { step(Label::PreviousMatch, IconKind::Up, false) }
                { step(Label::NextMatch, IconKind::Down, true) }
            }
        </div>
    }
}
