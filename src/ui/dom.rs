//! Reading and steering elements of the page.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement, KeyboardEvent};
use yew::NodeRef;

/// The value of the field that an event is about. An `input` and a `select` have it by the same
/// name.
pub(super) fn value_of(event: &Event) -> String {
    let field = event
        .target()
        .map(JsCast::unchecked_into::<HtmlInputElement>);
    field.map_or_else(String::new, |field| field.value())
}

/// Whether this is Enter, pressed to go on and not to choose among an input method's words.
pub(super) fn is_enter(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.is_composing()
}

/// Moves the focus.
pub(super) fn focus(to: &NodeRef) {
    if let Some(to) = to.cast::<HtmlElement>() {
        // What cannot take the focus is not there any more, and then there is nothing to do.
        let _ = to.focus();
    }
}
