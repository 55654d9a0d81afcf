//! The console without a screen, for hosts with their own user interface: the same flow, with its
//! states as plain objects. The calling host is responsible for the confirmation by a person.

mod run;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::browser::endpoint::without_credentials;
use crate::browser::engine::Engine;
use crate::browser::options::Options;
use crate::browser::place::plain;
use crate::browser::visibility::watch_leaving;
use crate::flow::event::Event;
use crate::flow::state::Screen;
use crate::obshell::dag::id::DagId;
use crate::text::evidence::snapshot::snapshot;
use crate::ui::message::Message;

pub use self::run::FleetClient;

/// Connects to one agent, destroys its ODP or follows a task. Dropping the client stops nothing;
/// see [`close`](Self::close).
#[wasm_bindgen]
#[derive(Clone)]
pub struct Client {
    inner: Rc<Inner>,
}

struct Inner {
    engine: RefCell<Engine>,
    /// The messages that are not yet handled.
    queue: Rc<RefCell<VecDeque<Message>>>,
    /// Called with every state, as a plain object.
    seen: Function,
    version: &'static str,
    /// Listeners for leaving and restoring the page, until the client is closed.
    listeners: RefCell<Vec<EventListener>>,
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
        let page = without_credentials(page);
        let options = Options::default()
            .read_over(options, &page)
            .map_err(|wrong| JsError::new(&wrong))?;
        let browser = web_sys::window().and_then(|window| window.navigator().language());
        let language = options.locale.language(browser.as_deref());
        let queue = Rc::new(RefCell::new(VecDeque::new()));
        let inner = Rc::new_cyclic(|inner: &std::rc::Weak<Inner>| {
            let left = inner.clone();
            let listeners = web_sys::window().map(|window| {
                watch_leaving(&window, move |event| {
                    if let Some(inner) = left.upgrade() {
                        inner.tell(event);
                    }
                })
            });
            let (inner, queued) = (inner.clone(), Rc::clone(&queue));
            let tell = Callback::from(move |message| {
                queued.borrow_mut().push_back(message);
                let inner = inner.clone();
                // Never called while another message is being handled.
                spawn_local(async move {
                    if let Some(inner) = inner.upgrade() {
                        inner.deal();
                    }
                });
            });
            let mut engine = Engine::new(Rc::clone(&options.settings), language, page, tell);
            engine.trust(options.credentials.clone());
            Inner {
                engine: RefCell::new(engine),
                queue,
                seen,
                version: env!("CARGO_PKG_VERSION"),
                listeners: RefCell::new(listeners.into_iter().flatten().collect()),
            }
        });
        Ok(Self { inner })
    }

    /// Reads the public routes of an agent, signs in, and then reads the checks, or a task by its
    /// id.
    ///
    /// # Errors
    /// A JavaScript `Error` if `task` is not a task id.
    pub fn open(&self, agent: String, task: Option<String>) -> Result<(), JsError> {
        let task = task.map(|task| DagId::parse(&task)).transpose();
        let task = task.map_err(|_| JsError::new("the task is no id: a text of digits"))?;
        self.tell(Event::Open {
            address: Some(agent),
            task,
        });
        self.tell(Event::Connect {
            has_credential: true,
        });
        Ok(())
    }

    /// Destroys the ODP of the agent whose checks were read. One call is one confirmation, even if
    /// the agent reports that it manages no ODP. Returns whether the confirmation was accepted: if
    /// a check failed or the client is read-only, nothing is sent.
    pub fn destroy(&self, agent: String) -> bool {
        self.tell(Event::ContinueAnyway);
        self.tell(Event::Confirm { typed: agent });
        let engine = self.inner.engine.borrow();
        matches!(engine.state.screen, Screen::Submitting(_))
    }

    /// Asks the host for a credential again, after the agent rejected the previous one.
    pub fn authenticate(&self) {
        self.tell(Event::Authenticate {
            has_credential: true,
        });
    }

    /// Aborts everything except a pending DELETE, and wipes the credential.
    pub fn close(&self) {
        self.inner.engine.borrow_mut().happen(Event::Unmounted);
        self.inner.engine.borrow_mut().give_up();
        self.inner.queue.borrow_mut().clear();
        self.inner.listeners.borrow_mut().clear();
    }

    /// Whether the agent rejected the credential and no request for another one is pending.
    #[must_use]
    pub fn waits_for_credential(&self) -> bool {
        self.inner.engine.borrow().waits_for_credential()
    }

    /// Handles a call of the host, which also counts as use of the console.
    fn tell(&self, event: Event) {
        self.inner.tell(event);
        self.inner.tell(Event::Active);
    }
}

impl Inner {
    fn tell(&self, event: Event) {
        self.queue.borrow_mut().push_back(Message::Flow(event));
        self.deal();
    }

    fn deal(&self) {
        // Taken from the queue first: handling a message may add messages.
        while let Some(message) = self.next() {
            let mut engine = self.engine.borrow_mut();
            let changed = match message {
                Message::Flow(event) => engine.happen(event),
                Message::HostGave(agent, credential) => engine.host_gave(&agent, credential),
                _ => false,
            };
            if changed {
                let secure = engine.is_secure();
                let state = snapshot(&engine.state, secure, engine.language, self.version);
                drop(engine);
                let (seen, state) = (self.seen.clone(), plain(&state));
                spawn_local(async move {
                    // An exception in the host's callback is ignored.
                    let _ = seen.call1(&JsValue::UNDEFINED, &state);
                });
            }
        }
    }

    fn next(&self) -> Option<Message> {
        self.queue.borrow_mut().pop_front()
    }
}
