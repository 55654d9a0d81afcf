//! Forwarding a request to another agent: an id contains the owner of its task.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::CONTENT_TYPE;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::error::ApiError;
use crate::keys;
use crate::reply::Reply;
use crate::request::Request;
use crate::state::State;

/// The agent that owns a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner(pub(crate) IpAddr, pub(crate) u16);

/// The asking agent, as it identifies itself to the owner.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    shown: (IpAddr, u16),
    ob_password: String,
    expiry: i64,
}

impl Asker {
    pub(crate) fn new(state: &mut State) -> Self {
        let ob_password = state.ob_password.clone().unwrap_or_default();
        Self {
            shown: state.shown,
            ob_password,
            expiry: state.clock.now().timestamp() + HEADER_LIFE_SECS,
        }
    }

    fn header(&self, target: &str) -> String {
        let header = json!({
            "Auth": self.ob_password,
            "Ts": self.expiry.to_string(),
            "Uri": target,
            "Keys": null,
            "ForwardType": 2,
            "ForwardAgent": {"ip": self.shown.0.to_string(), "port": self.shown.1},
        });
        header.to_string()
    }
}

/// The lifetime of a header between agents, in seconds.
const HEADER_LIFE_SECS: i64 = 10;

/// How long the other agent may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// Forwards a request to the owner of a task in this agent's own name, and returns the answer.
///
/// The header is sealed with the owner's key and contains the password for OceanBase, which the
/// owner refuses for a task of an ODP. The body is omitted, since the owner refuses regardless of
/// it.
pub(crate) async fn ask(owner: Owner, asker: &Asker, request: &Request) -> Result<Reply, ApiError> {
    let addr = SocketAddr::new(owner.0, owner.1);
    relay(addr, asker, request).await.map_err(|error| {
        let method = title_case(&request.method);
        let why = in_gos_words(&error, addr);
        ApiError::Plain(format!(
            "{method} \"http://{addr}{}\": {why}",
            request.target
        ))
    })
}

async fn relay(addr: SocketAddr, asker: &Asker, request: &Request) -> io::Result<Reply> {
    let secret = exchange(addr, "GET", "/api/v1/secret", &[]).await?;
    let mut headers = Vec::new();
    // Without a key there is no header, and the owner reports the missing header.
    if let Some(sealed) =
        public_key(&secret.body).and_then(|key| keys::seal(&key, &asker.header(&request.target)))
    {
        headers.push(("X-OCS-Header", sealed));
    }
    if let Some(language) = request.header("accept-language") {
        headers.push(("Accept-Language", language.to_owned()));
    }
    exchange(addr, &request.method, &request.target, &headers).await
}

/// The key in an answer to `/secret`.
fn public_key(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    answer
        .get("data")?
        .get("public_key")?
        .as_str()
        .map(str::to_owned)
}

async fn exchange(
    addr: SocketAddr,
    method: &str,
    target: &str,
    headers: &[(&str, String)],
) -> io::Result<Reply> {
    let connected = tokio::time::timeout(PATIENCE, TcpStream::connect(addr)).await;
    let stream = connected.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    let mut builder = hyper::Request::builder()
        .method(method)
        .uri(target)
        .header("Host", addr.to_string());
    for (name, value) in headers {
        builder = builder.header(*name, value);
    }
    let outgoing = builder
        .body(Empty::<Bytes>::new())
        .map_err(io::Error::other)?;
    let answered = async {
        let (parts, body) = sender.send_request(outgoing).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok::<_, hyper::Error>((parts, body))
    };
    // The connection is driven while the answer is awaited, and is dropped with it.
    let (parts, body) = tokio::select! {
        answered = answered => answered.map_err(io::Error::other)?,
        ended = connection => {
            ended.map_err(io::Error::other)?;
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
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

/// The method as Go's client spells it: `Get` for `GET`.
fn title_case(method: &str) -> String {
    let (first, rest) = method.split_at_checked(1).unwrap_or((method, ""));
    format!("{first}{}", rest.to_ascii_lowercase())
}
