//! Asking another agent: an id tells whose task it is.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::CONTENT_TYPE;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::answer::Reply;
use crate::error::ApiError;
use crate::request::Request;

/// The agent that owns a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner(pub(crate) IpAddr, pub(crate) u16);

/// How long the other agent may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// Passes a request on and gives back the other agent's answer.
///
/// obshell seals a header of its own for the other agent. This double hands on what it got, which another
/// agent cannot open: as there, what comes back from an agent that is no friend is a refusal.
pub(crate) async fn ask(owner: Owner, request: &Request) -> Result<Reply, ApiError> {
    let addr = SocketAddr::new(owner.0, owner.1);
    relay(addr, request).await.map_err(|error| {
        let method = title_case(&request.method);
        let why = in_gos_words(&error, addr);
        ApiError::Plain(format!(
            "{method} \"http://{addr}{}\": {why}",
            request.target
        ))
    })
}

async fn relay(addr: SocketAddr, request: &Request) -> io::Result<Reply> {
    let connected = tokio::time::timeout(PATIENCE, TcpStream::connect(addr)).await;
    let stream = connected.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    // Ends with the exchange below; its error shows there.
    let connection = tokio::spawn(async move {
        let _ = connection.await;
    });
    let mut builder = hyper::Request::builder()
        .method(request.method.as_str())
        .uri(&request.target);
    builder = builder.header("Host", addr.to_string());
    for name in [
        "x-ocs-agent-header",
        "x-ocs-header",
        "accept-language",
        "x-obshell-trace-id",
    ] {
        if let Some(value) = request.header(name) {
            builder = builder.header(name, value);
        }
    }
    let outgoing = builder
        .body(Full::new(request.body.clone()))
        .map_err(io::Error::other)?;
    let response = sender
        .send_request(outgoing)
        .await
        .map_err(io::Error::other)?;
    let (parts, body) = response.into_parts();
    let body: Bytes = body.collect().await.map_err(io::Error::other)?.to_bytes();
    connection.abort();
    let has_charset = parts
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().ends_with(b"utf-8"));
    let content_type = if has_charset {
        "application/json; charset=utf-8"
    } else {
        "application/json"
    };
    Ok(Reply {
        status: parts.status,
        content_type: Some(content_type),
        location: None,
        body,
    })
}

fn in_gos_words(error: &io::Error, addr: SocketAddr) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => format!("dial tcp {addr}: connect: connection refused"),
        io::ErrorKind::TimedOut => format!("dial tcp {addr}: i/o timeout"),
        io::ErrorKind::HostUnreachable => format!("dial tcp {addr}: connect: no route to host"),
        io::ErrorKind::NetworkUnreachable => {
            format!("dial tcp {addr}: connect: network is unreachable")
        }
        _ => "EOF".to_owned(),
    }
}

/// `GET` as Go's client writes it: `Get`.
fn title_case(method: &str) -> String {
    let (first, rest) = method.split_at_checked(1).unwrap_or((method, ""));
    format!("{first}{}", rest.to_ascii_lowercase())
}
