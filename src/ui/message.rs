//! What a person does.

use super::later::Later;
use super::theme::Theme;
use super::view::ZoneChoice;
use crate::flow::event::{Event, Language};
use crate::obshell::secret::Secret;

/// Something that a person did, or that happened to the flow or to the page.
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
    /// The part that is fetched later came, or did not.
    Later(Option<Later>),
    /// It is time to try that again.
    LaterAgain,
}
