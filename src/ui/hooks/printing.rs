//! Whether the page is being printed.

use gloo_events::EventListener;
use web_sys::{Document, Window};
use yew::prelude::*;

/// The document that contains the console, as a context: what depends on the document is rendered
/// again when the console moves to another one.
#[derive(Clone, Debug, PartialEq)]
pub struct InDocument(pub Option<Document>);

/// Whether the page that contains `element` is being printed: all content must then be rendered,
/// since paper does not scroll.
#[hook]
pub fn use_printing(element: &NodeRef) -> bool {
    let printing = use_state_eq(|| false);
    let _moved = use_context::<InDocument>();
    // The window of the element, and the listeners on the window.
    let listening = use_mut_ref(|| None::<(Window, [EventListener; 2])>);
    {
        let (printing, element) = (printing.setter(), element.clone());
        use_effect(move || {
            let document = element.get().and_then(|node| node.owner_document());
            let window = document.and_then(|document| document.default_view());
            let mut listening = listening.borrow_mut();
            if listening.as_ref().map(|(window, _)| window) != window.as_ref() {
                *listening = window.map(|window| {
                    let listeners = listen(&window, &printing);
                    (window, listeners)
                });
            }
        });
    }
    *printing
}

fn listen(window: &Window, printing: &UseStateSetter<bool>) -> [EventListener; 2] {
    [("beforeprint", true), ("afterprint", false)].map(|(name, begins)| {
        let printing = printing.clone();
        EventListener::new(window, name, move |_| printing.set(begins))
    })
}
