//! The Yew context through which the screens access the agent book.

use std::rc::Rc;

use yew::prelude::*;

use super::action::BookAction;
use crate::book::AgentDetails;
use crate::book::state::BookState;
use crate::flow::settings::ListedAgent;
use crate::ui::dom::focus;

/// The state of the agent book panel, and the receiver of its actions. A console without a book
/// provides no value.
#[derive(Clone, Debug, PartialEq)]
pub struct BookView {
    /// The state of the panel.
    pub state: Rc<BookState>,
    /// Whether the person is signed in with an agent password, which could be saved.
    pub can_save: bool,
    /// Receives the person's actions.
    pub on_action: Callback<BookAction>,
}

/// An agent of the book as an entry of the selection, including its endpoint.
#[must_use]
pub fn listed(details: &AgentDetails) -> ListedAgent {
    let AgentDetails {
        address,
        label,
        group,
        endpoint,
    } = details.clone();
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

/// Focuses `view` when the book is unlocked, because the form that unlocked it is removed.
#[hook]
pub(in crate::ui) fn use_focus_when_unlocked(place: &NodeRef) {
    let is_open = use_book_view().is_some_and(|book| book.state.agents().is_some());
    let was_open = use_mut_ref(|| is_open);
    let place = place.clone();
    use_effect_with(is_open, move |is_open| {
        if *is_open && !was_open.replace(*is_open) {
            focus(&place);
        }
        was_open.replace(*is_open);
    });
}
