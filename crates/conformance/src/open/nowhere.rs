//! Unknown paths, redirects, and the web UI.

use crate::{
    expect::{accepted, ensure, same, text},
    miss::Miss,
    statement::{Statement, statement},
    wire::Framing,
    wording::element_not_found,
};

pub(super) fn nowhere() -> Vec<Statement> {
    vec![
        statement(
            "404.unknown",
            "An unknown path under /api/v1 or /rpc/v1 gets a JSON 404.",
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
            "A wrong method gets a 404, never a 405.",
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
            "There is no CORS: OPTIONS gets a 404, and no Access-Control header is ever sent.",
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
            "HEAD is not supported: it gets a 404 with a length and without a body.",
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
            "A path that only contains /api/v1 gets a plain-text 404.",
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
            "A GET with a trailing slash is redirected by 301 to the path without the slash.",
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
            "Responses have no Server header, no compression and no caching headers.",
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
            "A connection is kept alive and carries a second request.",
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

pub(super) fn web_ui() -> Vec<Statement> {
    vec![
        statement(
            "web.index",
            "/ and every other unknown path return the web UI's page, for any method.",
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
            "web.none",
            "Before 4.3.0.0 there is no web UI and none of its routes: every path returns JSON.",
            |p| async move {
                if p.needs_version([4, 3, 0, 0]).is_ok() {
                    return Err(Miss::not_applicable("since 4.3.0.0 there is a web UI"));
                }
                for target in [
                    "/",
                    "/index.html",
                    "/foo",
                    "/api/v2/x",
                    "/api/v1/task/dags/agent",
                    "/api/v1/task/dag/agent/main_dags",
                    "/api/v1/agent/host-info",
                ] {
                    p.refused(&p.get(target)?.open(), &element_not_found())
                        .await
                        .map_err(|miss| miss.when(target))?;
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
