//! The Yew context through which the screens access the agent book.

use std::rc::Rc;

use yew::prelude::*;

use super::act::Act;
use crate::book::Card;
use crate::book::desk::Desk;
use crate::flow::settings::ListedAgent;
use crate::ui::dom::focus;

/// The state of the agent book panel, and the receiver of its actions. A console without a book
/// provides no value.
#[derive(Clone, Debug, PartialEq)]
pub struct BookView {
    /// The state of the panel.
    pub desk: Rc<Desk>,
    /// Whether the person is signed in with an agent password, which could be saved.
    pub can_save: bool,
    /// Receives the person's actions.
    pub act: Callback<Act>,
}

/// An agent of the book as an entry of the selection, including its endpoint.
#[must_use]
pub fn listed(card: &Card) -> ListedAgent {
    let Card {
        address,
        label,
        group,
        endpoint,
    } = card.clone();
    ListedAgent {
        address,
        label,
        group,
        endpoint,
    }
}

/// The agent book of the surrounding console, if the console has one.
#[hook]
pub(in crate::ui) fn use_book_view() -> Option<BookView> {
    use_context::<Option<BookView>>().flatten()
}

/// Focuses `place` when the book is unlocked, because the form that unlocked it is removed.
#[hook]
pub(in crate::ui) fn use_focus_when_unlocked(place: &NodeRef) {
    let is_open = use_book_view().is_some_and(|book| book.desk.agents().is_some());
    let was_open = use_mut_ref(|| is_open);
    let place = place.clone();
    use_effect_with(is_open, move |is_open| {
        if *is_open && !was_open.replace(*is_open) {
            focus(&place);
        }
        was_open.replace(*is_open);
    });
}
