//! The failures between a request and its answer, classified by what each proves.

use std::fmt;

use super::agent_text::AgentText;
use super::crypto::public_key::{PublicKeyError, SealError};
use super::redact::{HIDDEN, redact};

/// Why a request has no usable answer.
///
/// The variants are distinguished by what they prove: [`NotSent`](Self::NotSent) and most
/// [`Refused`](Self::Refused) prove that the agent did nothing; the others prove nothing at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The request never left the browser.
    NotSent(NotSent),
    /// The request may have left, and no answer arrived: the connection was refused or cut, the
    /// name was not found, or the time limit passed. A browser does not distinguish the first
    /// three.
    NoAnswer(NoAnswer),
    /// The answer is not from an obshell agent, or not complete: a proxy's page, a truncated body.
    NotObshell(NotObshell),
    /// The agent answered with an error.
    Refused(ApiError),
    /// An agent's answer that is complete and does not contain what was requested.
    Unusable(Unusable),
}

/// Why an agent's answer does not contain what was requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Its timestamp is not later than that of the previous answer: an old answer from a cache.
    Stale,
    /// It describes another task than the requested one.
    OtherTask,
    /// It is from another agent than the previous answers.
    OtherAgent,
    /// The agent refuses the task's id (protocol: 13.8), and its lists do not show the task.
    NotListed {
        /// Whether the lists included all its tasks; 4.2.6.x has no list of all tasks.
        all: bool,
    },
    /// The agent refuses the task's id, and a task of its list could not be parsed: it may be this
    /// one.
    ListUnread,
}

/// Why a request never left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// There is no password and no session.
    NoCredential,
    /// There was a credential, and the console has cleared it from memory.
    CredentialWiped(WipeReason),
    /// The agent's public key is unusable.
    Key(PublicKeyError),
    /// The header could not be sealed.
    Seal(SealError),
    /// The browser refused to create the request (because of a malformed URL, for example).
    Browser,
    /// The request was withdrawn while it was queued among the requests of a run.
    Withdrawn,
    /// The page took the agent off its list after the checks, or after the task was opened.
    Unlisted,
    /// The page changed how the agent is reached after the checks, or after the task was opened.
    Rerouted,
}

/// Why the console cleared a credential that no agent had rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WipeReason {
    /// Nobody used the console for this long, in milliseconds.
    Idle(u32),
    /// The page was left, for example for another one.
    PageLeft,
    /// The password is in the agent book, and the book is locked.
    BookLocked,
}

/// Why no answer arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The browser reports a network error, without details.
    Network,
    /// No answer within the time limit, in milliseconds.
    Timeout(u32),
}

/// An answer that is not from an obshell agent, or not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotObshell {
    /// The HTTP status; 0 if the browser hides it (for a redirect).
    pub status: u16,
    /// The kind of answer received.
    pub kind: NotObshellKind,
}

/// The kind of an answer that is not an agent's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotObshellKind {
    /// A web page.
    Page,
    /// An empty body where content is required.
    Empty,
    /// A truncated JSON text.
    Truncated,
    /// JSON of another shape, or text.
    Other,
    /// An agent's answer whose envelope has this status, which differs from the HTTP status: a
    /// gateway changed the latter. Some gateways always answer 200.
    Status(u16),
    /// A redirect; redirects are not followed, as a followed one could send a DELETE twice.
    Redirect,
    /// More bytes or more values than an answer may have.
    TooLarge,
}

/// An error answer of an agent, with its original message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// `error.errCode`; agents before 4.3.1.0 have none.
    pub err_code: Option<AgentText>,
    /// `error.code`; the only code of agents before 4.3.1.0, mostly absent after.
    pub code: Option<i64>,
    /// `error.message`, in the requested language.
    pub message: AgentText,
    /// `traceId`; empty if the agent failed before it assigned one.
    pub trace_id: String,
    /// The classified meaning.
    pub kind: ErrorKind,
}

impl ApiError {
    /// The code that a person can search for: `errCode` if there is one, else the numeric code,
    /// else the HTTP status.
    #[must_use]
    pub fn shown_code(&self) -> AgentText {
        match (&self.err_code, self.code) {
            (Some(err_code), _) => err_code.clone(),
            (None, Some(code)) => code.to_string().into(),
            (None, None) => format!("HTTP {}", self.status).into(),
        }
    }

    /// How many values are [hidden](super::redact) in its message.
    #[must_use]
    pub fn hidden(&self) -> usize {
        redact(self.message.raw()).text.matches(HIDDEN).count()
    }
}

macro_rules! error_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $code:literal, $nothing_done:literal;)+) => {
        /// The meaning of an agent's error (protocol: 1.9, 3, 4; errCodes of 4.3.1.0 and later).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $kind,)+
            /// Any other error: nothing is known about what the agent did before it.
            Other,
        }

        impl ErrorKind {
            /// Every kind, for tables and tests.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+ Self::Other];

            fn from_err_code(err_code: &str) -> Self {
                match err_code {
                    $($code => Self::$kind,)+
                    _ => Self::Other,
                }
            }

            /// The errCode; `None` for [`Other`](Self::Other).
            #[must_use]
            pub fn err_code(self) -> Option<&'static str> {
                match self {
                    $(Self::$kind => Some($code),)+
                    Self::Other => None,
                }
            }

            /// Whether this answer to a DELETE or an operator proves that the agent did nothing:
            /// the agent returns the error before it starts to act.
            #[must_use]
            pub fn proves_nothing_was_done(self) -> bool {
                match self {
                    $(Self::$kind => $nothing_done,)+
                    Self::Other => false,
                }
            }
        }
    };
}

error_kinds! {
    /// The header could not be decrypted: usually because the agent has a new key.
    HeaderDecryptFailed = "Security.Authentication.Header.DecryptFailed", true;
    /// The agent received no header, or not the one that the route needs.
    HeaderNotFound = "Request.Header.NotFound", true;
    /// The signed path differs from the path received.
    UriMismatch = "Security.Authentication.Header.UriMismatch", true;
    /// The header arrived after its expiry.
    Expired = "Security.Authentication.Expired", true;
    /// The header's expiry is not a number.
    TimestampInvalid = "Security.Authentication.Timestamp.Invalid", true;
    /// The agent password is wrong.
    IncorrectAgentPassword = "Security.Authentication.IncorrectAgentPassword", true;
    /// The agent has no password yet.
    AgentPasswordNotInitialized = "Security.Authentication.AgentPasswordNotInitialized", true;
    /// The route needs the agent password, not OceanBase's.
    WithAgentPassword = "Security.Authentication.WithAgentPassword", true;
    /// The route needs OceanBase's root password.
    WithOceanBasePassword = "Security.Authentication.WithOceanBasePassword", true;
    /// OceanBase's root password is wrong.
    IncorrectOceanBasePassword = "Security.Authentication.IncorrectOceanbasePassword", true;
    /// A token between agents is wrong; a FOLLOWER answers with this error.
    IncorrectToken = "Security.Authentication.IncorrectToken", true;
    /// The session is unknown, or no longer known.
    SessionInvalid = "Security.Authentication.SessionInvalid", true;
    /// The session timed out.
    SessionExpired = "Security.Authentication.SessionExpired", true;
    /// The body's AES key and IV are missing or of the wrong size.
    BodyKeyInvalid = "Request.Body.Decrypt.AES.KeyAndIv.Invalid", true;
    /// The encrypted body has an impossible length.
    BodyLengthInvalid = "Request.Body.Decrypt.AES.ContentLength.Invalid", true;
    /// The body is not the JSON that the route needs.
    BindJsonFailed = "Common.BindJsonFailed", true;
    /// The Unix socket's peer has the wrong user.
    PermissionDenied = "Security.User.PermissionDenied", true;
    /// The agent does not know this route.
    RouteNotFound = "Common.NotFound", true;
    /// Another task holds the agent's lock.
    UnderMaintenance = "Agent.UnderMaintenance", true;
    /// No ODP is managed.
    NotManaged = "OBProxy.NotBeManaged", true;
    /// No such task.
    TaskNotFound = "Task.NotFound", true;
    /// The id of a task is malformed, or contains an agent address whose ids the agent cannot parse
    /// (protocol: 13.8).
    TaskIdInvalid = "Task.GenericID.Invalid", true;
    /// The task could not be created; the reason is an error message of Go. The task is written in
    /// several steps, so this proves nothing.
    TaskCreateFailed = "Task.CreateFailed", false;
    /// RETRY refused: the DAG is not failed.
    RetryNotFailed = "Task.Dag.Operator.RetryNotFailedDag", true;
    /// CANCEL refused: the DAG is finished.
    CancelFinished = "Task.Dag.Operator.CancelFinishedDag", true;
    /// PASS refused: the DAG is not failed.
    PassNotFailed = "Task.Dag.Operator.PassNotFailedDag", true;
    /// CANCEL refused: a node forbids it.
    CancelNotAllowed = "Task.Dag.Operator.CancelNotAllowed", true;
    /// PASS refused: a node forbids it.
    PassNotAllowed = "Task.Dag.Operator.PassNotAllowed", true;
    /// ROLLBACK refused: the DAG is not failed.
    RollbackNotFailed = "Task.Dag.Operator.RollbackNotFailedDag", true;
    /// ROLLBACK refused: a node forbids it.
    RollbackNotAllowed = "Task.Dag.Operator.RollbackNotAllowed", true;
    /// The DAG does not know this operator.
    DagOperatorNotSupported = "Task.Dag.Operator.NotSupport", true;
    /// PASS of a node refused: its DAG is not failed.
    NodePassNotFailedDag = "Task.Node.Operator.PassNotFailedDag", true;
    /// PASS of a node refused: the node is not failed.
    NodePassNotFailed = "Task.Node.Operator.PassNotFailedNode", true;
    /// The node does not know this operator.
    NodeOperatorNotSupported = "Task.Node.Operator.NotSupport", true;
    /// Any error that the agent did not foresee, including a panic: it may have acted before.
    Unexpected = "Common.Unexpected", false;
}

impl ErrorKind {
    /// Classifies an error of either format: by errCode first, then the numeric code, then the
    /// status.
    pub(super) fn classify(
        status: u16,
        err_code: Option<&str>,
        code: Option<i64>,
        message: &str,
    ) -> Self {
        match err_code {
            Some(err_code) => Self::from_err_code(err_code),
            None => Self::classify_before_4_3_1(status, code, message),
        }
    }

    /// Before 4.3.1.0 one code stands for many cases and only the message distinguishes them; it is
    /// always English in these versions (protocol: 7, 12.12).
    fn classify_before_4_3_1(status: u16, code: Option<i64>, message: &str) -> Self {
        let says = |text: &str| message.contains(text);
        match (status, code) {
            (401, Some(10008)) if says("header decrypt failed") => Self::HeaderDecryptFailed,
            (401, Some(10008)) if says("header not found") => Self::HeaderNotFound,
            (401, Some(10008)) if says("uri mismatch") => Self::UriMismatch,
            (401, Some(10008)) if says("auth expired") => Self::Expired,
            (401, Some(10008)) if says("strconv.ParseInt") => Self::TimestampInvalid,
            (401, Some(10008)) if says("agent password is incorrect") => {
                Self::IncorrectAgentPassword
            }
            (401, Some(10008)) if says("agent password is not initialized") => {
                Self::AgentPasswordNotInitialized
            }
            (401, Some(10008)) if says("agent password") => Self::WithAgentPassword,
            (401, Some(10008)) if says("body decrypt failed") => Self::BodyKeyInvalid,
            (500, Some(1002)) if says("is under maintenance") => Self::UnderMaintenance,
            // 4.2.6.0: 4 is "taken", 1 is "free" (protocol: 3.2, 13.5).
            (500, Some(1002)) if says("failed to set status to 4") => Self::UnderMaintenance,
            (400, Some(1000)) if says("404 not found") => Self::RouteNotFound,
            (400, Some(1000)) if says("not an obproxy agent") => Self::NotManaged,
            (400, Some(1001)) if says("invalid id") || says("convert id '") => Self::TaskIdInvalid,
            (400, Some(1001)) if says("required") => Self::BindJsonFailed,
            (404, Some(2300)) => Self::TaskNotFound,
            (500, Some(2301)) => Self::TaskCreateFailed,
            (500, Some(1010)) if says("set dag retry") => Self::RetryNotFailed,
            (500, Some(1010))
                if says("set dag rollback")
                    && (says("cannot rollback") || says("can not rollback")) =>
            {
                Self::RollbackNotAllowed
            }
            (500, Some(1010)) if says("set dag rollback") => Self::RollbackNotFailed,
            // 4.2.6.0, whose stages cannot be passed or cancelled (protocol: 13.6).
            (500, Some(1010)) if says("can not pass") => Self::PassNotAllowed,
            (500, Some(1010)) if says("can not cancel") => Self::CancelNotAllowed,
            (500, Some(1010)) if says("to pass dag") => Self::PassNotFailed,
            (500, Some(1010)) if says("to cancel dag") => Self::CancelFinished,
            (500, Some(1010)) if says("invalid operator") => Self::DagOperatorNotSupported,
            (500, Some(1002)) if says("failed to pass node") => Self::NodePassNotFailedDag,
            (500, Some(1002)) => Self::Unexpected,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] {}", self.shown_code(), self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_err_code_is_read_back() {
        for kind in ErrorKind::ALL {
            if let Some(code) = kind.err_code() {
                assert_eq!(ErrorKind::classify(0, Some(code), None, ""), *kind);
            }
        }
        assert_eq!(
            ErrorKind::classify(401, Some("Security.Something.New"), Some(10008), ""),
            ErrorKind::Other
        );
    }

    #[test]
    fn the_old_format_is_told_apart_by_its_message() {
        for (status, code, message, kind) in [
            (
                401,
                10008,
                "Verification failed: header decrypt failed",
                ErrorKind::HeaderDecryptFailed,
            ),
            (
                401,
                10008,
                "Verification failed: aegnt header not found",
                ErrorKind::HeaderNotFound,
            ),
            (
                401,
                10008,
                "Verification failed: auth expired",
                ErrorKind::Expired,
            ),
            (
                401,
                10008,
                "Verification failed: access denied: agent password is incorrect",
                ErrorKind::IncorrectAgentPassword,
            ),
            (
                401,
                10008,
                "Verification failed: agent password is not initialized",
                ErrorKind::AgentPasswordNotInitialized,
            ),
            (
                401,
                10008,
                "Verification failed: Please use agent password to verify",
                ErrorKind::WithAgentPassword,
            ),
            (
                401,
                10008,
                "Verification failed: agent password has been set, use agent password to verify",
                ErrorKind::WithAgentPassword,
            ),
            (
                500,
                1002,
                "Unexpected error: failed to start maintenance: agent is under maintenance",
                ErrorKind::UnderMaintenance,
            ),
            (
                500,
                1002,
                "Unexpected error: runtime error",
                ErrorKind::Unexpected,
            ),
            (
                400,
                1000,
                "Bad request: 404 not found",
                ErrorKind::RouteNotFound,
            ),
            (
                500,
                1010,
                "Known error: failed to cancel dag: dag is finished",
                ErrorKind::CancelFinished,
            ),
            (
                500,
                1002,
                "Unexpected error: failed to set status to 4: agent status is not 1",
                ErrorKind::UnderMaintenance,
            ),
            (
                400,
                1001,
                "Illegal argument: convert id '5000000000000000000000000000000000000001028861' to ip failed",
                ErrorKind::TaskIdInvalid,
            ),
            (
                500,
                1010,
                "Known error: failed to cancel dag: Check obproxy status can not cancel",
                ErrorKind::CancelNotAllowed,
            ),
            (
                500,
                1010,
                "Known error: failed to pass dag: Stop obproxy can not pass",
                ErrorKind::PassNotAllowed,
            ),
            (
                500,
                1010,
                "Known error: failed to set dag rollback: node 1. Check obproxy status can not rollback",
                ErrorKind::RollbackNotAllowed,
            ),
            (418, 7, "teapot", ErrorKind::Other),
        ] {
            assert_eq!(
                ErrorKind::classify(status, None, Some(code), message),
                kind,
                "{message}"
            );
        }
    }

    #[test]
    fn what_the_agent_did_not_foresee_proves_nothing() {
        for kind in [
            ErrorKind::Unexpected,
            ErrorKind::TaskCreateFailed,
            ErrorKind::Other,
        ] {
            assert!(!kind.proves_nothing_was_done(), "{kind:?}");
        }
        assert!(ErrorKind::UnderMaintenance.proves_nothing_was_done());
    }
}
