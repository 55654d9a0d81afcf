//! The console in somebody's page: `mount(host, options)` into an open shadow root.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use web_sys::{Element, ShadowRootInit, ShadowRootMode};
use yew::{AppHandle, Html, Renderer, function_component, html};

/// A mounted console. Dropping it on the JavaScript side (`free`) leaves the console mounted.
#[wasm_bindgen]
pub struct Handle {
    app: AppHandle<Console>,
    root: Element,
}

#[wasm_bindgen]
impl Handle {
    /// Unmounts the console and removes everything it put into its host.
    pub fn destroy(self) {
        self.app.destroy();
        self.root.remove();
    }
}

/// Mounts the console into the open shadow root of `host`.
///
/// # Errors
/// A JavaScript `Error` when `host` cannot carry a shadow root.
#[wasm_bindgen]
pub fn mount(host: Element, options: JsValue) -> Result<Handle, JsValue> {
    // Nothing here is configurable yet.
    drop(options);
    let document = host
        .owner_document()
        .ok_or_else(|| JsError::new("the host element belongs to no document"))?;
    let shadow = match host.shadow_root() {
        Some(shadow) => shadow,
        None => host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?,
    };
    let root: Element = document.create_element("div")?.unchecked_into();
    shadow.append_child(&root)?;
    let app = Renderer::<Console>::with_root(root.clone()).render();
    Ok(Handle { app, root })
}

#[function_component]
fn Console() -> Html {
    html! { <main><h1>{ "ODP console" }</h1></main> }
}
