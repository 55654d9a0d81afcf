//! The agents of a book.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::error::BookError;
use super::format::PasswordId;
use crate::obshell::address::AgentAddress;

/// The most characters of a label and of a group.
pub const MAX_NAME: usize = 100;
/// The most characters of an endpoint.
pub const MAX_ENDPOINT: usize = 500;

/// What a person says of an agent.
#[derive(Clone, PartialEq, Eq)]
pub struct Card {
    /// The address.
    pub address: AgentAddress,
    /// A name for people.
    pub label: Option<String>,
    /// The cluster or site that the agent belongs to.
    pub group: Option<String>,
    /// The endpoint: a URL, absolute or relative to the page, in which `{address}` stands for
    /// `HOST:PORT`; `None` for that of the site.
    pub endpoint: Option<String>,
}

impl Card {
    /// A card with an address and nothing else.
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

/// Which agents there are is sealed, too.
impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Card(..)")
    }
}

/// An agent of a book. Its password is sealed by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is said of the agent.
    pub card: Card,
    /// A new one for every password, so that an older password cannot be put in its place.
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

/// The list as JSON.
pub(super) fn write(entries: &[Entry]) -> Result<Zeroizing<Vec<u8>>, BookError> {
    let agents = entries.iter().map(|entry| Item {
        address: entry.card.address.to_string(),
        label: entry.card.label.clone(),
        group: entry.card.group.clone(),
        endpoint: entry.card.endpoint.clone(),
        password: entry.password.clone(),
    });
    let list = List {
        agents: agents.collect(),
    };
    let list = serde_json::to_vec(&list).map_err(|_| BookError::Damaged)?;
    Ok(Zeroizing::new(list))
}

/// Reads what [`write`] gave.
pub(super) fn read(list: &[u8]) -> Result<Vec<Entry>, BookError> {
    let list: List = serde_json::from_slice(list).map_err(|_| BookError::Changed)?;
    let mut entries: Vec<Entry> = Vec::with_capacity(list.agents.len());
    for item in list.agents {
        let address = AgentAddress::parse(&item.address).map_err(|_| BookError::Changed)?;
        if entries.iter().any(|entry| entry.card.address == address) {
            return Err(BookError::Changed);
        }
        entries.push(Entry {
            card: Card {
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
