//! Checks the vectors in a browser: WebAssembly has another word size, and the browser's
//! randomness.
#![cfg(target_arch = "wasm32")]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "vectors/checks.rs"]
mod checks;
#[path = "vectors/counter_rng.rs"]
mod counter_rng;
#[path = "vectors/fixtures.rs"]
mod fixtures;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn headers_are_sealed_as_recorded() {
    checks::headers_are_sealed_as_recorded();
}

#[wasm_bindgen_test]
fn bodies_are_sealed_and_opened_as_recorded() {
    checks::bodies_are_sealed_and_opened_as_recorded();
}

#[wasm_bindgen_test]
fn damaged_bodies_are_refused_as_recorded() {
    checks::damaged_bodies_are_refused_as_recorded();
}

#[wasm_bindgen_test]
fn public_keys_are_accepted_as_recorded() {
    checks::public_keys_are_accepted_as_recorded();
}

#[wasm_bindgen_test]
fn public_keys_are_refused_as_recorded() {
    checks::public_keys_are_refused_as_recorded();
}

#[wasm_bindgen_test]
fn failing_randomness_seals_nothing() {
    checks::failing_randomness_seals_nothing();
}

#[wasm_bindgen_test]
fn the_platforms_randomness_is_fresh() {
    checks::the_platforms_randomness_is_fresh();
}
