//! Scripted tests of the flow: a made-up agent answers what the flow asks, and the flow's next
//! word is looked at. No network, no time passes.

#![allow(missing_docs, reason = "tests have no public surface")]

mod connect;
mod script;
mod submit;
mod task;
