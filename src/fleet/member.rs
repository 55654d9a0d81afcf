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

/// The id of a member. A [`Fleet`](super::state::Fleet) never uses an id twice, so that an answer
/// for a member of an earlier choice is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub u32);

/// A chosen agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenAgent {
    /// The address of the agent.
    pub address: AgentAddress,
    /// A display name.
    pub label: Option<String>,
    /// The group of the agent in the list.
    pub group: Option<String>,
}

/// One agent of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The id of the member.
    pub id: MemberId,
    /// The agent.
    pub chosen: Rc<ChosenAgent>,
    /// The state of the single flow, from which the screens of a member are rendered.
    pub flow: Rc<State>,
    /// The status of the member in the run.
    pub status: MemberStatus,
    /// When the checks were last read, by the browser's clock.
    pub checked_at: Option<Millis>,
    /// Whether the member is one of those that "destroy N" confirmed.
    pub confirmed: bool,
    /// When the turn of the member began, by the browser's clock.
    pub began: Option<Millis>,
    /// When the member ended, by the browser's clock.
    pub ended: Option<Millis>,
    /// The DELETE of the last confirmation, as stored in the journal; `None` if no DELETE was sent.
    pub sent: Option<Rc<Sent>>,
    /// Whether the member was restored from a journal and has not been read since.
    pub unread: bool,
    /// The kind of credential for this member.
    pub sign_in: SignIn,
    pub(super) credential: PendingCredential,
    /// Whether the member is to be read as soon as fewer than
    /// [`MAX_CONCURRENT_CHECKS`](super::state::MAX_CONCURRENT_CHECKS) members are being read.
    pub(super) due: bool,
    pub(super) turn: Option<Turn>,
    /// The number of DELETEs sent for the current confirmation.
    pub(super) deletes: u8,
    /// The timer of the flow, and when it fires by the browser's clock.
    pub(super) timer: Option<(TimerId, Millis)>,
    /// When the member is read again to find the outcome of a DELETE from before a reload.
    pub(super) reread_at: Option<Millis>,
}

impl Member {
    /// Creates a member whose checks have not been read. `settings` are those of the fleet.
    #[must_use]
    pub fn new(id: MemberId, chosen: ChosenAgent, settings: Rc<Settings>) -> Self {
        let sign_in = settings.sign_in();
        let mut flow = State::new(settings);
        flow.form.address = chosen.address.to_string();
        Self {
            id,
            chosen: Rc::new(chosen),
            flow: Rc::new(flow),
            status: MemberStatus::Unchecked,
            checked_at: None,
            confirmed: false,
            began: None,
            ended: None,
            sent: None,
            unread: false,
            sign_in,
            credential: PendingCredential::Nothing,
            due: false,
            turn: None,
            deletes: 0,
            timer: None,
            reread_at: None,
        }
    }

    /// Whether the member could not be read because its agent did not answer, while the credential
    /// is still available.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(self.flow.screen, Screen::Connect)
            && matches!(
                self.credential,
                PendingCredential::Held | PendingCredential::Host
            )
            && is_unreachable(&self.flow)
            && !self.due
    }

    /// Whether the checks are being read, or the host is being asked for a credential.
    pub(super) fn is_being_read(&self) -> bool {
        match &self.flow.screen {
            Screen::Connect => {
                self.flow.form.connecting || self.credential == PendingCredential::Asked
            }
            Screen::Review(review) => review.preflight.rechecking,
            _ => false,
        }
    }
}

/// Whether connecting failed because no obshell agent answered.
pub(super) fn is_unreachable(flow: &State) -> bool {
    match &flow.form.problem {
        Some(ConnectProblem::OpenRoutes(_)) => true,
        Some(ConnectProblem::Credential(failure)) => matches!(
            failure,
            Failure::NoAnswer(_) | Failure::NotObshell(_) | Failure::Unusable(_)
        ),
        _ => false,
    }
}

/// The status of a member in the run. The details are in the [`flow`](Member::flow) of the
/// member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberStatus {
    /// The checks have not been read: there is no credential, or 8 other members are being read.
    Unchecked,
    /// The checks are being read.
    Checking,
    /// Nothing has been sent. Before the confirmation: the checks allow the destroy. During a run:
    /// the turn of the member has not begun.
    Waiting,
    /// The turn of the member has begun, and the outcome is open. This includes a member whose
    /// outcome is being determined, and a member with a DELETE in the restored journal.
    InProgress,
    /// The flow is at an [`Ending`](crate::flow::ending::Ending).
    Ended,
    /// The outcome is unknown, and the person stopped waiting for it.
    Abandoned,
    /// The member does not take part, for this reason.
    LeftOut(LeftOut),
    /// The run was ended before the turn of the member.
    Stopped,
}

/// Why a member does not take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The person left the member out.
    Person,
    /// The checks could not be read; the flow's [`ConnectForm`](crate::flow::state::ConnectForm)
    /// contains the reason.
    Unread,
    /// The review offers no confirmation.
    Obstacle(Obstacle),
    /// The member was not ready when the others were confirmed.
    NotReady,
}

/// The status of a credential that has not been reported to the flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum PendingCredential {
    /// There is none.
    #[default]
    Nothing,
    /// The host will be asked for a credential when one is needed.
    Host,
    /// The host is being asked.
    Asked,
    /// The shell's vault contains the credential.
    Held,
}

/// The purpose of a member's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Destroy: confirmed as soon as the checks are fresh.
    Destroy,
    /// Operate on the task as the person confirmed: sent as soon as the batch has room.
    Operate,
}
