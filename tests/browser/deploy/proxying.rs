//! Tests what nginx forwards to an agent, what it does not, and how it changes the response.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{Receiver, channel};

use obshell_sim::Config;

use super::Listed;
use super::answer::{ask, get};
use super::nginx::{Nginx, Setup};
use super::serving::guarded;
use crate::support::{Look, PATIENCE, in_browser};

/// An agent that records the received bytes and returns a given response.
pub struct Ear {
    pub address: SocketAddr,
    heard: Receiver<String>,
}

impl Ear {
    pub fn new(answer: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (tell, heard) = channel();
        std::thread::spawn(move || {
            while let Ok((mut stream, _)) = listener.accept() {
                let mut request = Vec::new();
                let mut byte = [0];
                while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n > 0)
                {
                    request.extend(byte);
                }
                if tell
                    .send(String::from_utf8_lossy(&request).into_owned())
                    .is_err()
                {
                    return;
                }
                // The client may have disconnected.
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { address, heard }
    }

    pub fn hears(&self) -> String {
        self.heard.recv_timeout(PATIENCE).expect("a request")
    }

    fn heard_nothing_more(&self) -> bool {
        self.heard.try_recv().is_err()
    }
}

fn site(base: &'static str, agents: &[SocketAddr]) -> Nginx {
    Nginx::start(&Setup {
        base,
        agents: agents.iter().map(Listed::plain).collect(),
        ..Setup::default()
    })
}

/// A response with headers that must not reach the browser.
pub const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
    Set-Cookie: agent=1\r\nX-Accel-Redirect: /console/index.html\r\n\
    Access-Control-Allow-Origin: *\r\nCache-Control: public, max-age=9\r\nConnection: close\r\n\r\n{}";

#[test]
fn a_request_arrives_as_it_was_signed() {
    let ear = Ear::new(ANSWER);
    let nginx = site("/console", &[ear.address]);
    let sealed = "bm90IGEgcGFzc3dvcmQgKy8+Pz4/+/==";
    let target = "/api/v1/task/dags/agent?show_details=false";
    let answer = get(
        nginx.address(),
        &format!("/console/agents/{}{target}", ear.address),
        &[
            &format!("X-OCS-Agent-Header: {sealed}"),
            &format!("X-OCS-Header: {sealed}2"),
            "Accept-Language: zh-CN",
            "Cookie: session=of-the-site",
            "Authorization: Basic b2YtdGhlLXNpdGU=",
        ],
    );
    let heard = ear.hears();
    assert!(
        heard.starts_with(&format!("GET {target} HTTP/1.1\r\n")),
        "{heard}"
    );
    for line in [
        format!("Host: {}", ear.address),
        format!("X-OCS-Agent-Header: {sealed}"),
        format!("X-OCS-Header: {sealed}2"),
        "Accept-Language: zh-CN".to_owned(),
        "Connection: close".to_owned(),
    ] {
        assert_eq!(
            heard.matches(&format!("\r\n{line}\r\n")).count(),
            1,
            "{line}: {heard}"
        );
    }
    // The site's own secrets must not reach the agent.
    assert!(
        !heard.contains("of-the-site") && !heard.contains("Authorization"),
        "{heard}"
    );
    // The agent's response must not act for the site.
    assert_eq!((answer.status, answer.text().as_str()), (200, "{}"));
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    guarded(&answer);
    assert!(!nginx.access_log().contains(sealed));
}

#[test]
fn a_delete_whose_answer_does_not_come_is_not_sent_again() {
    let ear = Ear::new("");
    let nginx = site("", &[ear.address]);
    let target = format!("/agents/{}/api/v1/obproxy", ear.address);
    let answer = ask(nginx.address(), &format!("DELETE {target}"), &[]);
    assert_eq!(answer.status, 502);
    guarded(&answer);
    assert!(
        ear.hears()
            .starts_with("DELETE /api/v1/obproxy HTTP/1.1\r\n")
    );
    // The listener accepts one request at a time: a second DELETE would arrive before this one.
    let target = format!("/agents/{}/api/v1/info", ear.address);
    get(nginx.address(), &target, &[]);
    assert!(ear.hears().starts_with("GET /api/v1/info HTTP/1.1\r\n"));
    assert!(ear.heard_nothing_more());
}

#[test]
fn no_trick_with_the_path_reaches_what_is_not_listed() {
    in_browser_less(|agents| {
        let [listed, other] = agents;
        let nginx = site("/console", &[listed]);
        let refused = [
            // Not in the list, in any spelling.
            format!("/console/agents/{other}/api/v1/info"),
            format!("/console/agents/{listed}@{other}/api/v1/info"),
            format!("/console/agents/{listed}%2F..%2F{other}/api/v1/info"),
            format!("/console/agents/{listed}.evil.test/api/v1/info"),
            format!("/console/agents//{listed}/api/v1/info"),
            format!("/console//agents/{listed}/api/v1/info"),
            format!("//console/agents/{listed}/api/v1/info"),
            format!("/console/%61gents/{listed}/api/v1/info"),
            format!("/x/../console/agents/{listed}/api/v1/info"),
            format!("/console/x/agents/{listed}/api/v1/info"),
            "/console/agents//api/v1/info".to_owned(),
            "/console/agents/%20/api/v1/info".to_owned(),
        ];
        for target in &refused {
            let answer = get(nginx.address(), target, &[]);
            assert_eq!(answer.status, 403, "{target}: {answer:?}");
            assert!(
                answer
                    .text()
                    .starts_with("This agent is not in the site's list"),
                "{target}"
            );
            guarded(&answer);
        }
        let missing = [
            // Listed, but not its API, or its API in a spelling that others could read differently.
            format!("/console/agents/{listed}/"),
            format!("/console/agents/{listed}/index.html"),
            format!("/console/agents/{listed}/api/v1/"),
            format!("/console/agents/{listed}/api/v2/info"),
            format!("/console/agents/{listed}//api/v1/info"),
            format!("/console/agents/{listed}/api/v1//info"),
            format!("/console/agents/{listed}/api/v1/info/"),
            format!("/console/agents/{listed}/api/v1/../../info"),
            format!("/console/agents/{listed}/../../agents/{listed}/api/v1/info"),
            format!("/console/agents/{listed}/./api/v1/info"),
            format!("/console/agents/{listed}/%2e%2e/{other}/api/v1/info"),
            format!("/console/agents/{listed}/..%2f{other}/api/v1/info"),
            format!("/console/agents/{listed}/api%2Fv1/info"),
            format!("/console/agents/{listed}/api/v1/info%3Fa=b"),
            format!("/console/agents/{listed}/api/v1/info?a=http://{other}/"),
        ];
        for target in &missing {
            let answer = get(nginx.address(), target, &[]);
            assert_eq!(answer.status, 404, "{target}: {answer:?}");
            assert!(!answer.text().contains("odp-console"), "{target}");
            guarded(&answer);
        }
        // These paths leave the agents' folder: they are files of the page or missing.
        for (target, status) in [
            (format!("/console/agents/{listed}/../../index.html"), 200),
            (format!("/console/agents/{listed}/../{other}"), 404),
            (format!("/console/agents/{listed}/../../../index.html"), 404),
        ] {
            assert_eq!(
                get(nginx.address(), &target, &[]).status,
                status,
                "{target}"
            );
        }
        for method in ["PUT", "PATCH", "OPTIONS", "HEAD", "CONNECT", "PROPFIND"] {
            let target = format!("/console/agents/{listed}/api/v1/info");
            let answer = ask(nginx.address(), &format!("{method} {target}"), &[]);
            assert!(matches!(answer.status, 400 | 405), "{method}: {answer:?}");
        }
        let large = "Content-Length: 70000";
        let target = format!("/console/agents/{listed}/api/v1/login");
        assert_eq!(
            ask(nginx.address(), &format!("POST {target}"), &[large]).status,
            413
        );
        let absolute = format!("http://{other}/console/agents/{listed}/api/v1/info");
        assert_eq!(get(nginx.address(), &absolute, &[]).status, 200);
    });
}

/// Runs a test with two agents: the first must get one request, the second none.
fn in_browser_less(test: impl FnOnce([SocketAddr; 2])) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let start = || {
        runtime
            .block_on(obshell_sim::Agent::start(Config::default()))
            .expect("an agent")
    };
    let agents = [start(), start()];
    test([agents[0].addr(), agents[1].addr()]);
    assert_eq!(agents[0].control().requests().len(), 1, "the last of them");
    assert!(agents[1].control().requests().is_empty());
}

#[test]
fn a_page_of_the_agents_is_no_page_of_the_console() {
    in_browser(Look::default(), |browser| {
        let agent = browser.agent(Config::default());
        let nginx = site("", &[agent.addr()]);
        // The browser shows plain text, under the console's policy.
        let url = format!("{}agents/{}/", nginx.url("127.0.0.1"), agent.addr());
        // Without a page there is no icon either.
        browser.expect_in_console("favicon.ico");
        browser.open_url(&url);
        browser.read("This site forwards only requests for /api/v1/ of an agent.");
        assert_eq!(
            browser.script("return document.contentType", &[]),
            "text/plain"
        );
        assert!(agent.control().requests().is_empty());
    });
}
