//! The open book, shared by those that use it.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use crate::book::Book;
use crate::flow::settings::ListedAgent;
use crate::obshell::address::AgentAddress;
use crate::obshell::secret::Secret;
use crate::ui::book::listed;

/// The open book of a console; empty while the book is locked. Every copy is the same book.
#[derive(Clone, Default)]
pub struct OpenBook(Rc<RefCell<Option<Open>>>);

/// An open book, and the text that it was read from or written as.
pub(in crate::browser) struct Open {
    pub book: Book,
    pub text: String,
}

impl OpenBook {
    /// Whether the book is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Opens the password of one agent; `None` where the book is locked, or has none for it.
    #[must_use]
    pub fn password(&self, agent: &AgentAddress) -> Option<Secret> {
        let book = self.book()?;
        book.open_password(book.entry(agent)?).ok()
    }

    /// What the book says of an agent.
    #[must_use]
    pub fn agent(&self, agent: &AgentAddress) -> Option<ListedAgent> {
        Some(listed(&self.book()?.entry(agent)?.card))
    }

    /// The open book.
    pub(super) fn book(&self) -> Option<Book> {
        self.0.borrow().as_ref().map(|open| open.book.clone())
    }

    /// The text of the open book.
    pub(super) fn text(&self) -> Option<String> {
        self.0.borrow().as_ref().map(|open| open.text.clone())
    }

    /// Takes a book in the place of any other; whether one was open.
    pub(in crate::browser) fn replace(&self, open: Open) -> bool {
        self.0.replace(Some(open)).is_some()
    }

    /// Wipes the key; whether the book was open.
    pub(in crate::browser) fn lock(&self) -> bool {
        self.0.take().is_some()
    }
}

/// Which agents there are is sealed, and so is this.
impl fmt::Debug for OpenBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenBook(..)")
    }
}
