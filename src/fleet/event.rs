//! What happens to a run.

use super::journal::Journal;
use super::member::{Chosen, MemberId};
use super::state::RunSettings;
use crate::flow::event::Event;
use crate::flow::state::SignIn;

/// Something that happened: a person's act, an answer, a timer. One that does not fit the state
/// changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum FleetEvent {
    // Choosing.
    /// These agents are picked from the site's list or from the book; replaces what was picked.
    Pick(Vec<Chosen>),
    /// The field for pasted addresses changed.
    Type(String),
    /// "Continue" with what is picked and typed. Nothing happens while an address cannot be used:
    /// [`parse::read`](super::parse::read) names it.
    Choose,
    /// To the phase before: from the review to the checks, from the checks to signing in, from
    /// there to the choice. Leaving the checks clears the credentials.
    Back,

    // Signing in.
    /// A credential is given: the shell has put it into the vaults of those that
    /// [want](super::member::Member::wants_credential) one. In a run it is used at once; before the
    /// checks it waits for [`Check`](Self::Check).
    SignIn {
        /// For whom.
        whom: Whom,
        /// Which password it is.
        sign_in: SignIn,
        /// Whether the vault holds one. With [`SignIn::Host`] the host is asked when the member is
        /// read, and this says nothing.
        has_credential: bool,
    },
    /// What the host gave for a member after
    /// [`AskHost`](super::effect::FleetEffect::AskHost).
    HostGave {
        /// The member.
        member: MemberId,
        /// Whether it gave a credential, which is in the vault by now.
        has_credential: bool,
    },
    /// Read the checks of every member that has a credential.
    Check,

    // Before the confirmation.
    /// Run the checks again.
    Recheck(Whom),
    /// Leave a waiting member out.
    LeaveOut(MemberId),
    /// Take a member that the person left out back in. In a run: if it was confirmed.
    Include(MemberId),
    /// To the review.
    Review,
    /// How the members are run.
    Settings(RunSettings),
    /// "Destroy N ODPs".
    Confirm {
        /// What was typed: `destroy N`.
        typed: String,
    },

    // In the run.
    /// Send no further DELETE; what is under way goes on.
    Pause,
    /// Go on after a pause.
    Resume,
    /// Try a member again that did not end as Destroyed; see
    /// [`Member::retry`](super::member::Member::retry) for what it takes.
    Retry {
        /// The member.
        member: MemberId,
        /// What was typed where a new confirmation is needed: the member's address.
        typed: Option<String>,
    },
    /// Wait no longer for a member whose agent does not answer: its outcome is unknown then. One that
    /// the run is [paused](super::state::Halt::NoCredential) for is left out; nothing was sent to it.
    LetGo(MemberId),
    /// End the run: members whose turn has not come are
    /// [stopped](super::member::Standing::Stopped).
    EndRun,
    /// Begin anew with the same choice, after the end; the credentials are cleared.
    StartOver,

    // All the while.
    /// Something for the flow of one member: an answer, or an act in its task view.
    Member(MemberId, Event),
    /// These members are on the screen now; their requests go first.
    Shown(Vec<MemberId>),
    /// A wait is over.
    Due,
    /// Somebody uses the console.
    Active,
    /// The page was hidden or came back.
    Visible(bool),
    /// The browser leaves the page (`pagehide`).
    Left,
    /// The page comes back as it was left (`pageshow`, `persisted`).
    CameBack,
    /// The console is taken down; the credentials are forgotten.
    Unmounted,
    /// The journal of this tab, read after a reload.
    Restored(Box<Journal>),
}

/// All members, or one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// All that it fits.
    All,
    /// This one.
    Member(MemberId),
}
