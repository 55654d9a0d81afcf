//! The page around the tests; see `page.js`.

use std::future::Future;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/tests/wasm_support/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = holdNetwork)]
    fn hold_network();
    #[wasm_bindgen(js_name = throwingNetwork)]
    fn throwing_network();
    #[wasm_bindgen(js_name = freeNetwork)]
    fn free_network();
    #[wasm_bindgen(js_name = callCount)]
    pub fn call_count() -> usize;
    pub fn method(n: usize) -> String;
    pub fn url(n: usize) -> String;
    pub fn header(n: usize, name: &str) -> Option<String>;
    #[wasm_bindgen(js_name = headerNames)]
    pub fn header_names(n: usize) -> String;
    #[wasm_bindgen(js_name = bodyOf)]
    fn body_of(n: usize) -> Promise;
    #[wasm_bindgen(js_name = isAborted)]
    pub fn is_aborted(n: usize) -> bool;
    #[wasm_bindgen(js_name = abortReason)]
    pub fn abort_reason(n: usize) -> String;
    pub fn manners(n: usize) -> String;
    pub fn answer(n: usize, status: u16, body: &str);
    pub fn fail(n: usize, reason: &JsValue);
    pub fn redirect(n: usize);
    #[wasm_bindgen(js_name = answerEndlessly)]
    pub fn answer_endlessly(n: usize, chunk_bytes: u32) -> Object;
    #[wasm_bindgen(js_name = answerWithoutBody)]
    pub fn answer_without_body(n: usize);
    #[wasm_bindgen(js_name = answerBrokenOff)]
    pub fn answer_broken_off(n: usize, status: u16, beginning: &str);
    #[wasm_bindgen(js_name = startCounting)]
    fn start_counting();
    #[wasm_bindgen(js_name = stopCounting)]
    fn stop_counting();
    #[wasm_bindgen(js_name = timerCount)]
    pub fn timer_count() -> usize;
    #[wasm_bindgen(js_name = listenerTypes)]
    pub fn listener_types() -> String;
    #[wasm_bindgen(js_name = unhandledRejections)]
    pub fn unhandled_rejections() -> String;
    fn turn() -> Promise;
    #[wasm_bindgen(js_name = wrapTexts)]
    pub fn wrap_texts(node: &web_sys::Node) -> u32;
    #[wasm_bindgen(js_name = wrapForEver)]
    pub fn wrap_for_ever(node: &web_sys::Node) -> js_sys::Function;
    pub fn frame() -> web_sys::Element;
    #[wasm_bindgen(js_name = documentOf)]
    pub fn document_of(frame: &web_sys::Element) -> web_sys::Document;
    #[wasm_bindgen(js_name = setHidden)]
    pub fn set_hidden(hidden: bool);
    pub fn leave();
    #[wasm_bindgen(js_name = comeBack)]
    pub fn come_back();
    pub fn show();
    #[wasm_bindgen(js_name = everythingKept)]
    pub fn everything_kept() -> String;
}

/// A network controlled by the test, until dropped.
pub struct Network;

impl Network {
    /// Every request waits for a response.
    pub fn held() -> Self {
        hold_network();
        Self
    }

    /// Every request throws a text.
    pub fn throwing() -> Self {
        throwing_network();
        Self
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        free_network();
    }
}

/// Counts timers and listeners until dropped.
pub struct Count;

impl Count {
    pub fn start() -> Self {
        start_counting();
        Self
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        stop_counting();
    }
}

/// Runs everything that is ready.
pub async fn settle() {
    // Promises and events that trigger others need a few turns each.
    for _ in 0..20 {
        JsFuture::from(turn()).await.unwrap();
    }
}

/// Waits for a state; fails if it is not reached. A test may change the clock of `Date`.
pub async fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let now = || web_sys::window().unwrap().performance().unwrap().now();
    let deadline = now() + 20_000.0;
    while !reached() {
        assert!(now() < deadline, "never came: {what}");
        JsFuture::from(turn()).await.unwrap();
    }
}

/// Waits until `n` requests have been made.
pub async fn called(n: usize) {
    until(&format!("{n} requests"), || call_count() >= n).await;
    assert_eq!(call_count(), n);
}

pub fn sent_body(n: usize) -> impl Future<Output = String> {
    let body = body_of(n);
    async { JsFuture::from(body).await.unwrap().as_string().unwrap() }
}

pub fn document() -> web_sys::Document {
    web_sys::window().unwrap().document().unwrap()
}

/// An element in the page; removed when dropped.
pub struct Host(pub web_sys::Element);

impl Host {
    pub fn new() -> Self {
        let element = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&element).unwrap();
        Self(element)
    }

    /// The consoles in the element.
    pub fn roots(&self) -> Vec<web_sys::Element> {
        let shadow = self.0.shadow_root().expect("a shadow root");
        let children = shadow.children();
        (0..children.length())
            .filter_map(|n| children.item(n))
            .collect()
    }

    pub fn style_sheets(&self) -> u32 {
        let shadow = self.0.shadow_root().expect("a shadow root");
        let sheets = Reflect::get(&shadow, &"adoptedStyleSheets".into()).unwrap();
        js_sys::Array::from(&sheets).length()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// A JavaScript value from its JSON text.
pub fn json(text: &str) -> JsValue {
    js_sys::JSON::parse(text).unwrap()
}
