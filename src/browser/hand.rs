//! Handing text to the person: clipboard and downloads. Fetched later.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, HtmlAnchorElement, HtmlDocument, HtmlElement,
    HtmlTextAreaElement, Navigator, Node, ShadowRoot, Url,
};
use yew::Callback;

/// The two ways, for the console that is drawn into the element.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    /// Copies to the clipboard and says whether that worked.
    pub copy: fn(&Element, &str, Callback<bool>),
    /// Hands over a file of this name, type and text, whose URL has to be kept until the next.
    pub download: fn(&Element, &str, &str, &str) -> Result<ObjectUrl, JsValue>,
}

/// Both.
pub const HAND: Hand = Hand { copy, download };

/// Copies to the clipboard and says whether that worked.
fn copy(root: &Element, text: &str, done: Callback<bool>) {
    let (root, text) = (root.clone(), text.to_owned());
    spawn_local(async move {
        let copied = write_clipboard(&text).await.is_ok() || copy_selection(&root, &text);
        done.emit(copied);
    });
}

/// Hands a file to the person.
fn download(root: &Element, name: &str, mime: &str, text: &str) -> Result<ObjectUrl, JsValue> {
    let document = document_of(root)?;
    let file = ObjectUrl::new(mime, text)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&file.0);
    link.set_download(name);
    // Never part of the document, so that a host's router does not see the click.
    link.click();
    Ok(file)
}

/// The URL of a text in memory, valid until it is dropped.
#[derive(Debug)]
pub struct ObjectUrl(String);

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
