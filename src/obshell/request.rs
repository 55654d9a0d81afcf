//! Requests as values, one constructor per endpoint, and their sealing.
//!
//! The signed text is the one that the agent receives: a request's [target](Request::target) is the
//! path and query as they appear in the agent's request line, and the header's `Uri` must equal it
//! byte for byte (protocol: 1.4).

use rand_core::TryCryptoRng;
use serde::Serialize;
use zeroize::Zeroizing;

use super::crypto::body::seal_body;
use super::crypto::public_key::{PublicKey, SealError};
use super::crypto::session_key::SessionKey;
use super::dag::id::{DagId, NodeId, SubTaskId};
use super::secret::Secret;
use super::time::Millis;

/// The lifetime of the header of a read or a login, in seconds by the agent's clock (protocol:
/// 11.3). The header of a request that changes something has a shorter one: see
/// [`write_life_seconds`](crate::flow::poll::write_life_seconds).
pub const HEADER_LIFE_SECONDS: i64 = 60;

/// The header of ODP routes and of their tasks: agent password or session.
pub const AGENT_HEADER: &str = "X-OCS-Agent-Header";

/// The header of OceanBase's root password; only for a login, since no ODP route accepts it.
pub const ROOT_HEADER: &str = "X-OCS-Header";

/// The header that names a request in the agent's log (protocol: 2.7).
pub const TRACE_HEADER: &str = "X-OBSHELL-Trace-ID";

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Operates.
    Post,
    /// Destroys.
    Delete,
}

impl Method {
    /// The name as in the request line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// An operator on a DAG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DagOperation {
    /// Run the failed stage again, then continue.
    Retry,
    /// Stop; completed stages remain done.
    Cancel,
    /// Mark as done without running.
    Pass,
    /// Undo, if every node allows it.
    Rollback,
}

impl DagOperation {
    fn as_str(self) -> &'static str {
        match self {
            Self::Retry => "RETRY",
            Self::Cancel => "CANCEL",
            Self::Pass => "PASS",
            Self::Rollback => "ROLLBACK",
        }
    }
}

/// A request to an agent, before sealing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    method: Method,
    target: String,
    sealed: bool,
    body: Option<String>,
}

/// The credential of a request. Kept in memory only.
#[derive(Debug)]
pub enum Credential {
    /// The agent password.
    AgentPassword(Secret),
    /// A session of a CLUSTER AGENT.
    Session(Secret),
    /// The root password of OceanBase; only for a login.
    RootPassword(Secret),
    /// As [`RootPassword`](Self::RootPassword), for a root user without a password; a deliberate
    /// choice, never an empty [`Secret`].
    RootWithoutPassword,
}

/// What sealing needs besides the request.
#[derive(Clone, Copy)]
pub struct Seal<'a> {
    /// The agent's public key.
    pub key: &'a PublicKey,
    /// The credential.
    pub credential: &'a Credential,
    /// The agent's time, in milliseconds since 1970.
    pub agent_time: Millis,
    /// The lifetime of the header, in seconds.
    pub life_seconds: i64,
    /// The text before the target in the agent's request line: empty, unless the agent is behind a
    /// proxy that does not strip its prefix.
    pub path_prefix: &'a str,
}

/// A request in the form that is sent.
#[derive(Debug)]
pub struct WireRequest {
    /// The method.
    pub method: Method,
    /// Path and query, to be appended to the endpoint.
    pub target: String,
    /// Headers: names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, encrypted.
    pub body: Option<String>,
    /// Whether the request is completed even if the page is left meanwhile: a DELETE, a login or a
    /// logout. Not an operator: browsers limit the bodies of such requests, for all scripts of a
    /// page together, to 64 KiB (Fetch, HTTP-network-or-cache fetch), and reject a request above
    /// the limit with the message of a broken connection.
    pub outlives_page: bool,
    /// The key of this request's body, and of the answer to a login.
    pub session_key: Option<SessionKey>,
    /// The trace id of this request in the agent's log, known even without an answer.
    pub trace_id: Option<String>,
}

impl Request {
    fn open_route(target: &str) -> Self {
        Self {
            method: Method::Get,
            target: target.to_owned(),
            sealed: false,
            body: None,
        }
    }

    fn sealed(method: Method, target: String) -> Self {
        Self {
            method,
            target,
            sealed: true,
            body: None,
        }
    }

    /// `GET /api/v1/secret`: the public key. Sent without a header: the agent refuses even this
    /// route if the header cannot be decrypted (protocol: 12.1).
    #[must_use]
    pub fn secret() -> Self {
        Self::open_route("/api/v1/secret")
    }

    /// `GET /api/v1/info`: version, identity, whether an ODP is managed.
    #[must_use]
    pub fn info() -> Self {
        Self::open_route("/api/v1/info")
    }

    /// `GET /api/v1/time`: the agent's clock.
    #[must_use]
    pub fn time() -> Self {
        Self::open_route("/api/v1/time")
    }

    /// `GET /api/v1/status`: the state of the agent's service.
    #[must_use]
    pub fn status() -> Self {
        Self::open_route("/api/v1/status")
    }

    /// `DELETE /api/v1/obproxy`: destroys the managed ODP. Without a body; the agent ignores one.
    #[must_use]
    pub fn delete_odp() -> Self {
        Self::sealed(Method::Delete, "/api/v1/obproxy".to_owned())
    }

    /// `GET /api/v1/task/dag/:id`, with nodes, sub tasks and logs.
    #[must_use]
    pub fn dag(id: &DagId) -> Self {
        Self::sealed(Method::Get, format!("/api/v1/task/dag/{id}"))
    }

    /// `GET /api/v1/task/node/:id`, with sub tasks and logs. (`show_details=false` makes the agent
    /// panic, so it is not offered.)
    #[must_use]
    pub fn node(id: &NodeId) -> Self {
        Self::sealed(Method::Get, format!("/api/v1/task/node/{id}"))
    }

    /// `GET /api/v1/task/sub_task/:id`.
    #[must_use]
    pub fn sub_task(id: &SubTaskId) -> Self {
        Self::sealed(Method::Get, format!("/api/v1/task/sub_task/{id}"))
    }

    /// `GET /api/v1/task/sub_task/:id/logs`, each line with its time (4.3.0.0 and later).
    #[must_use]
    pub fn sub_task_logs(id: &SubTaskId) -> Self {
        Self::sealed(Method::Get, format!("/api/v1/task/sub_task/{id}/logs"))
    }

    /// `GET /api/v1/task/dag/unfinish`: on a CLUSTER AGENT the tasks of all agents, but not always
    /// this agent's ODP tasks (protocol: 12.10).
    #[must_use]
    pub fn unfinished_dags() -> Self {
        Self::sealed(Method::Get, "/api/v1/task/dag/unfinish".to_owned())
    }

    /// `GET /api/v1/task/dag/agent/unfinish`: this agent's own unfinished tasks, failed ones that
    /// hold a lock included.
    #[must_use]
    pub fn agent_unfinished_dags() -> Self {
        Self::sealed(Method::Get, "/api/v1/task/dag/agent/unfinish".to_owned())
    }

    /// `GET /api/v1/task/dags/agent`: every task of this agent, oldest first, without details
    /// (4.3.0.0 and later; that version sends details nevertheless).
    #[must_use]
    pub fn agent_dags() -> Self {
        Self::sealed(
            Method::Get,
            "/api/v1/task/dags/agent?show_details=false".to_owned(),
        )
    }

    /// As [`agent_dags`](Self::agent_dags), with details, which every version sends by default
    /// (protocol: 13.3).
    #[must_use]
    pub fn agent_dags_with_details() -> Self {
        Self::sealed(Method::Get, "/api/v1/task/dags/agent".to_owned())
    }

    /// `GET /api/v1/task/dag/maintain/agent`: the newest task that took a lock, whatever its state.
    #[must_use]
    pub fn newest_maintenance_dag() -> Self {
        Self::sealed(Method::Get, "/api/v1/task/dag/maintain/agent".to_owned())
    }

    /// `POST /api/v1/task/dag/:id`: an operator on a DAG.
    #[must_use]
    pub fn operate_dag(id: &DagId, operation: DagOperation) -> Self {
        Self {
            body: Some(operator_body(operation.as_str())),
            ..Self::sealed(Method::Post, format!("/api/v1/task/dag/{id}"))
        }
    }

    /// `POST /api/v1/task/node/:id` with `PASS`, the only operator that nodes know: counts the
    /// failed node as done and continues with the next.
    #[must_use]
    pub fn pass_node(id: &NodeId) -> Self {
        Self {
            body: Some(operator_body("PASS")),
            ..Self::sealed(Method::Post, format!("/api/v1/task/node/{id}"))
        }
    }

    /// `POST /api/v1/login`: a session of a CLUSTER AGENT. The answer is encrypted with the
    /// request's key.
    #[must_use]
    pub fn login() -> Self {
        Self::sealed(Method::Post, "/api/v1/login".to_owned())
    }

    /// Whether this request is a login.
    #[must_use]
    pub fn is_login(&self) -> bool {
        self.target == "/api/v1/login"
    }

    /// `POST /api/v1/logout`: ends the session of the credential, which is also sent in the body.
    #[must_use]
    pub fn logout() -> Self {
        Self::sealed(Method::Post, "/api/v1/logout".to_owned())
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.method
    }

    /// Path and query below the endpoint.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Whether the request needs a sealed header, and thus a key and a credential.
    #[must_use]
    pub fn needs_seal(&self) -> bool {
        self.sealed
    }

    /// The wire form of a request to an open route.
    #[must_use]
    pub fn plain(&self) -> WireRequest {
        WireRequest {
            method: self.method,
            target: self.target.clone(),
            headers: Vec::new(),
            body: None,
            outlives_page: false,
            session_key: None,
            trace_id: None,
        }
    }

    /// Seals the request: header `X-OCS-Agent-Header` with password or session, expiry, path and
    /// a fresh AES key and IV; the body, where there is one, encrypted with these.
    ///
    /// # Errors
    /// [`SealError`] if there is no randomness. Nothing is ever sent in the clear instead.
    pub fn seal<R: TryCryptoRng + ?Sized>(
        &self,
        seal: Seal<'_>,
        rng: &mut R,
    ) -> Result<WireRequest, SealError> {
        let session_key = SessionKey::generate(rng)?;
        let header = self.header_json(seal, &session_key);
        let trace_id = rng
            .try_next_u64()
            .map(|number| format!("{number:016x}"))
            .map_err(|_| SealError::Randomness)?;
        let name = match seal.credential {
            Credential::AgentPassword(_) | Credential::Session(_) => AGENT_HEADER,
            Credential::RootPassword(_) | Credential::RootWithoutPassword => ROOT_HEADER,
        };
        let mut headers = vec![
            (name, seal.key.seal(&header, rng)?),
            (TRACE_HEADER, trace_id.clone()),
        ];
        let body = match (&self.body, seal.credential) {
            (Some(body), _) => Some(seal_body(&session_key, body.as_bytes())),
            (None, Credential::Session(id)) if self.target == "/api/v1/logout" => {
                let body = json(&LogoutBody {
                    session_id: id.expose(),
                });
                Some(seal_body(&session_key, &body))
            }
            (None, _) => None,
        };
        if body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        Ok(WireRequest {
            method: self.method,
            target: self.target.clone(),
            headers,
            body,
            outlives_page: self.method != Method::Get && self.body.is_none(),
            session_key: Some(session_key),
            trace_id: Some(trace_id),
        })
    }

    fn header_json(&self, seal: Seal<'_>, session_key: &SessionKey) -> Zeroizing<Vec<u8>> {
        let (auth, session_id) = match seal.credential {
            Credential::AgentPassword(secret) | Credential::RootPassword(secret) => {
                (secret.expose(), None)
            }
            Credential::RootWithoutPassword => ("", None),
            Credential::Session(secret) => ("", Some(secret.expose())),
        };
        let keys = session_key.to_base64();
        let expiry = expiry(seal.agent_time, seal.life_seconds);
        json(&Header {
            auth,
            ts: &expiry.to_string(),
            uri: &format!("{}{}", seal.path_prefix, self.target),
            keys: &keys,
            session_id,
        })
    }
}

/// The last second by the agent's clock, since 1970, in which the agent accepts a header sealed at
/// `agent_time` (in milliseconds) with this lifetime. It refuses a later request (protocol: 1.5).
#[must_use]
pub fn expiry(agent_time: Millis, life_seconds: i64) -> i64 {
    agent_time.div_euclid(1000).saturating_add(life_seconds)
}

/// The JSON inside the header (protocol: 1.3). `Ts` must be a string.
#[derive(Serialize)]
struct Header<'a> {
    #[serde(rename = "Auth")]
    auth: &'a str,
    #[serde(rename = "Ts")]
    ts: &'a str,
    #[serde(rename = "Uri")]
    uri: &'a str,
    #[serde(rename = "Keys")]
    keys: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
}

#[derive(Serialize)]
struct LogoutBody<'a> {
    session_id: &'a str,
}

/// Serialises into one allocation that is wiped: a growing buffer would leave copies behind.
fn json(value: &impl Serialize) -> Zeroizing<Vec<u8>> {
    /// Counts bytes.
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // Neither writer fails, and strings always serialise.
    let _ = serde_json::to_writer(&mut count as &mut dyn std::io::Write, value);
    let mut text = Zeroizing::new(Vec::with_capacity(count.0));
    let _ = serde_json::to_writer(&mut *text as &mut dyn std::io::Write, value);
    text
}

fn operator_body(operator: &str) -> String {
    // No other field: a different `id` makes the agent look for another DAG (protocol: 4.5).
    format!(r#"{{"operator":"{operator}"}}"#)
}
