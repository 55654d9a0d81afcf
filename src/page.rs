//! The console on a page of its own: reads `config.json`, mounts the console, and stores the place
//! in the page's address and history, the state in the tab's title, and the person's choices in
//! this browser.
//!
//! `static/loader.js` loads the module first, and reports a failure to load it.

mod address;
mod first_focus;
pub mod hash;
mod remembered;

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_net::http::Request;
use gloo_utils::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, RequestCache, Url};
use yew::Callback;

use self::address::Address;
use crate::browser::app::PageState;
use crate::browser::book::Store;
use crate::browser::endpoint::page_url;
use crate::browser::fetch;
use crate::browser::options::{Locale, Options};
use crate::browser::place::{Place, plain};
use crate::embed::Handle;
use crate::flow::event::Language;
use crate::text::page::{Failure, failure, malformed};

/// The element of `index.html` into which this page mounts the console. A host's page has no such
/// element.
const HOST: &str = "odp-console[data-config]";

/// Starts the console if the document is the console's own page; does nothing in any other.
pub fn start() {
    let Ok(Some(host)) = document().query_selector(HOST) else {
        return;
    };
    spawn_local(async move {
        if let Err((why, error)) = run(&host).await {
            complain(&host, |language| failure(why, &error, language));
            host.remove();
        }
    });
}

async fn run(host: &Element) -> Result<(), (Failure, String)> {
    let file = host.get_attribute("data-config").unwrap_or_default();
    let config = |error| (Failure::Config, error);
    let base = page_url(host);
    let given = read_config(&file, &base).await.map_err(config)?;
    let wrong = |error| (Failure::Option, error);
    let mut options = own_defaults().read_over(&given, &base).map_err(wrong)?;
    // Choices stored by another version of the console may be invalid in this one.
    if let Ok(chosen) = options.read_over(&plain(&remembered::read()), &base) {
        options = chosen;
    }
    options.book = Some(Store::Local);
    // Removes the content shown while the module loads, or if the module cannot run.
    host.set_text_content(None);
    let address = Rc::new(Address::default());
    let complaint = open_link(host, &address, |place| {
        options = options.read_over(&plain(place), &base)?;
        Ok(())
    });
    let kept = Rc::clone(&address);
    let on_shown = Callback::from(move |shown: PageState| {
        let document = document();
        document.set_title(&shown.title);
        if let Some(page) = document.document_element() {
            // Setting an attribute of this name never fails.
            let _ = page.set_attribute("lang", shown.language.tag());
        }
        if let Some(place) = &shown.place {
            remembered::store(&place.choices);
            kept.write(place);
        }
    });
    let handle = Handle::mounted(host, options, Some(on_shown)).map_err(config)?;
    follow_address(host, handle, address, complaint);
    first_focus::focus_empty_field(host);
    Ok(())
}

/// The defaults of the console's own page, which may request permissions; in another page, its host
/// decides.
fn own_defaults() -> Options {
    let mut options = Options::default();
    Rc::make_mut(&mut options.settings).notifications = true;
    options
}

/// Reads the options file beside the page.
async fn read_config(file: &str, base: &str) -> Result<JsValue, String> {
    let url = Url::new_with_base(file, base).map_err(|error| message(&error))?;
    let request = Request::get(&url.href())
        .cache(RequestCache::NoCache)
        .build()
        .map_err(|error| error.to_string())?;
    let answer = fetch::response(&request.into())
        .await
        .map_err(|error| message(&error))?;
    if !answer.ok() {
        return Err(format!("HTTP {}", answer.status()));
    }
    let text = answer.text().await.map_err(|error| error.to_string())?;
    let options = js_sys::JSON::parse(&text).map_err(|error| message(&error))?;
    // The file is public.
    match js_sys::Reflect::get(&options, &"credentials".into()) {
        Ok(credentials) if !credentials.is_undefined() => {
            Err("no credentials may stand in it".to_owned())
        }
        _ => Ok(options),
    }
}

/// Opens the place in the page's address whenever the address changes. `complaint` is the message
/// about the current address.
fn follow_address(
    host: &Element,
    handle: Handle,
    address: Rc<Address>,
    complaint: Option<Element>,
) {
    let (handle, complaint) = (RefCell::new(handle), RefCell::new(complaint));
    let host = host.clone();
    EventListener::new(&window(), "hashchange", move |_| {
        if let Some(complaint) = complaint.take() {
            complaint.remove();
        }
        complaint.replace(open_link(&host, &address, |place| {
            handle.borrow_mut().go(place)
        }));
    })
    .forget();
}

/// Opens the task that the page's address names, or shows why it cannot be opened.
fn open_link(
    host: &Element,
    address: &Address,
    open: impl FnOnce(&Place) -> Result<(), String>,
) -> Option<Element> {
    match address.read() {
        Ok(place) => {
            let error = open(&place).err()?;
            complain(host, |language| failure(Failure::Link, &error, language))
        }
        Err(part) => complain(host, |language| malformed(&part, language)),
    }
}

/// Shows an error above the console, in the browser's language.
fn complain(host: &Element, words: impl FnOnce(Language) -> String) -> Option<Element> {
    let browser = window().navigator().language();
    let language = Locale::Auto.language(browser.as_deref());
    let sentence = document().create_element("p").ok()?;
    sentence.set_class_name("failure");
    for (name, value) in [("lang", language.tag()), ("role", "alert")] {
        sentence.set_attribute(name, value).ok()?;
    }
    sentence.set_text_content(Some(&words(language)));
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
