//! The agent book on the connect form: a collapsible panel, and the offer to save an agent.

mod about;
mod action;
mod agent_form;
mod buttons;
mod context;
mod delete;
mod import;
mod list;
mod new_passphrase;
mod offer;
mod panel;
mod problem;
mod remove;
mod secret_field;
mod unlock;
mod unlock_here;
mod work;

pub use self::action::{AgentFields, BookAction, ImportMode};
pub use self::context::{BookView, listed};
pub(super) use self::context::{use_book_view, use_focus_when_unlocked};
pub(super) use self::offer::SaveOffer;
pub(super) use self::panel::BookPanel;
pub(super) use self::unlock_here::UnlockHere;
