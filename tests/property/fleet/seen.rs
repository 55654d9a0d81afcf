//! Counts the events over all sequences: an event that never occurs proves nothing.

use std::collections::BTreeMap;

/// The events over all sequences.
#[derive(Debug, Default)]
pub struct Seen {
    pub sequences: u64,
    pub events: u64,
    pub deletes: u64,
    met: BTreeMap<&'static str, u64>,
}

impl Seen {
    pub fn with(mut self, other: Self) -> Self {
        self.sequences += other.sequences;
        self.events += other.events;
        self.deletes += other.deletes;
        for (what, count) in other.met {
            *self.met.entry(what).or_default() += count;
        }
        self
    }

    pub fn meet(&mut self, what: &'static str) {
        *self.met.entry(what).or_default() += 1;
    }

    pub fn assert_everything_was_met(&self) {
        for what in [
            "confirmed",
            "destroyed",
            "failed",
            "nothing to destroy",
            "refused",
            "someone else",
            "not sent",
            "not done",
            "unknown",
            "taken back",
            "several at once",
            "a pause between batches",
            "paused with a DELETE in line",
            "a DELETE was withdrawn",
            "halted: person",
            "halted: bad end",
            "halted: no credential",
            "halted: page left",
            "sent again after DecryptFailed",
            "left out in its turn",
            "left out by a check",
            "left out by the person",
            "stopped",
            "lost sight",
            "retry: task",
            "retry: turn",
            "retry: confirmation",
            "an operation waited for its place",
            "reloaded with a DELETE out",
            "reloaded: its task was opened",
            "reloaded: its task was found",
            "reloaded: nothing had begun",
            "reloaded: unknown",
            "confirmed after a reload",
            "unmounted with a DELETE in line",
            "20 in a second",
            "6 in flight",
            "8 checked",
            "checked again after no answer",
            "waited for long with a credential",
            "idle",
            "the browser's clock was set back",
            "the browser's clock was set forward",
            "over, fairly",
        ] {
            assert!(self.met.contains_key(what), "never met: {what}\n{self:#?}");
        }
    }
}
