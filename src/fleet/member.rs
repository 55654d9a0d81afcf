//! One agent of a run.

use std::rc::Rc;

use super::journal::Sent;
use crate::flow::effect::TimerId;
use crate::flow::preflight::Obstacle;
use crate::flow::settings::Settings;
use crate::flow::state::{ConnectProblem, Screen, SignIn, State};
use crate::obshell::address::AgentAddress;
use crate::obshell::error::Failure;
use crate::obshell::time::Millis;

/// Names a member. Never used twice by one [`Fleet`](super::state::Fleet), so that the answer to a
/// member of an earlier choice finds nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub u32);

/// An agent that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its address.
    pub address: AgentAddress,
    /// A name for people.
    pub label: Option<String>,
    /// The group that it is listed in.
    pub group: Option<String>,
}

/// One agent of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub id: MemberId,
    /// The agent.
    pub chosen: Rc<Chosen>,
    /// The single flow's state: what its screens draw, also of this member.
    pub flow: Rc<State>,
    /// Where it is in the run.
    pub standing: Standing,
    /// When its checks were read last, by the browser's clock.
    pub checked_at: Option<Millis>,
    /// Whether it is one of those that "destroy N" confirmed.
    pub confirmed: bool,
    /// When its turn came, by the browser's clock.
    pub began: Option<Millis>,
    /// When it ended, by the browser's clock.
    pub ended: Option<Millis>,
    /// The DELETE of the last confirmation, as the journal keeps it; `None` where none has left.
    pub sent: Option<Rc<Sent>>,
    /// Whether it was brought back by a journal and has not been read since.
    pub unread: bool,
    /// How the person or the host signs in for it.
    pub sign_in: SignIn,
    pub(super) credential: Given,
    /// Whether it is to be read as soon as there is a place among those that are read.
    pub(super) due: bool,
    pub(super) turn: Option<Turn>,
    /// How many DELETEs of the present confirmation have left.
    pub(super) deletes: u8,
    /// The wait of its flow, and when it is over by the browser's clock.
    pub(super) timer: Option<(TimerId, Millis)>,
    /// When it is read once more for what came of a DELETE from before a reload.
    pub(super) look_at: Option<Millis>,
}

impl Member {
    /// A member whose checks have not been read. `settings` are those of the fleet.
    #[must_use]
    pub fn new(id: MemberId, chosen: Chosen, settings: Rc<Settings>) -> Self {
        let sign_in = settings.sign_in();
        let mut flow = State::new(settings);
        flow.form.address = chosen.address.to_string();
        Self {
            id,
            chosen: Rc::new(chosen),
            flow: Rc::new(flow),
            standing: Standing::Unchecked,
            checked_at: None,
            confirmed: false,
            began: None,
            ended: None,
            sent: None,
            unread: false,
            sign_in,
            credential: Given::Nothing,
            due: false,
            turn: None,
            deletes: 0,
            timer: None,
            look_at: None,
        }
    }

    /// Whether it could not be read because its agent did not answer, and what it signs in with is
    /// still there.
    pub(super) fn is_unreached(&self) -> bool {
        matches!(self.flow.screen, Screen::Connect)
            && matches!(self.credential, Given::Held | Given::Host)
            && is_unreached(&self.flow)
            && !self.due
    }

    /// Whether its checks are being read, or its host is being asked.
    pub(super) fn is_being_read(&self) -> bool {
        match &self.flow.screen {
            Screen::Connect => self.flow.form.connecting || self.credential == Given::Asked,
            Screen::Review(review) => review.preflight.rechecking,
            _ => false,
        }
    }
}

/// Whether connecting stopped because the agent did not answer as one.
pub(super) fn is_unreached(flow: &State) -> bool {
    match &flow.form.problem {
        Some(ConnectProblem::Look(_)) => true,
        Some(ConnectProblem::Credential(failure)) => matches!(
            failure,
            Failure::NoAnswer(_) | Failure::NotObshell(_) | Failure::Unusable(_)
        ),
        _ => false,
    }
}

/// Where a member is in the run. What exactly happens to it is in its
/// [`flow`](Member::flow).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its checks have not been read: there is no credential, or 8 others are being read.
    Unchecked,
    /// Its checks are being read.
    Checking,
    /// Nothing has been sent. Before the confirmation: its checks allow one. In a run: its turn has
    /// not come.
    Waiting,
    /// Its turn came, and its outcome is open. This includes a member whose outcome is being found
    /// out, and one that a journal says a DELETE was sent to.
    UnderWay,
    /// Its flow is at an [`Ending`](crate::flow::ending::Ending).
    Ended,
    /// Its outcome is unknown and the person does not wait for it any longer.
    LostSight,
    /// It takes no part, for this reason.
    LeftOut(LeftOut),
    /// The run was ended before its turn came.
    Stopped,
}

/// Why a member takes no part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The person left it out.
    Person,
    /// It could not be read; its flow's [`ConnectForm`](crate::flow::state::ConnectForm) says why.
    Unread,
    /// Its review offers no confirmation.
    Obstacle(Obstacle),
    /// It was not ready when the others were confirmed.
    NotReady,
}

/// Whether the shell's vault holds a credential that the flow has not been told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Given {
    /// None.
    #[default]
    Nothing,
    /// The host is to be asked for one as soon as it is needed.
    Host,
    /// The host is being asked.
    Asked,
    /// The vault holds one.
    Held,
}

/// What a member's turn is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// To be destroyed: confirmed as soon as its checks are fresh.
    Destroy,
    /// To be operated on as the person agreed: confirmed as soon as there is a place.
    Operate,
}
