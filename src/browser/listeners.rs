//! The listeners of an element, taken off again: Yew never takes its own off the element that it
//! draws into, nor lets go of that element.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

/// The name of the method that is looked at.
const ADD: &str = "addEventListener";

/// Takes every listener off that was added to an element meanwhile, as it is dropped.
#[derive(Debug)]
pub struct Listeners {
    element: Element,
    /// The arguments of each call.
    added: Array,
    _add: Closure<dyn FnMut(JsValue, JsValue, JsValue)>,
}

impl Listeners {
    /// Notes the listeners of `element` from now on.
    #[must_use]
    pub fn of(element: &Element) -> Self {
        let added = Array::new();
        let method = Reflect::get(element, &ADD.into()).unwrap_or_default();
        let add = {
            let (added, element) = (added.clone(), element.clone());
            Closure::<dyn FnMut(JsValue, JsValue, JsValue)>::new(
                move |kind: JsValue, listener: JsValue, options: JsValue| {
                    if let Some(method) = method.dyn_ref::<Function>() {
                        // It takes whatever it is given.
                        let _ = method.call3(&element, &kind, &listener, &options);
                    }
                    added.push(&Array::of3(&kind, &listener, &options));
                },
            )
        };
        // An element takes properties of any name.
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
        // What is left is the method of every element.
        let _ = Reflect::delete_property(self.element.unchecked_ref::<Object>(), &ADD.into());
        let remove = Reflect::get(&self.element, &"removeEventListener".into()).unwrap_or_default();
        let Some(remove) = remove.dyn_ref::<Function>() else {
            return;
        };
        for arguments in self.added.iter() {
            // It takes whatever it is given.
            let _ = remove.apply(&self.element, arguments.unchecked_ref());
        }
    }
}
