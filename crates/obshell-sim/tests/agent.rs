//! Tests the simulated agent over the network: against recorded responses of real agents, and
//! against the protocol.

#[cfg(test)]
mod agent {
    mod arrivals;
    mod captures;
    mod faults;
    mod history;
    mod operators;
    mod program;
    mod questions;
    mod replay_errors;
    mod replay_open;
    mod replay_tasks;
    mod replay_versions;
    mod script;
    mod sessions;
    mod shape;
    mod versions;
    mod wire;
}
