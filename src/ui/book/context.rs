//! The agent book as a context that the screens read.

use std::rc::Rc;

use yew::prelude::*;

use super::act::Act;
use crate::book::desk::Desk;

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

/// The book of the console that a component stands in, where it has one.
#[hook]
pub(super) fn use_book_view() -> Option<BookView> {
    use_context::<Option<BookView>>().flatten()
}
