//! Tests the agent book in a browser: its vectors and its storage.
#![cfg(target_arch = "wasm32")]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "book/checks.rs"]
mod checks;
#[allow(dead_code, reason = "tests/wasm_shell.rs has more use for the page")]
#[path = "wasm_support/page.rs"]
mod page;
#[path = "book/running.rs"]
mod running;
#[path = "book/storage.rs"]
mod storage;

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn recorded_books_are_opened() {
    checks::recorded_books_are_opened();
}

#[wasm_bindgen_test]
fn changed_books_are_refused_as_recorded() {
    checks::changed_books_are_refused_as_recorded();
}

#[wasm_bindgen_test]
fn a_password_in_another_place_is_not_opened() {
    checks::a_password_in_another_place_is_not_opened();
}

#[wasm_bindgen_test]
fn what_is_sealed_here_is_opened_here() {
    checks::what_is_sealed_here_is_opened_here();
}
