//! Tests the outcome of a request, and dropping its guard.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::JsString;
use odp_console::browser::fetch::{CallGuard, send};
use odp_console::flow::event::{Language, Reply};
use odp_console::obshell::envelope::MAX_ANSWER_BYTES;
use odp_console::obshell::error::{Failure, NoAnswer, NotObshell, NotObshellKind, NotSent};
use odp_console::obshell::request::{Method, Request, WireRequest};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{self, Network, called, settle, until};

type Outcome = Result<Reply, Failure>;

/// A pending request and its outcome.
struct Sent {
    outcomes: Rc<RefCell<Vec<Outcome>>>,
    guard: Option<CallGuard>,
}

impl Sent {
    fn new(url: &str, wire: &WireRequest, timeout: Option<u32>) -> Self {
        let outcomes = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&outcomes);
        let guard = send(url, wire, Language::Chinese, timeout, move |outcome| {
            seen.borrow_mut().push(outcome);
        });
        Self { outcomes, guard }
    }

    fn read(url: &str) -> Self {
        Self::new(url, &Request::info().plain(), None)
    }

    fn delete() -> Self {
        Self::new("https://gate.example/x", &delete(), None)
    }

    fn outcomes(&self) -> usize {
        self.outcomes.borrow().len()
    }

    async fn outcome(&self) -> Outcome {
        until("an outcome", || self.outcomes() > 0).await;
        settle().await;
        assert_eq!(self.outcomes(), 1, "one request has one outcome");
        self.outcomes.borrow_mut().remove(0)
    }
}

fn delete() -> WireRequest {
    WireRequest {
        method: Method::Delete,
        target: "/x".to_owned(),
        headers: vec![("X-OCS-Agent-Header", "c2VhbGVk".to_owned())],
        body: None,
        outlives_page: true,
        session_key: None,
        trace_id: None,
    }
}

fn not_obshell(status: u16, kind: NotObshellKind) -> Outcome {
    Err(Failure::NotObshell(NotObshell { status, kind }))
}

#[wasm_bindgen_test]
async fn status_and_bytes_come_back_from_the_real_fetch() {
    let sent = Sent::read("data:application/json,%7B%22a%22%3A1%7D");
    let reply = sent.outcome().await.unwrap();
    assert_eq!((reply.status, reply.body), (200, br#"{"a":1}"#.to_vec()));
}

#[wasm_bindgen_test]
async fn a_request_says_what_it_should_and_nothing_more() {
    let _network = Network::held();
    let _read = Sent::read("https://gate.example/api/v1/info");
    called(1).await;
    assert_eq!(page::method(0), "GET");
    assert_eq!(page::url(0), "https://gate.example/api/v1/info");
    assert_eq!(page::header(0, "Accept-Language").as_deref(), Some("zh-CN"));
    assert_eq!(page::header_names(0), "accept-language");
    assert_eq!(
        page::manners(0),
        "no-store same-origin manual no-referrer false"
    );

    let post = WireRequest {
        method: Method::Post,
        headers: vec![("Content-Type", "application/json".to_owned())],
        body: Some("c2VhbGVk".to_owned()),
        outlives_page: false,
        ..delete()
    };
    let _post = Sent::new("https://gate.example/x", &post, None);
    called(2).await;
    assert_eq!(page::method(1), "POST");
    assert_eq!(page::header_names(1), "accept-language content-type");
    assert_eq!(page::sent_body(1).await, "c2VhbGVk");
    assert_eq!(
        page::manners(1),
        "no-store same-origin manual no-referrer false"
    );

    let _delete = Sent::delete();
    called(3).await;
    assert_eq!(page::method(2), "DELETE");
    // It outlives the page.
    assert_eq!(
        page::manners(2),
        "no-store same-origin manual no-referrer true"
    );
}

#[wasm_bindgen_test]
async fn a_204_has_no_body_and_an_error_keeps_its_own() {
    let _network = Network::held();
    let sent = Sent::delete();
    called(1).await;
    page::answer(0, 204, "");
    let reply = sent.outcome().await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (204, 0));

    let sent = Sent::delete();
    called(2).await;
    page::answer(1, 502, "<html>");
    let reply = sent.outcome().await.unwrap();
    assert_eq!((reply.status, reply.body), (502, b"<html>".to_vec()));
}

#[wasm_bindgen_test]
async fn what_fetch_rejects_or_throws_is_no_answer() {
    let no_answer = Err(Failure::NoAnswer(NoAnswer::Network));
    let network = Network::held();
    for reason in [
        js_sys::TypeError::new("Failed to fetch").into(),
        JsValue::from(JsString::from("a text is no Error")),
        JsValue::UNDEFINED,
    ] {
        let n = page::call_count();
        let sent = Sent::delete();
        called(n + 1).await;
        page::fail(n, &reason);
        assert_eq!(sent.outcome().await, no_answer);
    }
    drop(network);
    let _network = Network::throwing();
    assert_eq!(Sent::delete().outcome().await, no_answer);
}

#[wasm_bindgen_test]
async fn what_is_no_request_is_not_sent() {
    let _network = Network::held();
    // A user name in a URL: the browser rejects the request.
    let sent = Sent::read("https://user@gate.example/x");
    assert!(sent.guard.is_none());
    let not_sent = Err(Failure::NotSent(NotSent::Browser));
    assert_eq!(sent.outcome().await, not_sent);
    let headers = vec![("X-OCS-Agent-Header", "line\nbreak".to_owned())];
    let wire = WireRequest {
        headers,
        ..delete()
    };
    let sent = Sent::new("https://gate.example/x", &wire, None);
    assert_eq!(sent.outcome().await, not_sent);
    assert_eq!(page::call_count(), 0);
}

#[wasm_bindgen_test]
async fn a_redirect_is_not_followed() {
    let _network = Network::held();
    let sent = Sent::delete();
    called(1).await;
    page::redirect(0);
    assert_eq!(
        sent.outcome().await,
        not_obshell(0, NotObshellKind::Redirect)
    );
}

#[wasm_bindgen_test]
async fn an_answer_without_end_is_read_to_the_limit() {
    const CHUNK: usize = 4 * 1024 * 1024;
    let _network = Network::held();
    let sent = Sent::read("https://gate.example/x");
    called(1).await;
    let flow = page::answer_endlessly(0, u32::try_from(CHUNK).unwrap());
    assert_eq!(
        sent.outcome().await,
        not_obshell(200, NotObshellKind::TooLarge)
    );
    let taken = js_sys::Reflect::get(&flow, &"taken".into()).unwrap();
    // One chunk beyond the limit, and one that streams prefetch.
    let most = (MAX_ANSWER_BYTES / CHUNK + 2) as f64;
    assert!(taken.as_f64().unwrap() <= most, "{taken:?} of {most}");
    let cancelled = js_sys::Reflect::get(&flow, &"cancelled".into()).unwrap();
    assert_eq!(cancelled.as_bool(), Some(true));
}

#[wasm_bindgen_test]
async fn an_answer_that_breaks_off_is_truncated() {
    let _network = Network::held();
    let sent = Sent::read("https://gate.example/x");
    called(1).await;
    page::answer_broken_off(0, 200, "{\"successful\":");
    assert_eq!(
        sent.outcome().await,
        not_obshell(200, NotObshellKind::Truncated)
    );
}

#[wasm_bindgen_test]
async fn dropping_the_guard_aborts_a_read_and_says_nothing() {
    let _network = Network::held();
    let mut sent = Sent::read("https://gate.example/x");
    called(1).await;
    assert!(sent.guard.as_ref().is_some_and(CallGuard::is_read));
    assert!(!page::is_aborted(0));
    drop(sent.guard.take());
    assert!(page::is_aborted(0));
    assert_eq!(page::abort_reason(0), "AbortError");
    settle().await;
    assert_eq!(sent.outcomes(), 0);
}

#[wasm_bindgen_test]
async fn dropping_the_guard_of_an_answered_read_aborts_nothing() {
    let _network = Network::held();
    let mut sent = Sent::read("https://gate.example/x");
    called(1).await;
    page::answer(0, 200, "{}");
    sent.outcome().await.unwrap();
    drop(sent.guard.take());
    assert!(!page::is_aborted(0));
}

#[wasm_bindgen_test]
async fn dropping_the_guard_does_not_abort_a_delete() {
    let _network = Network::held();
    let mut sent = Sent::delete();
    called(1).await;
    assert!(!sent.guard.as_ref().is_some_and(CallGuard::is_read));
    drop(sent.guard.take());
    settle().await;
    assert!(!page::is_aborted(0));
    page::answer(0, 200, "{}");
    settle().await;
    assert_eq!(sent.outcomes(), 0, "nobody waits for it any more");
}

#[wasm_bindgen_test]
async fn a_timeout_is_told_once_and_aborts_a_read() {
    let _network = Network::held();
    let wire = Request::info().plain();
    let sent = Sent::new("https://gate.example/x", &wire, Some(5));
    let timeout = Err(Failure::NoAnswer(NoAnswer::Timeout(5)));
    assert_eq!(sent.outcome().await, timeout);
    assert!(
        page::is_aborted(0),
        "{} {}",
        page::call_count(),
        page::url(0)
    );

    // The body is part of the response.
    let sent = Sent::new("https://gate.example/x", &wire, Some(5));
    called(2).await;
    page::answer_without_body(1);
    assert_eq!(sent.outcome().await, timeout);
    assert!(page::is_aborted(1));

    let sent = Sent::new("https://gate.example/x", &delete(), Some(5));
    assert_eq!(sent.outcome().await, timeout);
    assert!(!page::is_aborted(2));
    page::answer(2, 200, "{}");
    settle().await;
    assert_eq!(sent.outcomes(), 0, "an outcome was told before");
}

#[wasm_bindgen_test]
async fn an_answer_in_time_clears_the_timer() {
    let _network = Network::held();
    let _count = page::Count::start();
    let sent = Sent::new("https://gate.example/x", &delete(), Some(60_000));
    assert_eq!(page::timer_count(), 1);
    called(1).await;
    page::answer(0, 200, "{}");
    sent.outcome().await.unwrap();
    assert_eq!(page::timer_count(), 0);

    let mut sent = Sent::new("https://gate.example/x", &delete(), Some(60_000));
    assert_eq!(page::timer_count(), 1);
    drop(sent.guard.take());
    assert_eq!(page::timer_count(), 0);
    called(2).await;
}
