//! The known facts about the agent under test, and the only connection to it.

use serde_json::Value;
use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

use crate::{
    ask::Ask,
    expect::{accepted, at, text},
    miss::{Check, Miss},
    options::Options,
    record::Journey,
    seal::PublicKey,
    version::Version,
    wire::{Answer, exchange, pipelined},
};

mod verdict;

/// The lifetime of a header, in seconds, as in obshell's own SDKs.
const LIFETIME: i64 = 60;

/// The agent under test.
#[derive(Debug)]
pub(super) struct Probe {
    pub agent: String,
    pub password: String,
    pub key: PublicKey,
    /// The data of `/api/v1/info` at the start of the run.
    pub info: Value,
    pub version: Version,
    /// Whether the agent checks headers, which depends on its build.
    pub encryption: bool,
    /// The prefix of the ids of this agent's ODP tasks: digit, address, port.
    pub id_prefix: String,
    /// Whether the agent may be changed.
    pub destroy: bool,
    pub poll: Duration,
    pub patience: Duration,
    /// The agent's clock minus this machine's, in seconds.
    clock_offset: i64,
    /// Recorded when the first statement needs it.
    pub journey: OnceCell<Arc<Journey>>,
}

impl Probe {
    /// Reads the basic facts about an agent.
    ///
    /// # Errors
    /// Fails if the agent does not answer, or not like obshell.
    pub(super) async fn new(agent: &str, password: &str, options: &Options) -> Result<Self, Miss> {
        let plain = |target: &str| Ask::new("GET", target, "", 0).map(Ask::open);
        let secret = get_open(agent, &plain("/api/v1/secret")?).await?;
        let info = get_open(agent, &plain("/api/v1/info")?).await?;
        let time = get_open(agent, &plain("/api/v1/time")?).await?;
        let key = PublicKey::parse(text(&secret, "/public_key"))?;
        let version = Version::parse(text(&info, "/version"))
            .ok_or_else(|| Miss::fail("a version in /api/v1/info", info.to_string()))?;
        let time = time.as_str().unwrap_or_default();
        let clock = chrono::DateTime::parse_from_rfc3339(time)
            .map_err(|_| Miss::fail("a time in /api/v1/time", format!("{time:?}")))?;
        let list = exchange(agent, &plain("/api/v1/task/dag/unfinish")?.render_open()).await?;
        Ok(Self {
            agent: agent.to_owned(),
            password: password.to_owned(),
            key,
            version,
            // Without encryption the route answers even without a header.
            encryption: list.status != 200,
            id_prefix: id_prefix(
                text(&info, "/ip"),
                at(&info, "/port").as_u64().unwrap_or_default(),
            )?,
            info,
            destroy: options.destroy,
            poll: options.poll,
            patience: options.patience,
            clock_offset: clock
                .timestamp()
                .saturating_sub(chrono::Utc::now().timestamp()),
            journey: OnceCell::new(),
        })
    }

    /// Version and identity, for the report.
    pub(super) fn description(&self) -> String {
        let mut words = format!(
            "obshell {}, {}",
            text(&self.info, "/version"),
            text(&self.info, "/identity")
        );
        if !self.encryption {
            words.push_str(", built without encryption");
        }
        words
    }

    /// The agent's clock, in Unix seconds.
    pub(super) fn now(&self) -> i64 {
        chrono::Utc::now()
            .timestamp()
            .saturating_add(self.clock_offset)
    }

    /// A correct request.
    pub(super) fn ask(&self, method: &str, target: &str) -> Result<Ask, Miss> {
        Ask::new(
            method,
            target,
            &self.password,
            self.now().saturating_add(LIFETIME),
        )
    }

    /// A correct GET.
    pub(super) fn get(&self, target: &str) -> Result<Ask, Miss> {
        self.ask("GET", target)
    }

    /// A GET of a task that does not exist: if the answer says so, the header was accepted.
    pub(super) fn harmless(&self) -> Result<Ask, Miss> {
        self.get(&self.unknown("dag"))
    }

    /// Path of a task (`dag`, `node`, `sub_task`) of this agent that does not exist.
    pub(super) fn unknown(&self, kind: &str) -> String {
        format!("/api/v1/task/{kind}/{}", self.id(999_999_999))
    }

    /// The id of this agent's ODP task number `n`.
    pub(super) fn id(&self, n: u64) -> String {
        format!("{}{n}", self.id_prefix)
    }

    /// Sends a request.
    pub(super) async fn send(&self, ask: &Ask) -> Result<Answer, Miss> {
        exchange(&self.agent, &ask.render(&self.key, self.encryption)?).await
    }

    /// Sends two requests on one connection.
    pub(super) async fn send_both(
        &self,
        first: &Ask,
        second: &Ask,
    ) -> Result<(Answer, Answer), Miss> {
        let first = first.render(&self.key, self.encryption)?;
        let second = second.render(&self.key, self.encryption)?;
        pipelined(&self.agent, &first, &second).await
    }

    /// Sends a request that must be answered with 200; returns the envelope.
    pub(super) async fn fetch(&self, ask: &Ask) -> Result<Value, Miss> {
        accepted(&self.send(ask).await?)
    }

    /// The data of an open or authenticated GET.
    pub(super) async fn data(&self, target: &str) -> Result<Value, Miss> {
        Ok(at(&self.fetch(&self.get(target)?).await?, "/data").clone())
    }

    /// Whether an ODP is currently managed.
    pub(super) async fn managed(&self) -> Result<bool, Miss> {
        let info = self.data("/api/v1/info").await?;
        at(&info, "/isObproxyAgent")
            .as_bool()
            .ok_or_else(|| Miss::fail("isObproxyAgent in /api/v1/info", info.to_string()))
    }

    /// Whether the error format is the one before 4.3.1.0.
    pub(super) fn is_old(&self) -> bool {
        self.version < Version([4, 3, 1, 0])
    }

    /// Whether a DAG contains its maintenance type and key: since 4.3.1.0.
    pub(super) fn tells_maintenance(&self) -> bool {
        !self.is_old()
    }

    /// Whether `dags/agent` respects `show_details`. 4.3.0.0 and 4.3.1.0 do not, 4.5.0.0 does; for
    /// the versions in between it is not known.
    pub(super) fn details_of_all(&self) -> Result<bool, Miss> {
        if self.version <= Version([4, 3, 1, 0]) {
            Ok(false)
        } else if self.version >= Version([4, 5, 0, 0]) {
            Ok(true)
        } else {
            Err(Miss::not_applicable("unknown for this version"))
        }
    }

    /// The identity, as `/api/v1/info` spells it.
    pub(super) fn identity(&self) -> &str {
        text(&self.info, "/identity")
    }

    /// Whether the agent has a password.
    pub(super) fn security(&self) -> bool {
        at(&self.info, "/security").as_bool().unwrap_or_default()
    }

    /// Precondition of statements about an agent that checks headers and has a password.
    pub(super) fn needs_password(&self) -> Check {
        self.needs_encryption()?;
        if self.security() {
            Ok(())
        } else {
            Err(Miss::not_applicable("the agent has no password"))
        }
    }

    /// Precondition of statements about an agent without a password.
    pub(super) fn needs_no_password(&self) -> Check {
        self.needs_encryption()?;
        if self.security() {
            Err(Miss::not_applicable("the agent has a password"))
        } else {
            Ok(())
        }
    }

    /// Precondition of statements about an agent that checks headers.
    pub(super) fn needs_encryption(&self) -> Check {
        if self.encryption {
            Ok(())
        } else {
            Err(Miss::not_applicable("built without encryption"))
        }
    }

    /// Precondition of statements about ODP tasks: reading them needs a password, if any route
    /// does.
    pub(super) fn needs_access(&self) -> Check {
        if self.encryption {
            self.needs_password()
        } else {
            Ok(())
        }
    }

    /// Precondition of statements about one identity.
    pub(super) fn needs_identity(&self, identity: &str) -> Check {
        if self.identity() == identity {
            return Ok(());
        }
        Err(Miss::not_applicable(format!(
            "the identity is {}",
            self.identity()
        )))
    }

    /// Precondition of statements about later versions.
    pub(super) fn needs_version(&self, since: [u64; 4]) -> Check {
        let since = Version(since);
        if self.version >= since {
            Ok(())
        } else {
            Err(Miss::not_applicable(format!("since {since}")))
        }
    }

    /// Precondition of statements about operators on nodes: since 4.3.1.0. The route was added
    /// while the version was still 4.3.0.0, so a build of 4.3.0.0 may have it.
    pub(super) fn needs_node_route(&self, answer: &Answer) -> Check {
        if self.is_old() && answer.status == 400 && answer.text().contains("404 not found") {
            return Err(Miss::not_applicable("this build has no operators of nodes"));
        }
        Ok(())
    }

    /// Whether an agent answered that its tasks cannot be cancelled or skipped. The commit that
    /// bumps the version to 4.2.6.0 answers so; the next one, which may be in a release, does not.
    pub(super) fn never_allows(&self, answer: &Answer) -> bool {
        let text = answer.text();
        self.version == Version([4, 2, 6, 0])
            && (text.contains("can not cancel") || text.contains("can not pass"))
    }

    /// Precondition of statements that change the agent.
    pub(super) fn needs_destroy(&self) -> Check {
        if self.destroy {
            Ok(())
        } else {
            Err(Miss::not_applicable("read-only run"))
        }
    }
}

async fn get_open(agent: &str, ask: &Ask) -> Result<Value, Miss> {
    Ok(at(
        &accepted(&exchange(agent, &ask.render_open()).await?)?,
        "/data",
    )
    .clone())
}

/// obshell: an ODP task's id is `4` and ten digits of the IPv4 address, or `5` and 39 digits of the
/// IPv6 address, five digits of the port, and a number.
fn id_prefix(ip: &str, port: u64) -> Result<String, Miss> {
    match ip.parse() {
        Ok(std::net::IpAddr::V4(ip)) => Ok(format!("4{:010}{port:05}", u32::from(ip))),
        Ok(std::net::IpAddr::V6(ip)) => Ok(format!("5{:039}{port:05}", u128::from(ip))),
        Err(_) => Err(Miss::fail(
            "an IP address in /api/v1/info",
            format!("{ip:?}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_begin_with_address_and_port() {
        assert_eq!(id_prefix("127.0.0.1", 2886).unwrap(), "4213070643302886");
        assert_eq!(
            id_prefix("::1", 2886).unwrap(),
            "500000000000000000000000000000000000000102886"
        );
        assert!(id_prefix("host", 1).is_err());
    }
}
