//! The console on a page of its own: reads `config.json`, mounts the console, keeps the place in
//! the page's address and the person's choices in this browser.
//!
//! `static/loader.js` loads the module before this runs, and says so where that fails.

mod first_focus;
pub mod place;
mod remembered;

use std::cell::RefCell;

use gloo_events::EventListener;
use gloo_utils::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{CustomEvent, Element, RequestCache, RequestInit, Response};

use self::place::Place;
use crate::browser::options::Locale;
use crate::embed::Handle;
use crate::text::page::{Failure, failure};

/// The element of `index.html` that this page mounts the console into. A host's page has none.
const HOST: &str = "odp-console[data-config]";

/// Starts the console where the document is the page of its own; does nothing in any other.
pub fn start() {
    let Ok(Some(host)) = document().query_selector(HOST) else {
        return;
    };
    spawn_local(async move {
        if let Err((why, error)) = run(&host).await {
            complain(&host, why, &error);
            host.remove();
        }
    });
}

async fn run(host: &Element) -> Result<(), (Failure, String)> {
    let file = host.get_attribute("data-config").unwrap_or_default();
    let options = read_config(&file)
        .await
        .map_err(|error| (Failure::Config, error))?;
    // What stands there until then, and where none of this runs.
    host.set_text_content(None);
    keep_place(host);
    let mut handle = Handle::mounted(host, &options).map_err(|error| (Failure::Config, error))?;
    // Choices of another version of the console may be none of this one.
    let _ = handle.change(&remembered::read().to_js());
    follow_address(host, handle);
    first_focus::focus_empty_field(host);
    Ok(())
}

/// Reads the options beside the page.
async fn read_config(file: &str) -> Result<JsValue, String> {
    let init = RequestInit::new();
    init.set_cache(RequestCache::NoCache);
    let answer = JsFuture::from(window().fetch_with_str_and_init(file, &init))
        .await
        .map_err(|error| message(&error))?;
    let answer: Response = answer.unchecked_into();
    if !answer.ok() {
        return Err(format!("HTTP {}", answer.status()));
    }
    let json = answer.json().map_err(|error| message(&error))?;
    let options = JsFuture::from(json)
        .await
        .map_err(|error| message(&error))?;
    // Everyone can fetch this file.
    match js_sys::Reflect::get(&options, &"credentials".into()) {
        Ok(credentials) if !credentials.is_undefined() => {
            Err("no credentials may stand in it".to_owned())
        }
        _ => Ok(options),
    }
}

/// Writes every place that the console reports into the page's address, and the choices into this
/// browser.
fn keep_place(host: &Element) {
    EventListener::new(host, "odp-place", |event| {
        let detail = event.unchecked_ref::<CustomEvent>().detail();
        let Ok(place) = serde_wasm_bindgen::from_value::<Place>(detail) else {
            return;
        };
        remembered::keep(&place);
        let location = window().location();
        let address = match place.to_hash() {
            Some(hash) => hash,
            None => [location.pathname(), location.search()]
                .into_iter()
                .flatten()
                .collect(),
        };
        if let Ok(history) = window().history() {
            // A browser limits how often; the next place is written again.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
        }
    })
    .forget();
}

/// Opens what the page's address names, now and whenever it changes.
fn follow_address(host: &Element, handle: Handle) {
    let (handle, complaint) = (RefCell::new(handle), RefCell::new(None::<Element>));
    let host = host.clone();
    let open = move || {
        if let Some(complaint) = complaint.take() {
            complaint.remove();
        }
        let hash = window().location().hash().unwrap_or_default();
        let opened =
            Place::from_hash(&hash).and_then(|place| handle.borrow_mut().change(&place.to_js()));
        if let Err(error) = opened {
            complaint.replace(complain(&host, Failure::Link, &error));
        }
    };
    open();
    EventListener::new(&window(), "hashchange", move |_| open()).forget();
}

/// Says what failed, above the console, in the browser's language.
fn complain(host: &Element, what: Failure, why: &str) -> Option<Element> {
    let browser = window().navigator().language();
    let language = Locale::Auto.language(browser.as_deref());
    let sentence = document().create_element("p").ok()?;
    sentence.set_class_name("failure");
    for (name, value) in [("lang", language.tag()), ("role", "alert")] {
        sentence.set_attribute(name, value).ok()?;
    }
    sentence.set_text_content(Some(&failure(what, why, language)));
    host.before_with_node_1(&sentence).ok()?;
    Some(sentence)
}

/// The message of a JavaScript error.
fn message(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => format!("{error:?}"),
    }
}
