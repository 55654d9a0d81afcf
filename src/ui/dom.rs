//! Reading and controlling elements of the page.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::NodeRef;

/// The value of the field that fired an event. An `input` and a `select` have a property of the
/// same name.
pub(super) fn value_of(event: &Event) -> String {
    let field = event
        .target()
        .map(JsCast::unchecked_into::<HtmlInputElement>);
    field.map_or_else(String::new, |field| field.value())
}

/// Whether the key is Enter, pressed to submit and not to accept the text of an input method.
pub(super) fn is_enter(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.is_composing()
}

/// Moves the focus.
pub(super) fn focus(to: &NodeRef) {
    if let Some(to) = to.cast::<HtmlElement>() {
        // If focusing fails, the element has been removed, and nothing is left to do.
        let _ = to.focus();
    }
}
