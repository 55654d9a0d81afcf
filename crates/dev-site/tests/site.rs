//! Tests the development site over the network: what it serves, and what the agents receive.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may stop where something is not as it should be"
)]

use std::path::PathBuf;
use std::time::Duration;

use dev_site::{Site, SiteSetup};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long the site may take to close a connection. Reached only by a failing test.
const PATIENCE: Duration = Duration::from_secs(30);

/// A built page of two files in a temporary folder.
struct Dist(PathBuf);

impl Dist {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("site-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let files: [(&str, &[u8]); 5] = [
            ("index.html", b"<!DOCTYPE html><title>page</title>"),
            ("app-0123456789abcdef.js", b"export default 1;"),
            ("app-0123456789abcdef.js.br", b"as brotli"),
            ("app-0123456789abcdef.js.gz", b"as gzip"),
            ("app-0123456789abcdef_bg.wasm", b"\0asm"),
        ];
        for (file, content) in files {
            std::fs::write(folder.join(file), content).unwrap();
        }
        Self(folder)
    }
}

impl Drop for Dist {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn site(dist: &Dist, setup: SiteSetup) -> Site {
    Site::start("127.0.0.1:0".parse().unwrap(), &dist.0, setup)
        .await
        .unwrap()
}

/// Sends these bytes and returns everything until the site closes the connection.
async fn exchange(site: &Site, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(site.address()).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    let closed = timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    closed.expect("the site keeps the connection open").unwrap();
    answer
}

/// Sends one request, without `Connection: close`, and returns the response.
async fn ask(site: &Site, head: &str, body: &str) -> String {
    let request = format!("{head}\r\n\r\n{body}");
    let answer = exchange(site, request.as_bytes()).await;
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    answer
}

async fn get(site: &Site, target: &str) -> String {
    ask(
        site,
        &format!("GET {target} HTTP/1.1\r\nHost: localhost"),
        "",
    )
    .await
}

/// Starts a server that responds to one connection with exactly these bytes and returns the
/// request.
async fn agent(answer: &'static str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        while !heard.ends_with(b"\r\n\r\n") && !heard.ends_with(b"end") {
            let mut piece = [0; 1024];
            let length = stream.read(&mut piece).await.unwrap();
            assert_ne!(length, 0, "the proxy hung up before its request was whole");
            heard.extend_from_slice(&piece[..length]);
        }
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(heard).unwrap()
    });
    (address, heard)
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[tokio::test]
async fn the_page_comes_with_production_headers() {
    let dist = Dist::new("headers");
    let site = site(&dist, SiteSetup::default()).await;
    let page = get(&site, "/").await;
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.contains("\r\ncontent-type: text/html"), "{page}");
    assert!(page.contains("\r\ncache-control: no-cache\r\n"), "{page}");
    assert!(
        page.contains("\r\nx-content-type-options: nosniff\r\n"),
        "{page}"
    );
    assert!(
        page.contains("\r\nreferrer-policy: no-referrer\r\n"),
        "{page}"
    );
    assert!(
        page.contains("\r\ncontent-security-policy: default-src 'none'; "),
        "{page}"
    );
    assert!(
        page.contains("require-trusted-types-for 'script'"),
        "{page}"
    );

    let wasm = get(&site, "/app-0123456789abcdef_bg.wasm").await;
    assert!(
        wasm.contains("\r\ncontent-type: application/wasm\r\n"),
        "{wasm}"
    );
    assert!(
        wasm.contains("\r\ncache-control: public, max-age=31536000, immutable\r\n"),
        "{wasm}"
    );

    let missing = get(&site, "/app-00000000deadbeef.js").await;
    assert!(missing.starts_with("HTTP/1.1 404 "), "{missing}");
    assert!(
        missing.contains("\r\ncache-control: no-store\r\n"),
        "{missing}"
    );
}

#[tokio::test]
async fn a_connection_serves_one_request() {
    let dist = Dist::new("close");
    let (address, _) = agent("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await;
    let site = site(&dist, SiteSetup::with_agents([address.as_str()])).await;
    let targets = [
        "/".to_owned(),
        "/app-0123456789abcdef.js".to_owned(),
        "/config.json".to_owned(),
        "/missing".to_owned(),
        "/agents/127.0.0.1:1/api/v1/info".to_owned(),
        format!("/agents/{address}/api/v1/info"),
    ];
    for target in &targets {
        // Both requests arrive before the response to the first, and ask to keep the connection.
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
        let answer = exchange(&site, request.repeat(2).as_bytes()).await;
        let answer = String::from_utf8(answer).unwrap();
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    }
    assert_eq!(site.requests().len(), targets.len());
}

#[tokio::test]
async fn the_site_does_not_speak_http_2() {
    let dist = Dist::new("http-2");
    let site = site(&dist, SiteSetup::default()).await;
    // The client preface and an empty SETTINGS frame (RFC 9113, section 3.4).
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    let answer = exchange(&site, preface).await;
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1.1 400 "),
        "{answer:?}"
    );
    let upgrade = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n\
                   Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__";
    let answer = ask(&site, upgrade, "").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(site.requests().iter().all(|seen| seen.method == "GET"));
}

#[tokio::test]
async fn a_large_file_arrives_whole_before_the_connection_closes() {
    let dist = Dist::new("large");
    // Larger than the buffers of a connection, and incompressible.
    let content: Vec<u8> = (0..4_u32 << 20).flat_map(u32::to_be_bytes).collect();
    std::fs::write(dist.0.join("large-0123456789abcdef.wasm"), &content).unwrap();
    let site = site(&dist, SiteSetup::default()).await;
    let request = b"GET /large-0123456789abcdef.wasm HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = exchange(&site, request).await;
    let head = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    assert!(answer[head + 4..] == content, "{} bytes", answer.len());
}

#[tokio::test]
async fn compressed_copies_go_to_those_who_accept_them() {
    let dist = Dist::new("compressed");
    let site = site(&dist, SiteSetup::default()).await;
    let ask_for = |accepted: &'static str| {
        let head = format!(
            "GET /app-0123456789abcdef.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {accepted}"
        );
        let site = &site;
        async move { ask(site, &head, "").await }
    };
    let brotli = ask_for("gzip, deflate, br, zstd").await;
    assert!(brotli.contains("\r\ncontent-encoding: br\r\n"), "{brotli}");
    assert!(
        brotli.contains("\r\ncontent-type: text/javascript"),
        "{brotli}"
    );
    assert!(
        brotli
            .to_lowercase()
            .contains("\r\nvary: accept-encoding\r\n"),
        "{brotli}"
    );
    assert_eq!(body(&brotli), "as brotli");
    assert_eq!(body(&ask_for("gzip").await), "as gzip");
    assert_eq!(body(&ask_for("identity").await), "export default 1;");
}

#[tokio::test]
async fn config_json_names_the_listed_agents() {
    let dist = Dist::new("config");
    let made = site(
        &dist,
        SiteSetup::with_agents(["127.0.0.1:2886", "[::1]:2886"]),
    )
    .await;
    let answer = get(&made, "/config.json").await;
    assert!(
        answer.contains("\r\ncontent-type: application/json\r\n"),
        "{answer}"
    );
    let config: serde_json::Value = serde_json::from_str(body(&answer)).unwrap();
    let expected = serde_json::json!({
        "agents": [{ "address": "127.0.0.1:2886" }, { "address": "[::1]:2886" }],
        "typedAddress": true,
    });
    assert_eq!(config, expected);

    let setup = SiteSetup {
        config: Some("{ not json".to_owned()),
        ..SiteSetup::default()
    };
    let given = site(&dist, setup).await;
    assert_eq!(body(&get(&given, "/config.json").await), "{ not json");
}

#[tokio::test]
async fn the_agent_sees_the_target_byte_for_byte() {
    let dist = Dist::new("target");
    let (address, heard) = agent(
        "HTTP/1.1 418 I'm a teapot\r\nX-Agent: yes\r\nKeep-Alive: timeout=5\r\n\
         Content-Length: 4\r\n\r\nbody",
    )
    .await;
    let site = site(&dist, SiteSetup::with_agents([address.as_str()])).await;
    let head = format!(
        "DELETE /agents/{address}/api/v1/obproxy?a=-b,.&b=_&a= HTTP/1.1\r\nHost: localhost\r\n\
         X-OCS-Agent-Header: c2VhbGVk\r\nAccept-Language: zh-CN\r\nX-Private: 1\r\n\
         TE: trailers\r\nContent-Length: 3"
    );
    let answer = ask(&site, &head, "end").await;
    let heard = heard.await.unwrap();

    let first = heard.lines().next().unwrap();
    assert_eq!(first, "DELETE /api/v1/obproxy?a=-b,.&b=_&a= HTTP/1.1");
    assert!(
        heard.contains("\r\nx-ocs-agent-header: c2VhbGVk\r\n"),
        "{heard}"
    );
    assert!(heard.contains("\r\naccept-language: zh-CN\r\n"), "{heard}");
    assert!(
        heard.contains(&format!("\r\nhost: {address}\r\n")),
        "{heard}"
    );
    assert!(!heard.contains("\r\nte:"), "{heard}");
    assert!(heard.ends_with("\r\n\r\nend"), "{heard}");

    assert!(answer.starts_with("HTTP/1.1 418 "), "{answer}");
    assert!(!answer.contains("keep-alive"), "{answer}");
    assert!(answer.contains("\r\ncontent-security-policy: "), "{answer}");
    assert_eq!(body(&answer), "body");

    let seen = site.requests();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].method, "DELETE");
    assert!(
        seen[0].target.ends_with("/obproxy?a=-b,.&b=_&a="),
        "{seen:?}"
    );
}

#[tokio::test]
async fn only_listed_agents_are_reached() {
    let dist = Dist::new("listed");
    let (address, heard) = agent("HTTP/1.1 200 OK\r\n\r\n").await;
    let site = site(&dist, SiteSetup::with_agents(["127.0.0.1:1"])).await;
    let refused = get(&site, &format!("/agents/{address}/api/v1/info")).await;
    assert!(refused.starts_with("HTTP/1.1 403 "), "{refused}");
    assert!(
        !heard.is_finished(),
        "an agent that is not listed was reached"
    );
    heard.abort();
}

#[tokio::test]
async fn an_agent_that_does_not_answer_is_a_bad_gateway() {
    let dist = Dist::new("gateway");
    // Bound and released: nothing listens there.
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let (silent, _) = agent("").await;
    let site = site(
        &dist,
        SiteSetup::with_agents([closed.as_str(), silent.as_str()]),
    )
    .await;
    for address in [closed, silent] {
        let answer = get(&site, &format!("/agents/{address}/api/v1/info")).await;
        assert!(
            answer.starts_with("HTTP/1.1 502 Bad Gateway\r\n"),
            "{answer}"
        );
        assert!(
            answer.contains("\r\ncontent-type: text/html\r\n"),
            "{answer}"
        );
        assert!(
            body(&answer).contains("<h1>502 Bad Gateway</h1>"),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn an_ipv6_agent_is_named_in_brackets() {
    let dist = Dist::new("ipv6");
    let listener = TcpListener::bind("[::1]:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let site = site(&dist, SiteSetup::with_agents([address.as_str()])).await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
            .await
            .unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).await.unwrap();
    });
    let answer = get(&site, &format!("/agents/{address}/api/v1/obproxy")).await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
}

#[tokio::test]
async fn the_page_lives_under_any_path() {
    let dist = Dist::new("path");
    let setup = SiteSetup {
        base_path: "/ops/console/".to_owned(),
        ..SiteSetup::default()
    };
    let site = site(&dist, setup).await;
    assert!(site.url().ends_with("/ops/console/"), "{}", site.url());
    assert!(
        get(&site, "/ops/console/")
            .await
            .starts_with("HTTP/1.1 200 ")
    );
    let bare = get(&site, "/ops/console").await;
    assert!(bare.contains("\r\nlocation: /ops/console/\r\n"), "{bare}");
    assert!(get(&site, "/").await.starts_with("HTTP/1.1 404 "));
}

#[tokio::test]
async fn without_a_built_page_the_error_says_what_to_do() {
    let nowhere = std::env::temp_dir().join("no-such-page");
    let error = Site::start(
        "127.0.0.1:0".parse().unwrap(),
        &nowhere,
        SiteSetup::default(),
    )
    .await
    .unwrap_err();
    assert!(error.to_string().contains("cargo xtask build"), "{error}");
}
