//! The console on a page of its own: what Trunk builds. The module's exports
//! ([`odp_console::embed`], [`odp_console::headless`]) come along, so that the same module serves
//! the npm package, in whose pages this finds nothing to start.

fn main() {
    odp_console::page::start();
}
