//! What the site or the host decides once: which agents, how they are reached, who may type.

use super::sign_in::SignIn;
use crate::obshell::address::{AddressError, AgentAddress};
use crate::obshell::error::NotSent;

/// Settings of one console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The agents to choose from.
    pub agents: Vec<ListedAgent>,
    /// Whether an address that is not in the list may be typed.
    pub typed_address: bool,
    /// The template of the endpoint: a URL, absolute or relative to the page, in which
    /// `{address}` stands for `HOST:PORT`.
    pub endpoint: String,
    /// What the agent sees of the endpoint's path.
    pub signed_path: SignedPath,
    /// Whether the agents are looked at only: no DELETE and no operation is sent.
    pub read_only: bool,
    /// Whether a person can have the system notify them when a task ends.
    pub notifications: bool,
    /// How long answers are waited for.
    pub timeouts: Timeouts,
    /// Whether the host signs in: nobody is asked for a password as long as it does.
    pub host_signs_in: bool,
}

/// How long answers are waited for, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// A read, a login, and an operation on a task. It is taken for lost then.
    pub read: u32,
    /// A DELETE. It is not given up then: it is no longer waited for, and what came of it is found
    /// out by reading.
    pub destroy: u32,
    /// Nobody uses the console, and no task runs: the credential is forgotten then. No option of a
    /// host.
    pub idle: u32,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            read: 15_000,
            destroy: 60_000,
            idle: 900_000,
        }
    }
}

/// An agent of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAgent {
    /// Its address.
    pub address: AgentAddress,
    /// A name for people.
    pub label: Option<String>,
    /// The group that it is listed in, for runs over many agents.
    pub group: Option<String>,
    /// Its own endpoint, where the template does not fit.
    pub endpoint: Option<String>,
}

/// Whether the proxy before the agent strips the endpoint's path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignedPath {
    /// The agent sees `/api/v1/…` alone.
    #[default]
    Stripped,
    /// The agent sees the whole path of the endpoint.
    Full,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            agents: Vec::new(),
            typed_address: true,
            endpoint: "agents/{address}".to_owned(),
            signed_path: SignedPath::Stripped,
            read_only: false,
            notifications: false,
            timeouts: Timeouts::default(),
            host_signs_in: false,
        }
    }
}

/// How an agent is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Its endpoint: a URL, absolute or relative to the page, without a slash at its end.
    pub endpoint: String,
    /// What it sees of the endpoint's path.
    pub signed_path: SignedPath,
    /// Whether it is in the list, rather than typed.
    pub listed: bool,
}

/// Why an address that a person gave is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// It is no address.
    Malformed(AddressError),
    /// This site allows the addresses of its list only.
    NotListed,
}

impl Settings {
    /// Reads an address that a person gave.
    ///
    /// # Errors
    /// See [`AddressProblem`].
    pub fn admit(&self, text: &str) -> Result<AgentAddress, AddressProblem> {
        let address = AgentAddress::parse(text).map_err(AddressProblem::Malformed)?;
        if self.typed_address || self.listed(&address).is_some() {
            Ok(address)
        } else {
            Err(AddressProblem::NotListed)
        }
    }

    /// How a person signs in at first.
    #[must_use]
    pub fn sign_in(&self) -> SignIn {
        if self.host_signs_in {
            SignIn::Host
        } else {
            SignIn::AgentPassword
        }
    }

    /// The endpoint of an agent: a URL, absolute or relative to the page, without a slash at
    /// its end.
    #[must_use]
    pub fn endpoint(&self, address: &AgentAddress) -> String {
        let own = self
            .listed(address)
            .and_then(|agent| agent.endpoint.as_deref());
        own.unwrap_or(&self.endpoint)
            .replace("{address}", &address.to_string())
            .trim_end_matches('/')
            .to_owned()
    }

    /// How an agent is reached.
    #[must_use]
    pub fn route(&self, address: &AgentAddress) -> Route {
        Route {
            endpoint: self.endpoint(address),
            signed_path: self.signed_path,
            listed: self.listed(address).is_some(),
        }
    }

    /// Whether a DELETE may leave for an agent whose checks were read by the route `checked`.
    ///
    /// # Errors
    /// [`NotSent::Unlisted`] where the agent was taken off the list, [`NotSent::Rerouted`] where it is
    /// reached another way now.
    pub fn still_allow(&self, address: &AgentAddress, checked: &Route) -> Result<(), NotSent> {
        let route = self.route(address);
        if !route.listed && (checked.listed || !self.typed_address) {
            Err(NotSent::Unlisted)
        } else if (&route.endpoint, route.signed_path) != (&checked.endpoint, checked.signed_path) {
            Err(NotSent::Rerouted)
        } else {
            Ok(())
        }
    }

    fn listed(&self, address: &AgentAddress) -> Option<&ListedAgent> {
        self.agents.iter().find(|agent| agent.address == *address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agents_own_endpoint_wins() {
        let address = |text| AgentAddress::parse(text).unwrap();
        let settings = Settings {
            agents: vec![ListedAgent {
                address: address("10.0.0.1:2886"),
                label: None,
                group: None,
                endpoint: Some("https://gate/{address}/".to_owned()),
            }],
            typed_address: false,
            ..Settings::default()
        };
        assert_eq!(
            settings.endpoint(&address("10.0.0.1:2886")),
            "https://gate/10.0.0.1:2886"
        );
        assert_eq!(
            settings.endpoint(&address("[::1]:2886")),
            "agents/[::1]:2886"
        );
        assert!(settings.admit(" 10.0.0.1:2886").is_ok());
        assert_eq!(
            settings.admit("10.0.0.2:2886"),
            Err(AddressProblem::NotListed)
        );
    }
}
