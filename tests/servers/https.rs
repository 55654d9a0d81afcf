//! Tests the shipped servers over TLS.

use std::net::SocketAddr;

use crate::servers::{BASE, shipped};
use crate::support::Folder;
use crate::support::answer::{HOST, answered_once, get, twice};
use crate::support::certificate::{by_tls, certificate};

const AGENT: &str = "127.0.0.1:1";

/// Returns an address on which nothing listens.
fn nobody() -> SocketAddr {
    AGENT.parse().expect("an address")
}

#[test]
fn by_openssl_too_a_connection_serves_one_request_of_http_1_1() {
    let folder = Folder::new();
    let of_site = certificate(&folder, HOST, None);
    let (nginx, caddy) = shipped(nobody(), Some(&of_site), None);
    for server in [nginx.address(), caddy.address()] {
        for target in ["/console/", "/console/agents/127.0.0.1:2/api/v1/info"] {
            let told = by_tls(server, &twice(target));
            assert!(told.contains("\nALPN protocol: http/1.1\n"), "{told}");
            answered_once(target, told.as_bytes());
        }
    }
}

#[test]
fn by_openssl_alone_the_site_asks_for_https_and_a_window_of_its_own() {
    let folder = Folder::new();
    let of_site = certificate(&folder, HOST, None);
    let by_https = [
        "strict-transport-security: max-age=31536000\r\n",
        "cross-origin-opener-policy: same-origin\r\n",
    ];
    let targets = [
        format!("{BASE}/"),
        format!("{BASE}/missing"),
        // Rejected; unreachable.
        format!("{BASE}/agents/127.0.0.1:2/api/v1/info"),
        format!("{BASE}/agents/{AGENT}/api/v1/info"),
    ];
    let (nginx, caddy) = shipped(nobody(), Some(&of_site), None);
    for server in [nginx.address(), caddy.address()] {
        for target in &targets {
            let told = by_tls(server, &twice(target)).to_ascii_lowercase();
            for line in by_https {
                assert_eq!(told.matches(line).count(), 1, "{target}: {line}{told}");
            }
        }
    }
    let (nginx, caddy) = shipped(nobody(), None, None);
    for server in [nginx.address(), caddy.address()] {
        for target in &targets {
            let answer = get(server, target, &[]);
            for name in ["strict-transport-security", "cross-origin-opener-policy"] {
                assert_eq!(answer.header(name), None, "{target}: {answer:?}");
            }
        }
    }
}
