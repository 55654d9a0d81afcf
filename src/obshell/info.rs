//! What the open routes tell of an agent: `/api/v1/info`, `/api/v1/secret`, `/api/v1/status`.

use std::fmt;

use serde::Deserialize;

use super::agent_text::AgentText;
use super::invisible::visible;
use super::time::{self, Millis};
use super::wire;

/// A version as the agent writes it, `4.5.0.0-0`: four numbers and a build number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    text: AgentText,
    numbers: Option<[u32; 4]>,
}

impl Version {
    /// The first release with ODP routes and the agent password.
    pub const FIRST_WITH_ODP: [u32; 4] = [4, 2, 6, 0];
    /// The first release with a list of all tasks, `/task/dags/agent` (protocol: 13.2).
    pub const FIRST_WITH_LIST: [u32; 4] = [4, 3, 0, 0];
    /// The first release of which every build takes CANCEL and PASS of an ODP task; of 4.2.6.x some
    /// builds do (protocol: 13, 13.6).
    pub const FIRST_WITH_CANCEL: [u32; 4] = [4, 3, 0, 0];
    /// The first release in which a node can be passed: 4.3.0.0 has no route for it (protocol:
    /// 13.2).
    pub const FIRST_WITH_NODE_PASS: [u32; 4] = [4, 3, 1, 0];
    /// The first release with errCode, localised messages.
    pub const FIRST_WITH_ERR_CODE: [u32; 4] = [4, 3, 1, 0];
    /// The first release with sessions.
    pub const FIRST_WITH_SESSIONS: [u32; 4] = [4, 4, 0, 0];

    /// Keeps the text, and reads the numbers where there are four.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let release = text.split('-').next().unwrap_or_default();
        let mut parts = release.split('.').map(|part| part.parse::<u32>().ok());
        let mut next = || parts.next().flatten();
        let numbers = match (next(), next(), next(), next()) {
            (Some(a), Some(b), Some(c), Some(d)) => Some([a, b, c, d]),
            _ => None,
        };
        Self {
            text: text.into(),
            numbers,
        }
    }

    /// Whether this is `version` or later; `None` where the agent's text has no four numbers.
    #[must_use]
    pub fn at_least(&self, version: [u32; 4]) -> Option<bool> {
        self.numbers.map(|numbers| numbers >= version)
    }

    /// The text exactly as the agent wrote it, for programs.
    #[must_use]
    pub fn raw(&self) -> &str {
        self.text.raw()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// What an agent is. The wire strings have spaces, as in `CLUSTER AGENT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Belongs to no cluster.
    Single,
    /// Leads agents that are not yet a cluster.
    Master,
    /// Follows a MASTER.
    Follower,
    /// Belongs to an OceanBase cluster; the only identity that honours sessions.
    ClusterAgent,
    /// Any other, kept as written.
    Other(AgentText),
}

impl Identity {
    fn new(text: &str) -> Self {
        match text {
            "SINGLE" => Self::Single,
            "MASTER" => Self::Master,
            "FOLLOWER" => Self::Follower,
            "CLUSTER AGENT" => Self::ClusterAgent,
            other => Self::Other(other.into()),
        }
    }

    /// The word exactly as the agent wrote it, for programs.
    #[must_use]
    pub fn raw(&self) -> &str {
        match self {
            Self::Single => "SINGLE",
            Self::Master => "MASTER",
            Self::Follower => "FOLLOWER",
            Self::ClusterAgent => "CLUSTER AGENT",
            Self::Other(text) => text.raw(),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(self.raw()))
    }
}

/// The answer to `GET /api/v1/info`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentInfo {
    /// The agent's version.
    pub version: Version,
    /// Its identity.
    pub identity: Identity,
    /// The IP address that the agent takes for its own.
    pub ip: AgentText,
    /// The TCP port that the agent takes for its own.
    pub port: u16,
    /// The agent's home folder on its host (not the ODP's).
    pub home_path: AgentText,
    /// When the agent's process started, in nanoseconds since 1970; changes with every restart. 0 where the agent
    /// does not say; see [`running_since`](Self::running_since) for showing it.
    pub started_at: i64,
    /// Whether an ODP is managed; `None` where the agent does not say (before 4.2.6.0).
    pub manages_odp: Option<bool>,
    /// Whether an agent password is set; `None` where the agent does not say.
    pub password_set: Option<bool>,
}

impl AgentInfo {
    /// Whether both are answers of one agent: address and home are given at its first start and stay
    /// (protocol: 6.2). Key, identity and version may change in its life.
    #[must_use]
    pub fn is_same_agent(&self, other: &Self) -> bool {
        (&self.ip, self.port, &self.home_path) == (&other.ip, other.port, &other.home_path)
    }

    /// When the agent's process started, in milliseconds since 1970 by the agent's clock; `None`
    /// where the agent does not say.
    #[must_use]
    pub fn running_since(&self) -> Option<Millis> {
        Some(self.started_at / 1_000_000).filter(|millis| time::is_real(*millis))
    }

    /// Whether the agent gives and takes sessions, so that OceanBase's root password will do; no
    /// agent password is needed then (protocol: 1.8).
    #[must_use]
    pub fn has_sessions(&self) -> bool {
        self.identity == Identity::ClusterAgent
            && self.version.at_least(Version::FIRST_WITH_SESSIONS) != Some(false)
    }
}

impl From<wire::Info> for AgentInfo {
    fn from(wire: wire::Info) -> Self {
        Self {
            version: Version::new(&wire.version),
            identity: Identity::new(&wire.identity),
            ip: wire.ip.unwrap_or_default().into(),
            port: wire.port.unwrap_or_default(),
            home_path: wire.home_path.unwrap_or_default().into(),
            started_at: wire.start_at.unwrap_or_default(),
            manages_odp: wire.is_obproxy_agent,
            password_set: wire.security,
        }
    }
}

/// The answer to `GET /api/v1/status`, as far as it matters here. Its `underMaintenance` stays
/// false during ODP tasks (protocol: 3.2), so it is not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AgentStatus {
    /// 0 unknown, 1 starting, 2 running, 3 stopping, 4 stopped.
    pub state: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        let version = Version::new("4.10.0.0-123");
        assert_eq!(version.at_least(Version::FIRST_WITH_ODP), Some(true));
        assert_eq!(
            Version::new("4.2.5.0-1").at_least(Version::FIRST_WITH_ODP),
            Some(false)
        );
        assert_eq!(
            Version::new("4.2.6.0").at_least(Version::FIRST_WITH_ODP),
            Some(true)
        );
        for odd in ["", "master", "4.2", "a.b.c.d-0"] {
            let version = Version::new(odd);
            assert_eq!(version.at_least(Version::FIRST_WITH_ODP), None);
            assert_eq!(version.to_string(), odd);
        }
    }
}
