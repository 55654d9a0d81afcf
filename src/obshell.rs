//! The protocol core: the requests to an obshell agent, and the meaning of its answers.
//!
//! Pure: a [`Request`](request::Request) is a value, [sealing](request::Request::seal) takes the
//! key, the time and the randomness as arguments, [opening](envelope::open) turns bytes into parsed
//! types. Nothing here depends on a browser, a clock or a network.
//!
//! ```text
//! Request ─ seal ─▶ WireRequest ─ (network) ─▶ status + bytes ─ open ─▶ Dag, AgentInfo, … or Failure
//! ```

pub mod address;
pub mod agent_text;
pub mod answer;
pub mod crypto;
pub mod dag;
pub mod envelope;
pub mod error;
pub mod info;
pub mod invisible;
pub mod odp;
pub mod redact;
pub mod request;
pub mod secret;
pub mod time;
mod wire;
