//! The configuration of a simulated agent at its start.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;
use std::time::Duration;

/// The initial configuration of a simulated agent. [`Config::default`] holds the program's
/// defaults.
#[derive(Clone)]
pub struct Config {
    /// The agent password; `None`: none was ever set.
    pub agent_password: Option<String>,
    /// The root@sys password of the OceanBase cluster, used only by an [`Identity::ClusterAgent`].
    /// An empty password is that of a cluster on which none was set: such an agent accepts only a
    /// login with the empty password. `None`: the agent does not know the password, as after its
    /// identity was changed by hand.
    pub ob_password: Option<String>,
    /// Whether an ODP is managed, and whether it is running.
    pub odp: Odp,
    /// The home directory of the ODP. Used only in log lines: the disk is never accessed.
    pub odp_home: String,
    /// Whether a managed ODP was added by an `Add obproxy`, the agent's first task, which succeeded
    /// some hours ago and left its log.
    pub added: bool,
    /// The stage of a delete that fails.
    pub fail: Fail,
    /// The identity that the agent reports.
    pub identity: Identity,
    /// Size of the RSA key in bits; `None`: that of the version, which is 512 before 4.4.2.0, else
    /// 1024.
    pub rsa_bits: Option<usize>,
    /// The version that the agent reports, and whose behaviour it has.
    pub version: Version,
    /// Whether `/info` has `supportedAuth`; `None`: as in the version.
    pub supported_auth: Option<bool>,
    /// Whether CANCEL and PASS of an ODP's task are allowed; `None`: as in the version. The commit
    /// that bumps the version to 4.2.6.0 refuses both; a released 4.2.6.x may contain the next
    /// commit, which allows them.
    pub cancel_and_pass: Option<bool>,
    /// Pause between two passes of the task engine.
    pub tick: Duration,
    /// Pause between killing the ODP and checking whether its process has ended.
    pub kill_wait: Duration,
    /// How far the agent's clock is ahead of this machine's, in seconds.
    pub clock_offset_secs: i64,
    /// The agent's time zone: seconds east of UTC, shown in its times.
    pub utc_offset_secs: i32,
    /// `false`: a build of obshell with encryption disabled, without headers and with plain bodies.
    pub encryption: bool,
    /// The address that the agent reports as its own, also in task ids; `None`: the one on which it
    /// listens.
    pub shown: Option<(IpAddr, u16)>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            agent_password: None,
            ob_password: None,
            odp: Odp::Running,
            odp_home: "/home/admin/obproxy".to_owned(),
            added: false,
            fail: Fail::None,
            identity: Identity::Single,
            rsa_bits: None,
            version: Version::CURRENT,
            supported_auth: None,
            cancel_and_pass: None,
            tick: Duration::from_millis(1000),
            kill_wait: Duration::from_millis(5000),
            clock_offset_secs: 0,
            utc_offset_secs: 0,
            encryption: true,
            shown: None,
        }
    }
}

impl Config {
    /// Size of the RSA key in bits.
    #[must_use]
    pub fn key_bits(&self) -> usize {
        let by_version = if self.version.has_1024_bit_key() {
            1024
        } else {
            512
        };
        self.rsa_bits.unwrap_or(by_version)
    }

    /// Whether CANCEL and PASS of an ODP's task are allowed.
    #[must_use]
    pub fn can_cancel_and_pass(&self) -> bool {
        self.cancel_and_pass
            .unwrap_or_else(|| self.version.can_cancel_and_pass())
    }
}

impl fmt::Debug for Config {
    /// Shows whether passwords are set, but never the passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("agent_password_set", &self.agent_password.is_some())
            .field("ob_password_set", &self.ob_password.is_some())
            .field("odp", &self.odp)
            .field("odp_home", &self.odp_home)
            .field("added", &self.added)
            .field("fail", &self.fail)
            .field("identity", &self.identity)
            .field("rsa_bits", &self.key_bits())
            .field("version", &self.version)
            .field("supported_auth", &self.supported_auth)
            .field("cancel_and_pass", &self.can_cancel_and_pass())
            .field("tick", &self.tick)
            .field("kill_wait", &self.kill_wait)
            .field("clock_offset_secs", &self.clock_offset_secs)
            .field("utc_offset_secs", &self.utc_offset_secs)
            .field("encryption", &self.encryption)
            .field("shown", &self.shown)
            .finish()
    }
}

/// The managed ODP at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Odp {
    /// Managed, its process is running.
    Running,
    /// Managed, without a process.
    Stopped,
    /// The agent manages no ODP.
    Unmanaged,
}

/// The stage of a delete that fails, on every attempt until it is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Fail {
    /// None: every stage succeeds.
    None,
    /// Stage 1: the check reports that no ODP is managed.
    Check,
    /// Stage 2, at once: the pid file contains no number.
    Stop,
    /// Stage 2, after 15 kills: the process does not die.
    StopTimeout,
    /// Stage 4: a directory cannot be removed.
    Clean,
}

/// The agent's role in its cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Identity {
    /// A single agent.
    Single,
    /// Part of a cluster. Only this one accepts sessions.
    ClusterAgent,
}

impl Identity {
    /// The name on the wire (obshell: ob/agent/meta/agent.go).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Single => "SINGLE",
            Self::ClusterAgent => "CLUSTER AGENT",
        }
    }
}

/// A version of obshell: four numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 4]);

impl Version {
    /// The newest version with recorded answers in the captures.
    pub const CURRENT: Self = Self([4, 5, 0, 0]);

    /// The versions with known answers: recorded ones of 4.2.6.0, 4.3.0.0 and 4.5.0.0, observed
    /// ones of 4.3.1.0; and the last version with short keys.
    pub const KNOWN: [Self; 5] = [
        Self([4, 2, 6, 0]),
        Self([4, 3, 0, 0]),
        Self([4, 3, 1, 0]),
        Self([4, 4, 1, 0]),
        Self::CURRENT,
    ];

    /// A version from its four numbers.
    #[must_use]
    pub const fn new(a: u32, b: u32, c: u32, d: u32) -> Self {
        Self([a, b, c, d])
    }

    /// ODP routes, agent password and the `X-OCS-Agent-Header`: 4.2.6.0.
    #[must_use]
    pub fn has_odp_routes(self) -> bool {
        self >= Self::new(4, 2, 6, 0)
    }

    /// `supportedAuth` in `/info`: 4.2.4.0 at the earliest.
    #[must_use]
    pub fn has_supported_auth(self) -> bool {
        self >= Self::new(4, 2, 4, 0)
    }

    /// An empty body is parsed as `{}`: 4.2.5.0.
    #[must_use]
    pub fn pads_empty_body(self) -> bool {
        self >= Self::new(4, 2, 5, 0)
    }

    /// The embedded web page and the routes and fields that it needs: `/task/dags/agent`, the logs
    /// of a sub task, `main_dags`, `host-info`, and `architecture` in `/info`: 4.3.0.0.
    #[must_use]
    pub fn has_web_page(self) -> bool {
        self >= Self::new(4, 3, 0, 0)
    }

    /// CANCEL and PASS of an ODP's task: not on the commit that bumps the version to 4.2.6.0.
    #[must_use]
    pub fn can_cancel_and_pass(self) -> bool {
        self > Self::new(4, 2, 6, 0)
    }

    /// PASS of a node: 4.3.1.0.
    #[must_use]
    pub fn has_node_pass(self) -> bool {
        self >= Self::new(4, 3, 1, 0)
    }

    /// `maintenance_type` and `maintenance_key` in a DAG: 4.3.1.0.
    #[must_use]
    pub fn tells_maintenance(self) -> bool {
        self >= Self::new(4, 3, 1, 0)
    }

    /// Before 4.3.1.0 a PASS of a DAG leaves the DAG's start time at 1970.
    #[must_use]
    pub fn keeps_start_of_passed(self) -> bool {
        self >= Self::new(4, 3, 1, 0)
    }

    /// String `errCode`, localised messages and names of errors in logs: 4.3.1.0.
    #[must_use]
    pub fn has_err_code(self) -> bool {
        self >= Self::new(4, 3, 1, 0)
    }

    /// `/task/dags/agent` respects `show_details`: not in 4.3.0.0 and 4.3.1.0, but in 4.5.0.0. The
    /// version that introduced it is not known; here it is the first one after 4.3.1.0.
    #[must_use]
    pub fn details_of_agent_dags_by_query(self) -> bool {
        self > Self::new(4, 3, 1, 0)
    }

    /// Sessions: 4.4.0.0.
    #[must_use]
    pub fn has_sessions(self) -> bool {
        self >= Self::new(4, 4, 0, 0)
    }

    /// 1024-bit keys, `code` 1 on DecryptFailed and single sign-on: 4.4.2.0.
    #[must_use]
    pub fn has_1024_bit_key(self) -> bool {
        self >= Self::new(4, 4, 2, 0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

/// Not four numbers with dots between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAVersion(String);

impl fmt::Display for NotAVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a version such as 4.5.0.0", self.0)
    }
}

impl std::error::Error for NotAVersion {}

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
        let numbers = numbers.map_err(|_| NotAVersion(text.to_owned()))?;
        let numbers = <[u32; 4]>::try_from(numbers).map_err(|_| NotAVersion(text.to_owned()))?;
        Ok(Self(numbers))
    }
}

/// The loopback address, where agents of tests live.
pub(crate) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_parse_print_and_compare_by_number() {
        let version: Version = "4.10.0.1".parse().unwrap();
        assert_eq!(version.to_string(), "4.10.0.1");
        assert!(version > Version::CURRENT);
        assert!("4.5.0".parse::<Version>().is_err());
        assert!("4.5.0.x".parse::<Version>().is_err());
    }

    #[test]
    fn key_size_follows_the_version_unless_given() {
        let old = Config {
            version: Version::new(4, 4, 1, 0),
            ..Config::default()
        };
        assert_eq!(old.key_bits(), 512);
        assert_eq!(Config::default().key_bits(), 1024);
        assert_eq!(
            Config {
                rsa_bits: Some(2048),
                ..old
            }
            .key_bits(),
            2048
        );
    }

    #[test]
    fn debug_shows_no_password() {
        let config = Config {
            agent_password: Some("Pw#1".to_owned()),
            ob_password: Some("Root#1".to_owned()),
            ..Config::default()
        };
        let text = format!("{config:?}");
        assert!(!text.contains("Pw#1") && !text.contains("Root#1"), "{text}");
    }
}
