//! What a person does.

use yew::Callback;

use super::theme::Theme;
use super::view::ZoneChoice;
use crate::fleet::event::{FleetEvent, Whom};
use crate::flow::event::{Event, Language};
use crate::flow::settings::ListedAgent;
use crate::obshell::dag::id::{NodeId, SubTaskId};
use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;

/// What a person picked of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// A stage.
    Node(NodeId),
    /// The stage of a sub task.
    SubTask(SubTaskId),
}

/// Something that a person did, or that happened to the flow or to the page.
#[derive(Debug)]
pub enum Message {
    /// A password was given; what it is for follows.
    Credential(Secret),
    /// What the host gave for the agent of this address; nothing where it did not sign in.
    HostGave(String, Option<Credential>),
    /// How an agent of the agent book is reached.
    Route(ListedAgent),
    /// Something for the flow.
    Flow(Event),
    /// A password was given for those members of a run that want one; what it is for follows.
    MemberCredential(Whom, Secret),
    /// Those members of a run that want a password sign in with the one that the open agent book has
    /// for them.
    FromBook,
    /// The agent book was unlocked.
    BookOpened,
    /// Something for a run over many agents.
    Fleet(FleetEvent),
    /// Another language was chosen.
    Language(Language),
    /// Other looks were chosen.
    Theme(Theme),
    /// The log of this stage is to be shown; that of the running one where none is picked.
    Pick(Option<Picked>),
    /// Another zone was chosen to read times in.
    Zone(ZoneChoice),
}

/// A callback that passes `event` to the flow, whatever it is called with.
pub(super) fn to_flow<T>(tell: &Callback<Message>, event: Event) -> Callback<T> {
    tell.reform(move |_| Message::Flow(event.clone()))
}
