//! What a person does.

use super::theme::Theme;
use super::view::ZoneChoice;
use crate::flow::event::{Event, Language};
use crate::obshell::secret::Secret;

/// Something that a person did, or that happened to the flow.
#[derive(Debug)]
pub enum Message {
    /// A password was given; what it is for follows.
    Credential(Secret),
    /// Something for the flow.
    Flow(Event),
    /// Another language was chosen.
    Language(Language),
    /// Other looks were chosen.
    Theme(Theme),
    /// Another zone was chosen to read times in.
    Zone(ZoneChoice),
}
