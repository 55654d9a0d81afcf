//! What a person sees: function components that draw a [`State`](crate::flow::state::State) and
//! report acts as [`Message`](message::Message)s. There is no fetch and no decision here.
//!
//! [`Console`](console::Console) draws the header, the steps and one of five screens: connect,
//! review, submitting, task, ended. What its parts need of their surroundings comes by the context
//! [`View`](view::View). A part whose properties are the same is not drawn again.

mod agent_facts;
pub mod book;
mod connect;
pub mod console;
mod contact;
mod copy_button;
mod dom;
mod ended;
pub mod fleet;
mod header;
mod hooks;
mod icon;
mod list;
pub mod log;
mod menu;
pub mod message;
mod news;
mod notice;
mod odp_facts;
mod operations;
pub(crate) mod password;
mod password_field;
pub mod platform;
mod prose;
mod review;
mod rows;
mod sign_in_choice;
mod standing;
mod steps;
mod submitting;
mod task;
mod task_list;
pub mod theme;
mod time;
pub mod view;
mod visible;
