//! The inputs of an ending's texts.

use crate::flow::event::Language;
use crate::flow::state::Ended;
use crate::text::{Both, fill, say};

/// The inputs of an ending's texts.
pub(super) struct EndingInputs<'a> {
    pub(super) ended: &'a Ended,
    pub(super) address: String,
    pub(super) home: String,
    pub(super) language: Language,
}

impl EndingInputs<'_> {
    pub(super) fn say(&self, both: Both) -> String {
        say(self.language, both).to_owned()
    }

    pub(super) fn put(&self, both: Both, values: &[&str]) -> String {
        fill(self.language, both, values)
    }
}
