//! Tests the built page behind real servers with the files of `deploy/`, edited like an operator
//! edits them.

mod caddy;
pub mod https;
mod lan;
mod proxying;
#[path = "../servers/support.rs"]
mod servers;
mod serving;
mod way;

use servers::answer;
pub use servers::certificate;
pub use servers::nginx;
pub use servers::{Folder, LARGE, Listed, free_port, large};
