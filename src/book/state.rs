//! The user interface of the agent book as a state machine. The state contains no secret.
//!
//! The shell owns the open [`Book`](super::Book) and the storage. It reports each event as an
//! [`BookEvent`], and [`step`] returns the state to render. An event that does not fit the current
//! state changes nothing: a locked book cannot be edited, and no work starts while other work is in
//! progress.

use std::rc::Rc;

use super::entry::Entry;
use super::error::BookError;
use super::merge::Plan;
use crate::obshell::address::{AddressError, AgentAddress};

/// The state of the agent book panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookState {
    /// Whether the panel is expanded.
    pub expanded: bool,
    /// The view that the panel shows.
    pub view: PanelView,
    /// The work in progress.
    pub work: Option<Work>,
    /// Why the last action failed.
    pub problem: Option<Problem>,
    /// The result of the last action.
    pub outcome: Option<Outcome>,
}

/// A view of the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelView {
    /// The storage is being read.
    Reading,
    /// The storage is not available.
    NoStorage(StoreProblem),
    /// The storage contains data that this console cannot open.
    Unreadable {
        /// Why the data cannot be opened.
        why: BookError,
        /// The task of the person in this view.
        task: ClosedTask,
    },
    /// There is no book.
    Absent(NoBookTask),
    /// The book is locked.
    Locked(ClosedTask),
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
pub enum NoBookTask {
    /// Reads the introduction to the agent book.
    Start,
    /// Chooses a passphrase.
    Create,
    /// Imports a file.
    Import(Import),
}

/// The task of a person whose book is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosedTask {
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
pub enum Outcome {
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
pub enum StorageContent {
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
pub enum BookEvent {
    /// The panel was expanded (`true`) or collapsed.
    Expanded(bool),
    /// The person chose another task.
    Go(Goal),
    /// Work started.
    WorkStarted(Work),
    /// The action failed.
    Failed(Problem),
    /// The storage was read while the book was not open.
    StorageRead(StorageContent),
    /// The book was opened.
    Opened(Rc<[Entry]>),
    /// The open book was changed and stored.
    Stored(Rc<[Entry]>, Outcome),
    /// The open book was changed in another tab and read again.
    Reread(Rc<[Entry]>),
    /// The book was downloaded as a file.
    Exported,
    /// The book was locked or deleted. Contains the content of the storage.
    Closed(StorageContent, Option<Outcome>),
    /// A file was read that a passphrase may open.
    FileRead {
        /// The name of the file.
        name: String,
    },
    /// The file was opened.
    FileOpened(Plan),
}

impl Default for BookState {
    fn default() -> Self {
        Self {
            expanded: false,
            view: PanelView::Reading,
            work: None,
            problem: None,
            outcome: None,
        }
    }
}

impl BookState {
    /// The agents of the open book; `None` if no book is open.
    #[must_use]
    pub fn agents(&self) -> Option<&Rc<[Entry]>> {
        match &self.view {
            PanelView::Open { agents, .. } => Some(agents),
            _ => None,
        }
    }
}

/// The state after an event.
#[must_use]
pub fn step(state: &BookState, event: BookEvent) -> BookState {
    let mut next = state.clone();
    match event {
        BookEvent::Expanded(expanded) => next.expanded = expanded,
        BookEvent::Go(goal) => {
            if state.work.is_none()
                && let Some(view) = next_view(&state.view, goal)
            {
                next.view = view;
                next.problem = None;
                next.outcome = None;
            }
        }
        BookEvent::WorkStarted(work) => {
            if state.work.is_none() {
                next.work = Some(work);
                next.problem = None;
                next.outcome = None;
            }
        }
        BookEvent::Failed(problem) => {
            next.work = None;
            next.problem = Some(problem);
            next.outcome = None;
        }
        BookEvent::StorageRead(found) => {
            // An unchanged storage does not interrupt a person who chooses a passphrase or a file,
            // or confirms a deletion.
            let is_same = match (&state.view, found) {
                (PanelView::Absent(_), StorageContent::Nothing)
                | (PanelView::Locked(_), StorageContent::Book) => true,
                (PanelView::Unreadable { why, .. }, StorageContent::Unreadable(found)) => {
                    *why == found
                }
                _ => false,
            };
            if !is_same && state.agents().is_none() {
                next.view = closed_view(found);
                next.work = None;
            }
        }
        BookEvent::Opened(agents) => {
            next.view = PanelView::Open {
                agents,
                task: Task::List,
            };
            next.work = None;
            next.problem = None;
            next.outcome = None;
        }
        BookEvent::Stored(agents, outcome) => {
            next.view = PanelView::Open {
                agents,
                task: Task::List,
            };
            next.work = None;
            next.problem = None;
            next.outcome = Some(outcome);
        }
        BookEvent::Reread(read) => {
            if let PanelView::Open { agents, task } = &mut next.view {
                let gone = match task {
                    Task::Edit(address) | Task::Remove(address) => !contains(&read, address),
                    _ => false,
                };
                if gone {
                    *task = Task::List;
                    next.problem = Some(Problem::Book(BookError::Missing));
                }
                *agents = read;
            }
        }
        BookEvent::Exported => {
            next.work = None;
            next.problem = None;
            next.outcome = Some(Outcome::Exported);
        }
        BookEvent::Closed(found, outcome) => {
            next.view = closed_view(found);
            next.work = None;
            next.problem = None;
            next.outcome = outcome;
        }
        BookEvent::FileRead { name } => {
            if let Some(import) = import(&mut next.view) {
                *import = Import::Unlock { name };
                next.problem = None;
            }
            next.work = None;
        }
        BookEvent::FileOpened(plan) => {
            if let Some(import) = import(&mut next.view)
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
fn next_view(view: &PanelView, goal: Goal) -> Option<PanelView> {
    match view {
        PanelView::Reading | PanelView::NoStorage(_) => None,
        PanelView::Absent(_) => {
            let task = match goal {
                Goal::Back => NoBookTask::Start,
                Goal::Create => NoBookTask::Create,
                Goal::Import => NoBookTask::Import(Import::Choose),
                _ => return None,
            };
            Some(PanelView::Absent(task))
        }
        PanelView::Locked(_) => closed_task(&goal).map(PanelView::Locked),
        PanelView::Unreadable { why, .. } => {
            let why = *why;
            closed_task(&goal).map(|task| PanelView::Unreadable { why, task })
        }
        PanelView::Open { agents, .. } => {
            let task = match goal {
                Goal::Back => Task::List,
                Goal::Add => Task::Add,
                Goal::Edit(address) if contains(agents, &address) => Task::Edit(address),
                Goal::Remove(address) if contains(agents, &address) => Task::Remove(address),
                Goal::Passphrase => Task::Passphrase,
                Goal::Import => Task::Import(Import::Choose),
                Goal::Delete => Task::Delete,
                Goal::Create | Goal::Edit(_) | Goal::Remove(_) => return None,
            };
            let agents = Rc::clone(agents);
            Some(PanelView::Open { agents, task })
        }
    }
}

fn closed_task(goal: &Goal) -> Option<ClosedTask> {
    match goal {
        Goal::Back => Some(ClosedTask::Unlock),
        Goal::Delete => Some(ClosedTask::Delete),
        _ => None,
    }
}

fn closed_view(found: StorageContent) -> PanelView {
    match found {
        StorageContent::Nothing => PanelView::Absent(NoBookTask::Start),
        StorageContent::Book => PanelView::Locked(ClosedTask::Unlock),
        StorageContent::Unreadable(why) => PanelView::Unreadable {
            why,
            task: ClosedTask::Unlock,
        },
        StorageContent::NoStorage(why) => PanelView::NoStorage(why),
    }
}

fn import(view: &mut PanelView) -> Option<&mut Import> {
    match view {
        PanelView::Absent(NoBookTask::Import(import))
        | PanelView::Open {
            task: Task::Import(import),
            ..
        } => Some(import),
        _ => None,
    }
}

fn contains(agents: &[Entry], address: &AgentAddress) -> bool {
    agents.iter().any(|entry| entry.details.address == *address)
}
