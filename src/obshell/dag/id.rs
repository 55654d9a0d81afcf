//! Ids of DAGs, nodes and sub tasks: decimal strings beyond 2^53. The three number sequences are
//! independent, so the same string may identify one item of each kind; hence three types.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;
use thiserror::Error;

use crate::obshell::address::AgentAddress;

/// The error for a text that is not an id: empty, or not all digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("an id is a text of digits")]
pub struct NotAnId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl TryFrom<String> for $name {
            type Error = NotAnId;

            fn try_from(text: String) -> Result<Self, NotAnId> {
                if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(NotAnId);
                }
                Ok(Self(text))
            }
        }

        impl $name {
            /// Parses a text of decimal digits.
            ///
            /// # Errors
            /// [`NotAnId`] for any other text.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                Self::try_from(text.to_owned())
            }

            /// The digits of the id.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The agent to which the id belongs; `None` for tasks of a cluster and for ids of
            /// another layout.
            #[must_use]
            pub fn owner(&self) -> Option<AgentAddress> {
                owner(&self.0)
            }

            /// Whether the agent rejects this id although the id is its own: agents do so if the
            /// first byte of their address is zero (protocol: 13.8).
            #[must_use]
            pub fn is_refused_by_its_agent(&self) -> bool {
                let owner = self.owner().and_then(|owner| owner.ip());
                owner.is_some_and(|ip| match ip {
                    IpAddr::V4(ip) => ip.octets().starts_with(&[0]),
                    IpAddr::V6(ip) => ip.octets().starts_with(&[0]),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// The id of a DAG.
    DagId
}
id! {
    /// The id of a node.
    NodeId
}
id! {
    /// The id of a sub task.
    SubTaskId
}

/// Parses `PREFIX ADDRESS PORT NUMBER` (protocol: 4.2): prefix 2 or 4 with an IPv4 address in ten
/// digits, 3 or 5 with an IPv6 address in 39; the port in five.
fn owner(id: &str) -> Option<AgentAddress> {
    let (prefix, rest) = id.split_at_checked(1)?;
    let digits = match prefix {
        "2" | "4" => 10,
        "3" | "5" => 39,
        _ => return None,
    };
    let (ip, rest) = rest.split_at_checked(digits)?;
    let (port, number) = rest.split_at_checked(5)?;
    if number.is_empty() {
        return None;
    }
    let ip = if digits == 10 {
        IpAddr::V4(Ipv4Addr::from_bits(ip.parse().ok()?))
    } else {
        IpAddr::V6(Ipv6Addr::from_bits(ip.parse().ok()?))
    };
    Some(AgentAddress::from_ip(ip, port.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_owner() {
        for (id, owner) in [
            ("42130706433028861", Some("127.0.0.1:2886")),
            ("421307064330288614", Some("127.0.0.1:2886")),
            ("20168430081028867", Some("10.10.10.1:2886")),
            (
                "5000000000000000000000000000000000000001028861",
                Some("[::1]:2886"),
            ),
            (
                "3000000000000000000000000000000000000001028861",
                Some("[::1]:2886"),
            ),
            // A task of a cluster, an id without a number, an address and a port out of range.
            ("17", None),
            ("4213070643302886", None),
            ("49999999999028861", None),
            ("42130706433999991", None),
        ] {
            let parsed = DagId::parse(id).unwrap();
            assert_eq!(
                parsed.owner().map(|owner| owner.to_string()).as_deref(),
                owner,
                "{id}"
            );
            assert_eq!(parsed.as_str(), id);
        }
    }

    #[test]
    fn an_address_that_begins_with_a_zero_byte_has_ids_that_its_agent_refuses() {
        for (id, refused) in [
            ("5000000000000000000000000000000000000001028861", true),
            ("5336294682933583715844663186250927177729028861", false),
            ("42130706433028861", false),
            ("17", false),
        ] {
            let id = DagId::parse(id).unwrap();
            assert_eq!(id.is_refused_by_its_agent(), refused, "{id}");
        }
    }

    #[test]
    fn only_digits_are_an_id() {
        for text in ["", "abc", "4 ", "-4", "4/../..", "４"] {
            assert_eq!(NodeId::parse(text), Err(NotAnId), "{text:?}");
        }
    }
}
