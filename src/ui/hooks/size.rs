//! The size of an element.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlElement, ResizeObserver};
use yew::prelude::*;

/// The inner size of an element, without its scroll bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width in pixels.
    pub width: i32,
    /// Height in pixels.
    pub height: i32,
}

/// The size of a list before it is measured.
pub const UNMEASURED: Size = Size {
    width: 0,
    height: 480,
};

/// The size of `element`, and [`UNMEASURED`] at first. A change of the size renders the component
/// again.
#[hook]
pub fn use_size(element: &NodeRef) -> Size {
    let size = use_state_eq(|| UNMEASURED);
    let observed = use_mut_ref(|| None::<Observed>);
    {
        let (element, size) = (element.clone(), size.setter());
        // After every rendering: the element may appear later, or be replaced.
        use_effect(move || {
            let element = element.cast::<HtmlElement>();
            let mut observed = observed.borrow_mut();
            if observed.as_ref().map(|it| &it.element) != element.as_ref() {
                *observed = element.and_then(|element| Observed::new(element, size));
            }
        });
    }
    *size
}

/// An element whose size is observed until this is dropped.
struct Observed {
    element: HtmlElement,
    observer: ResizeObserver,
    _on_resize: Closure<dyn FnMut()>,
}

impl Observed {
    fn new(element: HtmlElement, size: UseStateSetter<Size>) -> Option<Self> {
        let measured = element.clone();
        let mut pending = None;
        let on_resize = Closure::<dyn FnMut()>::new(move || {
            let (element, size) = (measured.clone(), size.clone());
            // In a separate task: if rendering changed the size within this one, the browser would
            // report an error to the page.
            pending.replace(Timeout::new(0, move || {
                size.set(Size {
                    width: element.client_width(),
                    height: element.client_height(),
                });
            }));
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self {
            element,
            observer,
            _on_resize: on_resize,
        })
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
