//! The events that the flow handles.

use crate::flow::effect::{CallId, TimerId};
use crate::flow::operation::Operation;
use crate::flow::state::SignIn;
use crate::obshell::dag::id::DagId;
use crate::obshell::error::Failure;
use crate::obshell::time::Millis;

/// The languages of the console and of the agent's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// The single tag sent as `Accept-Language`: the agent parses no list (protocol: 2.5).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Chinese => "zh-CN",
        }
    }
}

/// An event: a person's action, a response, or a timer.
#[derive(Clone, Debug, PartialEq)]
pub enum FlowEvent {
    /// The address field changed.
    AddressEdited(String),
    /// The address was chosen: focus left the field, or an agent was picked from the list. The open
    /// routes are read, which needs no password.
    AddressChosen,
    /// Open an agent, a task of it, or both, as a link names them. A confirmed DELETE is not
    /// interrupted.
    Open {
        /// The agent; if `None`, the one that the task's id names, or the one in the form.
        address: Option<String>,
        /// The task.
        task: Option<DagId>,
    },
    /// Cancel opening the task of the link.
    CancelOpen,
    /// Which kind of password the person gives from now on.
    SignInWith(SignIn),
    /// "Connect". The shell has already put the password into its vault.
    Connect {
        /// Whether the vault holds a credential.
        has_credential: bool,
    },
    /// "Connect" with the credential kept from before [`StartOver`](Self::StartOver).
    ConnectAgain,
    /// Clear the kept credential, so that another one can be given.
    SignOut,
    /// Run the pre-flight checks again.
    Recheck,
    /// "Continue anyway": offer the confirmation although the agent manages no ODP.
    ContinueAnyway,
    /// List the agent's ODP tasks.
    ListTasks,
    /// Open one of the listed tasks.
    OpenTask(DagId),
    /// Return from the review to the connect form; the credential is cleared.
    Back,
    /// "Destroy ODP on HOST:PORT".
    Confirm {
        /// The text typed to confirm.
        typed: String,
    },
    /// Follow the task that holds the agent's ODP lock.
    FollowHolder,
    /// A password was given in place, because the previous one is no longer accepted.
    Authenticate {
        /// Whether the vault holds a credential.
        has_credential: bool,
    },
    /// Operate on the task, once the person confirms.
    Operate(Operation),
    /// The person confirms the operation.
    ConfirmOperation,
    /// The person dismisses the operation.
    LeaveOperation,
    /// Start over: after an ending, with the same agent and, if a password was typed, with the
    /// credential still held; from a watched task, without the credential.
    StartOver,
    /// Send the next request at once, when contact is lost and a wait is pending.
    TryNow,
    /// The console is unmounted; the credential is wiped.
    Unmounted,
    /// The page was hidden or became visible.
    Visible(bool),
    /// Whether the person wants a notification when a task ends.
    Notify(bool),
    /// The browser leaves the page; it may keep and restore it (`pagehide`).
    PageLeft,
    /// The browser restores the page from its cache (`pageshow`, `persisted`).
    PageRestored,
    /// A person uses the console: a pointer, a key, an input.
    Active,
    /// The idle time is due to be checked.
    IdleDue,
    /// A wait is over.
    Due(TimerId),
    /// A call ended.
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
    /// Status and body, or why there are none. Never [`Failure::Refused`]: the flow itself parses
    /// the response.
    pub reply: Result<Reply, Failure>,
}

/// An HTTP response, unparsed.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}
