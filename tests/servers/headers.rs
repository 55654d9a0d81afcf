//! Tests which headers of an agent's response reach the browser: the table of `deploy/README.md`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use crate::agent::{Agent, with_headers};
use crate::servers::{BASE, SERVERS, Servers};
use crate::support::answer::{Answer, get};
use crate::support::shipped;

/// The document with the table.
const DOCUMENT: &str = "deploy/README.md";

/// The markers of the table in the document.
const PLACE: [&str; 2] = ["<!-- headers -->\n", "<!-- end of headers -->"];

/// The value of an agent's header.
const VALUE: &str = "of-the-agent";

/// Headers that are not in nginx's list. The last two stand for all unknown headers.
const OTHERS: [&str; 14] = [
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Connection",
    "Date",
    "Server",
    "X-Pad",
    "X-Accel-Redirect",
    "X-Accel-Expires",
    "X-Accel-Limit-Rate",
    "X-Accel-Buffering",
    "X-Accel-Charset",
    "X-OCS-Anything",
    "Anything-Else",
];

/// What the browser receives of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Passed,
    SitesOwn,
    Removed,
}

impl Seen {
    fn text(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::SitesOwn => "the site's own",
            Self::Removed => "removed",
        }
    }
}

/// Returns the headers that nginx is configured to hide.
fn hidden() -> Vec<String> {
    let file = shipped("nginx/agent-headers.conf");
    let names = file
        .lines()
        .filter_map(|line| line.strip_prefix("proxy_hide_header ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

fn value(name: &str) -> &'static str {
    match name {
        "Content-Length" => "2",
        // Invalid dates would be another fault.
        "Date" | "Expires" | "Last-Modified" => "Thu, 01 Jan 1970 00:00:00 GMT",
        _ => VALUE,
    }
}

fn seen(answer: &Answer, name: &str) -> Seen {
    match answer.values(&name.to_ascii_lowercase()).as_slice() {
        [] => Seen::Removed,
        [one] if *one == value(name) => Seen::Passed,
        [one] if !one.contains(VALUE) => Seen::SitesOwn,
        several => panic!("{name}: {several:?}"),
    }
}

/// Returns what the browser receives, through this server, of a header that an agent sends.
fn through(server: SocketAddr, agent: &Agent, name: &str) -> Seen {
    agent.answers(with_headers(&format!("{name}: {}\r\n", value(name))));
    let target = format!("{BASE}/agents/{}/api/v1/info", agent.address);
    let answer = get(server, &target, &[]);
    agent.hears();
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (200, "{}"),
        "{name}: {answer:?}"
    );
    seen(&answer, name)
}

/// Returns the table as Markdown: one line for headers with the same result.
fn table(fates: &BTreeMap<[Seen; 3], Vec<String>>) -> String {
    let mut text = format!(
        "| the agent's header | {} |\n| --- | --- | --- | --- |\n",
        SERVERS.join(" | ")
    );
    for (fate, names) in fates {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let fate = fate.map(Seen::text).join(" | ");
        text.push_str(&format!("| {} | {fate} |\n", names.join(", ")));
    }
    text
}

#[test]
fn every_server_passes_the_headers_that_the_document_tells() {
    let agent = Agent::new();
    let servers = Servers::before(agent.address);
    let mut names = hidden();
    assert!(names.len() > 100, "{}", names.len());
    names.sort();
    names.extend(OTHERS.map(str::to_owned));
    let mut fates: BTreeMap<[Seen; 3], Vec<String>> = BTreeMap::new();
    for name in names {
        let fate = servers
            .addresses()
            .map(|server| through(server, &agent, &name));
        fates.entry(fate).or_default().push(name);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(DOCUMENT);
    let document = std::fs::read_to_string(&path).expect("the document");
    let [begin, end] = PLACE;
    let (before, rest) = document.split_once(begin).expect("a place for the table");
    let (written, after) = rest.split_once(end).expect("the end of the place");
    let measured = table(&fates);
    if std::env::var_os("ODP_HEADERS_WRITE").is_some() {
        let text = format!("{before}{begin}{measured}{end}{after}");
        std::fs::write(&path, text).expect("the document");
        return;
    }
    assert!(
        written == measured,
        "{DOCUMENT} has another table; `ODP_HEADERS_WRITE=1 cargo test --test servers` writes this one:\n{measured}"
    );
}

#[test]
fn every_server_drops_what_could_change_the_page() {
    // Written to a file, which replaces the table after a change of the servers.
    let agent = Agent::new();
    let servers = Servers::before(agent.address);
    for name in [
        "NEL",
        "Report-To",
        "Reporting-Endpoints",
        "Alt-Svc",
        "Refresh",
        "Link",
        "Location",
        "Service-Worker-Allowed",
        "Set-Cookie",
        "Clear-Site-Data",
        "Access-Control-Allow-Origin",
        "WWW-Authenticate",
        "SourceMap",
        "Content-Disposition",
    ] {
        for (server, address) in servers.each() {
            assert_eq!(
                through(address, &agent, name),
                Seen::Removed,
                "{server}: {name}"
            );
        }
    }
    for name in [
        "Content-Security-Policy",
        "Permissions-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "Cross-Origin-Resource-Policy",
        "Cache-Control",
    ] {
        for (server, address) in servers.each() {
            assert_eq!(
                through(address, &agent, name),
                Seen::SitesOwn,
                "{server}: {name}"
            );
        }
    }
}

#[test]
fn every_server_is_listed_with_one_fate_for_each_header() {
    let mut names = hidden();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "a header stands in the list twice");
    for name in OTHERS {
        assert!(!names.iter().any(|hidden| hidden == name), "{name}");
    }
}
