//! The settings that the site or the host fixes: the agents, their endpoints, and what may be
//! typed.

use std::collections::{HashMap, HashSet};

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
    /// Which part of the endpoint's path reaches the agent.
    pub signed_path: SignedPath,
    /// Whether the console is read-only: no DELETE and no operation is sent.
    pub read_only: bool,
    /// Whether a person can enable a system notification for the end of a task.
    pub notifications: bool,
    /// How long to wait for responses.
    pub timeouts: Timeouts,
    /// Whether the host signs in: no password is asked for as long as it does.
    pub host_signs_in: bool,
}

/// How long to wait for responses, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// A read, a login, or an operation on a task. The request counts as lost after this time.
    pub read: u32,
    /// A DELETE. After this time the request is not aborted: the console stops waiting for its
    /// response and determines the outcome by reading.
    pub destroy: u32,
    /// Idle time without a running task, after which the credential is wiped. Not an option of the
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
    /// A display name.
    pub label: Option<String>,
    /// The group under which the agent is listed, for runs over many agents.
    pub group: Option<String>,
    /// The agent's own endpoint, if the template does not apply to it.
    pub endpoint: Option<String>,
}

/// Whether the proxy in front of the agent strips the endpoint's path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignedPath {
    /// The agent receives `/api/v1/…` alone.
    #[default]
    Stripped,
    /// The agent receives the whole path of the endpoint.
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
    /// The endpoint: a URL, absolute or relative to the page, without a slash at its end.
    pub endpoint: String,
    /// The part of the endpoint's path that the agent receives.
    pub signed_path: SignedPath,
    /// Whether the agent is in the list, rather than typed.
    pub listed: bool,
}

/// Why an address is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProblem {
    /// It is not a valid address.
    Malformed(AddressError),
    /// The site allows only the addresses of its list.
    NotListed,
}

impl Settings {
    /// Parses an address and checks that the site allows it.
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

    /// The way to sign in that is selected at first.
    #[must_use]
    pub fn sign_in(&self) -> SignIn {
        if self.host_signs_in {
            SignIn::Host
        } else {
            SignIn::AgentPassword
        }
    }

    /// The endpoint of an agent: a URL, absolute or relative to the page, without a trailing slash.
    #[must_use]
    pub fn endpoint(&self, address: &AgentAddress) -> String {
        let own = self
            .listed(address)
            .and_then(|agent| agent.endpoint.as_deref());
        fill(own.unwrap_or(&self.endpoint), address)
    }

    /// One endpoint for each template that these agents use: of a thousand agents behind one
    /// template, the first.
    #[must_use]
    pub fn distinct_endpoints<'a>(
        &'a self,
        addresses: impl Iterator<Item = &'a AgentAddress>,
    ) -> Vec<String> {
        // As in `listed`, the first entry of an address counts.
        let agents = self.agents.iter().rev();
        let own: HashMap<_, _> = agents
            .map(|agent| (&agent.address, agent.endpoint.as_deref()))
            .collect();
        let mut templates = HashSet::new();
        let mut endpoints = Vec::new();
        for address in addresses {
            let template = own.get(address).copied().flatten();
            let template = template.unwrap_or(&self.endpoint);
            if templates.insert(template) {
                endpoints.push(fill(template, address));
            }
        }
        endpoints
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

    /// Whether a DELETE or an operation may leave for an agent that was read by the route `checked`
    /// when the person confirmed.
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

/// An endpoint template with the address of an agent in it.
fn fill(template: &str, address: &AgentAddress) -> String {
    template
        .replace("{address}", &address.to_string())
        .trim_end_matches('/')
        .to_owned()
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

    #[test]
    fn agents_behind_one_template_give_one_endpoint() {
        let address = |host: &str| AgentAddress::parse(&format!("{host}:2886")).unwrap();
        let listed = |host, endpoint: Option<&str>| ListedAgent {
            address: address(host),
            label: None,
            group: None,
            endpoint: endpoint.map(str::to_owned),
        };
        let settings = Settings {
            agents: vec![
                listed("a", None),
                listed("b", Some("https://gate/{address}")),
                listed("c", Some("https://gate/{address}")),
                // Only the first entry of an address counts.
                listed("a", Some("https://other")),
            ],
            ..Settings::default()
        };
        let agents = ["a", "b", "c", "typed"].map(address);
        let endpoints = settings.distinct_endpoints(agents.iter());
        assert_eq!(endpoints, ["agents/a:2886", "https://gate/b:2886"]);
        for endpoint in &endpoints {
            assert!(agents.iter().any(|it| settings.endpoint(it) == *endpoint));
        }
    }
}
