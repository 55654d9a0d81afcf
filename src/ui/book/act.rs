//! What a person does with the agent book.

use web_sys::File;

use crate::book::desk::Goal;
use crate::obshell::address::AgentAddress;
use crate::obshell::secret::Secret;

/// What is typed of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The address.
    pub address: String,
    /// The label; empty for none.
    pub label: String,
    /// The group; empty for none.
    pub group: String,
    /// The endpoint; empty for the site's.
    pub endpoint: String,
}

/// What becomes of the agents when a file is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Those of the file are added, or take the place of those with the same address.
    Merge,
    /// Those of the file take the place of all.
    Replace,
}

/// Something that a person did. What is typed as a passphrase or a password is a [`Secret`].
#[derive(Debug)]
pub enum Act {
    /// Unfold or fold the panel.
    Unfold(bool),
    /// Go to another form.
    Go(Goal),
    /// Create a book.
    Create {
        /// The passphrase.
        passphrase: Secret,
        /// The passphrase once more.
        again: Secret,
    },
    /// Unlock the book.
    Unlock(Secret),
    /// Lock the book.
    Lock,
    /// Sign in to the agent of this address.
    SignIn(AgentAddress),
    /// Save the agent that the person is signed in to.
    SaveCurrent(AgentAddress),
    /// Add an agent.
    Add(Form, Secret),
    /// Edit the agent of this address; an empty password keeps the one that is saved.
    Edit(AgentAddress, Form, Secret),
    /// Remove the agent of this address.
    Remove(AgentAddress),
    /// Change the passphrase.
    ChangePassphrase {
        /// The new passphrase.
        passphrase: Secret,
        /// The new passphrase once more.
        again: Secret,
    },
    /// Hand the book over as a file.
    Export,
    /// Read a file.
    Read(File),
    /// Open the file that was read.
    OpenFile(Secret),
    /// Import the file that was opened.
    Import(Way),
    /// Delete the book, if the words that were typed are those that confirm.
    Delete(String),
}
