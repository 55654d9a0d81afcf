//! A simulated obshell agent.
