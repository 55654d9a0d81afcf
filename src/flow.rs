//! The flow: what the console does next, as a pure state machine.
//!
//! One [`State`](state::State), one [`FlowEvent`](event::FlowEvent), one total [`step`](step::step)
//! that returns the next state and the [`Effect`](effect::Effect)s to perform. The difficult
//! decisions are made here: at most one DELETE per confirmation, what a response proves, when to
//! send the next request. The flow holds no clock, no network and no secret: events carry the time,
//! the shell performs the effects, and the credential stays in the shell's vault.
//!
//! ```text
//! Connect ─▶ Review ─▶ Submitting ─▶ Task ─▶ Ended
//!    ▲         │           │          ▲        │
//!    └─────────┤           └──────────┼─▶ (Refused, Not sent, …)
//!              └─ follow the holder ──┤        │
//!                                     └operate─┘
//! ```

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
mod uncertain_delete;
