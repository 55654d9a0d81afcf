//! The screens: function components that render a [`State`](crate::flow::state::State) and report a
//! person's actions as [`Message`](message::Message)s. No request is sent and no decision is made
//! here.
//!
//! [`Console`](console::Console) renders the header, the steps and one of five screens: connect,
//! review, submitting, task, ended. Its parts read language, clock and platform from the context
//! [`View`](view::View). A part with unchanged properties is not rendered again.

mod agent_facts;
mod announcement;
pub mod book;
mod confirm_form;
mod connect;
pub mod console;
mod contact;
mod copy_button;
mod dom;
mod ended;
pub mod fleet;
mod header;
pub mod hooks;
mod icon;
mod list;
pub mod log;
mod menu;
pub mod message;
mod notice;
mod odp_facts;
mod operations;
pub(crate) mod password;
mod password_field;
pub mod platform;
mod prose;
mod review;
pub mod rows;
mod sign_in_choice;
mod status;
mod steps;
mod submitting;
mod task;
mod task_list;
pub mod theme;
mod time;
pub mod view;
mod visible;
