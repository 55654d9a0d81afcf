//! The removal of an agent from the book.

use yew::prelude::*;

use super::act::Act;
use crate::book::Entry;
use crate::book::desk::Goal;
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
    pub act: Callback<Act>,
}

/// The confirmation before an agent is removed.
#[component]
pub fn Remove(props: &RemoveProps) -> Html {
    let RemoveProps { entry, busy, act } = props;
    let language = use_view().language;
    let remove = {
        let (address, busy) = (entry.card.address.clone(), *busy);
        let act = act.clone();
        move |_| {
            if !busy {
                act.emit(Act::Remove(address.clone()));
            }
        }
    };
    html! {
        <div class="asks" role="group" aria-labelledby="book-task">
            <h4 id="book-task">{ remove_question(&name(entry), language) }</h4>
            <div class="acts">
                <button type="button" onclick={act.reform(|_| Act::Go(Goal::Back))}>
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
