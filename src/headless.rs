//! The console without a screen, for hosts with their own user interface: the same flow, with its
//! states as plain objects. The calling host is responsible for the confirmation by a person.

mod mailbox;
mod run;

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use self::mailbox::{ClientCore, Mailbox};
use crate::browser::engine::Engine;
use crate::browser::place::plain;
use crate::flow::event::FlowEvent;
use crate::flow::state::Screen;
use crate::obshell::dag::id::DagId;
use crate::text::evidence::snapshot::snapshot;
use crate::ui::message::Message;

pub use self::run::FleetClient;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Connects to one agent, destroys its ODP or follows a task. Dropping the client stops nothing;
/// see [`close`](Self::close).
#[wasm_bindgen]
#[derive(Clone)]
pub struct Client {
    mailbox: Rc<Mailbox<Engine>>,
}

#[wasm_bindgen]
impl Client {
    /// Creates a client with the options of a console. `seen` is called on the next tick with every
    /// new state, a plain object (see the module `text::evidence::snapshot`). `page` is the URL
    /// against which relative endpoints are resolved.
    ///
    /// # Errors
    /// A JavaScript `Error` that names the option, the error and the allowed values.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, page: &str, seen: Function) -> Result<Self, JsError> {
        let mailbox = Mailbox::new(options, page, seen, |options, page, on_message| {
            let settings = Rc::clone(&options.settings);
            let mut engine = Engine::new(settings, options.language(), page, on_message);
            engine.set_credentials(options.credentials);
            engine
        })?;
        Ok(Self { mailbox })
    }

    /// Reads the public routes of an agent, signs in, and then reads the checks, or a task by its
    /// id.
    ///
    /// # Errors
    /// A JavaScript `Error` if `task` is not a task id.
    pub fn open(&self, agent: String, task: Option<String>) -> Result<(), JsError> {
        let task = task.map(|task| DagId::parse(&task)).transpose();
        let task = task.map_err(|_| JsError::new("the task is no id: a text of digits"))?;
        self.send(FlowEvent::Open {
            address: Some(agent),
            task,
        });
        self.send(FlowEvent::Connect {
            has_credential: true,
        });
        Ok(())
    }

    /// Destroys the ODP of the agent whose checks were read. One call is one confirmation, even if
    /// the agent reports that it manages no ODP. Returns whether the confirmation was accepted: if
    /// a check failed or the client is read-only, nothing is sent.
    pub fn destroy(&self, agent: String) -> bool {
        self.send(FlowEvent::ContinueAnyway);
        self.send(FlowEvent::Confirm { typed: agent });
        let engine = self.mailbox.core();
        matches!(engine.state.screen, Screen::Submitting(_))
    }

    /// Asks the host for a credential again, after the agent rejected the previous one.
    pub fn authenticate(&self) {
        self.send(FlowEvent::Authenticate {
            has_credential: true,
        });
    }

    /// Aborts everything except a pending DELETE, and wipes the credential.
    pub fn close(&self) {
        self.mailbox.core_mut().dispatch(FlowEvent::Unmounted);
        self.mailbox.core_mut().give_up();
        self.mailbox.close();
    }

    /// Whether the agent rejected the credential and no request for another one is pending.
    #[must_use]
    pub fn waits_for_credential(&self) -> bool {
        self.mailbox.core().waits_for_credential()
    }

    fn send(&self, event: FlowEvent) {
        self.mailbox.call(Message::Flow(event));
    }
}

impl ClientCore for Engine {
    fn handle(&mut self, message: Message) -> Option<JsValue> {
        let changed = match message {
            Message::Flow(event) => self.dispatch(event),
            Message::HostResponded(agent, credential) => self.host_responded(&agent, credential),
            _ => false,
        };
        changed.then(|| {
            let is_secure = self.is_secure();
            plain(&snapshot(&self.state, is_secure, self.language, VERSION))
        })
    }

    fn page_event(event: FlowEvent) -> Message {
        Message::Flow(event)
    }
}
