//! Whether the page is being printed.

use gloo_events::EventListener;
use yew::prelude::*;

/// Whether the page is being printed: all content must then be rendered, since paper does not
/// scroll.
#[hook]
pub fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    {
        let printing = printing.setter();
        use_effect_with((), move |()| {
            let listeners = web_sys::window().map(|window| {
                [("beforeprint", true), ("afterprint", false)].map(|(name, begins)| {
                    let printing = printing.clone();
                    EventListener::new(&window, name, move |_| printing.set(begins))
                })
            });
            move || drop(listeners)
        });
    }
    *printing
}
