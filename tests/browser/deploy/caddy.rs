//! Tests a real Caddy with the shipped Caddyfile.

use std::net::SocketAddr;

use obshell_sim::Agent;

use super::answer::{ask, closes, get};
use super::proxying::{ANSWER, Ear};
use super::servers::caddy::Caddy;
use super::servers::dist;
use super::serving::guarded;
use super::way::{connect, destroy, no_violation, watch_policy};
use super::{LARGE, large};
use crate::support::{Look, PATIENCE, in_browser};
use crate::walk::{PASSWORD, config};

fn start(agent: SocketAddr) -> Caddy {
    Caddy::start(&dist(), agent, None, None)
}

#[test]
fn it_destroys_behind_caddy() {
    in_browser(Look::default(), |browser| {
        browser.secret(PASSWORD);
        watch_policy(browser);
        let agent = browser.agent(config());
        let caddy = start(agent.addr());
        browser.open_url(&format!("http://{}/console/", caddy.address()));
        connect(browser, &agent.addr().to_string());
        destroy(browser, &agent);
        no_violation(browser);
    });
}

#[test]
fn caddy_serves_and_refuses_what_nginx_does() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let agent = || runtime.block_on(Agent::start(config())).expect("an agent");
    let (listed, other) = (agent(), agent());
    let caddy = start(listed.addr());
    let (listed_at, other_at) = (listed.addr(), other.addr());

    let page = get(caddy.address(), "/console/", &["Accept-Encoding: gzip, br"]);
    assert_eq!(
        (page.status, page.header("content-encoding")),
        (200, Some("br"))
    );
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    guarded(&page);
    let page = get(caddy.address(), "/console/", &[]);
    let text = page.text();
    let script = text
        .split("src=\"./")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let target = format!("/console/{}", script.expect("a script"));
    for (accepted, encoding) in [
        ("gzip, br", Some("br")),
        ("gzip", Some("gzip")),
        ("identity", None),
    ] {
        let script = get(
            caddy.address(),
            &target,
            &[&format!("Accept-Encoding: {accepted}")],
        );
        assert_eq!(script.header("content-encoding"), encoding);
        assert_eq!(
            script.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        guarded(&script);
    }
    let gone = get(
        caddy.address(),
        "/console/odp-console-0123456789abcdef.js",
        &[],
    );
    assert_eq!(
        (gone.status, gone.header("cache-control")),
        (404, Some("no-store"))
    );
    let redirect = get(caddy.address(), "/console", &[]);
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (308, Some("/console/"))
    );

    for (target, status) in [
        (format!("/console/agents/{other_at}/api/v1/info"), 403),
        (format!("/console/agents/{listed_at}/index.html"), 403),
        (format!("/console/agents/{listed_at}/api/v1//info"), 403),
        (
            format!("/console/agents/{listed_at}/../{other_at}/api/v1/info"),
            403,
        ),
        (
            format!("/console/agents/{listed_at}%2F..%2F{other_at}/api/v1/info"),
            403,
        ),
        (format!("/console/agents/{listed_at}/api/v1/../../x"), 403),
        ("/console/nothing".to_owned(), 404),
        ("/index.html".to_owned(), 404),
        ("/console/../Caddyfile".to_owned(), 404),
    ] {
        let answer = get(caddy.address(), &target, &[]);
        assert_eq!(answer.status, status, "{target}: {answer:?}");
        assert!(!answer.text().contains("<odp-console>"), "{target}");
        guarded(&answer);
    }
    assert!(listed.control().requests().is_empty());
    assert!(other.control().requests().is_empty());

    let target = format!("/console/agents/{listed_at}/api/v1/info");
    assert_eq!(
        ask(caddy.address(), &format!("PUT {target}"), &[]).status,
        405
    );
    let answer = get(caddy.address(), &target, &[]);
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (200, Some("no-store"))
    );
    guarded(&answer);
    assert_eq!(listed.control().requests().len(), 1);
    drop(listed);
    let answer = get(caddy.address(), &target, &[]);
    assert_eq!(answer.status, 502);
    guarded(&answer);
}

#[test]
fn caddy_serves_one_request_on_a_connection() {
    let caddy = start(([127, 0, 0, 1], 1).into());
    let targets = [
        "/console/",
        "/console/config.json",
        "/console/missing",
        "/console",
        "/elsewhere",
        "/console/agents/127.0.0.1:2/api/v1/info",
        // No agent listens on this port.
        "/console/agents/127.0.0.1:1/api/v1/info",
    ];
    closes(caddy.address(), &targets.map(str::to_owned));

    let content = large(&caddy.page());
    let answer = get(caddy.address(), &format!("/console/{LARGE}"), &[]);
    guarded(&answer);
    assert!(answer.body == content, "{} bytes", answer.body.len());
}

#[test]
fn caddy_hands_a_request_on_once_and_as_it_was_signed() {
    let ear = Ear::new(ANSWER);
    let caddy = start(ear.address);
    let target = "/api/v1/task/dags/agent?show_details=false";
    let sealed = "X-Ocs-Agent-Header: bm90IGEgcGFzc3dvcmQgKy8+Pz4/+/==";
    let answer = get(
        caddy.address(),
        &format!("/console/agents/{}{target}", ear.address),
        &[
            sealed,
            "Cookie: session=of-the-site",
            "Authorization: Basic b2YtdGhlLXNpdGU=",
        ],
    );
    let heard = ear.hears();
    assert!(
        heard.starts_with(&format!("GET {target} HTTP/1.1\r\n")),
        "{heard}"
    );
    assert!(heard.contains(&format!("\r\n{sealed}\r\n")), "{heard}");
    for kept in ["of-the-site", "Authorization", "X-Forwarded"] {
        assert!(!heard.contains(kept), "{heard}");
    }
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let ear = Ear::new("");
    let caddy = start(ear.address);
    let of = |target: &str| format!("/console/agents/{}{target}", ear.address);
    let delete = format!("DELETE {}", of("/api/v1/obproxy"));
    assert_eq!(ask(caddy.address(), &delete, &[sealed]).status, 502);
    // Caddy logs a failed request, but none of its sealed headers.
    let told = std::iter::from_fn(|| caddy.line(PATIENCE))
        .find(|line| line.contains("/api/v1/obproxy"))
        .expect("a line about it");
    assert!(
        !told.contains("bm90IGEg") && !told.contains("Ocs"),
        "{told}"
    );
    assert!(
        ear.hears()
            .starts_with("DELETE /api/v1/obproxy HTTP/1.1\r\n")
    );
    // The listener accepts one request at a time: a second DELETE would arrive before this one.
    get(caddy.address(), &of("/api/v1/info"), &[]);
    assert!(ear.hears().starts_with("GET /api/v1/info HTTP/1.1\r\n"));
}
