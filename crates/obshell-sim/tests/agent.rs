//! The simulated agent, asked over the wire: what a real agent answered, and what the protocol says besides.

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
