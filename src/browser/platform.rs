//! What the screens need of the browser: clock, words for times, clipboard, downloads, a tick.

use std::cell::RefCell;

use gloo_timers::callback::Interval;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, HtmlAnchorElement, HtmlDocument, HtmlElement,
    HtmlTextAreaElement, Navigator, Node, ShadowRoot, Url,
};
use yew::Callback;

use super::clock;
use super::intl::Intl;
use crate::flow::event::Language;
use crate::obshell::time::Millis;
use crate::ui::platform::{Guard, Provide, Zone};

/// The browser around one console.
#[derive(Debug)]
pub struct Browser {
    /// The element that the console is drawn into.
    root: Element,
    intl: Intl,
    /// The last file that was handed over; browsers may read it after the click.
    file: RefCell<Option<ObjectUrl>>,
}

impl Browser {
    /// The browser around the console that is drawn into `root`.
    #[must_use]
    pub fn new(root: Element) -> Self {
        Self {
            root,
            intl: Intl::default(),
            file: RefCell::default(),
        }
    }
}

impl Provide for Browser {
    fn now(&self) -> Millis {
        clock::now()
    }

    fn date_time(&self, millis: Millis, zone: Zone, language: Language) -> String {
        self.intl.date_time(millis, zone, language)
    }

    fn zone_name(&self, zone: Zone) -> String {
        self.intl.zone_name(zone)
    }

    fn number(&self, value: f64, language: Language) -> String {
        self.intl.number(value, language)
    }

    fn duration(&self, millis: i64, language: Language) -> String {
        self.intl.duration(millis, language)
    }

    fn copy(&self, text: &str, done: Callback<bool>) {
        let (root, text) = (self.root.clone(), text.to_owned());
        spawn_local(async move {
            let copied = write_clipboard(&text).await.is_ok() || copy_selection(&root, &text);
            done.emit(copied);
        });
    }

    fn download(&self, name: &str, mime: &str, text: &str) {
        // A browser that refuses says so itself; there is nothing to add.
        let _ = self.try_download(name, mime, text);
    }

    fn every_second(&self, tick: Callback<()>) -> Guard {
        Box::new(Interval::new(1000, move || tick.emit(())))
    }
}

impl Browser {
    fn try_download(&self, name: &str, mime: &str, text: &str) -> Result<(), JsValue> {
        let document = document_of(&self.root)?;
        let file = ObjectUrl::new(mime, text)?;
        let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
        link.set_href(&file.0);
        link.set_download(name);
        // Never part of the document, so that a host's router does not see the click.
        link.click();
        self.file.replace(Some(file));
        Ok(())
    }
}

/// The URL of a text in memory, valid until it is dropped.
#[derive(Debug)]
struct ObjectUrl(String);

impl ObjectUrl {
    fn new(mime: &str, text: &str) -> Result<Self, JsValue> {
        let options = BlobPropertyBag::new();
        options.set_type(mime);
        let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
        Url::create_object_url_with_blob(&blob).map(Self)
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

async fn write_clipboard(text: &str) -> Result<(), JsValue> {
    let navigator: Navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    // There is none on a page of plain http.
    if Reflect::get(&navigator, &"clipboard".into())?.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await?;
    Ok(())
}

/// The old way: selects the text in a field that is there for that moment only.
fn copy_selection(root: &Element, text: &str) -> bool {
    try_copy_selection(root, text).unwrap_or(false)
}

fn try_copy_selection(root: &Element, text: &str) -> Result<bool, JsValue> {
    let document = document_of(root)?;
    let shadow: Option<ShadowRoot> = root.get_root_node().dyn_into().ok();
    let focused = shadow.as_ref().and_then(ShadowRoot::active_element);
    // While a modal dialog is open, nothing outside of it can be selected.
    let dialog = match &focused {
        Some(focused) => focused.closest("dialog[open]")?,
        None => None,
    };
    let parent: Node = match (dialog, shadow) {
        (Some(dialog), _) => dialog.into(),
        (None, Some(shadow)) => shadow.into(),
        (None, None) => root.clone().into(),
    };
    let field: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    field.set_value(text);
    field.set_read_only(true);
    field.set_attribute("aria-hidden", "true")?;
    // Not by an attribute: a strict Content-Security-Policy refuses those.
    let style = field.style();
    style.set_property("position", "fixed")?;
    style.set_property("opacity", "0")?;
    parent.append_child(&field)?;
    field.select();
    let copied = document
        .unchecked_ref::<HtmlDocument>()
        .exec_command("copy");
    field.remove();
    if let Some(focused) = focused {
        focused.unchecked_ref::<HtmlElement>().focus()?;
    }
    copied
}

fn document_of(element: &Element) -> Result<Document, JsValue> {
    element.owner_document().ok_or(JsValue::NULL)
}
