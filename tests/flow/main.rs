//! Scripted tests of the flow: a made-up agent answers what the flow asks, and the flow's next
//! word is looked at. No network, no time passes.

#![cfg(not(target_arch = "wasm32"))]
// Lets the helpers stop, as a test may, where something is not as it should be.
#![cfg(test)]

mod again;
mod clock;
mod connect;
mod doubt;
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
