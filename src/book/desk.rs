//! The user interface of the agent book as a state machine. The state contains no secret.
//!
//! The shell owns the open [`Book`](super::Book) and the storage. It reports each event as an
//! [`Event`], and [`step`] returns the state to render. An event that does not fit the current
//! state changes nothing: a locked book cannot be edited, and no work starts while other work is in
//! progress.

use std::rc::Rc;

use super::entry::Entry;
use super::error::BookError;
use super::merge::Plan;
use crate::obshell::address::{AddressError, AgentAddress};

/// The state of the agent book panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// Whether the panel is expanded.
    pub unfolded: bool,
    /// The view that the panel shows.
    pub place: Place,
    /// The work in progress.
    pub work: Option<Work>,
    /// Why the last action failed.
    pub problem: Option<Problem>,
    /// The result of the last action.
    pub said: Option<Said>,
}

/// A view of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The storage is being read.
    Reading,
    /// The storage is not available.
    NoStorage(StoreProblem),
    /// The storage contains data that this console cannot open.
    Unreadable {
        /// Why the data cannot be opened.
        why: BookError,
        /// The task of the person in this view.
        task: ShutTask,
    },
    /// There is no book.
    Absent(AbsentTask),
    /// The book is locked.
    Locked(ShutTask),
    /// The book is open.
    Open {
        /// The agents, without their passwords.
        agents: Rc<[Entry]>,
        /// The task of the person in this view.
        task: Task,
    },
}

/// The task of a person without a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbsentTask {
    /// Reads the introduction to the agent book.
    Start,
    /// Chooses a passphrase.
    Create,
    /// Imports a file.
    Import(Import),
}

/// The task of a person whose book is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutTask {
    /// Unlocks the book, if it can be unlocked.
    Unlock,
    /// Confirms the deletion of the book.
    Delete,
}

/// The task of a person with an open book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Views the list of agents.
    List,
    /// Adds an agent.
    Add,
    /// Edits the agent with this address.
    Edit(AgentAddress),
    /// Confirms the removal of the agent with this address.
    Remove(AgentAddress),
    /// Chooses a new passphrase.
    Passphrase,
    /// Imports a file.
    Import(Import),
    /// Confirms the deletion of the book.
    Delete,
}

/// The progress of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Import {
    /// The person selects a file.
    Choose,
    /// The person enters the passphrase of the file.
    Unlock {
        /// The name of the file.
        name: String,
    },
    /// The person decides between merge and replace.
    Decide {
        /// The name of the file.
        name: String,
        /// What each choice would do, in numbers of agents.
        plan: Plan,
    },
}

/// Work that takes time. No other work starts until it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A key is derived to unlock the book.
    Unlocking,
    /// A key is derived to create the book.
    Creating,
    /// A key is derived to change the passphrase.
    ChangingPassphrase,
    /// A key is derived to open a file.
    OpeningFile,
    /// The book or a file is read or written.
    Storing,
}

/// Why an action failed. The stored book is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The book refuses the operation.
    Book(BookError),
    /// The file is not a book that can be opened.
    File(BookError),
    /// The file could not be read.
    FileUnread,
    /// The storage failed.
    Store(StoreProblem),
    /// The passphrase is empty.
    PassphraseMissing,
    /// The passphrase is shorter than [`MIN_PASSPHRASE`](super::MIN_PASSPHRASE).
    PassphraseShort,
    /// The two passphrases differ.
    PassphrasesDiffer,
    /// The text is not an agent address.
    Address(AddressError),
    /// The password is empty.
    PasswordMissing,
    /// The endpoint is not a usable URL.
    Endpoint,
    /// The confirmation of the deletion was not typed.
    NotConfirmed,
}

/// Why a read or a write of the storage failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreProblem {
    /// The browser gives this page no access to its storage.
    Refused,
    /// The storage is full.
    Full,
    /// The written text could not be read back and opened. The previous content is restored.
    Unverified,
    /// The stored book changed during the write.
    Changed,
    /// The host page did not load or save the book.
    Host,
}

/// The result of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The book was created.
    Created,
    /// An agent was added.
    Added,
    /// An agent was changed.
    Edited,
    /// An agent was removed.
    Removed,
    /// The passphrase was changed.
    PassphraseChanged,
    /// A file was merged into the book, or replaced its agents.
    Imported(Plan),
    /// A file was stored as the book, because there was no book.
    ImportedWhole,
    /// The book was downloaded as a file.
    Exported,
    /// The book was deleted.
    Deleted,
    /// The book was locked because nobody used the console.
    LockedIdle,
    /// The book was locked because the page was left.
    LockedLeft,
    /// Another tab changed the book's passphrase.
    OtherPassphrase,
    /// Another tab deleted the book.
    DeletedElsewhere,
}

/// The next task that a person chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Return to the list, the introduction or the passphrase field.
    Back,
    /// Create a book.
    Create,
    /// Add an agent.
    Add,
    /// Edit the agent with this address.
    Edit(AgentAddress),
    /// Remove the agent with this address.
    Remove(AgentAddress),
    /// Change the passphrase.
    Passphrase,
    /// Import a file.
    Import,
    /// Delete the book.
    Delete,
}

/// The content of the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No book.
    Nothing,
    /// A book that a passphrase may open.
    Book,
    /// Data that this console cannot open with any passphrase.
    Unreadable(BookError),
    /// The storage is not available.
    NoStorage(StoreProblem),
}

/// An event of the panel, reported by the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The panel was expanded (`true`) or collapsed.
    Unfolded(bool),
    /// The person chose another task.
    Go(Goal),
    /// Work started.
    Began(Work),
    /// The action failed.
    Failed(Problem),
    /// The storage was read while the book was not open.
    Found(Found),
    /// The book was opened.
    Opened(Rc<[Entry]>),
    /// The open book was changed and stored.
    Stored(Rc<[Entry]>, Said),
    /// The open book was changed in another tab and read again.
    Reread(Rc<[Entry]>),
    /// The book was downloaded as a file.
    Exported,
    /// The book was locked or deleted. Contains the content of the storage.
    Shut(Found, Option<Said>),
    /// A file was read that a passphrase may open.
    FileRead {
        /// The name of the file.
        name: String,
    },
    /// The file was opened.
    FileOpened(Plan),
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            unfolded: false,
            place: Place::Reading,
            work: None,
            problem: None,
            said: None,
        }
    }
}

impl Desk {
    /// The agents of the open book; `None` if no book is open.
    #[must_use]
    pub fn agents(&self) -> Option<&Rc<[Entry]>> {
        match &self.place {
            Place::Open { agents, .. } => Some(agents),
            _ => None,
        }
    }
}

/// The state after an event.
#[must_use]
pub fn step(desk: &Desk, event: Event) -> Desk {
    let mut next = desk.clone();
    match event {
        Event::Unfolded(unfolded) => next.unfolded = unfolded,
        Event::Go(goal) => {
            if desk.work.is_none()
                && let Some(place) = went(&desk.place, goal)
            {
                next.place = place;
                next.problem = None;
                next.said = None;
            }
        }
        Event::Began(work) => {
            if desk.work.is_none() {
                next.work = Some(work);
                next.problem = None;
                next.said = None;
            }
        }
        Event::Failed(problem) => {
            next.work = None;
            next.problem = Some(problem);
            next.said = None;
        }
        Event::Found(found) => {
            // An unchanged storage does not interrupt a person who chooses a passphrase or a file,
            // or confirms a deletion.
            let is_same = match (&desk.place, found) {
                (Place::Absent(_), Found::Nothing) | (Place::Locked(_), Found::Book) => true,
                (Place::Unreadable { why, .. }, Found::Unreadable(found)) => *why == found,
                _ => false,
            };
            if !is_same && desk.agents().is_none() {
                next.place = shut(found);
                next.work = None;
            }
        }
        Event::Opened(agents) => {
            next.place = Place::Open {
                agents,
                task: Task::List,
            };
            next.work = None;
            next.problem = None;
            next.said = None;
        }
        Event::Stored(agents, said) => {
            next.place = Place::Open {
                agents,
                task: Task::List,
            };
            next.work = None;
            next.problem = None;
            next.said = Some(said);
        }
        Event::Reread(read) => {
            if let Place::Open { agents, task } = &mut next.place {
                let gone = match task {
                    Task::Edit(address) | Task::Remove(address) => !has(&read, address),
                    _ => false,
                };
                if gone {
                    *task = Task::List;
                    next.problem = Some(Problem::Book(BookError::Missing));
                }
                *agents = read;
            }
        }
        Event::Exported => {
            next.work = None;
            next.problem = None;
            next.said = Some(Said::Exported);
        }
        Event::Shut(found, said) => {
            next.place = shut(found);
            next.work = None;
            next.problem = None;
            next.said = said;
        }
        Event::FileRead { name } => {
            if let Some(import) = import(&mut next.place) {
                *import = Import::Unlock { name };
                next.problem = None;
            }
            next.work = None;
        }
        Event::FileOpened(plan) => {
            if let Some(import) = import(&mut next.place)
                && let Import::Unlock { name } = import
            {
                let name = std::mem::take(name);
                *import = Import::Decide { name, plan };
                next.problem = None;
            }
            next.work = None;
        }
    }
    next
}

/// The view to which a goal leads; `None` if the goal is not available in this view.
fn went(place: &Place, goal: Goal) -> Option<Place> {
    match place {
        Place::Reading | Place::NoStorage(_) => None,
        Place::Absent(_) => {
            let task = match goal {
                Goal::Back => AbsentTask::Start,
                Goal::Create => AbsentTask::Create,
                Goal::Import => AbsentTask::Import(Import::Choose),
                _ => return None,
            };
            Some(Place::Absent(task))
        }
        Place::Locked(_) => shut_task(&goal).map(Place::Locked),
        Place::Unreadable { why, .. } => {
            let why = *why;
            shut_task(&goal).map(|task| Place::Unreadable { why, task })
        }
        Place::Open { agents, .. } => {
            let task = match goal {
                Goal::Back => Task::List,
                Goal::Add => Task::Add,
                Goal::Edit(address) if has(agents, &address) => Task::Edit(address),
                Goal::Remove(address) if has(agents, &address) => Task::Remove(address),
                Goal::Passphrase => Task::Passphrase,
                Goal::Import => Task::Import(Import::Choose),
                Goal::Delete => Task::Delete,
                Goal::Create | Goal::Edit(_) | Goal::Remove(_) => return None,
            };
            let agents = Rc::clone(agents);
            Some(Place::Open { agents, task })
        }
    }
}

fn shut_task(goal: &Goal) -> Option<ShutTask> {
    match goal {
        Goal::Back => Some(ShutTask::Unlock),
        Goal::Delete => Some(ShutTask::Delete),
        _ => None,
    }
}

fn shut(found: Found) -> Place {
    match found {
        Found::Nothing => Place::Absent(AbsentTask::Start),
        Found::Book => Place::Locked(ShutTask::Unlock),
        Found::Unreadable(why) => Place::Unreadable {
            why,
            task: ShutTask::Unlock,
        },
        Found::NoStorage(why) => Place::NoStorage(why),
    }
}

fn import(place: &mut Place) -> Option<&mut Import> {
    match place {
        Place::Absent(AbsentTask::Import(import))
        | Place::Open {
            task: Task::Import(import),
            ..
        } => Some(import),
        _ => None,
    }
}

fn has(agents: &[Entry], address: &AgentAddress) -> bool {
    agents.iter().any(|entry| entry.card.address == *address)
}
