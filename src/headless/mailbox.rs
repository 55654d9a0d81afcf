//! Passes messages to the core of a client, and its states to the host.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use js_sys::Function;
use wasm_bindgen::{JsError, JsValue};
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use crate::browser::endpoint::without_credentials;
use crate::browser::options::Options;
use crate::browser::visibility::watch_leaving;
use crate::flow::event::FlowEvent;
use crate::ui::message::Message;

/// The core of a client.
pub trait ClientCore {
    /// Handles a message. Returns the new state as a plain object, or `None` if the host already
    /// received the state.
    fn handle(&mut self, message: Message) -> Option<JsValue>;

    /// The message for an event of the page: [`FlowEvent::Active`], [`FlowEvent::PageLeft`] or
    /// [`FlowEvent::PageRestored`].
    fn page_event(event: FlowEvent) -> Message;
}

/// The core of a client, and its messages, which are handled sequentially.
pub struct Mailbox<C> {
    core: RefCell<C>,
    /// The messages that are not yet handled.
    queue: RefCell<VecDeque<Message>>,
    /// Called with every state, as a plain object.
    seen: Function,
    /// Listeners for leaving and restoring the page, until the client is closed.
    listeners: RefCell<Vec<EventListener>>,
}

impl<C: ClientCore + 'static> Mailbox<C> {
    /// Reads the options. `core` creates the core with the options, the URL against which relative
    /// endpoints are resolved, and the callback that receives messages.
    ///
    /// # Errors
    /// A JavaScript `Error` that names the option, the error and the allowed values.
    pub fn new(
        options: &JsValue,
        page: &str,
        seen: Function,
        core: impl FnOnce(Options, String, Callback<Message>) -> C,
    ) -> Result<Rc<Self>, JsError> {
        let page = without_credentials(page);
        let options = Options::default()
            .read_over(options, &page)
            .map_err(|wrong| JsError::new(&wrong))?;
        Ok(Rc::new_cyclic(|mailbox: &Weak<Self>| {
            let left = mailbox.clone();
            let listeners = web_sys::window().map(|window| {
                watch_leaving(&window, move |event| {
                    if let Some(mailbox) = left.upgrade() {
                        mailbox.send(C::page_event(event));
                    }
                })
            });
            let mailbox = mailbox.clone();
            let on_message = Callback::from(move |message| {
                if let Some(mailbox) = mailbox.upgrade() {
                    mailbox.send_soon(message);
                }
            });
            Self {
                core: RefCell::new(core(options, page, on_message)),
                queue: RefCell::default(),
                seen,
                listeners: RefCell::new(listeners.into_iter().flatten().collect()),
            }
        }))
    }

    /// The core, while no message is being handled.
    pub fn core(&self) -> Ref<'_, C> {
        self.core.borrow()
    }

    /// The core, while no message is being handled.
    pub fn core_mut(&self) -> RefMut<'_, C> {
        self.core.borrow_mut()
    }

    /// Handles a call of the host, which also counts as use of the console.
    pub fn call(&self, message: Message) {
        self.send(message);
        self.send(C::page_event(FlowEvent::Active));
    }

    /// Drops the messages that are not yet handled, and no longer watches the page.
    pub fn close(&self) {
        self.queue.borrow_mut().clear();
        self.listeners.borrow_mut().clear();
    }

    fn send(&self, message: Message) {
        self.queue.borrow_mut().push_back(message);
        self.process();
    }

    /// Handles a message on the next tick: never while another message is being handled.
    fn send_soon(self: Rc<Self>, message: Message) {
        self.queue.borrow_mut().push_back(message);
        let mailbox = Rc::downgrade(&self);
        spawn_local(async move {
            if let Some(mailbox) = mailbox.upgrade() {
                mailbox.process();
            }
        });
    }

    fn process(&self) {
        // Taken from the queue first: handling a message may add messages.
        while let Some(message) = self.next() {
            let state = self.core_mut().handle(message);
            if let Some(state) = state {
                let seen = self.seen.clone();
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
