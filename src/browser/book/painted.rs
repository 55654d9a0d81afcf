//! Waiting until what was drawn can be seen.

use gloo_utils::window;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Waits until the browser has painted what was drawn before: one frame is begun and left, and the
/// task behind it comes after the painting. A page that cannot be seen waits until it can.
pub(super) async fn painted() {
    wait(|done| window().request_animation_frame(done)).await;
    wait(|done| window().set_timeout_with_callback(done)).await;
}

async fn wait(ask: impl Fn(&Function) -> Result<i32, JsValue>) {
    let mut executor = |resolve: Function, _: Function| {
        if ask(&resolve).is_err() {
            // Better at once than never.
            let _ = resolve.call0(&JsValue::NULL);
        }
    };
    let _ = JsFuture::from(Promise::new(&mut executor)).await;
}
