//! The agent's HTTP server: connections, injected faults, and the framing of answers.

mod entry;
mod later;

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderValue, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::faults::{Broken, Harm, Side};
use crate::record::Fate;
use crate::reply::Reply;
use crate::request::Request;
use crate::shared::Shared;

use entry::Entry;

type Body = BoxBody<Bytes, io::Error>;
type Response = hyper::Response<Body>;

/// The size in bytes above which Go's server sends bodies in chunks, without a `Content-Length`.
const CHUNKED_ABOVE: usize = 2048;

/// Serves one connection to its end.
pub(crate) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let respond = service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { respond(&shared, request).await }
    });
    // As in Go's server; otherwise a second packet waits for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    // An error here means that the client disconnected, or that the connection was cut on purpose.
    let _ = http1::Builder::new()
        .title_case_headers(true)
        .serve_connection(TokioIo::new(stream), respond)
        .await;
}

/// Why a connection ends without an answer.
fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut on purpose")
}

async fn respond(shared: &Arc<Shared>, request: hyper::Request<Incoming>) -> io::Result<Response> {
    let (parts, body) = request.into_parts();
    let entry = Entry::new(shared, &parts);
    pause(shared.read(|state| state.faults.delay_before)).await;
    entry.hold_back(Side::Before).await;
    let harm = shared.update(|state| state.faults.take(&entry.method, &entry.target));
    match harm {
        Some(Harm::CutBeforeActing) => {
            entry.note(Fate::NeverSeen);
            return Err(cut());
        }
        Some(Harm::ProxyAnswers(broken)) => {
            entry.note(Fate::NeverSeen);
            return Ok(break_answer(broken, &Reply::empty(StatusCode::OK), shared));
        }
        Some(Harm::CacheAnswers) => {
            if let Some(reply) = shared.read(|state| state.cached.get(&entry.key()).cloned()) {
                entry.note(Fate::NeverSeen);
                return Ok(whole_answer(reply, parts.method == Method::HEAD, shared));
            }
        }
        Some(
            Harm::CutAfterActing
            | Harm::ProxyAnswersAfterActing(_)
            | Harm::ActTwice
            | Harm::ActLater(_)
            | Harm::ActAgainLater(_),
        )
        | None => {}
    }
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let request = Request::new(&parts, body);
    match harm {
        Some(Harm::ActLater(pause)) => {
            later::arrive(shared, &parts, request, pause);
            entry.note(Fate::NeverSeen);
            return Err(cut());
        }
        Some(Harm::ActAgainLater(pause)) => {
            later::arrive(shared, &parts, request.clone(), pause);
        }
        _ => {}
    }
    let entry = if harm == Some(Harm::ActTwice) {
        entry.answer(&request).await;
        Entry::new(shared, &parts)
    } else {
        entry
    };
    let reply = entry.answer(&request).await;
    shared.update(|state| state.cached.insert(entry.key(), reply.clone()));
    let status = reply.status.as_u16();
    pause(shared.read(|state| state.faults.delay_after)).await;
    entry.hold_back(Side::After).await;
    match harm {
        Some(Harm::CutAfterActing) => Err(cut()),
        Some(Harm::ProxyAnswersAfterActing(broken)) => Ok(break_answer(broken, &reply, shared)),
        Some(
            Harm::CutBeforeActing
            | Harm::ProxyAnswers(_)
            | Harm::CacheAnswers
            | Harm::ActTwice
            | Harm::ActLater(_)
            | Harm::ActAgainLater(_),
        )
        | None => {
            entry.note(Fate::Answered(status));
            Ok(whole_answer(reply, parts.method == Method::HEAD, shared))
        }
    }
}

async fn pause(length: Duration) {
    if !length.is_zero() {
        tokio::time::sleep(length).await;
    }
}

fn whole_answer(reply: Reply, is_head: bool, shared: &Shared) -> Response {
    let chunked = reply.body.len() > CHUNKED_ABOVE && !is_head;
    let body = if chunked {
        in_chunks(&reply.body)
    } else {
        full(reply.body.clone())
    };
    let mut response = hyper::Response::new(body);
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    if let Some(content_type) = reply.content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if let Some(location) = reply
        .location
        .and_then(|location| HeaderValue::try_from(location).ok())
    {
        headers.insert(LOCATION, location);
    }
    set_date(&mut response, shared);
    response
}

/// The date is that of the agent's clock, not of this machine's.
fn set_date(response: &mut Response, shared: &Shared) {
    let now = shared.update(|state| state.clock.now());
    let text = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(value) = HeaderValue::try_from(text) {
        response.headers_mut().insert(DATE, value);
    }
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes)
        .map_err(|never: Infallible| match never {})
        .boxed()
}

fn in_chunks(bytes: &Bytes) -> Body {
    let frames: Vec<io::Result<Frame<Bytes>>> = bytes
        .chunks(CHUNKED_ABOVE)
        .map(|chunk| Ok(Frame::data(bytes.slice_ref(chunk))))
        .collect();
    StreamBody::new(Frames(frames.into_iter())).boxed()
}

/// A stream of prepared frames.
struct Frames(std::vec::IntoIter<io::Result<Frame<Bytes>>>);

impl futures_core::Stream for Frames {
    type Item = io::Result<Frame<Bytes>>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}

/// A body that is sent in part before the connection is closed.
struct CutShort {
    half: Option<Bytes>,
    sent: bool,
}

impl futures_core::Stream for CutShort {
    type Item = io::Result<Frame<Bytes>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        // The server flushes its output when no more data is available at once.
        if !self.sent {
            self.sent = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(cut())))
    }
}

/// Replaces an answer with that of a broken proxy.
fn break_answer(broken: Broken, reply: &Reply, shared: &Shared) -> Response {
    let half = reply.body.slice(..reply.body.len() / 2);
    let (status, content_type, body) = match broken {
        Broken::Html(status) => (status, "text/html", error_page(status)),
        Broken::Empty(status) => (status, "text/html", full(Bytes::new())),
        Broken::HtmlOk => (
            200,
            "text/html; charset=utf-8",
            full(Bytes::from_static(LOGIN_PAGE.as_bytes())),
        ),
        Broken::TruncatedJson => (reply.status.as_u16(), "application/json", full(half)),
        Broken::TruncatedByLength => {
            let body = StreamBody::new(CutShort {
                half: Some(half),
                sent: false,
            });
            (reply.status.as_u16(), "application/json", body.boxed())
        }
    };
    let mut response = hyper::Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if broken == Broken::TruncatedByLength {
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(reply.body.len()));
    }
    set_date(&mut response, shared);
    response
}

const LOGIN_PAGE: &str = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>\n";

/// The error page of a reverse proxy.
fn error_page(status: u16) -> Body {
    let reason = StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Error");
    full(Bytes::from(format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )))
}
