//! What a reload brings back: members, order, and what was sent. No secret is in it.

mod of;

use serde::{Deserialize, Serialize};

use crate::obshell::time::Millis;

/// The version of the journal's form. One of another version is not read.
pub const VERSION: u8 = 1;

/// A run as a tab remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Journal {
    /// [`VERSION`].
    pub version: u8,
    /// How many members were destroyed at a time.
    pub batch: u8,
    /// Seconds between two batches.
    pub pause: u32,
    /// Whether the run paused when a member did not end as Destroyed.
    pub stop_on_bad_end: bool,
    /// When the run was confirmed: milliseconds since 1970, browser's clock.
    pub confirmed_at: Millis,
    /// The members in the order of the run.
    pub members: Vec<Entry>,
}

/// A member as a tab remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// `HOST:PORT`.
    pub address: String,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The group that it is listed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Whether the person left it out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
    /// The DELETE of the last confirmation; `None` where none has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
}

/// A DELETE that left, written down before it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sent {
    /// When it left: milliseconds since 1970, browser's clock.
    pub sent_at: Millis,
    /// The number of the agent's newest task with a lock just before: a task that the DELETE began
    /// has a higher one.
    pub noted: i64,
    /// SHA-256 of the agent's public key, in hex: a reinstalled agent counts its tasks anew.
    pub key: String,
    /// Its trace id, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The id of the task that it began, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Whether the answer to the DELETE does not tell that the task is this console's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub presumed: bool,
}
