//! The messages from the screens.

use yew::Callback;

use super::theme::Theme;
use super::view::ZoneChoice;
use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::flow::event::{FlowEvent, Language};
use crate::flow::settings::ListedAgent;
use crate::obshell::dag::id::{NodeId, SubTaskId};
use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;

/// The part of a task that a person selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// A stage.
    Node(NodeId),
    /// The stage of a sub task.
    SubTask(SubTaskId),
}

/// An action of a person, or an event for the flow or the page.
#[derive(Debug)]
pub enum Message {
    /// A password was given; the event that uses it follows.
    Credential(Secret),
    /// The credential that the host supplied for the agent of this address; `None` if it did not
    /// sign in.
    HostResponded(String, Option<Credential>),
    /// The endpoints of agents of the agent book.
    Routes(Vec<ListedAgent>),
    /// An event for the flow.
    Flow(FlowEvent),
    /// A password was given for the members of a run that need one; the event that uses it follows.
    MemberCredential(MemberSelection, Secret),
    /// The members of a run that need a password sign in with those of the open agent book.
    FromBook,
    /// The agent book was unlocked.
    BookOpened,
    /// An event for a run over many agents.
    Fleet(FleetEvent),
    /// Another language was selected.
    Language(Language),
    /// Another theme was selected.
    Theme(Theme),
    /// Show the log of this stage; `None`: of the running one.
    Pick(Option<Picked>),
    /// Another time zone was selected.
    Zone(ZoneChoice),
}

/// A callback that passes `event` to the flow, whatever it is called with.
pub(super) fn to_flow<T>(on_message: &Callback<Message>, event: FlowEvent) -> Callback<T> {
    on_message.reform(move |_| Message::Flow(event.clone()))
}
