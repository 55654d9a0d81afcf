//! The agent book on the connect form: a panel that unfolds, and the offer to save an agent.

mod about;
mod act;
mod agent_form;
mod context;
mod create;
mod delete;
mod import;
mod list;
mod new_passphrase;
mod offer;
mod panel;
mod passphrase;
mod problem;
mod remove;
mod secret_field;
mod unlock;

pub use self::act::{Act, Form, Way};
pub use self::context::BookView;
pub(super) use self::offer::SaveOffer;
pub(super) use self::panel::BookPanel;
