//! The site's own `config.json`.

use std::time::Duration;

use hyper::header::{CACHE_CONTROL, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;

use crate::answer::{Body, with_body};

/// An agent that the site proxies to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedAgent {
    /// `HOST:PORT`, an IPv6 host in brackets.
    pub address: String,
    /// A display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The cluster of the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

impl From<&str> for ListedAgent {
    fn from(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            label: None,
            group: None,
        }
    }
}

/// The configuration of a site.
#[derive(Debug, Clone, Default)]
pub struct SiteSetup {
    /// The agents that may be reached; a request to any other is refused with 403.
    pub agents: Vec<ListedAgent>,
    /// The path of the page, such as `/console`; empty for the root.
    pub base_path: String,
    /// The exact text of `config.json`; generated from `agents` if absent.
    pub config: Option<String>,
    /// The content security policy that replaces the strict one of the console's own page: pages of
    /// a host need more.
    pub policy: Option<&'static str>,
    /// The site's host names besides its IP addresses and `localhost`; a request for any other is
    /// refused with 403.
    pub hosts: Vec<String>,
    /// How long a client may take to send a request's head, and then its body; 10 seconds if
    /// absent.
    pub patience: Option<Duration>,
}

impl SiteSetup {
    /// A site at the root that proxies to `agents` and lists them in `config.json`.
    pub fn with_agents<'a>(agents: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            agents: agents.into_iter().map(ListedAgent::from).collect(),
            ..Self::default()
        }
    }

    pub(super) fn config_text(&self) -> String {
        self.config.clone().unwrap_or_else(|| {
            serde_json::json!({ "agents": self.agents, "typedAddress": true }).to_string()
        })
    }
}

pub(super) fn answer(config: &str) -> Response<Body> {
    let mut response = with_body(StatusCode::OK, "application/json", config.to_owned());
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
