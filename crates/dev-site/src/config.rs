//! The site's own `config.json`.

use std::time::Duration;

use hyper::header::{CACHE_CONTROL, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;

use crate::answer::{Body, with_body};

/// An agent that the site reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedAgent {
    /// `HOST:PORT`, an IPv6 host in brackets.
    pub address: String,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The cluster that it belongs to.
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

/// How a site is set up.
#[derive(Debug, Clone, Default)]
pub struct SiteSetup {
    /// The agents that may be reached; everything else is refused with 403.
    pub agents: Vec<ListedAgent>,
    /// The path the page lives under, such as `/console`; empty for the root.
    pub base_path: String,
    /// The exact text of `config.json`; made from `agents` when absent.
    pub config: Option<String>,
    /// The content security policy in place of the strict one that the console's own page is served
    /// with: pages of other people need more.
    pub policy: Option<&'static str>,
    /// The names of the site's host besides its IP addresses and `localhost`; requests for any other are
    /// refused with 403.
    pub hosts: Vec<String>,
    /// How long a client may take to send a request's head, and then its body; 10 seconds when absent.
    pub patience: Option<Duration>,
}

impl SiteSetup {
    /// A site at the root that reaches `agents` and announces them in `config.json`.
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
