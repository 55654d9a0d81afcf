//! The proxy to the agents: `/agents/HOST:PORT/…` with the prefix stripped.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::header::{
    AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
    COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, UPGRADE,
};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::answer::{Body, text, with_body};
use crate::config::ListedAgent;

/// How long an agent may take to accept a connection, and to begin its answer: as in `deploy/`.
const PATIENCE: Duration = Duration::from_secs(75);

/// The maximum size of a request's body, in bytes: as in `deploy/`.
const MOST_BYTES: usize = 64 * 1024;

/// The headers of an agent's answer that reach the browser: as in `deploy/`.
const PASSED: [HeaderName; 3] = [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING];

/// Headers that belong to one connection, not to the message (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Forwards a request whose target is `/agents/` and `rest`; its body has to arrive within `limit`.
///
/// Every request has a connection of its own and is sent once: a proxy that repeated a DELETE after
/// a broken connection could destroy an ODP that nobody asked to destroy.
pub(super) async fn forward(
    agents: &[ListedAgent],
    rest: &str,
    request: Request<Incoming>,
    limit: Duration,
) -> Response<Body> {
    let mut response = forwarded(agents, rest, request, limit).await;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn forwarded(
    agents: &[ListedAgent],
    rest: &str,
    request: Request<Incoming>,
    limit: Duration,
) -> Response<Body> {
    if ![Method::GET, Method::POST, Method::DELETE].contains(request.method()) {
        return text(
            StatusCode::METHOD_NOT_ALLOWED,
            "Only GET, POST and DELETE requests are forwarded to an agent.\n",
        );
    }
    if request.headers().contains_key(UPGRADE) {
        return text(
            StatusCode::BAD_REQUEST,
            "Connection upgrades are not forwarded to an agent.\n",
        );
    }
    let (typed, target) = split(rest);
    let Some(address) = listed(agents, typed) else {
        return text(
            StatusCode::FORBIDDEN,
            "This agent is not in the site's list.\n",
        );
    };
    let Some(uri) = api(target) else {
        return text(
            StatusCode::NOT_FOUND,
            "This site forwards only requests for /api/v1/ of an agent.\n",
        );
    };
    let (mut head, body) = request.into_parts();
    if body.size_hint().lower() > MOST_BYTES as u64 {
        return too_large();
    }
    let body = match timeout(limit, Limited::new(body, MOST_BYTES).collect()).await {
        Ok(Ok(body)) => body.to_bytes(),
        Ok(Err(error)) if error.is::<LengthLimitError>() => return too_large(),
        Ok(Err(_)) => return text(StatusCode::BAD_REQUEST, "The request is incomplete.\n"),
        Err(_) => return text(StatusCode::REQUEST_TIMEOUT, "The request took too long.\n"),
    };
    head.uri = uri;
    let request = Request::from_parts(head, Full::new(body));
    match timeout(PATIENCE, exchange(address, request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => gateway_page(StatusCode::BAD_GATEWAY),
        Err(_) => gateway_page(StatusCode::GATEWAY_TIMEOUT),
    }
}

fn too_large() -> Response<Body> {
    text(
        StatusCode::PAYLOAD_TOO_LARGE,
        "A request to an agent is limited to 64 KiB.\n",
    )
}

/// Splits into the address as written in the path, and the agent's target: a path with its query.
fn split(rest: &str) -> (&str, &str) {
    match rest.find(['/', '?']) {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    }
}

/// The listed agent that the path names, in the spelling of the list.
fn listed<'a>(agents: &'a [ListedAgent], typed: &str) -> Option<&'a str> {
    agents
        .iter()
        .map(|agent| agent.address.as_str())
        .find(|address| *address == typed)
}

/// The target, if it is one of an agent's API in plain characters: `/api/v1/…`, without `..`, `//`
/// and `%`.
fn api(target: &str) -> Option<Uri> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let in_segment = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    let in_query = |byte: u8| byte.is_ascii_alphanumeric() || b"_=&.,-".contains(&byte);
    let plain = path
        .strip_prefix("/api/v1/")?
        .split('/')
        .all(|segment| !segment.is_empty() && segment.bytes().all(in_segment));
    (plain && query.bytes().all(in_query))
        .then(|| target.parse().ok())
        .flatten()
}

async fn exchange(
    address: &str,
    mut request: Request<Full<Bytes>>,
) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // Ends with the answer's body, or when the browser disconnects and the body is dropped.
    tokio::spawn(connection);

    *request.version_mut() = hyper::Version::HTTP_11;
    let headers = request.headers_mut();
    drop_hop_by_hop(headers);
    // The agent receives neither cookies nor credentials of this site.
    headers.remove(COOKIE);
    headers.remove(AUTHORIZATION);
    headers.insert(HOST, HeaderValue::from_str(address)?);
    headers.insert(CONNECTION, HeaderValue::from_static("close"));

    let response = sender.send_request(request).await?;
    let (mut head, body) = response.into_parts();
    // An answer that switches protocols is not accepted.
    if head.status.is_informational() {
        return Err("the agent switches protocols".into());
    }
    let mut headers = HeaderMap::new();
    for name in PASSED {
        if let Some(value) = head.headers.remove(&name) {
            headers.insert(name, value);
        }
    }
    head.headers = headers;
    let body = body.map_err(Into::into).boxed_unsync();
    Ok(Response::from_parts(head, body))
}

fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}

/// The page with which a reverse proxy answers if the agent does not.
fn gateway_page(status: StatusCode) -> Response<Body> {
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n\
         <center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    with_body(status, "text/html", page)
}

#[cfg(test)]
mod tests {
    use super::{api, listed, split};
    use crate::config::ListedAgent;

    #[test]
    fn the_agent_sees_the_target_without_the_prefix() {
        assert_eq!(
            split("127.0.0.1:2886/api/v1/info"),
            ("127.0.0.1:2886", "/api/v1/info")
        );
        assert_eq!(
            split("[::1]:2886//a%2Fb/?x=%20/y"),
            ("[::1]:2886", "//a%2Fb/?x=%20/y")
        );
        assert_eq!(split("127.0.0.1:2886"), ("127.0.0.1:2886", ""));
    }

    #[test]
    fn only_listed_agents_are_found() {
        let agents = ["127.0.0.1:2886", "[::1]:2886"].map(ListedAgent::from);
        assert_eq!(listed(&agents, "127.0.0.1:2886"), Some("127.0.0.1:2886"));
        assert_eq!(listed(&agents, "[::1]:2886"), Some("[::1]:2886"));
        assert_eq!(listed(&agents, "%5B::1%5D:2886"), None);
        assert_eq!(listed(&agents, "127.0.0.1:2887"), None);
        assert_eq!(listed(&agents, ""), None);
    }

    #[test]
    fn only_the_api_in_plain_characters_is_reached() {
        for target in [
            "/api/v1/info",
            "/api/v1/task/dag/4127_0-A?show_details=true&a=1,2.5",
            "/api/v1/info?",
        ] {
            assert_eq!(
                api(target).map(|uri| uri.to_string()).as_deref(),
                Some(target)
            );
        }
        for target in [
            "",
            "/",
            "?a=b",
            "/index.html",
            "/api/v1",
            "/api/v1/",
            "/api/v1/info/",
            "/api/v1//info",
            "//api/v1/info",
            "/api/v1/../info",
            "/api/v1/%2e%2e/info",
            "/api/v1/info%3Fa",
            "/api/v1/info?a=b/c",
            "/api/v1/info?a=%20",
            "/api/v2/info",
        ] {
            assert_eq!(api(target), None, "{target}");
        }
    }
}
