//! The buttons of the agent book's forms.

use yew::prelude::*;

use super::action::BookAction;
use crate::book::state::Goal;
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
pub(super) fn cancel(on_action: &Callback<BookAction>, language: Language) -> Html {
    html! {
        <button type="button" class="plain" onclick={on_action.reform(|_| BookAction::Go(Goal::Back))}>
            { BookLabel::Cancel.get(language) }
        </button>
    }
}
