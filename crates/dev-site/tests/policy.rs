//! Checks the content security policy of the console, directive by directive: in the development
//! site, in the shipped files of nginx and Caddy, and in the page for sites without a policy.
#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where something is not as it should be"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dev_site::{Site, SiteSetup};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The directives and their values, sorted by name.
type Policy = BTreeMap<String, Vec<String>>;

/// Exactly what the page needs.
const EXPECTED: [(&str, &[&str]); 10] = [
    ("base-uri", &["'none'"]),
    ("connect-src", &["'self'"]),
    ("default-src", &["'none'"]),
    ("form-action", &["'none'"]),
    ("frame-ancestors", &["'none'"]),
    ("img-src", &["'self'"]),
    ("require-trusted-types-for", &["'script'"]),
    ("script-src", &["'self'", "'wasm-unsafe-eval'"]),
    ("style-src", &["'self'"]),
    ("trusted-types", &["'none'"]),
];

fn expected() -> Policy {
    let owned = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
    let directives = EXPECTED.iter();
    directives
        .map(|&(name, values)| (name.to_owned(), owned(values)))
        .collect()
}

/// Parses a policy like a browser: names in any letter case, values separated by white space. A
/// duplicate directive fails here; a browser would use the first.
fn parse(policy: &str) -> Policy {
    let mut parsed = Policy::new();
    for directive in policy.split(';') {
        let mut words = directive.split_ascii_whitespace().map(str::to_owned);
        let Some(name) = words.next() else { continue };
        let mut values: Vec<String> = words.collect();
        values.sort();
        let before = parsed.insert(name.to_ascii_lowercase(), values);
        assert_eq!(before, None, "{name} stands twice in {policy}");
    }
    parsed
}

/// Returns the policies in a file, each quoted after its header's name.
fn policies_in(file: &str) -> Vec<Policy> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../deploy")
        .join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let behind = text.split("Content-Security-Policy \"").skip(1);
    behind
        .map(|rest| parse(rest.split('"').next().unwrap()))
        .collect()
}

/// A temporary folder with a page.
struct Dist(PathBuf);

impl Dist {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("site-policy-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join("index.html"),
            "<!DOCTYPE html><title>page</title>",
        )
        .unwrap();
        Self(folder)
    }
}

impl Drop for Dist {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns the policies in the site's response: one for each header line.
async fn policies_of(site: &Site, target: &str) -> Vec<Policy> {
    let mut stream = TcpStream::connect(site.address()).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let head = answer.split("\r\n\r\n").next().unwrap();
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    lines
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-security-policy"))
        .map(|(_, policy)| parse(policy))
        .collect()
}

#[tokio::test]
async fn the_development_site_allows_what_the_page_needs_and_nothing_more() {
    let dist = Dist::new();
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let site = Site::start(anywhere, &dist.0, SiteSetup::default())
        .await
        .unwrap();
    for target in [
        "/",
        "/index.html",
        "/config.json",
        "/missing",
        "/agents/127.0.0.1:1/api/v1/info",
    ] {
        assert_eq!(policies_of(&site, target).await, [expected()], "{target}");
    }
}

#[test]
fn nginx_and_caddy_allow_the_same() {
    assert_eq!(policies_in("nginx/headers.conf"), [expected()]);
    assert_eq!(policies_in("caddy/Caddyfile"), [expected()]);
}

#[test]
fn the_page_has_it_where_a_site_sends_none() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../index.html");
    let page = std::fs::read_to_string(page).unwrap();
    let (before, rest) = page
        .split_once("http-equiv=\"Content-Security-Policy\" content=\"")
        .unwrap();
    let mut wanted = expected();
    // A browser ignores this directive in a page.
    wanted.remove("frame-ancestors");
    // The page's policy must allow an `endpoint` on another host; a site's own policy restricts it.
    wanted.insert("connect-src".to_owned(), vec!["*".to_owned()]);
    assert_eq!(parse(rest.split('"').next().unwrap()), wanted);
    // The policy applies to the elements after it.
    assert!(!before.contains("<script") && !before.contains("<link"));
}

#[test]
fn the_expected_policy_itself_has_no_way_around_it() {
    // A second check, so that a weaker policy is a deliberate change.
    let allowed = ["'none'", "'self'", "'wasm-unsafe-eval'", "'script'"];
    for (name, values) in expected() {
        assert!(!values.is_empty(), "{name}");
        for value in &values {
            assert!(allowed.contains(&value.as_str()), "{name} {value}");
        }
    }
}

#[test]
fn a_weaker_policy_reads_otherwise() {
    let strong = "style-src 'self'; script-src 'self'";
    let policy = parse(strong);
    assert_eq!(policy, parse("Script-Src  'self' ;style-src 'self';"));
    for weaker in [
        "style-src 'self' 'unsafe-inline'; script-src 'self'",
        "style-src 'self'; script-src 'self' 'unsafe-inline'",
        "style-src 'self'; script-src *",
        "style-src 'self'",
        "style-src 'self'; script-src 'self'; img-src data:",
    ] {
        assert_ne!(policy, parse(weaker), "{weaker}");
    }
}
