//! Tests the shell in a browser: network, options, mounting and unmounting.
#![cfg(target_arch = "wasm32")]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "wasm_support/agent.rs"]
mod agent;
#[path = "wasm_support/fetch.rs"]
mod fetch;
#[path = "wasm_support/follow_end.rs"]
mod follow_end;
#[path = "wasm_support/host.rs"]
mod host;
#[path = "wasm_support/journal.rs"]
mod journal;
#[path = "wasm_support/mount.rs"]
mod mount;
#[path = "wasm_support/page.rs"]
mod page;
#[path = "wasm_support/platform.rs"]
mod platform;
#[path = "wasm_support/probe.rs"]
mod probe;
#[path = "wasm_support/rows.rs"]
mod rows;
#[path = "wasm_support/use_flow.rs"]
mod use_flow;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
