//! A real Caddy with the shipped Caddyfile.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use obshell_sim::Agent;

use super::answer::{ask, closes, get};
use super::https::Certificate;
use super::proxying::{ANSWER, Ear};
use super::serving::guarded;
use super::way::{connect, destroy, no_violation, watch_policy};
use super::{Folder, LARGE, Listed, edit, free_port, large, shipped};
use crate::support::{Look, PATIENCE, in_browser};
use crate::walk::{PASSWORD, config};

/// A running Caddy that reaches one agent.
pub struct Caddy {
    process: Child,
    address: SocketAddr,
    /// What it writes, line by line.
    log: Receiver<String>,
    folder: Folder,
}

impl Caddy {
    fn start(agent: SocketAddr) -> Self {
        Self::start_with(agent, None)
    }

    /// The same by https at the certificate's name, where there is a certificate.
    pub fn start_with(agent: SocketAddr, certificate: Option<&Certificate>) -> Self {
        let folder = Folder::new();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let page = folder.page(&[Listed::plain(agent)]);
        let mut file = shipped("caddy/Caddyfile");
        let port = address.port();
        let site = match certificate {
            None => format!("\n:{port} {{"),
            Some(it) => {
                let (name, pem, key) = (it.name, it.certificate.display(), it.key.display());
                format!("\nhttps://{name}:{port} {{\n\ttls {pem} {key}")
            }
        };
        edit(&mut file, "\n:80 {", &format!("{site}\n\tbind 127.0.0.1"));
        edit(
            &mut file,
            "10.10.10.1:2886 [fd00::1]:2886 # <-",
            &agent.to_string(),
        );
        edit(
            &mut file,
            "/var/www/odp-console",
            &page.display().to_string(),
        );
        // The example of an agent by https, with a file that an operator would have to bring.
        edit(
            &mut file,
            "\t\t\t\t\t\ttls_trusted_ca_certs /etc/caddy/agents-ca.pem # <-\n",
            "",
        );
        let path = folder.path().join("Caddyfile");
        fs::write(&path, file).expect("a Caddyfile");
        let mut process = Command::new("caddy")
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(&path)
            .env("HOME", folder.path())
            .env("XDG_CONFIG_HOME", folder.path())
            .env("XDG_DATA_HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("caddy does not run: {error}; `apt-get install caddy`"));
        let mut lines = BufReader::new(process.stderr.take().expect("piped")).lines();
        let mut said = String::new();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| {
            said = format!("{said}{line}\n");
            line.contains("serving initial configuration")
        });
        assert!(ready, "caddy stopped:\n{said}");
        let (tell, log) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // It must never find its output full or closed, even where nobody listens.
                let _ = tell.send(line);
            }
        });
        Self {
            process,
            address,
            log,
            folder,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Caddy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn it_destroys_behind_caddy() {
    in_browser(Look::default(), |browser| {
        browser.secret(PASSWORD);
        watch_policy(browser);
        let agent = browser.agent(config());
        let caddy = Caddy::start(agent.addr());
        browser.open_url(&format!("http://{}/console/", caddy.address));
        connect(browser, &agent.addr().to_string());
        destroy(browser, &agent);
        no_violation(browser);
    });
}

#[test]
fn caddy_serves_and_refuses_what_nginx_does() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let start = || runtime.block_on(Agent::start(config())).expect("an agent");
    let (listed, other) = (start(), start());
    let caddy = Caddy::start(listed.addr());
    let (listed_at, other_at) = (listed.addr(), other.addr());

    let page = get(caddy.address, "/console/", &["Accept-Encoding: gzip, br"]);
    assert_eq!(
        (page.status, page.header("content-encoding")),
        (200, Some("br"))
    );
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    guarded(&page);
    let page = get(caddy.address, "/console/", &[]);
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
            caddy.address,
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
        caddy.address,
        "/console/odp-console-0123456789abcdef.js",
        &[],
    );
    assert_eq!(
        (gone.status, gone.header("cache-control")),
        (404, Some("no-store"))
    );
    let redirect = get(caddy.address, "/console", &[]);
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
        let answer = get(caddy.address, &target, &[]);
        assert_eq!(answer.status, status, "{target}: {answer:?}");
        assert!(!answer.text().contains("<odp-console>"), "{target}");
        guarded(&answer);
    }
    assert!(listed.control().requests().is_empty());
    assert!(other.control().requests().is_empty());

    let target = format!("/console/agents/{listed_at}/api/v1/info");
    assert_eq!(
        ask(caddy.address, &format!("PUT {target}"), &[]).status,
        405
    );
    let answer = get(caddy.address, &target, &[]);
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (200, Some("no-store"))
    );
    guarded(&answer);
    assert_eq!(listed.control().requests().len(), 1);
    drop(listed);
    let answer = get(caddy.address, &target, &[]);
    assert_eq!(answer.status, 502);
    guarded(&answer);
}

#[test]
fn caddy_serves_one_request_on_a_connection() {
    let caddy = Caddy::start(([127, 0, 0, 1], 1).into());
    let targets = [
        "/console/",
        "/console/config.json",
        "/console/missing",
        "/console",
        "/elsewhere",
        "/console/agents/127.0.0.1:2/api/v1/info",
        // Nobody listens there.
        "/console/agents/127.0.0.1:1/api/v1/info",
    ];
    closes(caddy.address, &targets.map(str::to_owned));

    let content = large(&caddy.folder.path().join("page"));
    let answer = get(caddy.address, &format!("/console/{LARGE}"), &[]);
    guarded(&answer);
    assert!(answer.body == content, "{} bytes", answer.body.len());
}

#[test]
fn caddy_hands_a_request_on_once_and_as_it_was_signed() {
    let ear = Ear::new(ANSWER);
    let caddy = Caddy::start(ear.address);
    let target = "/api/v1/task/dags/agent?show_details=false";
    let sealed = "X-Ocs-Agent-Header: bm90IGEgcGFzc3dvcmQgKy8+Pz4/+/==";
    let answer = get(
        caddy.address,
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
    let caddy = Caddy::start(ear.address);
    let of = |target: &str| format!("/console/agents/{}{target}", ear.address);
    let delete = format!("DELETE {}", of("/api/v1/obproxy"));
    assert_eq!(ask(caddy.address, &delete, &[sealed]).status, 502);
    // It tells of a request that failed, and nothing of what it was sealed with.
    let told = std::iter::from_fn(|| caddy.log.recv_timeout(PATIENCE).ok())
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
    // The ear hears one at a time: another DELETE would come before this.
    get(caddy.address, &of("/api/v1/info"), &[]);
    assert!(ear.hears().starts_with("GET /api/v1/info HTTP/1.1\r\n"));
}
