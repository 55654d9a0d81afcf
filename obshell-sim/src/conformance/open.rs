//! Routes that ask for no password, paths that lead nowhere, and the web UI (obshell: 1.1, 2.4, 2.8, 5, 8, 12.1).

use super::{
    ask::OCEANBASE_HEADER,
    expect::{Refusal, accepted, at, ensure, keys, same, text, timestamp},
    header::decrypt_failed,
    statement::{Statement, statement},
    wire::Framing,
};

const OPEN: [&str; 3] = ["/api/v1/info", "/api/v1/secret", "/api/v1/time"];

pub(super) fn statements() -> Vec<Statement> {
    let mut all = secret();
    all.extend(tellers());
    all.extend(headers_on_open_routes());
    all.extend(nowhere());
    all.extend(web_ui());
    all
}

fn secret() -> Vec<Statement> {
    vec![
        statement(
            "secret.shape",
            "/secret tells ip, port and public_key, in this order.",
            |p| async move {
                let secret = p.data("/api/v1/secret").await?;
                same("keys", vec!["ip", "port", "public_key"], keys(&secret))?;
                same("ip", at(&p.info, "/ip"), at(&secret, "/ip"))?;
                same("port", at(&p.info, "/port"), at(&secret, "/port"))
            },
        ),
        statement(
            "secret.pkcs1",
            "The public key is one line of base64 of a PKCS#1 RSAPublicKey with e = 65537.",
            |p| async move {
                let secret = p.data("/api/v1/secret").await?;
                let key = super::seal::PublicKey::parse(text(&secret, "/public_key"))?;
                same("exponent", [1, 0, 1].as_slice(), &key.exponent())
            },
        ),
        statement(
            "secret.size",
            "The key has 1024 bits since 4.4.2.0 (140 bytes of DER, 188 characters), 512 before.",
            |p| async move {
                let secret = p.data("/api/v1/secret").await?;
                let new = p.needs_version([4, 4, 2, 0]).is_ok();
                same("bits", if new { 1024 } else { 512 }, p.key.bits())?;
                let (der, characters) = if new { (140, 188) } else { (74, 100) };
                same("bytes of DER", der, p.key.der_bytes)?;
                same("characters", characters, text(&secret, "/public_key").len())
            },
        ),
        statement(
            "secret.stable",
            "The public key stays the same from one question to the next.",
            |p| async move {
                let first = p.data("/api/v1/secret").await?;
                let second = p.data("/api/v1/secret").await?;
                same(
                    "public_key",
                    at(&first, "/public_key"),
                    at(&second, "/public_key"),
                )
            },
        ),
    ]
}

fn tellers() -> Vec<Statement> {
    vec![
        statement(
            "time.text",
            "/time tells a bare RFC 3339 time, taken just before the envelope's timestamp.",
            |p| async move {
                let envelope = p.fetch(&p.get("/api/v1/time")?.open()).await?;
                let told = timestamp(text(&envelope, "/data"))?;
                let stamped = timestamp(text(&envelope, "/timestamp"))?;
                let gap = stamped.signed_duration_since(told).num_milliseconds();
                ensure(
                    (0..1000).contains(&gap),
                    "less than a second between data and timestamp",
                    || format!("{gap} ms"),
                )
            },
        ),
        statement(
            "info.shape",
            "/info has its fourteen fields (supportedAuth the last), each of its type.",
            |p| async move {
                let info = p.data("/api/v1/info").await?;
                let names = vec![
                    "pid",
                    "state",
                    "startAt",
                    "homePath",
                    "obVersion",
                    "architecture",
                    "ip",
                    "port",
                    "zone",
                    "identity",
                    "version",
                    "isObproxyAgent",
                    "security",
                    "supportedAuth",
                ];
                same("keys", names, keys(&info))?;
                ensure(
                    at(&info, "/supportedAuth")
                        .as_array()
                        .is_some_and(|all| all.contains(&"v2".into())),
                    "v2 in supportedAuth",
                    || info.to_string(),
                )?;
                ensure(
                    at(&info, "/isObproxyAgent").is_boolean()
                        && at(&info, "/security").is_boolean(),
                    "isObproxyAgent and security as booleans",
                    || info.to_string(),
                )?;
                same(
                    "state (2 is running)",
                    Some(2),
                    at(&info, "/state").as_u64(),
                )
            },
        ),
        statement(
            "info.nanoseconds",
            "startAt counts nanoseconds: more than a JavaScript number can hold.",
            |p| async move {
                let started = at(&p.info, "/startAt").as_u64().unwrap_or_default();
                ensure(started > 1 << 53, "nanoseconds since 1970", || {
                    started.to_string()
                })?;
                let seconds = i64::try_from(started / 1_000_000_000).unwrap_or_default();
                ensure(seconds <= p.now(), "a start in the past", || {
                    started.to_string()
                })
            },
        ),
        statement(
            "status.shape",
            "/status, by GET and by POST, has its eight fields and an empty traceId.",
            |p| async move {
                for method in ["GET", "POST"] {
                    let envelope = p
                        .fetch(&p.ask(method, "/api/v1/status")?.open())
                        .await
                        .map_err(|miss| miss.when(method))?;
                    same("traceId", "", text(&envelope, "/traceId"))
                        .map_err(|miss| miss.when(method))?;
                    let status = at(&envelope, "/data");
                    let names: Vec<&str> = keys(status)
                        .into_iter()
                        .filter(|name| *name != "sqlPort")
                        .collect();
                    let expected = vec![
                        "agent",
                        "state",
                        "version",
                        "pid",
                        "startAt",
                        "port",
                        "obState",
                        "underMaintenance",
                    ];
                    same("keys", expected, names)?;
                    same(
                        "keys of agent",
                        vec!["ip", "port", "identity"],
                        keys(at(status, "/agent")),
                    )?;
                }
                Ok(())
            },
        ),
        statement(
            "status.with-query",
            "/status with a query does get a trace id.",
            |p| async move {
                let envelope = p
                    .fetch(&p.get("/api/v1/status?ob_query_timeout=abc")?.open())
                    .await?;
                super::expect::is_trace_id(text(&envelope, "/traceId"))
            },
        ),
        statement(
            "status.agrees",
            "/status and /info agree on version, pid, start and identity.",
            |p| async move {
                let status = p.data("/api/v1/status").await?;
                let info = p.data("/api/v1/info").await?;
                for name in ["/version", "/pid", "/startAt", "/state", "/port"] {
                    same(name, at(&info, name), at(&status, name))?;
                }
                same(
                    "identity",
                    text(&info, "/identity"),
                    text(&status, "/agent/identity"),
                )
            },
        ),
        statement(
            "git-info.shape",
            "/git-info tells branch, commitId, shortCommitId and commitTime.",
            |p| async move {
                let envelope = p.fetch(&p.get("/api/v1/git-info")?.open()).await?;
                same(
                    "keys",
                    vec!["branch", "commitId", "shortCommitId", "commitTime"],
                    keys(at(&envelope, "/data")),
                )
            },
        ),
    ]
}

fn headers_on_open_routes() -> Vec<Statement> {
    vec![
        statement(
            "open.unreadable-header",
            "An auth header that cannot be decrypted is refused on open routes too.",
            |p| async move {
                p.needs_encryption()?;
                for target in OPEN.into_iter().chain(["/api/v1/no-such-path"]) {
                    let refusal = decrypt_failed(&p, "illegal base64 data at input byte 0");
                    p.refused(&p.get(target)?.verbatim("!!!!"), &refusal)
                        .await
                        .map_err(|miss| miss.when(target))?;
                }
                Ok(())
            },
        ),
        statement(
            "open.readable-header",
            "A readable header with a wrong Uri, an old Ts and a wrong password is ignored on open routes.",
            |p| async move {
                p.needs_encryption()?;
                for target in OPEN {
                    let ask = p
                        .get(target)?
                        .field("Uri", "/elsewhere")
                        .field("Ts", "1")
                        .field("Auth", "no");
                    p.fetch(&ask).await.map_err(|miss| miss.when(target))?;
                    p.fetch(&ask.in_header(OCEANBASE_HEADER))
                        .await
                        .map_err(|miss| miss.when(target))?;
                }
                Ok(())
            },
        ),
        statement(
            "open.host-info-closed",
            "/agent/host-info is not open: without a header it answers 400.",
            |p| async move {
                p.needs_encryption()?;
                p.refused(
                    &p.get("/api/v1/agent/host-info")?.open(),
                    &super::header::header_not_found(),
                )
                .await
            },
        ),
    ]
}

/// obshell: whatever contains `/api/v1` or `/rpc/v1` and is no route.
fn element_not_found() -> Refusal {
    Refusal::new(404, "Common.NotFound", "Element not found: 404 not found")
        .zh("未找到资源：404 not found")
        .old(400, 1000, "Bad request: 404 not found")
}

fn nowhere() -> Vec<Statement> {
    vec![
        statement(
            "404.unknown",
            "An unknown path under /api/v1 or /rpc/v1 is a JSON 404.",
            |p| async move {
                for target in ["/api/v1/no-such-path", "/rpc/v1/no-such-path"] {
                    p.refused(&p.get(target)?.open(), &element_not_found())
                        .await
                        .map_err(|miss| miss.when(target))?;
                }
                Ok(())
            },
        ),
        statement(
            "404.method",
            "A wrong method is a 404, never a 405.",
            |p| async move {
                for (method, target) in [
                    ("POST", "/api/v1/secret"),
                    ("DELETE", "/api/v1/info"),
                    ("GET", "/api/v1/obproxy"),
                    ("PUT", "/api/v1/obproxy"),
                    ("PATCH", "/api/v1/time"),
                ] {
                    let ask = p.ask(method, target)?.open();
                    p.refused(&ask, &element_not_found())
                        .await
                        .map_err(|miss| miss.when(&format!("{method} {target}")))?;
                }
                Ok(())
            },
        ),
        statement(
            "404.options",
            "There is no CORS: OPTIONS is a 404, and no Access-Control header is ever sent.",
            |p| async move {
                let ask = p.ask("OPTIONS", "/api/v1/obproxy")?.open();
                let ask = ask
                    .header("Origin", "http://other.example")
                    .header("Access-Control-Request-Method", "DELETE");
                p.refused(&ask, &element_not_found()).await?;
                for ask in [
                    ask,
                    p.get("/api/v1/info")?
                        .open()
                        .header("Origin", "http://other.example"),
                ] {
                    let answer = p.send(&ask).await?;
                    let cors = answer
                        .headers
                        .iter()
                        .find(|(name, _)| name.to_ascii_lowercase().starts_with("access-control"));
                    same("CORS header", None, cors)?;
                }
                Ok(())
            },
        ),
        statement(
            "404.head",
            "HEAD is not served: a 404 with a length and without a body.",
            |p| async move {
                let answer = p.send(&p.ask("HEAD", "/api/v1/info")?.open()).await?;
                same(
                    "HTTP status",
                    if p.is_old() { 400 } else { 404 },
                    answer.status,
                )?;
                ensure(
                    matches!(answer.framing, Framing::Length(1..)),
                    "a Content-Length",
                    || answer.framing.to_string(),
                )?;
                same("bytes of body", 0, answer.body.len())
            },
        ),
        statement(
            "404.inside",
            "A path that only contains /api/v1 is a plain-text 404.",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
                let answer = p.send(&p.get("/x/api/v1/y")?.open()).await?;
                same("HTTP status", 404, answer.status)?;
                same(
                    "Content-Type",
                    Some("text/plain"),
                    answer.header("content-type"),
                )?;
                same("body", "404 page not found", answer.text().as_str())
            },
        ),
        statement(
            "redirect.get",
            "A GET with a trailing slash is moved by 301 to the path without it.",
            |p| async move {
                let answer = p.send(&p.get("/api/v1/info/")?.open()).await?;
                same("HTTP status", 301, answer.status)?;
                same("Location", Some("/api/v1/info"), answer.header("location"))?;
                same(
                    "Content-Type",
                    Some("text/html; charset=utf-8"),
                    answer.header("content-type"),
                )?;
                same(
                    "body",
                    "<a href=\"/api/v1/info\">Moved Permanently</a>.\n\n",
                    answer.text().as_str(),
                )
            },
        ),
        statement(
            "redirect.delete",
            "A DELETE with a trailing slash is redirected by 307, with an empty body.",
            |p| async move {
                let answer = p.send(&p.ask("DELETE", "/api/v1/obproxy/")?.open()).await?;
                same("HTTP status", 307, answer.status)?;
                same(
                    "Location",
                    Some("/api/v1/obproxy"),
                    answer.header("location"),
                )?;
                same("framing", Framing::Length(0), answer.framing)
            },
        ),
        statement(
            "headers.plain",
            "Answers name no server, are not compressed and say nothing of caching.",
            |p| async move {
                let answer = p
                    .send(
                        &p.get("/api/v1/info")?
                            .open()
                            .header("Accept-Encoding", "gzip, br"),
                    )
                    .await?;
                accepted(&answer)?;
                for name in [
                    "server",
                    "content-encoding",
                    "cache-control",
                    "etag",
                    "vary",
                    "x-obshell-trace-id",
                ] {
                    same(name, None, answer.header(name))?;
                }
                same(
                    "Content-Type",
                    Some("application/json"),
                    answer.header("content-type"),
                )?;
                ensure(answer.header("date").is_some(), "a Date header", || {
                    format!("{:?}", answer.headers)
                })
            },
        ),
        statement(
            "headers.keep-alive",
            "A connection is kept and carries a second question.",
            |p| async move {
                let (first, second) = p
                    .send_both(
                        &p.get("/api/v1/time")?.open(),
                        &p.get("/api/v1/info")?.open(),
                    )
                    .await?;
                accepted(&first)?;
                same(
                    "identity",
                    p.identity(),
                    text(&accepted(&second)?, "/data/identity"),
                )
            },
        ),
    ]
}

fn web_ui() -> Vec<Statement> {
    vec![
        statement(
            "web.index",
            "/ is the web UI's page, and so is every other unknown path, by any method.",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
                let index = p.send(&p.get("/")?.open()).await?;
                same("HTTP status", 200, index.status)?;
                for (method, target) in [
                    ("GET", "/foo"),
                    ("GET", "/foo/bar.js"),
                    ("POST", "/foo"),
                    ("GET", "/api/v2/x"),
                ] {
                    let answer = p.send(&p.ask(method, target)?.open()).await?;
                    let here = format!("{method} {target}");
                    same("HTTP status", 200, answer.status).map_err(|miss| miss.when(&here))?;
                    let kind = answer.header("content-type");
                    same("Content-Type", Some("text/html; charset=utf-8"), kind)
                        .map_err(|miss| miss.when(&here))?;
                    ensure(answer.body == index.body, "the page of /", || answer.text())
                        .map_err(|miss| miss.when(&here))?;
                }
                Ok(())
            },
        ),
        statement(
            "web.index-html",
            "/index.html is redirected to ./ by 301.",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
                let answer = p.send(&p.get("/index.html")?.open()).await?;
                same("HTTP status", 301, answer.status)?;
                same("Location", Some("./"), answer.header("location"))?;
                same("bytes of body", 0, answer.body.len())
            },
        ),
    ]
}
