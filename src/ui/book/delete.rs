//! The deletion of the book.

use yew::prelude::*;

use super::action::BookAction;
use super::buttons::cancel;
use crate::text::book::{BookLabel, DELETE_WORDS};
use crate::ui::dom::value_of;
use crate::ui::view::use_view;

/// Properties of [`Delete`].
#[derive(PartialEq, Properties)]
pub struct DeleteProps {
    /// Whether work is in progress.
    pub busy: bool,
    /// Receives the person's actions.
    pub on_action: Callback<BookAction>,
}

/// The form that deletes the book after the confirmation is typed.
#[component]
pub fn Delete(props: &DeleteProps) -> Html {
    let DeleteProps { busy, on_action } = props;
    let language = use_view().language;
    let typed = use_state(String::new);
    let oninput = {
        let typed = typed.clone();
        move |event: InputEvent| typed.set(value_of(&event))
    };
    let onsubmit = {
        let (typed, on_action, busy) = (typed.clone(), on_action.clone(), *busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !busy {
                on_action.emit(BookAction::Delete((*typed).clone()));
            }
        })
    };
    html! {
        <form class="asks" novalidate={true} aria-labelledby="book-task" {onsubmit}>
            <h4 id="book-task">{ BookLabel::Delete.get(language) }</h4>
            <p>{ BookLabel::DeleteEffect.get(language) }</p>
            <div class="field">
                <label for="book-delete">{ BookLabel::TypeToDelete.get(language) }</label>
                <p><code id="book-delete-hint">{ DELETE_WORDS }</code></p>
                <input
                    id="book-delete"
                    type="text"
                    value={(*typed).clone()}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby="book-delete-hint book-problem"
                    {oninput}
                />
            </div>
            <div class="acts">
                <button type="submit" class="danger" aria-disabled={busy.then_some("true")}>
                    { BookLabel::Delete.get(language) }
                </button>
                { cancel(on_action, language) }
            </div>
        </form>
    }
}
