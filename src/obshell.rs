//! The protocol core: what an obshell agent is asked, and what its answers mean. Pure.
