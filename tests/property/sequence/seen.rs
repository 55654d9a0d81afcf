//! Counts the events over all sequences: an event that never occurs proves nothing.

use std::collections::BTreeMap;

use crate::agent::Odd;

/// The events over all sequences.
#[derive(Debug, Default)]
pub struct Seen {
    pub sequences: u64,
    pub events: u64,
    pub(super) deletes: u64,
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

    pub(super) fn meet(&mut self, what: &'static str) {
        *self.met.entry(what).or_default() += 1;
    }

    pub fn assert_everything_was_met(&self) {
        for what in [
            "destroyed",
            "skipped",
            "failed",
            "cancelled",
            "nothing to destroy",
            "refused",
            "someone else",
            "not sent",
            "not done",
            "unknown: answer",
            "unknown: forgotten",
            "unknown: still managed",
            "other task done",
            "sent again after DecryptFailed",
            "presumed, and it was this console's",
            "presumed, and it was another's",
            "a DELETE was sent twice by the browser",
            "an operation was sent twice by the browser",
            "a copy was acted on, and another was answered",
            "nothing was done, and it was not so",
            "nothing was done, and it was taken back",
            "nothing was done, and it is unknown after all",
            "not done again and again",
            "a late DELETE acted",
            "a late DELETE was refused",
            "restarted",
            "logged in",
            "a session was ended",
            "left",
            "came back",
            "idle",
            "a session had died",
            "retry accepted",
            "cancel accepted",
            "skip accepted",
            "mark as done accepted",
            "an operation was refused",
            "an operation got lost",
            "an operation was lost, and acted",
            "a late operation acted",
            "an operation did not fit any more",
            "destroyed after an operation",
            "opened by a link or from the list",
            "failed after an operation",
            "cancelled after an operation",
            "destroyed on 4.2.6.0",
            "destroyed on 4.3.0.0",
            "failed on 4.2.6.0",
            "an operation was refused by 4.2.6.0",
            "listed in part",
            "destroyed, and found by the lists",
            "failed, and found by the lists",
            "contradicted: no details",
            "contradicted: unreadable",
            "contradicted: too few stages",
            "contradicted: a stage did not succeed",
            "an empty 204 by a gateway",
            "an old answer",
            "not offered: nothing is managed",
            "not offered: a task takes the lock",
            "confirmed although nothing is managed",
            "an old /info at the end",
        ]
        .into_iter()
        .chain(Odd::ALL.map(Odd::name))
        {
            assert!(self.met.contains_key(what), "never met: {what}\n{self:#?}");
        }
    }
}
