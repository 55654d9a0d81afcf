//! The hook that passes messages, options and events of the page to the core of a console.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use web_sys::{Document, Element};
use yew::prelude::*;

use super::options::Options;
use super::visibility;
use crate::flow::event::FlowEvent;
use crate::ui::message::Message;

/// The core of a console: its engine and the state of its rendering.
pub trait ConsoleCore {
    /// Called after the first rendering. Returns the messages to handle then.
    fn start(&self) -> Vec<Message>;

    /// Handles a message. Returns whether to render again.
    fn handle(&mut self, message: Message) -> bool;

    /// Applies new options. Returns the messages to handle, or `None` if the options are equal.
    fn update_options(&mut self, options: &Options) -> Option<Vec<Message>>;

    /// Called after a rendering in another document. Returns the message to handle, if any.
    fn set_visibility(&self, visible: bool) -> Option<Message>;

    /// The message for an event of the page: [`FlowEvent::Active`], [`FlowEvent::Visible`],
    /// [`FlowEvent::PageLeft`] or [`FlowEvent::PageRestored`].
    fn page_event(event: FlowEvent) -> Message;

    /// Called when the component is unmounted.
    fn unmount(&mut self);
}

/// The core of a console across renderings, and its messages.
pub struct Mailbox<C> {
    core: RefCell<C>,
    /// The messages that are not yet handled.
    queue: RefCell<VecDeque<Message>>,
    redraw: UseForceUpdateHandle,
    /// Created once, so that the screens are not rendered again for a new callback. It holds no
    /// strong reference to the mailbox.
    on_message: Callback<Message>,
}

impl<C: ConsoleCore + 'static> Mailbox<C> {
    fn new(redraw: UseForceUpdateHandle, core: impl FnOnce(Callback<Message>) -> C) -> Rc<Self> {
        Rc::new_cyclic(|mailbox: &Weak<Self>| {
            let mailbox = mailbox.clone();
            let on_message = Callback::from(move |message| {
                if let Some(mailbox) = mailbox.upgrade() {
                    mailbox.receive(message);
                }
            });
            Self {
                core: RefCell::new(core(on_message.clone())),
                queue: RefCell::default(),
                redraw,
                on_message,
            }
        })
    }

    /// The callback that receives the messages: the same on every rendering.
    pub fn on_message(&self) -> &Callback<Message> {
        &self.on_message
    }

    /// The core, while no message is being handled.
    pub fn core(&self) -> Ref<'_, C> {
        self.core.borrow()
    }

    /// The core, while no message is being handled.
    pub fn core_mut(&self) -> RefMut<'_, C> {
        self.core.borrow_mut()
    }

    fn receive(&self, message: Message) {
        self.queue.borrow_mut().push_back(message);
        // The handler of the current message also handles this one next.
        let Ok(mut core) = self.core.try_borrow_mut() else {
            return;
        };
        let mut changed = false;
        while let Some(message) = self.next() {
            changed |= core.handle(message);
        }
        if changed {
            self.redraw.force_update();
        }
    }

    fn next(&self) -> Option<Message> {
        self.queue.borrow_mut().pop_front()
    }

    fn receive_all(&self, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            self.receive(message);
        }
    }

    fn start(&self) {
        let messages = self.core().start();
        self.receive_all(messages);
    }

    fn set_visibility(&self, document: Option<&Document>) {
        let visible = !document.is_some_and(Document::hidden);
        let message = self.core().set_visibility(visible);
        self.receive_all(message);
    }

    fn update_options(&self, options: &Options) {
        let messages = self.core_mut().update_options(options);
        if let Some(messages) = messages {
            self.receive_all(messages);
            self.redraw.force_update();
        }
    }

    fn unmount(&self) {
        self.core_mut().unmount();
    }

    /// The listeners of a console, removed when dropped.
    fn listeners(&self, root: &Element) -> Vec<EventListener> {
        let report = {
            let on_message = self.on_message.clone();
            move |event| on_message.emit(C::page_event(event))
        };
        let used = report.clone();
        let mut listeners = visibility::watch_use(root, move || used(FlowEvent::Active));
        if let Some(document) = root.owner_document() {
            let visible = report.clone();
            listeners.push(visibility::watch(&document, move |it| {
                visible(FlowEvent::Visible(it));
            }));
            if let Some(window) = document.default_view() {
                listeners.extend(visibility::watch_leaving(&window, report));
            }
        }
        listeners
    }
}

/// Runs the core of the console that is rendered into `root`; `core` creates it, with the callback
/// that receives its messages.
///
/// Messages are handled sequentially: a message that arises while another is handled is queued.
#[hook]
pub fn use_mailbox<C: ConsoleCore + 'static>(
    options: &Options,
    root: &Element,
    core: impl FnOnce(Callback<Message>) -> C,
) -> Rc<Mailbox<C>> {
    let redraw = use_force_update();
    let mailbox = use_memo((), |()| Mailbox::new(redraw, core));
    {
        let mailbox = Rc::clone(&mailbox);
        use_effect_with((), move |()| {
            mailbox.start();
            move || mailbox.unmount()
        });
    }
    {
        let (mailbox, root) = (Rc::clone(&mailbox), root.clone());
        // The document of `root` changes when its host element has moved.
        use_effect_with(root.owner_document(), move |document| {
            mailbox.set_visibility(document.as_ref());
            let listeners = mailbox.listeners(&root);
            move || drop(listeners)
        });
    }
    {
        let mailbox = Rc::clone(&mailbox);
        use_effect_with(options.clone(), move |options| {
            mailbox.update_options(options)
        });
    }
    Rc::clone(&mailbox)
}
