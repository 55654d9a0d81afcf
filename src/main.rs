//! The console on a page of its own: the binary that Trunk builds. It contains the module's exports
//! ([`odp_console::embed`], [`odp_console::headless`]), so the same module serves the npm package;
//! in a page of the package, `main` finds no element to start in.

fn main() {
    odp_console::page::start();
}
