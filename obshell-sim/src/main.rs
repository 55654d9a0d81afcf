//! The simulated agent as a program.

fn main() {}
