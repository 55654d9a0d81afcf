//! The flow: what the console does next, as a pure state machine.
//!
//! One [`State`](state::State), one [`Event`](event::Event), one total
//! [`step`](step::step) that returns the next state and the [`Effect`](effect::Effect)s to
//! perform. Whatever is hard lives here: at most one DELETE per confirmation, what an answer
//! proves, when to ask again. There is no clock, no network and no secret in it: events carry
//! the time, effects are performed elsewhere, and the credential stays in the shell's vault.
//!
//! ```text
//! Connect ─▶ Review ─▶ Submitting ─▶ Task ─▶ Ended
//!    ▲         │           │          ▲        │
//!    └─────────┤           └──────────┼─▶ (Refused, Not sent, …)
//!              └─ follow the holder ──┤        │
//!                                     └operate─┘
//! ```

mod doubt;
pub mod effect;
pub mod ending;
pub mod event;
pub mod operation;
pub mod poll;
pub mod preflight;
pub mod settings;
mod sign_in;
pub mod state;
pub mod step;
