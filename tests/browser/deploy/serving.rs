//! Tests the page's files as nginx serves them: compressed, cached as long as permitted, and no
//! other files.

use super::answer::{Answer, ask, closes, get};
use super::nginx::{Nginx, Setup};
use super::{LARGE, large};
use crate::support::dist;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), \
    payment=(), serial=(), usb=()";

/// Checks the headers of every response.
pub fn guarded(answer: &Answer) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", PERMISSIONS),
        // A browser must not reuse a connection.
        ("connection", "close"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{answer:?}");
    }
}

fn site(base: &'static str) -> Nginx {
    Nginx::start(&Setup {
        base,
        ..Setup::default()
    })
}

#[test]
fn files_come_as_they_were_compressed_when_they_were_built() {
    let nginx = site("/console");
    for (prefix, suffix, kind) in [
        ("loader-", ".js", "text/javascript; charset=utf-8"),
        ("odp-console-", ".js", "text/javascript; charset=utf-8"),
        ("odp-console-", "_bg.wasm", "application/wasm"),
        ("icon-", ".svg", "image/svg+xml"),
        ("index", ".html", "text/html; charset=utf-8"),
    ] {
        let name = nginx.name_of(prefix, suffix);
        let target = if name == "index.html" {
            "/console/".to_owned()
        } else {
            format!("/console/{name}")
        };
        for (accepted, encoding, end) in [
            ("gzip, deflate, br", Some("br"), ".br"),
            ("br;q=0.8, gzip", Some("br"), ".br"),
            ("gzip, deflate", Some("gzip"), ".gz"),
            ("gzip, br;q=0", Some("gzip"), ".gz"),
            ("identity", None, ""),
        ] {
            let header = format!("Accept-Encoding: {accepted}");
            let answer = get(nginx.address(), &target, &[&header]);
            assert_eq!(answer.status, 200, "{target}");
            assert_eq!(
                answer.header("content-encoding"),
                encoding,
                "{target} {accepted}"
            );
            assert_eq!(
                answer.header("content-type"),
                Some(kind),
                "{target} {accepted}"
            );
            assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{target}");
            assert!(
                answer.body == nginx.file(&format!("{name}{end}")),
                "{target} {accepted}"
            );
            guarded(&answer);
        }
    }
}

#[test]
fn what_never_changes_is_kept_and_the_rest_is_asked_for() {
    let nginx = site("/console");
    let cache = |target: &str| {
        let answer = get(nginx.address(), target, &["Accept-Encoding: br"]);
        guarded(&answer);
        let cache = answer.header("cache-control").map(str::to_owned);
        (answer.status, cache.unwrap_or_default())
    };
    let forever = (200, "public, max-age=31536000, immutable".to_owned());
    for (prefix, suffix) in [
        ("loader-", ".js"),
        ("odp-console-", ".js"),
        ("odp-console-", "_bg.wasm"),
        ("icon-", ".svg"),
    ] {
        assert_eq!(
            cache(&format!("/console/{}", nginx.name_of(prefix, suffix))),
            forever
        );
    }
    let asked = (200, "no-cache".to_owned());
    for name in ["", "index.html", "config.json"] {
        assert_eq!(cache(&format!("/console/{name}")), asked, "{name}");
    }
    // A file of another build, which may be available soon.
    let gone = (404, "no-store".to_owned());
    assert_eq!(cache("/console/odp-console-0123456789abcdef.js"), gone);
    // An unchanged page is not sent again on revalidation.
    let page = get(nginx.address(), "/console/", &[]);
    let tag = format!("If-None-Match: {}", page.header("etag").expect("a tag"));
    assert_eq!(get(nginx.address(), "/console/", &[&tag]).status, 304);
    assert_eq!(
        get(
            nginx.address(),
            "/console/config.json",
            &["Accept-Encoding: br, gzip"]
        )
        .header("content-encoding"),
        None
    );
}

#[test]
fn every_file_of_the_page_is_there() {
    let nginx = site("");
    let mut files = 0;
    for file in std::fs::read_dir(dist()).expect("the page") {
        let name = file.expect("a file").file_name();
        let name = name.to_str().expect("a name");
        if !name.ends_with(".br") && !name.ends_with(".gz") {
            let answer = get(nginx.address(), &format!("/{name}"), &[]);
            assert_eq!(answer.status, 200, "{name}");
            assert!(answer.body == nginx.file(name), "{name}");
            files += 1;
        }
    }
    assert!(files >= 6, "{files}");
}

#[test]
fn a_connection_serves_one_request() {
    let nginx = site("/console");
    let targets = [
        "/console/".to_owned(),
        format!("/console/{}", nginx.name_of("loader-", ".js")),
        "/console/config.json".to_owned(),
        "/console/missing".to_owned(),
        "/console".to_owned(),
        "/elsewhere".to_owned(),
        "/console/agents/127.0.0.1:1/api/v1/info".to_owned(),
    ];
    closes(nginx.address(), &targets);
}

#[test]
fn a_large_file_arrives_whole_before_the_connection_closes() {
    let nginx = site("");
    let content = large(&nginx.page());
    let answer = get(nginx.address(), &format!("/{LARGE}"), &[]);
    guarded(&answer);
    assert!(answer.body == content, "{} bytes", answer.body.len());
}

#[test]
fn there_is_nothing_else() {
    for base in ["", "/console"] {
        let nginx = site(base);
        for wrong in [
            "/nothing",
            "/sub/",
            "/sub/index.html",
            "/sub/config.json",
            "/index.html/",
            "/index.html.br",
            "/console.conf",
            "/../site.conf",
            "/..%2fsite.conf",
            "/%2e%2e/%2e%2e/site.conf",
            "/.git/config",
            "/agents",
        ] {
            let answer = get(nginx.address(), &format!("{base}{wrong}"), &[]);
            assert!(
                matches!(answer.status, 400 | 404),
                "{base}{wrong}: {answer:?}"
            );
            assert!(
                !answer.text().contains("odp-console"),
                "{base}{wrong}: {answer:?}"
            );
            guarded(&answer);
        }
    }
    let nginx = site("/console");
    for beside in [
        "/",
        "/index.html",
        "/config.json",
        "/consoles/",
        "/agents/x/api/v1/info",
    ] {
        let answer = get(nginx.address(), beside, &[]);
        assert_eq!(answer.status, 404, "{beside}");
        assert!(
            !answer.text().contains("odp-console"),
            "{beside}: {answer:?}"
        );
        guarded(&answer);
    }
    let answer = get(nginx.address(), "/console", &[]);
    assert_eq!(
        (answer.status, answer.header("location")),
        (308, Some("/console/"))
    );
    let answer = ask(nginx.address(), "POST /console/", &["Content-Length: 0"]);
    assert_eq!(answer.status, 405);
}
