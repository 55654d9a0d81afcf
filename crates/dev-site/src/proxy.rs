//! The way to the agents: `/agents/HOST:PORT/…` with the prefix stripped.

use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::answer::{Body, text, with_body};
use crate::config::ListedAgent;

/// How long an agent may take to accept, and to begin its answer: nginx's default.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// Forwards a request whose target is `/agents/` and `rest`.
///
/// Every request has a connection of its own and is sent once: a proxy that repeats a DELETE
/// after a broken connection would destroy what nobody asked it to.
pub(super) async fn forward(
    agents: &[ListedAgent],
    rest: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    let (typed, target) = split(rest);
    let Some(address) = listed(agents, typed) else {
        return text(
            StatusCode::FORBIDDEN,
            format!("this site does not reach {typed}\n"),
        );
    };
    // A target that begins with its query has lost its slash to the prefix.
    let slash = if target.starts_with('/') { "" } else { "/" };
    let Ok(uri) = format!("{slash}{target}").parse::<Uri>() else {
        return text(StatusCode::BAD_REQUEST, "not a request target\n");
    };
    match timeout(PATIENCE, exchange(address, uri, request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => gateway_page(StatusCode::BAD_GATEWAY),
        Err(_) => gateway_page(StatusCode::GATEWAY_TIMEOUT),
    }
}

/// The address as written in the path, and what the agent is to see: a path with its query.
fn split(rest: &str) -> (&str, &str) {
    match rest.find(['/', '?']) {
        Some(end) => rest.split_at(end),
        None => (rest, "/"),
    }
}

/// The listed agent that the path names; browsers may write the brackets of IPv6 as `%5B`.
fn listed<'a>(agents: &'a [ListedAgent], typed: &str) -> Option<&'a str> {
    let typed = typed
        .replace("%5B", "[")
        .replace("%5b", "[")
        .replace("%5D", "]")
        .replace("%5d", "]")
        .replace("%3A", ":")
        .replace("%3a", ":");
    agents
        .iter()
        .map(|agent| agent.address.as_str())
        .find(|address| *address == typed)
}

async fn exchange(
    address: &str,
    uri: Uri,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    // Ends with the answer's body, or when the browser goes away and drops it.
    tokio::spawn(connection);

    *request.uri_mut() = uri;
    *request.version_mut() = hyper::Version::HTTP_11;
    drop_hop_by_hop(request.headers_mut());
    request
        .headers_mut()
        .insert(HOST, HeaderValue::from_str(address)?);
    request
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));

    let mut response = sender.send_request(request).await?;
    drop_hop_by_hop(response.headers_mut());
    Ok(response.map(|body| body.map_err(Into::into).boxed_unsync()))
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

/// The page a reverse proxy answers with when the agent does not.
fn gateway_page(status: StatusCode) -> Response<Body> {
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n\
         <center><h1>{status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    with_body(status, "text/html", page)
}

#[cfg(test)]
mod tests {
    use super::{listed, split};
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
        assert_eq!(split("127.0.0.1:2886"), ("127.0.0.1:2886", "/"));
    }

    #[test]
    fn only_listed_agents_are_found() {
        let agents = ["127.0.0.1:2886", "[::1]:2886"].map(ListedAgent::from);
        assert_eq!(listed(&agents, "127.0.0.1:2886"), Some("127.0.0.1:2886"));
        assert_eq!(listed(&agents, "%5B::1%5D:2886"), Some("[::1]:2886"));
        assert_eq!(listed(&agents, "127.0.0.1:2887"), None);
        assert_eq!(listed(&agents, ""), None);
    }
}
