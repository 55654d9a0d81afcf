//! The events of a run.

use super::journal::Journal;
use super::member::{ChosenAgent, MemberId};
use super::state::RunSettings;
use crate::flow::event::FlowEvent;
use crate::flow::state::SignIn;

/// An event: an action of a person, an answer, a timer. An event that does not fit the state
/// changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum FleetEvent {
    // Choice.
    /// Selects these agents from the site's list or the book, in place of the previous selection.
    Pick(Vec<ChosenAgent>),
    /// The text field for pasted addresses changed.
    Type(String),
    /// "Continue" with the selected and typed agents. Without effect while an address is unusable;
    /// [`parse::parse_choice`](super::parse::parse_choice) reports the address.
    Choose,
    /// Returns to the previous phase: from the review to the checks, from the checks to the
    /// sign-in, from the sign-in to the choice. Leaving the checks clears the credentials.
    Back,

    // Sign-in.
    /// A credential was supplied: the shell has put it into the vaults of the members that
    /// [need](super::member::Member::needs_credential) one. A run uses the credential at once;
    /// before the checks, it is used after [`Check`](Self::Check).
    SignIn {
        /// The members that the credential is for.
        selection: MemberSelection,
        /// The kind of password.
        sign_in: SignIn,
        /// Whether the vault contains a credential. Ignored for [`SignIn::Host`], where the host is
        /// asked when the member is read.
        has_credential: bool,
    },
    /// The host's response for a member, after [`AskHost`](super::effect::FleetEffect::AskHost).
    HostResponded {
        /// The member.
        member: MemberId,
        /// Whether the host supplied a credential, which is then already in the vault.
        has_credential: bool,
    },
    /// Reads the checks of all members that have a credential.
    Check,

    // Before the confirmation.
    /// Runs the checks again.
    Recheck(MemberSelection),
    /// Leaves a waiting member out.
    LeaveOut(MemberId),
    /// Includes a member that the person left out. During a run, only a confirmed member can be
    /// included.
    Include(MemberId),
    /// Opens the review.
    Review,
    /// Changes the settings of the run.
    Settings(RunSettings),
    /// "Destroy N ODPs".
    Confirm {
        /// The typed text: `destroy N`.
        typed: String,
    },

    // During the run.
    /// Sends no further DELETE; members in progress continue.
    Pause,
    /// Continues after a pause.
    Resume,
    /// Retries a member that did not end as Destroyed.
    /// [`Member::retry`](super::member::Member::retry) describes the requirements.
    Retry {
        /// The member.
        member: MemberId,
        /// The typed text if a new confirmation is needed: the address of the member.
        typed: Option<String>,
    },
    /// Stops waiting for a member whose agent does not answer: the outcome of the member becomes
    /// unknown. A member for which the run is [paused](super::state::Halt::NoCredential) is left
    /// out; nothing was sent to its agent.
    StopWaiting(MemberId),
    /// Ends the run: the waiting members are [stopped](super::member::MemberStatus::Stopped).
    EndRun,
    /// Starts again with the same choice, after the end. The credentials are cleared.
    StartOver,

    // At any time.
    /// An event for the flow of one member: an answer, or an action in its task view.
    Member(MemberId, FlowEvent),
    /// The members on screen; their requests take precedence.
    Shown(Vec<MemberId>),
    /// The timer of the fleet fired.
    Due,
    /// A person uses the console.
    Active,
    /// The page became visible (`true`) or hidden.
    Visible(bool),
    /// The browser leaves the page (`pagehide`).
    PageLeft,
    /// The browser restores the page from its cache (`pageshow`, `persisted`).
    PageRestored,
    /// The console is unmounted; the credentials are cleared.
    Unmounted,
    /// The journal of this tab, read after a reload.
    Restored(Box<Journal>),
}

/// The target of an event: all members or one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberSelection {
    /// All members that the event applies to.
    All,
    /// One member.
    Member(MemberId),
}
