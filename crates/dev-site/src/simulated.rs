//! The simulated agents behind the program's site: one, or a cluster in which some fail.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use dev_site::ListedAgent;
use obshell_sim::{Agent, Config, Fail, Odp};

/// Letters and digits that cannot be confused with each other.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A free port on the loopback interface.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// An agent, and its entry in the site's list.
pub struct Simulated {
    agent: Agent,
    config: Config,
    label: String,
    group: Option<&'static str>,
}

/// Simulated agents with a random password.
pub struct Cluster {
    agents: Vec<Simulated>,
    /// The password of the agents, and that of the last agent if it has another.
    pub password: String,
    pub other_password: Option<String>,
}

impl Cluster {
    /// Starts this many agents. `fail` is the stage at which the destroy of a single agent fails.
    /// Of several, the second fails at stage 2, the third manages no ODP, and the last, if there
    /// are at least four, has another password.
    ///
    /// # Errors
    /// If an agent cannot be started, or the system has no randomness.
    pub async fn start(count: usize, fail: Fail) -> Result<Self, Box<dyn Error>> {
        let password = random_password()?;
        let other_password = if count > 3 {
            Some(random_password()?)
        } else {
            None
        };
        let mut agents = Vec::new();
        for number in 1..=count {
            let mut config = Config {
                agent_password: Some(password.clone()),
                fail,
                added: true,
                ..Config::default()
            };
            let mut remark = "";
            match (number, &other_password) {
                (2, _) => {
                    config.fail = Fail::Stop;
                    remark = ", fails at stage 2";
                }
                (3, _) => {
                    config.odp = Odp::Unmanaged;
                    config.added = false;
                    remark = ", manages no ODP";
                }
                (last, Some(other)) if last == count => {
                    config.agent_password = Some(other.clone());
                    remark = ", another password";
                }
                _ => {}
            }
            let (label, group) = if count == 1 {
                ("simulated".to_owned(), None)
            } else if number <= count.div_ceil(2) {
                (format!("odp-{number:02}{remark}"), Some("cluster-a"))
            } else {
                (format!("odp-{number:02}{remark}"), Some("cluster-b"))
            };
            agents.push(Simulated {
                agent: start_on(ANY_PORT, &config).await?,
                config,
                label,
                group,
            });
        }
        Ok(Self {
            agents,
            password,
            other_password,
        })
    }

    /// The agents in the site's list.
    pub fn listed(&self) -> Vec<ListedAgent> {
        let listed = self.agents.iter().map(|one| ListedAgent {
            address: one.agent.addr().to_string(),
            label: Some(one.label.clone()),
            group: one.group.map(str::to_owned),
        });
        listed.collect()
    }

    /// Replaces these agents with fresh ones that have the same addresses and passwords.
    ///
    /// # Errors
    /// If an agent cannot be started again.
    pub async fn anew(self) -> Result<Self, Box<dyn Error>> {
        let mut agents = Vec::new();
        for Simulated {
            agent,
            config,
            label,
            group,
        } in self.agents
        {
            let address = agent.addr();
            agent.end().await;
            agents.push(Simulated {
                agent: start_on(address, &config).await?,
                config,
                label,
                group,
            });
        }
        Ok(Self { agents, ..self })
    }
}

async fn start_on(address: SocketAddr, config: &Config) -> Result<Agent, Box<dyn Error>> {
    let agent = Agent::start_on(address, config.clone()).await;
    agent.map_err(|error| format!("cannot start the simulated agent: {error}").into())
}

/// Sixteen letters from the operating system's randomness: 80 bits.
fn random_password() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    let letters = bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)));
    Ok(letters.map(|letter| char::from(*letter)).collect())
}
