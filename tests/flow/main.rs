//! Scripted tests of the flow: a fake agent responds to the flow's calls, and the next state is
//! checked. There is no network, and no time passes.

#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

mod again;
mod clock;
mod connect;
mod host;
mod leave;
mod odp;
mod open;
mod operate;
mod proof;
mod script;
mod session;
mod submit;
mod task;
mod twice;
mod uncertain_delete;
