//! A run over many agents: one confirmed destroy of several members, as a pure state machine.
//!
//! One [`Fleet`](state::Fleet), one [`FleetEvent`](event::FleetEvent), one total
//! [`step`](step::step) that returns the next fleet and the [`FleetEffect`](effect::FleetEffect)s
//! to perform. A member is the single flow's [`State`](crate::flow::state::State), driven with the
//! single flow's own events: no rule of [`flow`](crate::flow) is duplicated. This module decides
//! *when* a member acts: which member is checked, which member is next, which request is sent next.
//!
//! ```text
//! Choose ─▶ SignIn ─▶ Preflight ─▶ Review ─▶ Run ─▶ End
//!                        ▲            │       │▲     │
//!                        └── recheck ─┘       └┴retry┘
//! ```
//!
//! Invariants: at most one DELETE per member and confirmation (with the exception of the single
//! flow, see `docs/guarantees.md`); no more members in progress than the batch size; no DELETE
//! during a pause, after a bad end in a run that stops at one, or after the page is unmounted; a
//! reload sends nothing; at most 6 requests in flight and 20 a second over all members.

pub mod effect;
pub mod event;
pub mod journal;
pub mod member;
pub mod parse;
mod queue;
pub mod state;
pub mod step;
pub mod summary;
