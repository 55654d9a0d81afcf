//! Waits for the browser to paint.

use gloo_utils::window;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Waits until the browser has painted the last rendering: a callback of an animation frame,
/// followed by a timer, runs after the paint. A hidden page waits until it is visible.
pub(super) async fn after_paint() {
    wait(|done| window().request_animation_frame(done)).await;
    wait(|done| window().set_timeout_with_callback(done)).await;
}

async fn wait(ask: impl Fn(&Function) -> Result<i32, JsValue>) {
    let mut executor = |resolve: Function, _: Function| {
        if ask(&resolve).is_err() {
            // Resolves at once instead of never.
            let _ = resolve.call0(&JsValue::NULL);
        }
    };
    let _ = JsFuture::from(Promise::new(&mut executor)).await;
}
