//! The removal of an agent from the book.

use yew::prelude::*;

use super::action::BookAction;
use crate::book::Entry;
use crate::book::state::Goal;
use crate::text::book::{BookLabel, name, remove_question};
use crate::ui::view::use_view;

/// Properties of [`Remove`].
#[derive(PartialEq, Properties)]
pub struct RemoveProps {
    /// The agent.
    pub entry: Entry,
    /// Whether work is in progress.
    pub busy: bool,
    /// Receives the person's actions.
    pub on_action: Callback<BookAction>,
}

/// The confirmation before an agent is removed.
#[component]
pub fn Remove(props: &RemoveProps) -> Html {
    let RemoveProps {
        entry,
        busy,
        on_action,
    } = props;
    let language = use_view().language;
    let remove = {
        let (address, busy) = (entry.details.address.clone(), *busy);
        let on_action = on_action.clone();
        move |_| {
            if !busy {
                on_action.emit(BookAction::Remove(address.clone()));
            }
        }
    };
    html! {
        <div class="asks" role="group" aria-labelledby="book-task">
            <h4 id="book-task">{ remove_question(&name(entry), language) }</h4>
            <div class="acts">
                <button type="button" onclick={on_action.reform(|_| BookAction::Go(Goal::Back))}>
                    { BookLabel::Cancel.get(language) }
                </button>
                <button
                    type="button"
                    class="danger"
                    aria-disabled={busy.then_some("true")}
                    onclick={remove}
                >
                    { BookLabel::Remove.get(language) }
                </button>
            </div>
        </div>
    }
}
