//! Where a person is in the agent book, as a state machine. No secret is in it.
//!
//! The shell holds the open [`Book`](super::Book) and the storage. It reports what happened as an
//! [`Event`], and [`step`] says what is on the screen then. An event that does not fit changes
//! nothing: so nothing is edited in a locked book, and nothing else begins while work is under way.

use std::rc::Rc;

use super::entry::Entry;
use super::error::BookError;
use super::merge::Plan;
use crate::obshell::address::{AddressError, AgentAddress};

/// What is on the screen of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
    /// Whether the panel is unfolded.
    pub unfolded: bool,
    /// Where the person is.
    pub place: Place,
    /// What is under way.
    pub work: Option<Work>,
    /// Why the last act led nowhere.
    pub problem: Option<Problem>,
    /// What the last act did.
    pub said: Option<Said>,
}

/// Where the person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The storage is being read.
    Asking,
    /// The storage cannot be used.
    NoStorage(StoreProblem),
    /// There is something in the storage that this console cannot open.
    Unreadable {
        /// Why.
        why: BookError,
        /// What the person does about it.
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
        /// What the person does.
        task: Task,
    },
}

/// What a person does where there is no book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AbsentTask {
    /// Reads what a book is.
    Start,
    /// Chooses a passphrase.
    Create,
    /// Imports a file.
    Import(Import),
}

/// What a person does with a book that is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutTask {
    /// Unlocks it, where that is possible.
    Unlock,
    /// Confirms that it is to be deleted.
    Delete,
}

/// What a person does with an open book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Looks at the list.
    List,
    /// Adds an agent.
    Add,
    /// Edits the agent of this address.
    Edit(AgentAddress),
    /// Confirms that the agent of this address is to be removed.
    Remove(AgentAddress),
    /// Chooses another passphrase.
    Passphrase,
    /// Imports a file.
    Import(Import),
    /// Confirms that the book is to be deleted.
    Delete,
}

/// How far an import is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Import {
    /// A file is to be chosen.
    Choose,
    /// The file needs its passphrase.
    Unlock {
        /// The name of the file.
        name: String,
    },
    /// Merge or replace: what each would do.
    Decide {
        /// The name of the file.
        name: String,
        /// In numbers of agents.
        plan: Plan,
    },
}

/// What takes a while. Nothing else begins meanwhile.
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

/// Why an act led nowhere. What is stored is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// See [`BookError`].
    Book(BookError),
    /// The file is not a book that can be opened.
    File(BookError),
    /// The file could not be read.
    FileUnread,
    /// See [`StoreProblem`].
    Store(StoreProblem),
    /// No passphrase was given.
    PassphraseMissing,
    /// The passphrase is shorter than [`MIN_PASSPHRASE`](super::MIN_PASSPHRASE).
    PassphraseShort,
    /// The two passphrases differ.
    PassphrasesDiffer,
    /// The address is none.
    Address(AddressError),
    /// No password was given.
    PasswordMissing,
    /// The endpoint is no URL that can be used.
    Endpoint,
    /// What confirms the deletion was not typed.
    NotConfirmed,
}

/// Why the storage did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreProblem {
    /// The browser gives this page no storage.
    Refused,
    /// The storage is full.
    Full,
    /// What was written could not be read back and opened. What was there before is there.
    Unverified,
    /// The book was changed in the storage in the very moment of the write.
    Changed,
    /// The page around the console did not load or save the book.
    Host,
}

/// What an act did.
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
    /// A file was merged in, or took the place of the agents.
    Imported(Plan),
    /// A file took the place of a book that was not there.
    ImportedWhole,
    /// The book was handed over as a file.
    Exported,
    /// The book was deleted.
    Deleted,
    /// Nobody used the console for long.
    LockedIdle,
    /// The page was left.
    LockedLeft,
    /// Another tab changed the book's passphrase.
    OtherPassphrase,
    /// Another tab deleted the book.
    DeletedElsewhere,
}

/// What a person wants to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Back to the list, the start or the passphrase.
    Back,
    /// Create a book.
    Create,
    /// Add an agent.
    Add,
    /// Edit the agent of this address.
    Edit(AgentAddress),
    /// Remove the agent of this address.
    Remove(AgentAddress),
    /// Change the passphrase.
    Passphrase,
    /// Import a file.
    Import,
    /// Delete the book.
    Delete,
}

/// What is in the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No book.
    Nothing,
    /// A book that a passphrase may open.
    Book,
    /// Something that no passphrase opens here.
    Unreadable(BookError),
    /// The storage cannot be used.
    NoStorage(StoreProblem),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The panel was unfolded or folded.
    Unfolded(bool),
    /// The person wants something else.
    Go(Goal),
    /// Work began.
    Began(Work),
    /// The act led nowhere.
    Failed(Problem),
    /// The storage was read while the book was not open.
    Found(Found),
    /// The book is open.
    Opened(Rc<[Entry]>),
    /// The open book was changed and stored.
    Stored(Rc<[Entry]>, Said),
    /// The open book was changed in another tab, and read again.
    Reread(Rc<[Entry]>),
    /// The book was handed over as a file.
    Exported,
    /// The book was locked, or is gone; what is in the storage then.
    Shut(Found, Option<Said>),
    /// A file was read that a passphrase may open.
    FileRead {
        /// Its name.
        name: String,
    },
    /// The file was opened.
    FileOpened(Plan),
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            unfolded: false,
            place: Place::Asking,
            work: None,
            problem: None,
            said: None,
        }
    }
}

impl Desk {
    /// The agents of the open book.
    #[must_use]
    pub fn agents(&self) -> Option<&Rc<[Entry]>> {
        match &self.place {
            Place::Open { agents, .. } => Some(agents),
            _ => None,
        }
    }
}

/// What is on the screen after an event.
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
            // Whoever is choosing a passphrase or a file, or confirms a deletion, goes on.
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

/// Where a goal leads, where it can be had.
fn went(place: &Place, goal: Goal) -> Option<Place> {
    match place {
        Place::Asking | Place::NoStorage(_) => None,
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
