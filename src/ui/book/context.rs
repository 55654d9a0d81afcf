//! The agent book as a context that the screens read.

use std::rc::Rc;

use yew::prelude::*;

use super::act::Act;
use crate::book::Card;
use crate::book::desk::Desk;
use crate::flow::settings::ListedAgent;
use crate::ui::dom::focus;

/// What is on the screen of the book, and who takes what a person does. A console without a book
/// provides none.
#[derive(Clone, Debug, PartialEq)]
pub struct BookView {
    /// What is on the screen.
    pub desk: Rc<Desk>,
    /// Whether the person is signed in with an agent password, which could be saved.
    pub can_save: bool,
    /// Takes what a person does.
    pub act: Callback<Act>,
}

/// An agent of the book, to choose from and to be reached as its entry says.
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

/// The book of the console that a component stands in, where it has one.
#[hook]
pub(in crate::ui) fn use_book_view() -> Option<BookView> {
    use_context::<Option<BookView>>().flatten()
}

/// Focuses `place` when the book is unlocked, since the form that unlocked it is gone.
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
