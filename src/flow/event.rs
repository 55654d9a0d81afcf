//! What happens to the flow.

use crate::flow::effect::{CallId, TimerId};
use crate::flow::operation::Operation;
use crate::flow::state::SignIn;
use crate::obshell::dag::id::DagId;
use crate::obshell::error::Failure;
use crate::obshell::time::Millis;

/// The languages of the console, and of the agent's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// The one tag that is sent as `Accept-Language`: the agent reads no list (protocol: 2.5).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Chinese => "zh-CN",
        }
    }
}

/// Something that happened: a person's act, an answer, a timer.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The address field changed.
    AddressEdited(String),
    /// The address was chosen: the field was left, or an agent picked from the list. The open
    /// routes are read, which needs no password.
    AddressChosen,
    /// An agent, a task of it, or both are to be opened, as a link says. A confirmed DELETE goes on.
    Open {
        /// The agent; where there is none, the one that the task's id names, or the one in the form.
        address: Option<String>,
        /// The task.
        task: Option<DagId>,
    },
    /// The task of the link is not to be opened after all.
    OpenNothing,
    /// Which password is given from now on.
    SignInWith(SignIn),
    /// "Connect". The shell has put the password into its vault before.
    Connect {
        /// Whether the vault holds one.
        has_credential: bool,
    },
    /// "Connect" with the credential that is still there from before
    /// [`StartOver`](Self::StartOver).
    ConnectAgain,
    /// Clear that credential, so that another can be given.
    SignOut,
    /// Run the preflight checks again.
    Recheck,
    /// "Continue anyway": offer the confirmation although the agent manages no ODP.
    ContinueAnyway,
    /// List the agent's ODP tasks.
    ListTasks,
    /// Open one of them.
    OpenTask(DagId),
    /// From the review back to the connect form; the credential is cleared.
    Back,
    /// "Destroy ODP on HOST:PORT".
    Confirm {
        /// What was typed to confirm.
        typed: String,
    },
    /// Follow the task that holds the agent.
    FollowHolder,
    /// A password was given in place, where the one before is not accepted any more.
    Authenticate {
        /// Whether the vault holds one.
        has_credential: bool,
    },
    /// Operate on the task, if the person means it.
    Operate(Operation),
    /// They do.
    ConfirmOperation,
    /// They do not.
    LeaveOperation,
    /// Begin anew: after an ending with the same agent and, where a password was typed, the
    /// credential that is there; from a task that is watched without it.
    StartOver,
    /// Ask the agent at once where contact is lost and a wait runs until the next question.
    TryNow,
    /// The console is taken down; the credential is forgotten.
    Unmounted,
    /// The page was hidden or came back.
    Visible(bool),
    /// Whether the person wants to be notified of the end of a task.
    Notify(bool),
    /// The browser leaves the page; it may keep it and bring it back (`pagehide`).
    Left,
    /// The page comes back as it was left (`pageshow`, `persisted`).
    CameBack,
    /// Somebody uses the console: a pointer, a key, an input.
    Active,
    /// Whether nobody has used the console for long is to be looked at.
    IdleDue,
    /// A wait is over.
    Due(TimerId),
    /// A call came to its end.
    Answered(Answered),
}

/// The end of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Which call.
    pub id: CallId,
    /// When it was sent, by the browser's clock.
    pub sent_at: Millis,
    /// When it ended, by the browser's clock.
    pub received_at: Millis,
    /// The trace id that the request carried.
    pub trace_id: Option<String>,
    /// Status and body, or why there are none. [`Failure::Refused`] does not occur here: reading
    /// the answer is the flow's work.
    pub reply: Result<Reply, Failure>,
}

/// An HTTP answer as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}
