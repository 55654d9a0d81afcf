//! Development commands of the ODP console.

fn main() {}
