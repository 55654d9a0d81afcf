//! The open book, shared by its users.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use crate::book::Book;
use crate::flow::settings::ListedAgent;
use crate::obshell::address::AgentAddress;
use crate::obshell::secret::Secret;
use crate::ui::book::listed;

/// The open book of a console; empty while the book is locked. All clones refer to the same book.
#[derive(Clone, Default)]
pub struct OpenBook(Rc<RefCell<Option<Open>>>);

/// An open book, with its text as read from or written to the storage.
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

    /// Decrypts the password of one agent; `None` if the book is locked or does not contain the
    /// agent.
    #[must_use]
    pub fn password(&self, agent: &AgentAddress) -> Option<Secret> {
        let book = self.book()?;
        book.open_password(book.entry(agent)?).ok()
    }

    /// The entry of an agent, without the password; `None` if the book is locked or does not
    /// contain the agent.
    #[must_use]
    pub fn agent(&self, agent: &AgentAddress) -> Option<ListedAgent> {
        Some(listed(&self.book()?.entry(agent)?.details))
    }

    pub(super) fn book(&self) -> Option<Book> {
        self.0.borrow().as_ref().map(|open| open.book.clone())
    }

    pub(super) fn text(&self) -> Option<String> {
        self.0.borrow().as_ref().map(|open| open.text.clone())
    }

    /// Replaces the open book. Returns whether a book was open.
    pub(in crate::browser) fn replace(&self, open: Open) -> bool {
        self.0.replace(Some(open)).is_some()
    }

    /// Wipes the key. Returns whether the book was open.
    pub(in crate::browser) fn lock(&self) -> bool {
        self.0.take().is_some()
    }
}

/// The list of agents is sealed, so `Debug` does not show it either.
impl fmt::Debug for OpenBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenBook(..)")
    }
}
