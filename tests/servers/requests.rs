//! Tests which requests each server accepts, and what an agent receives of them.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use crate::agent::{Agent, with_headers};
use crate::servers::{BASE, Servers};
use crate::support::PATIENCE;
use crate::support::answer::{HOST, ask, ask_as, get};

fn api(agent: &Agent, path: &str) -> String {
    format!("{BASE}/agents/{}/api/v1/{path}", agent.address)
}

#[test]
fn every_server_answers_to_its_own_names_alone() {
    let agent = Agent::new();
    let servers = Servers::before(agent.address);
    for (server, address) in servers.each() {
        for target in [api(&agent, "info"), format!("{BASE}/")] {
            let line = format!("GET {target}");
            for host in [
                "rebound.example",
                "rebound.example:80",
                "console.lan.rebound.example",
                "",
            ] {
                let answer = ask_as(address, host, &line, &[], "");
                let refused = matches!(answer.status, 400 | 403);
                assert!(refused, "{server}: {host:?} {answer:?}");
                assert!(!answer.text().contains("<title>page"), "{server}: {host:?}");
                agent.heard_nothing(server);
            }
            for host in [HOST.to_owned(), format!("{HOST}:8080"), address.to_string()] {
                let answer = ask_as(address, &host, &line, &[], "");
                assert_eq!(answer.status, 200, "{server}: {host} {answer:?}");
                if target.contains("/agents/") {
                    agent.hears();
                }
            }
        }
    }
}

#[test]
fn every_server_refuses_to_change_the_protocol() {
    let agent = Agent::new();
    let servers = Servers::before(agent.address);
    for (server, address) in servers.each() {
        for protocol in ["websocket", "h2c"] {
            let headers = ["Connection: Upgrade", &format!("Upgrade: {protocol}")];
            let answer = get(address, &api(&agent, "info"), &headers);
            assert_eq!(answer.status, 400, "{server}: {answer:?}");
            agent.heard_nothing(server);
        }
    }
}

#[test]
fn every_server_hands_on_what_is_meant_for_the_agent() {
    let agent = Agent::new();
    let servers = Servers::before(agent.address);
    for (server, address) in servers.each() {
        let answer = get(
            address,
            &api(&agent, "task/dags/agent?show_details=false"),
            &[
                "X-OCS-Agent-Header: c2VhbGVk",
                "Accept-Language: zh-CN",
                "Cookie: session=of-the-site",
                "Authorization: Basic b2YtdGhlLXNpdGU=",
                "Proxy-Authorization: Basic b2YtdGhlLXNpdGU=",
            ],
        );
        assert_eq!(answer.status, 200, "{server}: {answer:?}");
        let heard = agent.hears().to_ascii_lowercase();
        let line = "get /api/v1/task/dags/agent?show_details=false http/1.1\r\n";
        assert!(heard.starts_with(line), "{server}: {heard}");
        for line in [
            format!("host: {}", agent.address),
            "x-ocs-agent-header: c2vhbgvk".to_owned(),
            "accept-language: zh-cn".to_owned(),
            "connection: close".to_owned(),
        ] {
            let count = heard.matches(&format!("\r\n{line}\r\n")).count();
            assert_eq!(count, 1, "{server}: {line}: {heard}");
        }
        for kept in ["of-the-site", "b2ytdghl", HOST, "x-forwarded", "upgrade"] {
            assert!(!heard.contains(kept), "{server}: {kept}: {heard}");
        }
    }
}

#[test]
fn every_server_takes_64_kib_and_no_more() {
    let agent = Agent::new();
    // After a rejection nginx continues to read for a while.
    let servers = Servers::with_limit(agent.address, Some(1));
    for (server, address) in servers.each() {
        let line = format!("POST {}", api(&agent, "login"));
        let largest = "a".repeat(65_536);
        let answer = ask_as(address, HOST, &line, &["Content-Length: 65536"], &largest);
        assert_eq!(answer.status, 200, "{server}: {answer:?}");
        assert!(agent.hears().ends_with(&largest), "{server}");
    }
    std::thread::scope(|scope| {
        for (server, address) in servers.each() {
            for length in ["65537", "70000", "99999999999"] {
                let line = format!("POST {}", api(&agent, "login"));
                scope.spawn(move || {
                    let answer = ask(address, &line, &[&format!("Content-Length: {length}")]);
                    assert_eq!(answer.status, 413, "{server}: {length} {answer:?}");
                });
            }
        }
    });
    agent.heard_nothing("too large");
}

#[test]
fn every_server_reaches_the_api_of_listed_agents_alone() {
    let (agent, other) = (Agent::new(), Agent::new());
    let servers = Servers::before(agent.address);
    let (at, beside) = (agent.address, other.address);
    for (server, address) in servers.each() {
        for path in [
            format!("{beside}/api/v1/info"),
            format!("{at}@{beside}/api/v1/info"),
            format!("{at}%2F..%2F{beside}/api/v1/info"),
            format!("{at}/../{beside}/api/v1/info"),
            format!("{at}/index.html"),
            format!("{at}/api/v1/"),
            format!("{at}/api/v1//info"),
            format!("{at}/api/v1/info/"),
            format!("{at}/api/v1/../../x"),
            format!("{at}/api/v1/%2e%2e/info"),
            format!("{at}/api/v1/info?a=http://{beside}/"),
            format!("{at}/api/v2/info"),
        ] {
            let answer = get(address, &format!("{BASE}/agents/{path}"), &[]);
            let refused = matches!(answer.status, 403 | 404);
            assert!(refused, "{server}: {path} {answer:?}");
            assert!(!answer.text().contains("<title>page"), "{server}: {path}");
        }
        for method in ["PUT", "PATCH", "OPTIONS", "HEAD", "PROPFIND"] {
            let answer = ask(address, &format!("{method} {}", api(&agent, "info")), &[]);
            assert_eq!(answer.status, 405, "{server}: {method} {answer:?}");
        }
        agent.heard_nothing(server);
        other.heard_nothing(server);
        for method in ["GET", "POST", "DELETE"] {
            let answer = ask(
                address,
                &format!("{method} {}", api(&agent, "obproxy")),
                &["Content-Length: 0"],
            );
            assert_eq!(answer.status, 200, "{server}: {method} {answer:?}");
            assert!(agent.hears().starts_with(method), "{server}");
        }
    }
}

#[test]
fn every_server_shows_a_redirect_of_an_agent_and_not_where_it_leads() {
    let agent = Agent::new();
    let servers = Servers::before(agent.address);
    let moved =
        with_headers("Location: https://elsewhere.example/\r\n").replace("200 OK", "301 Moved");
    agent.answers(moved);
    for (server, address) in servers.each() {
        let answer = get(address, &api(&agent, "info"), &[]);
        assert_eq!(
            (answer.status, answer.header("location")),
            (301, None),
            "{server}: {answer:?}"
        );
        agent.hears();
    }
}

/// Returns how the server ends a connection after these bytes, without further ones.
fn ends(address: SocketAddr, beginning: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the server accepts");
    stream.set_read_timeout(Some(PATIENCE)).expect("patience");
    stream.write_all(beginning.as_bytes()).expect("a beginning");
    let mut told = Vec::new();
    stream
        .read_to_end(&mut told)
        .unwrap_or_else(|error| panic!("the server waits on after {beginning:?}: {error}"));
    String::from_utf8_lossy(&told).into_owned()
}

#[test]
fn every_server_waits_for_no_request_for_ever() {
    let agent = Agent::new();
    let servers = Servers::with_limit(agent.address, Some(1));
    let login = api(&agent, "login");
    let head = format!("POST {login} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 10\r\n");
    let beginnings = ["", "POST", &head, &format!("{head}\r\nabc")];
    std::thread::scope(|scope| {
        for (server, address) in servers.each() {
            for beginning in beginnings {
                scope.spawn(move || {
                    let told = ends(address, beginning);
                    assert!(!told.ends_with("{}"), "{server}: {beginning:?}: {told}");
                });
            }
        }
    });
}

#[test]
fn the_development_site_forwards_no_request_of_another_sites_page() {
    let agent = Agent::new();
    let servers = Servers::before(agent.address);
    let [_, _, site] = servers.addresses();
    for origin in [
        "https://elsewhere.example",
        "http://127.0.0.1.elsewhere.example",
        "null",
    ] {
        for method in ["POST", "DELETE", "GET"] {
            let line = format!("{method} {}", api(&agent, "obproxy"));
            let answer = ask(
                site,
                &line,
                &[&format!("Origin: {origin}"), "Content-Length: 0"],
            );
            assert_eq!(answer.status, 403, "{origin} {answer:?}");
            agent.heard_nothing(origin);
        }
    }
    let own = format!("Origin: http://{site}");
    let answer = ask(site, &format!("DELETE {}", api(&agent, "obproxy")), &[&own]);
    assert_eq!(answer.status, 200, "{answer:?}");
}
