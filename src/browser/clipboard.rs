//! Copying to the clipboard.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Element, HtmlDocument, HtmlElement, HtmlTextAreaElement, Navigator, Node, ShadowRoot,
};
use yew::Callback;

/// Copies to the clipboard and reports whether copying succeeded. `root` is the element into which
/// the console is rendered.
pub fn copy(root: &Element, text: &str, done: Callback<bool>) {
    let (root, text) = (root.clone(), text.to_owned());
    spawn_local(async move {
        let copied = write_clipboard(&text).await.is_ok() || copy_selection(&root, &text);
        done.emit(copied);
    });
}

async fn write_clipboard(text: &str) -> Result<(), JsValue> {
    let navigator: Navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    // A page over plain HTTP has no clipboard API.
    if Reflect::get(&navigator, &"clipboard".into())?.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    JsFuture::from(navigator.clipboard().write_text(text)).await?;
    Ok(())
}

/// The fallback: selects the text in a temporary field and copies the selection.
fn copy_selection(root: &Element, text: &str) -> bool {
    try_copy_selection(root, text).unwrap_or(false)
}

fn try_copy_selection(root: &Element, text: &str) -> Result<bool, JsValue> {
    let document = root.owner_document().ok_or(JsValue::NULL)?;
    let shadow: Option<ShadowRoot> = root.get_root_node().dyn_into().ok();
    let focused = shadow.as_ref().and_then(ShadowRoot::active_element);
    // Placed beside the pressed button: while a modal dialog is open, only elements inside it can
    // be selected, and a menu closes when the focus leaves it.
    let beside = focused.as_ref().and_then(|focused| focused.parent_node());
    let parent: Node = match (beside, shadow) {
        (Some(parent), _) => parent,
        (None, Some(shadow)) => shadow.into(),
        (None, None) => root.clone().into(),
    };
    let field: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    field.set_value(text);
    field.set_read_only(true);
    field.set_attribute("aria-hidden", "true")?;
    // Not set as an attribute: a strict Content-Security-Policy refuses style attributes.
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
