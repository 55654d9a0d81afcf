//! The answers of an agent's public routes: `/api/v1/info`, `/api/v1/secret`, `/api/v1/status`.

use std::fmt;

use serde::Deserialize;

use super::agent_text::AgentText;
use super::invisible::visible;
use super::time::{self, Millis};
use super::wire;

/// A version as written by the agent, `4.5.0.0-0`: four numbers and a build number.
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
    /// The first release in which every build supports CANCEL and PASS of an ODP task; some builds
    /// of 4.2.6.x do (protocol: 13, 13.6).
    pub const FIRST_WITH_CANCEL: [u32; 4] = [4, 3, 0, 0];
    /// The first release in which a node can be passed: 4.3.0.0 has no route for this operation
    /// (protocol: 13.2).
    pub const FIRST_WITH_NODE_PASS: [u32; 4] = [4, 3, 1, 0];
    /// The first release with `errCode` and localized messages.
    pub const FIRST_WITH_ERR_CODE: [u32; 4] = [4, 3, 1, 0];
    /// The first release with sessions.
    pub const FIRST_WITH_SESSIONS: [u32; 4] = [4, 4, 0, 0];

    /// Keeps the text, and parses the numbers if there are four.
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

    /// Whether the release is `version` or later; `None` if the text does not contain four numbers.
    #[must_use]
    pub fn at_least(&self, version: [u32; 4]) -> Option<bool> {
        self.numbers.map(|numbers| numbers >= version)
    }

    /// The text exactly as written by the agent, for machine-readable output.
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

/// The identity of an agent. The wire strings contain spaces, as in `CLUSTER AGENT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Belongs to no cluster.
    Single,
    /// Leads agents that are not yet a cluster.
    Master,
    /// Follows a MASTER.
    Follower,
    /// Belongs to an OceanBase cluster; the only identity that accepts sessions.
    ClusterAgent,
    /// Any other identity, as written by the agent.
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

    /// The word exactly as written by the agent, for machine-readable output.
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
    /// The identity of the agent.
    pub identity: Identity,
    /// The agent's own IP address, as reported by the agent.
    pub ip: AgentText,
    /// The agent's own TCP port, as reported by the agent.
    pub port: u16,
    /// The agent's home directory on its host (not the ODP's).
    pub home_path: AgentText,
    /// When the agent's process started, in nanoseconds since 1970; changes with every restart. 0
    /// if the agent does not report the time; see [`running_since`](Self::running_since) for
    /// display.
    pub started_at: i64,
    /// Whether the agent manages an ODP; `None` if it does not report this (before 4.2.6.0).
    pub manages_odp: Option<bool>,
    /// Whether an agent password is set; `None` if the agent does not report this.
    pub password_set: Option<bool>,
}

impl AgentInfo {
    /// Whether both answers are from the same agent: its address is set at the first start, and its
    /// home directory is where its program is (protocol: 6.2). Key, identity and version may change.
    #[must_use]
    pub fn is_same_agent(&self, other: &Self) -> bool {
        (&self.ip, self.port, &self.home_path) == (&other.ip, other.port, &other.home_path)
    }

    /// When the agent's process started, in milliseconds since 1970 by the agent's clock; `None` if
    /// the agent does not report the time.
    #[must_use]
    pub fn running_since(&self) -> Option<Millis> {
        Some(self.started_at / 1_000_000).filter(|millis| time::is_real(*millis))
    }

    /// Whether the agent supports sessions, so that OceanBase's root password can be used instead
    /// of an agent password (protocol: 1.8).
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
            ip: wire.ip.into(),
            port: wire.port,
            home_path: wire.home_path.into(),
            started_at: wire.start_at.unwrap_or_default(),
            manages_odp: wire.is_obproxy_agent,
            password_set: wire.security,
        }
    }
}

/// The used part of the answer to `GET /api/v1/status`. The field `underMaintenance` stays false
/// during ODP tasks (protocol: 3.2) and is therefore not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AgentStatus {
    /// The state of the agent: 0 unknown, 1 starting, 2 running, 3 stopping, 4 stopped.
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
