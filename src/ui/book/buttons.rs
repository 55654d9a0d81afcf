//! The buttons of the agent book's forms.

use yew::prelude::*;

use super::act::Act;
use crate::book::desk::Goal;
use crate::flow::event::Language;
use crate::text::book::BookLabel;

/// The button that submits a form. While the book is `busy`, the button is marked as disabled and
/// keeps the focus.
pub(super) fn submit(label: &'static str, busy: bool) -> Html {
    html! {
        <button
            type="submit"
            class="primary"
            aria-disabled={busy.then_some("true")}
            aria-describedby="book-problem"
        >
            { label }
        </button>
    }
}

/// The button that closes a form without a change.
pub(super) fn cancel(act: &Callback<Act>, language: Language) -> Html {
    html! {
        <button type="button" class="plain" onclick={act.reform(|_| Act::Go(Goal::Back))}>
            { BookLabel::Cancel.get(language) }
        </button>
    }
}
