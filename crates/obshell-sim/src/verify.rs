//! Access control (obshell: ob/agent/api/common/middleware.go, ob/agent/secure/auth.go).

use chrono::{DateTime, TimeDelta, Utc};

use crate::config::Identity;
use crate::engine::id::is_odp_id;
use crate::error::ApiError;
use crate::go;
use crate::header::{Header, Kind};
use crate::route::{Class, Route};
use crate::state::State;

/// The idle time after which a session ends.
const SESSION_LIFE: TimeDelta = TimeDelta::minutes(30);

/// How a request was admitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// Without a session.
    Plainly,
    /// By this session.
    BySession(String),
}

/// Admits or refuses a request. `received` is when the request reached the agent.
pub(crate) fn verify(
    state: &mut State,
    route: &Route,
    target: &str,
    header: Option<&(Kind, Header)>,
    received: DateTime<Utc>,
) -> Result<Admitted, ApiError> {
    let class = route.class();
    if class == Class::Open || !state.encryption {
        return Ok(Admitted::Plainly);
    }
    let (kind, header) = header.ok_or(ApiError::HeaderNotFound)?;
    if class == Class::Odp && *kind != Kind::Agent {
        return Err(ApiError::AgentHeaderNotFound);
    }
    if header.uri != target {
        return Err(ApiError::UriMismatch);
    }
    let gate = Gate {
        state,
        kind: *kind,
        header,
        now: received.timestamp(),
    };
    if *route == Route::SetPassword {
        return gate.set_password();
    }
    let takes_session =
        !matches!(class, Class::Login | Class::SsoExchange) && gate.state.version.has_sessions();
    if takes_session
        && !header.session_id.is_empty()
        && gate.state.identity == Identity::ClusterAgent
    {
        return gate.session(received);
    }
    match class {
        Class::Odp => gate.agent_only(),
        Class::Task if route.id().is_some_and(is_odp_id) => gate.agent_only(),
        Class::SsoExchange => gate.sso_exchange(),
        Class::Open | Class::General | Class::Task | Class::Login => gate.general(),
    }
}

struct Gate<'a> {
    state: &'a mut State,
    kind: Kind,
    header: &'a Header,
    now: i64,
}

impl Gate<'_> {
    fn timestamp(&self) -> Result<(), ApiError> {
        let ts = go::parse_int(&self.header.ts).map_err(|why| ApiError::TimestampInvalid {
            ts: self.header.ts.clone(),
            why,
        })?;
        if self.now > ts {
            Err(ApiError::Expired)
        } else {
            Ok(())
        }
    }

    /// An empty `Auth` skips the check of the time, and is then wrong.
    fn password(&self, auth: &str, password: &str, wrong: ApiError) -> Result<Admitted, ApiError> {
        if !auth.is_empty() {
            self.timestamp()?;
        }
        if auth == password {
            Ok(Admitted::Plainly)
        } else {
            Err(wrong)
        }
    }

    fn agent_password(&self, auth: &str, password: &str) -> Result<Admitted, ApiError> {
        self.password(auth, password, ApiError::IncorrectAgentPassword)
    }

    fn ob_password(&self) -> Result<Admitted, ApiError> {
        let password = self.state.ob_password.as_deref().unwrap_or_default();
        self.password(
            &self.header.auth,
            password,
            ApiError::IncorrectOceanBasePassword,
        )
    }

    /// Routes of the ODP and of its tasks.
    fn agent_only(self) -> Result<Admitted, ApiError> {
        if self.kind != Kind::Agent {
            return Err(ApiError::WithAgentPassword(
                "this route only support agent password",
            ));
        }
        let password = self
            .state
            .agent_password
            .as_deref()
            .ok_or(ApiError::AgentPasswordNotInitialized)?;
        self.agent_password(&self.header.auth, password)
    }

    fn general(self) -> Result<Admitted, ApiError> {
        match self.state.identity {
            Identity::Single => self.general_single(),
            Identity::ClusterAgent => self.general_cluster(),
        }
    }

    fn general_single(self) -> Result<Admitted, ApiError> {
        let Some(password) = self.state.agent_password.as_deref() else {
            return Ok(Admitted::Plainly);
        };
        if self.kind != Kind::Agent {
            return Err(ApiError::WithAgentPassword("agent password has been set"));
        }
        let as_given = self.agent_password(&self.header.auth, password);
        if as_given.is_ok() {
            return as_given;
        }
        // Only here may `Auth` be the password sealed a second time.
        match self.state.keys.decrypt(&self.header.auth) {
            Ok(opened) => self.agent_password(&String::from_utf8_lossy(&opened), password),
            Err(_) => as_given,
        }
    }

    fn general_cluster(self) -> Result<Admitted, ApiError> {
        match (self.kind, self.state.agent_password.as_deref()) {
            (Kind::OceanBase, Some(_)) if self.state.ob_password.is_none() => Err(
                ApiError::WithAgentPassword("oceanbase password is not initialized"),
            ),
            (Kind::OceanBase, _) => self.ob_password(),
            (Kind::Agent, None) if self.state.ob_password.is_some() => Err(
                ApiError::WithOceanBasePassword("agent password is not initialized"),
            ),
            (Kind::Agent, None) => Ok(Admitted::Plainly),
            (Kind::Agent, Some(password)) => self.agent_password(&self.header.auth, password),
        }
    }

    /// The route that sets the agent password.
    fn set_password(self) -> Result<Admitted, ApiError> {
        match (
            self.state.agent_password.as_deref(),
            self.kind,
            self.state.identity,
        ) {
            (Some(password), Kind::Agent, _) => self.agent_password(&self.header.auth, password),
            (Some(_), Kind::OceanBase, _) => {
                Err(ApiError::WithAgentPassword("agent password has been set"))
            }
            (None, Kind::OceanBase, Identity::ClusterAgent) => self.ob_password(),
            (None, Kind::Agent, Identity::ClusterAgent) => Err(ApiError::WithOceanBasePassword(
                "oceanbase password has been set",
            )),
            (None, _, Identity::Single) => Ok(Admitted::Plainly),
        }
    }

    /// Checks only the session and the time: no password.
    fn session(self, received: DateTime<Utc>) -> Result<Admitted, ApiError> {
        self.timestamp().map_err(|_| ApiError::SessionTime)?;
        let id = &self.header.session_id;
        let end = self
            .state
            .sessions
            .get_mut(id)
            .ok_or(ApiError::SessionInvalid)?;
        if received > *end {
            self.state.sessions.remove(id);
            return Err(ApiError::SessionExpired);
        }
        *end = received + SESSION_LIFE;
        Ok(Admitted::BySession(id.clone()))
    }

    fn sso_exchange(self) -> Result<Admitted, ApiError> {
        self.timestamp().map_err(|_| ApiError::SessionTime)?;
        Ok(Admitted::Plainly)
    }
}

/// When a session that is used now ends.
pub(crate) fn session_end(now: DateTime<Utc>) -> DateTime<Utc> {
    now + SESSION_LIFE
}
