//! A simulated obshell agent: an accurate double for tests of a console that destroys an ODP.
//!
//! It answers on the wire like the agent (message texts, order of checks, times, ids, behaviour of
//! its HTTP server), keeps its state in memory and never accesses the disk.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use obshell_sim::{Agent, Config};
//!
//! let agent = Agent::start(Config { agent_password: Some("Pw#1".to_owned()), ..Config::default() }).await?;
//! let control = agent.control();
//! control.hold();
//! // ... a DELETE is sent to agent.addr() ...
//! control.step();
//! # Ok(())
//! # }
//! ```

mod agent;
mod answer;
mod body;
mod call;
mod clock;
mod config;
pub mod control;
mod engine;
mod envelope;
mod error;
mod faults;
mod forward;
mod go;
mod handlers;
mod header;
pub mod host;
mod keys;
mod locale;
mod order;
mod page;
mod record;
mod reply;
mod request;
mod route;
mod service;
mod shared;
mod state;
mod verify;

pub use agent::Agent;
pub use config::{Config, Fail, Identity, NotAVersion, Odp, Version};
pub use control::{Control, Snapshot};
pub use engine::model::{Dag, LogLine, Node, Operator, State, SubTask};
pub use faults::{Broken, Fault, Harm, Matching, Oddity};
pub use record::{Fate, Record};
