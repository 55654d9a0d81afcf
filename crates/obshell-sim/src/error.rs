//! Every error of the agent: status, codes, and its text in two languages and two formats.
//!
//! obshell: ob/agent/errors/errorcode.go, ob/agent/assets/i18n/error; before 4.3.1.0 agent/errors.

mod old;
mod present;
mod refusal;

use crate::engine::Refused;

/// An error, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiError {
    // headers
    HeaderNotFound,
    AgentHeaderNotFound,
    HeaderDecrypt(String),
    UriMismatch,
    // authentication
    Expired,
    TimestampInvalid {
        ts: String,
        why: String,
    },
    IncorrectAgentPassword,
    AgentPasswordNotInitialized,
    WithAgentPassword(&'static str),
    WithOceanBasePassword(&'static str),
    IncorrectOceanBasePassword,
    // sessions
    SessionInvalid,
    SessionExpired,
    SessionTime,
    SsoTokenMissing,
    SsoTokenInvalid,
    AesKeyNotFound,
    AesKeySize,
    // bodies
    BodyKeySize,
    BodyLength,
    BindJson(String),
    FileMissing(String),
    // tasks
    RouteNotFound,
    TaskRecordNotFound,
    TaskNotFound(&'static str),
    InvalidId {
        id: String,
        why: Option<String>,
    },
    DagOperatorNotSupported(String),
    NodeOperatorNotSupported(String),
    CreateFailed {
        task: &'static str,
        agent: String,
    },
    Refused {
        refused: Refused,
        agent: String,
    },
    // the ODP
    NotManaged,
    AlreadyManaged,
    PathNotExist(String),
    DirNotEmpty(String),
    InvalidPort(String),
    RsListAndConfigUrl,
    NeitherRsListNorConfigUrl,
    OdpPackageNotFound(String),
    // the cluster
    NotHoldingOceanBase,
    /// Before 4.3.1.0: a list of the cluster was requested from an agent that is no cluster agent.
    NotAClusterAgent(&'static str),
    /// Before 4.3.1.0: there is no OceanBase that could be asked for a task of the cluster.
    NoOceanBaseForTask,
    /// The handler returned no answer.
    NoAnswer,
    /// A plain error of Go: without a prefix if no language is requested.
    Plain(String),
}

/// The text of an error on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wording {
    pub(crate) status: u16,
    /// The deprecated number; 0 is omitted.
    pub(crate) code: u32,
    /// `None` in the format before 4.3.1.0.
    pub(crate) err_code: Option<&'static str>,
    pub(crate) en: String,
    pub(crate) zh: String,
    /// The text if no language is requested, if it differs from English.
    pub(crate) bare: Option<String>,
}
