//! Generic ids: a number prefixed with its kind and its owner (obshell:
//! ob/agent/engine/task/task_dto.go).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A parsed id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GenericId {
    /// The first digit.
    pub(crate) kind: char,
    /// The agent that owns it; `None`: a task of the whole cluster.
    pub(crate) owner: Option<(IpAddr, u16)>,
    /// The number without the prefix.
    pub(crate) number: i64,
}

/// Why an id is invalid: the text that follows it in the message, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidId(pub(crate) Option<String>);

/// The id of an ODP task of the agent at `owner`.
pub(crate) fn odp_id((ip, port): (IpAddr, u16), number: i64) -> String {
    match ip {
        IpAddr::V4(ip) => format!("4{:010}{port:05}{number}", u32::from(ip)),
        IpAddr::V6(ip) => format!("5{:039}{port:05}{number}", u128::from(ip)),
    }
}

/// Whether an id belongs to an ODP task.
pub(crate) fn is_odp_id(id: &str) -> bool {
    id.starts_with(['4', '5'])
}

/// Parses an id.
pub(crate) fn parse(id: &str) -> Result<GenericId, InvalidId> {
    let kind = id.chars().next().ok_or(InvalidId(None))?;
    let (address_end, port_end) = match kind {
        '1' => (1, 1),
        '2' | '4' => (11, 16),
        '3' | '5' => (40, 45),
        _ => return Err(because("invalid generic id")),
    };
    if id.len() <= port_end {
        return Err(InvalidId(None));
    }
    let owner = if kind == '1' {
        None
    } else {
        Some(owner(id, kind, address_end, port_end)?)
    };
    let number = id.get(port_end..).unwrap_or_default();
    let number = crate::go::parse_int(number).map_err(|why| InvalidId(Some(why)))?;
    Ok(GenericId {
        kind,
        owner,
        number,
    })
}

fn owner(
    id: &str,
    kind: char,
    address_end: usize,
    port_end: usize,
) -> Result<(IpAddr, u16), InvalidId> {
    let address = id.get(1..address_end).unwrap_or_default();
    if !address.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(because("convert id to bigInt failed"));
    }
    let no_ip = || because("convert id to ip failed");
    let address: u128 = address.parse().map_err(|_| no_ip())?;
    let ip = if matches!(kind, '2' | '4') {
        let address = u32::try_from(address).map_err(|_| no_ip())?;
        // Go's net package accepts no address of fewer than four bytes.
        if address < 1 << 24 {
            return Err(no_ip());
        }
        IpAddr::V4(Ipv4Addr::from(address))
    } else {
        // Go uses the bytes of the number without leading zeros: sixteen are an IPv6 address, four
        // are an IPv4 address, and any other count is invalid. An agent on `::1` refuses its own
        // ids.
        match u32::try_from(address) {
            Ok(address) if address >= 1 << 24 => IpAddr::V4(Ipv4Addr::from(address)),
            Err(_) if address >= 1 << 120 => IpAddr::V6(Ipv6Addr::from(address)),
            Ok(_) | Err(_) => return Err(no_ip()),
        }
    };
    let port = id.get(address_end..port_end).unwrap_or_default();
    let port = port.parse().map_err(|_| because("parse port failed"))?;
    Ok((ip, port))
}

fn because(why: &str) -> InvalidId {
    InvalidId(Some(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGENT: (IpAddr, u16) = (IpAddr::V4(Ipv4Addr::LOCALHOST), 2886);

    #[test]
    fn ids_are_as_captured() {
        assert_eq!(odp_id(AGENT, 1), "42130706433028861");
        assert_eq!(odp_id(AGENT, 14), "421307064330288614");
    }

    #[test]
    fn an_id_tells_its_owner() {
        let id = parse("42130706433028861").unwrap();
        assert_eq!(
            id,
            GenericId {
                kind: '4',
                owner: Some(AGENT),
                number: 1
            }
        );
    }

    #[test]
    fn ipv6_owners_survive_the_round() {
        let agent = ("fd00::17".parse().unwrap(), 2886);
        assert_eq!(parse(&odp_id(agent, 3)).unwrap().owner, Some(agent));
    }

    #[test]
    fn an_address_whose_first_byte_is_zero_is_none() {
        for ip in ["::1", "::2", "0:1::2", "64:ff9b::1"] {
            let id = odp_id((ip.parse().unwrap(), 2886), 1);
            let why = parse(&id).unwrap_err();
            assert_eq!(why, because("convert id to ip failed"), "{id}");
        }
    }

    #[test]
    fn wrong_ids_say_what_the_captures_say() {
        let why = |id: &str| parse(id).unwrap_err().0;
        assert_eq!(why("4"), None);
        assert_eq!(why("41"), None);
        assert_eq!(why("4213070643302886"), None);
        assert_eq!(why("52130706433028861"), None);
        assert_eq!(why("9").as_deref(), Some("invalid generic id"));
        assert_eq!(why("abc").as_deref(), Some("invalid generic id"));
        assert_eq!(
            why("42130706433xxxxx1").as_deref(),
            Some("parse port failed")
        );
    }
}
