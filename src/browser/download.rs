//! File downloads.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, Element, HtmlAnchorElement, Url};

/// Downloads a file with this name, type and text. The caller must keep its URL until the next
/// download: browsers may read the file after the click. `root` is the element into which the
/// console is rendered.
///
/// # Errors
/// The exception with which the browser refuses the download.
pub fn download(root: &Element, name: &str, mime: &str, text: &str) -> Result<ObjectUrl, JsValue> {
    let document = root.owner_document().ok_or(JsValue::NULL)?;
    let file = ObjectUrl::new(mime, text)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&file.0);
    link.set_download(name);
    // Not part of the document, so that a host's router does not receive the click.
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
