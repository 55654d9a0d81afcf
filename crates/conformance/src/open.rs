//! Routes without a password, unknown paths, and the web UI (protocol: 1.1, 2.4, 2.8, 5, 8, 12.1).

use crate::{
    ask::OCEANBASE_HEADER,
    expect::{at, ensure, keys, same, text, timestamp},
    open::nowhere::web_ui,
    statement::{Statement, statement},
    wording::{decrypt_failed, header_not_found},
};

mod nowhere;

const OPEN: [&str; 3] = ["/api/v1/info", "/api/v1/secret", "/api/v1/time"];

pub(super) fn statements() -> Vec<Statement> {
    let mut all = secret();
    all.extend(tellers());
    all.extend(headers_on_open_routes());
    all.extend(nowhere::nowhere());
    all.extend(web_ui());
    all
}

fn secret() -> Vec<Statement> {
    vec![
        statement(
            "secret.shape",
            "/secret returns ip, port and public_key, in this order.",
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
                let key = crate::seal::PublicKey::parse(text(&secret, "/public_key"))?;
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
            "The public key is the same in consecutive responses.",
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
            "/time returns a bare RFC 3339 time, taken just before the envelope's timestamp.",
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
            "/info has its fourteen fields (supportedAuth last), each of its type; architecture since 4.3.0.0.",
            |p| async move {
                let info = p.data("/api/v1/info").await?;
                let mut names = vec![
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
                if p.needs_version([4, 3, 0, 0]).is_err() {
                    names.retain(|name| *name != "architecture");
                }
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
            "startAt counts nanoseconds: too large for a JavaScript number.",
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
            "/status with a query has a trace id.",
            |p| async move {
                let envelope = p
                    .fetch(&p.get("/api/v1/status?ob_query_timeout=abc")?.open())
                    .await?;
                crate::expect::is_trace_id(text(&envelope, "/traceId"))
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
            "/git-info returns branch, commitId, shortCommitId and commitTime.",
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
            "Open routes also reject an auth header that cannot be decrypted.",
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
            "/agent/host-info is not open: without a header it returns 400.",
            |p| async move {
                p.needs_version([4, 3, 0, 0])?;
                p.needs_encryption()?;
                p.refused(
                    &p.get("/api/v1/agent/host-info")?.open(),
                    &header_not_found(),
                )
                .await
            },
        ),
    ]
}
