//! The actions of a person on the agent book.

use web_sys::File;

use crate::book::state::Goal;
use crate::obshell::address::AgentAddress;
use crate::obshell::secret::Secret;

/// The form of an agent, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentFields {
    /// The address.
    pub address: String,
    /// The label; empty for none.
    pub label: String,
    /// The group; empty for none.
    pub group: String,
    /// The endpoint; empty for the endpoint of the site.
    pub endpoint: String,
}

/// The kind of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportMode {
    /// Adds the agents of the file; an agent with the same address is replaced.
    Merge,
    /// Replaces all agents by those of the file.
    Replace,
}

/// An action of a person. A typed passphrase or password is a [`Secret`].
#[derive(Debug)]
pub enum BookAction {
    /// Expand (`true`) or collapse the panel.
    Expand(bool),
    /// Open another form.
    Go(Goal),
    /// Create a book.
    Create {
        /// The passphrase.
        passphrase: Secret,
        /// The repeated passphrase.
        again: Secret,
    },
    /// Unlock the book.
    Unlock(Secret),
    /// Lock the book.
    Lock,
    /// Sign in to the agent with this address.
    SignIn(AgentAddress),
    /// Save the agent that the person is signed in to.
    SaveCurrent(AgentAddress),
    /// Add an agent.
    Add(AgentFields, Secret),
    /// Edit the agent with this address; an empty password keeps the saved one.
    Edit(AgentAddress, AgentFields, Secret),
    /// Remove the agent with this address.
    Remove(AgentAddress),
    /// Change the passphrase.
    ChangePassphrase {
        /// The new passphrase.
        passphrase: Secret,
        /// The repeated new passphrase.
        again: Secret,
    },
    /// Download the book as a file.
    Export,
    /// Read a file.
    Read(File),
    /// Open the file that was read. Contains its passphrase.
    OpenFile(Secret),
    /// Import the opened file.
    Import(ImportMode),
    /// Delete the book, if the typed text is the confirmation.
    Delete(String),
}
