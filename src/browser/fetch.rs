//! The only access to the network: sends a request and returns status and bytes.
//!
//! Every call is owned: dropping its [`CallGuard`] stops the wait for the answer and aborts a read.
//! A write (DELETE, POST) is never aborted, neither by its guard nor by its timeout: aborting would
//! not undo what the agent has started, and could lose a request that has not left the browser.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::Response;
use gloo_timers::callback::Timeout;
use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult,
    ReferrerPolicy, Request, RequestCache, RequestCredentials, RequestInit, RequestRedirect,
    ResponseType,
};

use crate::flow::event::{Language, Reply};
use crate::obshell::envelope::MAX_ANSWER_BYTES;
use crate::obshell::error::{Failure, NoAnswer, NotObshell, NotObshellKind, NotSent};
use crate::obshell::request::{Method, WireRequest};

#[wasm_bindgen]
extern "C" {
    // Looked up and caught on every call: a page may replace `fetch` by a function that throws or
    // returns any value, on which the `send` of `gloo_net` panics.
    #[wasm_bindgen(catch)]
    fn fetch(request: &Request) -> Result<JsValue, JsValue>;
}

/// A pending call. Dropping the guard stops the wait and aborts a read.
#[derive(Debug)]
#[must_use = "dropping it ends the wait for the answer"]
pub struct CallGuard {
    pending: Pending,
    /// Aborts a read; `None` for a write.
    abort: Option<AbortController>,
}

impl CallGuard {
    /// Whether the call is a read, which changes nothing on the agent.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.abort.is_some()
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        if let (Some(_), Some(controller)) = (self.pending.take(), &self.abort) {
            // Without a reason: a reason would become the rejection, which should be an `Error`.
            controller.abort();
        }
    }
}

/// Sends `wire` to `url` once and calls `done` with status and body, or with the failure.
///
/// `timeout` is in milliseconds and includes the body. `done` is called once, unless the guard is
/// dropped before. If the request cannot be created, `done` is called before this function returns,
/// and there is no guard.
pub fn send(
    url: &str,
    wire: &WireRequest,
    language: Language,
    timeout: Option<u32>,
    done: impl FnOnce(Result<Reply, Failure>) + 'static,
) -> Option<CallGuard> {
    let abort = match wire.method {
        Method::Get => AbortController::new().map(Some),
        Method::Post | Method::Delete => Ok(None),
    };
    let prepared = abort.map_err(|_| NotSent::Browser).and_then(|abort| {
        let request = request(url, wire, language, abort.as_ref())?;
        Ok((request, abort))
    });
    let (request, abort) = match prepared {
        Ok(prepared) => prepared,
        Err(not_sent) => {
            done(Err(Failure::NotSent(not_sent)));
            return None;
        }
    };
    let pending = Pending::new(done);
    if let Some(millis) = timeout {
        pending.limit(millis, abort.clone());
    }
    let answered = pending.clone();
    spawn_local(async move {
        let reply = exchange(&request).await;
        if let Some(waiting) = answered.take() {
            (waiting.done)(reply);
        }
    });
    Some(CallGuard { pending, abort })
}

fn request(
    url: &str,
    wire: &WireRequest,
    language: Language,
    abort: Option<&AbortController>,
) -> Result<Request, NotSent> {
    let refused = |_| NotSent::Browser;
    // Filled here: the headers of `gloo_net` panic on an invalid value.
    let headers = Headers::new().map_err(refused)?;
    let own = wire.headers.iter().map(|(name, value)| (*name, &**value));
    for (name, value) in own.chain([("Accept-Language", language.tag())]) {
        headers.set(name, value).map_err(refused)?;
    }
    let builder = match wire.method {
        Method::Get => gloo_net::http::Request::get(url),
        Method::Post => gloo_net::http::Request::post(url),
        Method::Delete => gloo_net::http::Request::delete(url),
    };
    let request = builder
        .headers(gloo_net::http::Headers::from_raw(headers))
        .cache(RequestCache::NoStore)
        // A gateway may require its cookie.
        .credentials(RequestCredentials::SameOrigin)
        // A followed redirect could send a DELETE twice.
        .redirect(RequestRedirect::Manual)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(abort.map(AbortController::signal).as_ref())
        .build()
        .map_err(|_| NotSent::Browser)?;
    match abort {
        Some(_) => Ok(request.into()),
        None => write(&request.into(), wire).map_err(refused),
    }
}

/// Adds the body to a write and, if requested, `keepalive`, so that the request survives the page:
/// if the page were closed during sending, the outcome would be unknown. `gloo_net` has no option
/// for this.
fn write(request: &Request, wire: &WireRequest) -> Result<Request, JsValue> {
    let init = RequestInit::new();
    if let Some(body) = &wire.body {
        init.set_body(&body.into());
    }
    if wire.outlives_page {
        Reflect::set(&init, &"keepalive".into(), &JsValue::TRUE)?;
    }
    // The only property that a request does not copy from another request.
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    Request::new_with_request_and_init(request, &init)
}

/// The response to a request, from the page's `fetch`.
///
/// # Errors
/// The exception or rejection of `fetch`, or its result if the result is not a response.
pub(crate) async fn response(request: &Request) -> Result<Response, JsValue> {
    let answer = JsFuture::from(Promise::resolve(&fetch(request)?)).await?;
    let response: web_sys::Response = answer.dyn_into()?;
    Ok(response.into())
}

async fn exchange(request: &Request) -> Result<Reply, Failure> {
    let network = |_: JsValue| Failure::NoAnswer(NoAnswer::Network);
    let response = response(request).await.map_err(network)?;
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(not_obshell(0, NotObshellKind::Redirect));
    }
    let status = response.status();
    match read_body(&response).await {
        Ok(Some(body)) => Ok(Reply { status, body }),
        Ok(None) => Err(not_obshell(status, NotObshellKind::TooLarge)),
        // The status has arrived, so a server answered; the rest of the answer is lost.
        Err(_) => Err(not_obshell(status, NotObshellKind::Truncated)),
    }
}

/// The complete body; `None` if it exceeds the maximum size of an answer.
async fn read_body(response: &Response) -> Result<Option<Vec<u8>>, JsValue> {
    let mut body = Vec::new();
    let Some(stream) = response.body() else {
        return Ok(Some(body));
    };
    let reader = ReadableStreamDefaultReader::new(&stream)?;
    loop {
        let read: ReadableStreamReadResult = JsFuture::from(reader.read()).await?.unchecked_into();
        if read.get_done() == Some(true) {
            return Ok(Some(body));
        }
        let chunk: Uint8Array = read.get_value().dyn_into()?;
        if body.len() + chunk.length() as usize > MAX_ANSWER_BYTES {
            // A failure to cancel the rest has no effect.
            let _ = JsFuture::from(reader.cancel()).await;
            return Ok(None);
        }
        body.extend(chunk.to_vec());
    }
}

fn not_obshell(status: u16, kind: NotObshellKind) -> Failure {
    Failure::NotObshell(NotObshell { status, kind })
}

/// The receiver of an answer. The first of answer, timeout and guard takes the receiver; the others
/// find none.
#[derive(Clone)]
struct Pending(Rc<Cell<Option<Waiting>>>);

struct Waiting {
    done: Box<dyn FnOnce(Result<Reply, Failure>)>,
    _limit: Option<Timeout>,
}

impl Pending {
    fn new(done: impl FnOnce(Result<Reply, Failure>) + 'static) -> Self {
        Self(Rc::new(Cell::new(Some(Waiting {
            done: Box::new(done),
            _limit: None,
        }))))
    }

    fn take(&self) -> Option<Waiting> {
        self.0.take()
    }

    /// Reports a timeout after `millis` milliseconds and aborts a read.
    fn limit(&self, millis: u32, abort: Option<AbortController>) {
        // Weak: a strong reference would keep the timer, a part of its target, alive.
        let pending = Rc::downgrade(&self.0);
        let limit = Timeout::new(millis, move || {
            let waiting = pending.upgrade().and_then(|pending| pending.take());
            if let Some(waiting) = waiting {
                (waiting.done)(Err(Failure::NoAnswer(NoAnswer::Timeout(millis))));
                if let Some(controller) = abort {
                    controller.abort();
                }
            }
        });
        if let Some(waiting) = self.0.take() {
            self.0.set(Some(Waiting {
                _limit: Some(limit),
                ..waiting
            }));
        }
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pending(..)")
    }
}
