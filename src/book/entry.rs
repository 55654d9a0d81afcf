//! The agents of a book.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::error::BookError;
use super::format::PasswordId;
use crate::obshell::address::AgentAddress;

/// The maximum length of a label or a group, in characters.
pub const MAX_NAME: usize = 100;
/// The maximum length of an endpoint, in characters.
pub const MAX_ENDPOINT: usize = 500;

/// The data of an agent, without the password.
#[derive(Clone, PartialEq, Eq)]
pub struct AgentDetails {
    /// The address.
    pub address: AgentAddress,
    /// A display name.
    pub label: Option<String>,
    /// The cluster or site of the agent.
    pub group: Option<String>,
    /// The endpoint: a URL, absolute or relative to the page, with `{address}` as a placeholder for
    /// `HOST:PORT`; `None` for the endpoint of the site.
    pub endpoint: Option<String>,
}

impl AgentDetails {
    /// Creates the details with an address and no other data.
    #[must_use]
    pub fn of(address: AgentAddress) -> Self {
        Self {
            address,
            label: None,
            group: None,
            endpoint: None,
        }
    }

    pub(super) fn check(&self) -> Result<(), BookError> {
        let fits = |text: &Option<String>, most| {
            text.as_ref()
                .is_none_or(|text| text.chars().count() <= most)
        };
        if fits(&self.label, MAX_NAME)
            && fits(&self.group, MAX_NAME)
            && fits(&self.endpoint, MAX_ENDPOINT)
        {
            Ok(())
        } else {
            Err(BookError::TooLong)
        }
    }
}

/// The list of agents is sealed, so `Debug` does not show the details either.
impl fmt::Debug for AgentDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgentDetails(..)")
    }
}

/// An agent in a book. Each password is sealed separately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The data of the agent.
    pub details: AgentDetails,
    /// The id of the sealed password. Every password gets a new id, so that an older password
    /// cannot replace a newer one.
    pub(super) password: PasswordId,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    agents: Vec<Item>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    password: PasswordId,
}

/// Serializes the list as JSON.
pub(super) fn write(entries: &[Entry]) -> Result<Zeroizing<Vec<u8>>, BookError> {
    let agents = entries.iter().map(|entry| Item {
        address: entry.details.address.to_string(),
        label: entry.details.label.clone(),
        group: entry.details.group.clone(),
        endpoint: entry.details.endpoint.clone(),
        password: entry.password.clone(),
    });
    let list = List {
        agents: agents.collect(),
    };
    let list = serde_json::to_vec(&list).map_err(|_| BookError::Damaged)?;
    Ok(Zeroizing::new(list))
}

/// Parses the JSON of [`write()`].
pub(super) fn read(list: &[u8]) -> Result<Vec<Entry>, BookError> {
    let list: List = serde_json::from_slice(list).map_err(|_| BookError::Changed)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(list.agents.len());
    for item in list.agents {
        let address = AgentAddress::parse(&item.address).map_err(|_| BookError::Changed)?;
        if entries.iter().any(|entry| entry.details.address == address) {
            return Err(BookError::Changed);
        }
        entries.push(Entry {
            details: AgentDetails {
                address,
                label: item.label,
                group: item.group,
                endpoint: item.endpoint,
            },
            password: item.password,
        });
    }
    Ok(entries)
}
