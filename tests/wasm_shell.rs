//! The shell in a browser: the network, the options, mounting and unmounting.
#![cfg(target_arch = "wasm32")]
// Lets the helpers stop, as a test may, where something is not as it should be.
#![cfg(test)]

#[path = "wasm_support/fetch.rs"]
mod fetch;
#[path = "wasm_support/page.rs"]
mod page;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
