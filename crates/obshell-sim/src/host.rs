//! The `Host` of a request to a development server.

use std::net::IpAddr;

/// Whether `authority`, as in a `Host` header, is an IP address or `localhost`, with or without a port.
///
/// A page elsewhere can resolve its own name to this machine (DNS rebinding), but not these.
#[must_use]
pub fn is_local(authority: &str) -> bool {
    let host = without_port(authority);
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || bare.unwrap_or(&host).parse::<IpAddr>().is_ok()
}

/// The host of an authority; an IPv6 address keeps its brackets.
#[must_use]
pub fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn addresses_and_localhost_are_local_and_names_are_not() {
        for local in [
            "127.0.0.1",
            "10.10.10.1:8080",
            "localhost",
            "LOCALHOST:80",
            "console.localhost:1",
            "[::1]",
            "[fd00::1]:2886",
        ] {
            assert!(is_local(local), "{local}");
        }
        for name in [
            "",
            ":80",
            "rebound.example",
            "rebound.example:8080",
            "127.0.0.1.rebound.example",
            "localhost.rebound.example",
            "notlocalhost",
            "127.0.0.1:80@rebound.example",
        ] {
            assert!(!is_local(name), "{name}");
        }
    }
}
