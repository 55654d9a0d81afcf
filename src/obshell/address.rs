//! The address of an agent as a person types it: `HOST:PORT`.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use super::invisible::is_invisible;

/// The default port of an agent (obshell's default).
pub const DEFAULT_PORT: u16 = 2886;

/// The host and TCP port of an agent. Displayed and compared in a canonical form:
/// `10.10.10.1:2886`, `db-7.example:2886`, `[fd00::1]:2886`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AgentAddress {
    host: Host,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Host {
    Ip(IpAddr),
    Name(String),
}

/// Why a text is not an agent address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// The text is empty.
    Empty,
    /// The text is a URL (`http://…`), or has a path after the port (`…:2886/api`).
    Url,
    /// The port is missing.
    NoPort,
    /// The port is not a number from 1 to 65535.
    Port,
    /// An IPv6 address without brackets: the boundary between address and port is ambiguous.
    BareIpv6,
    /// An IPv6 address with a zone (`fe80::1%eth0`), which a browser does not support.
    Zone,
    /// The host is neither an IP address nor a host name.
    Host,
}

impl AgentAddress {
    /// Parses `HOST:PORT` leniently: surrounding white space and invisible characters are ignored,
    /// full-width characters of an input method count as their ASCII equivalents, and the trailing
    /// dot of a fully qualified host name is dropped.
    ///
    /// # Errors
    /// [`AddressError`], which identifies the invalid part.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = to_ascii_visible(text);
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        if text.contains(['/', '?', '#', '@']) {
            return Err(AddressError::Url);
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (ip, port) = rest.split_once(']').ok_or(AddressError::Host)?;
            if ip.contains('%') {
                return Err(AddressError::Zone);
            }
            let ip: Ipv6Addr = ip.parse().map_err(|_| AddressError::Host)?;
            let port = port.strip_prefix(':').ok_or(AddressError::NoPort)?;
            return Ok(Self {
                host: Host::Ip(IpAddr::V6(ip)),
                port: parse_port(port)?,
            });
        }
        if text.matches(':').count() > 1 {
            return Err(AddressError::BareIpv6);
        }
        let (host, port) = text.split_once(':').ok_or(AddressError::NoPort)?;
        Ok(Self {
            host: parse_host(host.strip_suffix('.').unwrap_or(host))?,
            port: parse_port(port)?,
        })
    }

    /// Creates an address from its parts, for example from an id or an answer of the agent.
    #[must_use]
    pub fn from_ip(ip: IpAddr, port: u16) -> Self {
        Self {
            host: Host::Ip(ip),
            port,
        }
    }

    /// The IP address, if the host is one.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        match self.host {
            Host::Ip(ip) => Some(ip),
            Host::Name(_) => None,
        }
    }

    /// The TCP port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for AgentAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Ip(IpAddr::V6(ip)) => write!(f, "[{ip}]:{}", self.port),
            Host::Ip(IpAddr::V4(ip)) => write!(f, "{ip}:{}", self.port),
            Host::Name(name) => write!(f, "{name}:{}", self.port),
        }
    }
}

/// The visible characters of a text, with full-width characters of an input method converted to
/// ASCII.
#[must_use]
pub fn to_ascii_visible(text: &str) -> String {
    let seen = text.chars().filter(|character| !is_invisible(*character));
    seen.map(|character| match character {
        // The characters from U+FF01 are in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xff01 + 0x21).unwrap_or(character)
        }
        '\u{3000}' => ' ',
        '\u{3002}' | '\u{ff61}' => '.',
        '\u{3010}' => '[',
        '\u{3011}' => ']',
        _ => character,
    })
    .collect()
}

fn parse_port(text: &str) -> Result<u16, AddressError> {
    if text.is_empty() {
        return Err(AddressError::NoPort);
    }
    // `u16::from_str` accepts a plus sign, which a port must not have.
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AddressError::Port);
    }
    match text.parse() {
        Ok(0) | Err(_) => Err(AddressError::Port),
        Ok(port) => Ok(port),
    }
}

fn parse_host(text: &str) -> Result<Host, AddressError> {
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Ok(Host::Ip(ip));
    }
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    // `10.10.10` and `10.10.10.256` are mistyped IPv4 addresses, not names (RFC 3696: a top-level
    // label is not all digits).
    let numeric = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    let last_is_numeric = text.rsplit('.').next().is_some_and(numeric);
    if text.len() > 253 || last_is_numeric || !text.split('.').all(label) {
        return Err(AddressError::Host);
    }
    Ok(Host::Name(text.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_person_types_and_shows_it_in_one_form() {
        for (typed, shown) in [
            ("10.10.10.1:2886", "10.10.10.1:2886"),
            ("  db-7.Example:80 ", "db-7.example:80"),
            ("localhost:2886", "localhost:2886"),
            ("[::1]:2886", "[::1]:2886"),
            ("[FD00:0:0::1]:2886", "[fd00::1]:2886"),
            ("１０．１０．１０．１：２８８６", "10.10.10.1:2886"),
            ("10。10。10。1：2886", "10.10.10.1:2886"),
            ("【fd00::1】：2886", "[fd00::1]:2886"),
            (
                "\u{feff}10.10.\u{200b}10.1\u{200e}:2886\u{a0}",
                "10.10.10.1:2886",
            ),
            ("\u{202a}db-7.example.:2886\u{202c}", "db-7.example:2886"),
            ("10.10.10.1.:2886", "10.10.10.1:2886"),
        ] {
            let address = AgentAddress::parse(typed).unwrap();
            assert_eq!(address.to_string(), shown);
            assert_eq!(AgentAddress::parse(shown), Ok(address));
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (typed, error) in [
            ("", AddressError::Empty),
            ("   ", AddressError::Empty),
            ("http://10.10.10.1:2886", AddressError::Url),
            ("10.10.10.1:2886/api", AddressError::Url),
            ("10.10.10.1", AddressError::NoPort),
            ("10.10.10.1:", AddressError::NoPort),
            ("[::1]", AddressError::NoPort),
            ("10.10.10.1:0", AddressError::Port),
            ("10.10.10.1:65536", AddressError::Port),
            ("10.10.10.1:+80", AddressError::Port),
            ("10.10.10.1:ssh", AddressError::Port),
            ("::1:2886", AddressError::BareIpv6),
            ("10.10.10.256:2886", AddressError::Host),
            ("10.10.10:2886", AddressError::Host),
            ("a b:2886", AddressError::Host),
            ("-a:2886", AddressError::Host),
            (":2886", AddressError::Host),
            (".:2886", AddressError::Host),
            ("db-7..:2886", AddressError::Host),
            ("dß-7:2886", AddressError::Host),
            ("[fe80::1%eth0]:2886", AddressError::Zone),
            ("[fe80::1%25eth0]:2886", AddressError::Zone),
            ("[::1:2886", AddressError::Host),
        ] {
            assert_eq!(AgentAddress::parse(typed), Err(error), "{typed:?}");
        }
    }
}
