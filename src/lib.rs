//! Destroys an ODP (OceanBase Database Proxy) from the browser through an obshell agent, and
//! follows the task that the agent starts until it ends. For DBAs on call, and for front-end
//! engineers who embed it in a page.
//!
//! The password is held in memory only, in types that wipe themselves and cannot be printed; a
//! DELETE is sent at most once per confirmation; an ODP counts as destroyed only when the agent
//! confirms it. HTTPS and a trusted network must provide what obshell's wire format does not (an
//! authenticated key, authenticated answers); see the README.
//!
//! ```text
//! person ─▶ ui ─Event─▶ flow ─Effect─▶ browser ─▶ seal (obshell) ─▶ fetch ─▶ proxy ─▶ agent
//!            ▲           │               ▲                                          │
//!            └── State ──┘               └──────── open (obshell) ◀── answer ───────┘
//! ```
//!
//! [`obshell`], [`flow`], [`fleet`], [`book`] and [`text`] are pure; [`ui`] renders a state; only
//! [`browser`] acts. [`page`] is the page that Trunk builds; [`embed`] and [`headless`] are the
//! JavaScript interface, with a screen and without.

#[cfg(target_arch = "wasm32")]
mod allocator;
pub mod book;
pub mod browser;
pub mod embed;
pub mod fleet;
pub mod flow;
pub mod headless;
pub mod obshell;
pub mod page;
pub mod text;
pub mod ui;
