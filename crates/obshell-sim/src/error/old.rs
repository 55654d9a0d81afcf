//! The format before 4.3.1.0: a number and an English sentence.

use super::{ApiError, Wording};
use crate::config::Version;
use crate::engine::Refused;

const BAD_REQUEST: (u16, u32, &str) = (400, 1000, "Bad request");
const ILLEGAL_ARGUMENT: (u16, u32, &str) = (400, 1001, "Illegal argument");
const UNEXPECTED: (u16, u32, &str) = (500, 1002, "Unexpected error");
const KNOWN: (u16, u32, &str) = (500, 1010, "Known error");
const UNAUTHORIZED: (u16, u32, &str) = (401, 10008, "Verification failed");
const TASK_NOT_FOUND: (u16, u32, &str) = (404, 2300, "Task not found");

/// Why an id has no address: [`crate::engine::id`].
const NO_IP: &str = "convert id to ip failed";

fn say((status, code, class): (u16, u32, &str), why: &str) -> Wording {
    let text = format!("{class}: {why}");
    Wording {
        status,
        code,
        err_code: None,
        en: text.clone(),
        zh: text,
        bare: None,
    }
}

impl ApiError {
    /// The text of the error in an agent before 4.3.1.0.
    pub(crate) fn old_wording(&self, version: Version) -> Wording {
        match self {
            Self::HeaderNotFound => say(UNAUTHORIZED, "header not found"),
            // The misspelling is the agent's.
            Self::AgentHeaderNotFound => say(UNAUTHORIZED, "aegnt header not found"),
            Self::HeaderDecrypt(_) => say(UNAUTHORIZED, "header decrypt failed"),
            Self::UriMismatch => say(UNAUTHORIZED, "uri mismatch"),
            Self::Expired | Self::SessionTime => say(UNAUTHORIZED, "auth expired"),
            Self::TimestampInvalid { why, .. } => say(UNAUTHORIZED, why),
            Self::IncorrectAgentPassword => {
                say(UNAUTHORIZED, "access denied: agent password is incorrect")
            }
            Self::AgentPasswordNotInitialized => {
                say(UNAUTHORIZED, "agent password is not initialized")
            }
            Self::WithAgentPassword("agent password has been set") => say(
                UNAUTHORIZED,
                "agent password has been set, use agent password to verify",
            ),
            Self::WithAgentPassword("oceanbase password is not initialized") => say(
                UNAUTHORIZED,
                "oceanbase password is not initialized, use agent password to verify",
            ),
            Self::WithAgentPassword(_) => say(UNAUTHORIZED, "Please use agent password to verify"),
            Self::WithOceanBasePassword(why) => say(
                UNAUTHORIZED,
                &format!("{why}, use oceanbase password to verify"),
            ),
            Self::IncorrectOceanBasePassword => say(UNAUTHORIZED, "access denied"),
            Self::SessionInvalid
            | Self::SessionExpired
            | Self::SsoTokenMissing
            | Self::SsoTokenInvalid => say(UNAUTHORIZED, "unauthorized"),
            Self::BodyKeySize | Self::BodyLength | Self::AesKeySize | Self::AesKeyNotFound => {
                say(UNAUTHORIZED, "body decrypt failed")
            }
            Self::BindJson(why) => say(ILLEGAL_ARGUMENT, why),
            Self::FileMissing(why) => say(UNEXPECTED, why),
            Self::RouteNotFound => say(BAD_REQUEST, "404 not found"),
            Self::TaskRecordNotFound => say(TASK_NOT_FOUND, "record not found"),
            Self::TaskNotFound(why) => say(TASK_NOT_FOUND, why),
            Self::InvalidId { id, why } if why.as_deref() == Some(NO_IP) => {
                say(ILLEGAL_ARGUMENT, &format!("convert id '{id}' to ip failed"))
            }
            Self::InvalidId { id, .. } => say(ILLEGAL_ARGUMENT, &format!("invalid id: {id}")),
            Self::DagOperatorNotSupported(operator) | Self::NodeOperatorNotSupported(operator) => {
                say(KNOWN, &format!("invalid operator: {operator}"))
            }
            Self::CreateFailed { .. } => say(UNEXPECTED, under_maintenance(version)),
            Self::Refused { refused, .. } => refused_wording(*refused, version),
            _ => self.old_odp_wording(),
        }
    }

    fn old_odp_wording(&self) -> Wording {
        match self {
            Self::NotManaged => say(BAD_REQUEST, "This is not an obproxy agent"),
            Self::AlreadyManaged => say(BAD_REQUEST, "Agent has already managed obproxy"),
            Self::PathNotExist(path) => say(
                ILLEGAL_ARGUMENT,
                &format!("invalid obproxy home path: '{path}' is not exist"),
            ),
            Self::DirNotEmpty(path) => say(
                ILLEGAL_ARGUMENT,
                &format!("invalid obproxy home path: '{path}' is not empty"),
            ),
            Self::InvalidPort(port) => say(ILLEGAL_ARGUMENT, &format!("invalid port: {port}")),
            Self::RsListAndConfigUrl => say(
                ILLEGAL_ARGUMENT,
                "rs_list and config_url can not be specified at the same time",
            ),
            Self::NeitherRsListNorConfigUrl => say(
                ILLEGAL_ARGUMENT,
                "rs_list or config_url must be specified when agent is not cluster agent",
            ),
            Self::OdpPackageNotFound(package) => {
                say(BAD_REQUEST, &format!("package {package} not found"))
            }
            Self::NotHoldingOceanBase => say(UNEXPECTED, "oceanbase db is nil"),
            Self::NoOceanBaseForTask => say(TASK_NOT_FOUND, "oceanbase db is nil"),
            Self::NotAClusterAgent(what) => {
                say(BAD_REQUEST, &format!("only cluster agent can get {what}"))
            }
            Self::NoAnswer => say(UNEXPECTED, "ocsagent cannot build response body"),
            Self::Plain(text) => say(UNEXPECTED, text),
            _ => say(UNEXPECTED, "unhandled error"),
        }
    }
}

/// The message while the lock is taken: before 4.3.0.0 with the lock's state as a number of its
/// table row.
fn under_maintenance(version: Version) -> &'static str {
    if version < Version::new(4, 3, 0, 0) {
        "failed to set status to 4: agent status is not 1"
    } else {
        "failed to start maintenance: agent is under maintenance"
    }
}

fn refused_wording(refused: Refused, version: Version) -> Wording {
    match refused {
        Refused::NotFound => say(TASK_NOT_FOUND, "record not found"),
        Refused::UnderMaintenance => say(UNEXPECTED, under_maintenance(version)),
        Refused::RetryNotFailedDag => {
            say(KNOWN, "failed to set dag retry: dag state is not failed")
        }
        Refused::RollbackNotFailedDag => {
            say(KNOWN, "failed to set dag rollback: dag state is not failed")
        }
        Refused::RollbackNotAllowed(node) => say(
            KNOWN,
            // The first node refuses.
            &format!("failed to set dag rollback: node 1. {node} can not rollback"),
        ),
        Refused::CancelFinishedDag => say(KNOWN, "failed to cancel dag: dag is finished"),
        Refused::CancelNotAllowed(node) => say(
            KNOWN,
            &format!("failed to cancel dag: {node} can not cancel"),
        ),
        Refused::PassNotFailedDag => say(KNOWN, "failed to pass dag: dag is not failed"),
        Refused::PassNotAllowed(node) => {
            say(KNOWN, &format!("failed to pass dag: {node} can not pass"))
        }
        Refused::NodePassNotFailedDag => say(
            UNEXPECTED,
            "failed to pass node: associated dag is not failed",
        ),
        Refused::NodePassNotFailedNode(node) => say(
            UNEXPECTED,
            &format!("failed to pass node: node {node} is not failed"),
        ),
    }
}
