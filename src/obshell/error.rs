//! What can go wrong between a request and its answer, told apart by what is certain.

use std::fmt;

use super::crypto::public_key::{PublicKeyError, SealError};

/// Why a request has no useful answer.
///
/// The variants differ in what they prove, and that is what they are for:
/// [`NotSent`](Self::NotSent) and most [`Refused`](Self::Refused) prove that the agent did
/// nothing; the others prove nothing at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The request never left the browser.
    NotSent(NotSent),
    /// The request may have left, and no answer came: the connection was refused or cut, the name
    /// was not found, or time ran out. A browser does not tell these apart.
    NoAnswer(NoAnswer),
    /// Something answered that is not an obshell agent's answer: a proxy's page, a truncated body.
    NotObshell(NotObshell),
    /// The agent answered with an error.
    Refused(ApiError),
    /// An agent's answer that is whole and says nothing of what was asked for.
    Unusable(Unusable),
}

/// Why an agent's answer says nothing of what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// By its timestamp it is not later than what was read before: an old answer out of a cache.
    Old,
    /// It tells another task than the one that was asked for.
    OtherTask,
    /// It comes from another agent than the answers before.
    OtherAgent,
    /// The agent refuses the task's id (protocol: 13.8), and its lists do not show the task.
    NotListed {
        /// Whether all its tasks were among them; 4.2.6.x has no list of all.
        all: bool,
    },
    /// The agent refuses the task's id, and a task of its list could not be read: it may be this one.
    ListUnread,
}

/// Why a request never left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// No password and no session is at hand.
    NoCredential,
    /// There was one, and the console has cleared it from memory.
    Forgotten(Forgotten),
    /// The agent's public key is unusable.
    Key(PublicKeyError),
    /// The header could not be sealed.
    Seal(SealError),
    /// The browser refused to make the request (a malformed URL, say).
    Browser,
    /// It was withdrawn while it waited for its turn among the requests of a run.
    Withdrawn,
    /// The page took the agent off its list after the checks.
    Unlisted,
    /// The page changed how the agent is reached after the checks.
    Rerouted,
}

/// Why the console cleared a credential that no agent had turned down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgotten {
    /// Nobody used the console for this long, in milliseconds.
    Idle(u32),
    /// The page was left, as when the browser goes to another one.
    Left,
}

/// Why no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The browser reports a network error; it does not say which.
    Network,
    /// No answer within the time limit, in milliseconds.
    Timeout(u32),
}

/// An answer that does not come from an obshell agent, or not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotObshell {
    /// The HTTP status; 0 where the browser hides it (a redirect).
    pub status: u16,
    /// What came instead.
    pub kind: NotObshellKind,
}

/// What came instead of an agent's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotObshellKind {
    /// A web page.
    Page,
    /// Nothing, where something was due.
    Empty,
    /// The beginning of a JSON text.
    Truncated,
    /// JSON or text of another shape.
    Other,
    /// An agent's answer whose own status, this one, is not that of HTTP: a gateway changed the
    /// latter. Some answer 200 whatever happened.
    Status(u16),
    /// A redirect; redirects are not followed, as a followed one could send a DELETE twice.
    Redirect,
    /// More bytes or more values than an answer may have.
    TooLarge,
}

/// An agent's refusal, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// `error.errCode`; agents before 4.3.1.0 have none.
    pub err_code: Option<String>,
    /// `error.code`; the only code of agents before 4.3.1.0, mostly absent after.
    pub code: Option<i64>,
    /// `error.message`, in the language that was asked for.
    pub message: String,
    /// `traceId`; empty where the agent failed before it made one.
    pub trace_id: String,
    /// What it means.
    pub kind: ErrorKind,
}

impl ApiError {
    /// errCode where there is one, else the numeric code, else the HTTP status: what a person
    /// can search for.
    #[must_use]
    pub fn shown_code(&self) -> String {
        match (&self.err_code, self.code) {
            (Some(err_code), _) => err_code.clone(),
            (None, Some(code)) => code.to_string(),
            (None, None) => format!("HTTP {}", self.status),
        }
    }
}

macro_rules! error_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $code:literal, $nothing_done:literal;)+) => {
        /// What an agent's error means (protocol: 1.9, 3, 4; errCodes of 4.3.1.0 and later).
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
            /// it is decided before the agent starts to act.
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
    /// The header could not be decrypted: most often the agent has a new key.
    HeaderDecryptFailed = "Security.Authentication.Header.DecryptFailed", true;
    /// The agent saw no header, or not the one that the route needs.
    HeaderNotFound = "Request.Header.NotFound", true;
    /// The signed path is not the one that arrived.
    UriMismatch = "Security.Authentication.Header.UriMismatch", true;
    /// The header arrived after its end.
    Expired = "Security.Authentication.Expired", true;
    /// The header's expiry is no number.
    TimestampInvalid = "Security.Authentication.Timestamp.Invalid", true;
    /// The agent password is wrong.
    IncorrectAgentPassword = "Security.Authentication.IncorrectAgentPassword", true;
    /// The agent has no password yet.
    AgentPasswordNotInitialized = "Security.Authentication.AgentPasswordNotInitialized", true;
    /// The agent wants its agent password here, not OceanBase's.
    WithAgentPassword = "Security.Authentication.WithAgentPassword", true;
    /// The agent wants OceanBase's root password here.
    WithOceanBasePassword = "Security.Authentication.WithOceanBasePassword", true;
    /// OceanBase's root password is wrong.
    IncorrectOceanBasePassword = "Security.Authentication.IncorrectOceanbasePassword", true;
    /// A token between agents is wrong; what a FOLLOWER answers.
    IncorrectToken = "Security.Authentication.IncorrectToken", true;
    /// The session is not known (any more).
    SessionInvalid = "Security.Authentication.SessionInvalid", true;
    /// The session timed out.
    SessionExpired = "Security.Authentication.SessionExpired", true;
    /// The body's AES key and IV are missing or of the wrong size.
    BodyKeyInvalid = "Request.Body.Decrypt.AES.KeyAndIv.Invalid", true;
    /// The encrypted body has a length that none can have.
    BodyLengthInvalid = "Request.Body.Decrypt.AES.ContentLength.Invalid", true;
    /// The body is not the JSON that the route needs.
    BindJsonFailed = "Common.BindJsonFailed", true;
    /// The Unix socket's peer has the wrong user.
    PermissionDenied = "Security.User.PermissionDenied", true;
    /// The agent does not know this route.
    RouteNotFound = "Common.NotFound", true;
    /// Another task holds the agent.
    UnderMaintenance = "Agent.UnderMaintenance", true;
    /// No ODP is managed.
    NotManaged = "OBProxy.NotBeManaged", true;
    /// No such task.
    TaskNotFound = "Task.NotFound", true;
    /// The id of a task is malformed, or the agent's address is one whose ids it does not read
    /// (protocol: 13.8).
    TaskIdInvalid = "Task.GenericID.Invalid", true;
    /// The task could not be created, for a reason given in Go's words. The task is written in
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
    /// Anything the agent did not foresee, a panic included: it may have acted before.
    Unexpected = "Common.Unexpected", false;
}

impl ErrorKind {
    /// Reads an error of either format: errCode first, then the numeric code, then the status.
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

    /// Before 4.3.1.0 one code stands for many cases and the message alone tells them apart; it is
    /// always English there (protocol: 7, 12.12).
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
