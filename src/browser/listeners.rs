//! Removes the listeners of an element: Yew never removes its own from the element into which it
//! renders, and keeps a reference to that element.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

/// The name of the intercepted method.
const ADD: &str = "addEventListener";

/// Removes, when dropped, every listener that was added to an element in the meantime.
#[derive(Debug)]
pub struct Listeners {
    element: Element,
    /// The arguments of each call.
    added: Array,
    _add: Closure<dyn FnMut(JsValue, JsValue, JsValue)>,
}

impl Listeners {
    /// Records the listeners of `element` from now on.
    #[must_use]
    pub fn of(element: &Element) -> Self {
        let added = Array::new();
        let method = Reflect::get(element, &ADD.into()).unwrap_or_default();
        let add = {
            let (added, element) = (added.clone(), element.clone());
            Closure::<dyn FnMut(JsValue, JsValue, JsValue)>::new(
                move |kind: JsValue, listener: JsValue, options: JsValue| {
                    if let Some(method) = method.dyn_ref::<Function>() {
                        // The method accepts these arguments as received.
                        let _ = method.call3(&element, &kind, &listener, &options);
                    }
                    added.push(&Array::of3(&kind, &listener, &options));
                },
            )
        };
        // Setting a property of an element does not fail.
        let _ = Reflect::set(element, &ADD.into(), add.as_ref());
        Self {
            element: element.clone(),
            added,
            _add: add,
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        // After the deletion, the method of the prototype is in effect again.
        let _ = Reflect::delete_property(self.element.unchecked_ref::<Object>(), &ADD.into());
        let remove = Reflect::get(&self.element, &"removeEventListener".into()).unwrap_or_default();
        let Some(remove) = remove.dyn_ref::<Function>() else {
            return;
        };
        for arguments in self.added.iter() {
            // The method accepts the recorded arguments.
            let _ = remove.apply(&self.element, arguments.unchecked_ref());
        }
    }
}
