//! The journal that a reload restores: members, order, and sent requests. It contains no secret.

mod from_fleet;

use serde::{Deserialize, Serialize};

use crate::obshell::time::Millis;

/// The version of the journal's format. A journal of another version is ignored.
pub const VERSION: u8 = 1;

/// A run as stored in a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Journal {
    /// The version of the format: [`VERSION`].
    pub version: u8,
    /// The batch size: how many members were destroyed at a time.
    pub batch: u8,
    /// Seconds between two batches.
    pub pause: u32,
    /// Whether the run paused after a member did not end as Destroyed.
    pub stop_on_bad_end: bool,
    /// When the run was confirmed: milliseconds since 1970, browser's clock.
    pub confirmed_at: Millis,
    /// The members in the order of the run.
    pub members: Vec<Entry>,
}

/// A member as stored in a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// The address of the agent, `HOST:PORT`.
    pub address: String,
    /// A display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The group of the agent in the list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The endpoint of an agent of the book that has its own, to be reached the same way after a
    /// reload, while the book is locked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Whether the person left the member out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left_out: bool,
    /// The DELETE of the last confirmation; `None` if no DELETE was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
}

/// A DELETE, recorded before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sent {
    /// When the DELETE was sent: milliseconds since 1970, browser's clock.
    pub sent_at: Millis,
    /// The number of the agent's newest task with a lock immediately before: a task started by the
    /// DELETE has a higher number.
    pub noted: i64,
    /// SHA-256 of the agent's public key, in hex: a reinstalled agent restarts its numbering.
    pub key: String,
    /// The trace id of the DELETE, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The id of the task that the DELETE started, once known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Whether the response to the DELETE does not show that the task is this console's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub presumed: bool,
}
