//! Destroys an ODP (OceanBase Database Proxy) through an obshell agent, from the browser, and shows
//! the task that the agent starts to its true end. For DBAs on call, and for the front-end
//! engineers who put it into a page of theirs.
//!
//! The password is held in memory only, in types that wipe themselves and cannot be printed; a
//! DELETE is sent at most once per confirmation; nothing counts as destroyed before the agent
//! agrees. What obshell's wire format cannot give (an authenticated key, authenticated answers) has
//! to come from https and a trusted network; the README says more.
//!
//! ```text
//! person ─▶ ui ─Event─▶ flow ─Effect─▶ browser ─▶ seal (obshell) ─▶ fetch ─▶ proxy ─▶ agent
//!            ▲           │               ▲                                          │
//!            └── State ──┘               └──────── open (obshell) ◀── answer ───────┘
//! ```
//!
//! [`obshell`], [`flow`], [`fleet`], [`book`] and [`text`] are pure; [`ui`] draws a state; [`browser`] is the only part
//! that acts. [`page`] is the page that Trunk builds; [`embed`] and [`headless`] are what JavaScript
//! sees, with a screen and without.

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
