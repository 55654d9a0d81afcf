//! The hook that runs the agent book of one console.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::Element;
use yew::prelude::*;

use super::controller::{BookController, ConsoleHandle};
use super::open::OpenBook;
use super::store::Store;
use crate::book::state::BookState;
use crate::browser::use_flow::Lender;
use crate::browser::visibility;
use crate::flow::event::FlowEvent;
use crate::ui::book::{BookAction, BookView};
use crate::ui::message::Message;

/// The agent book of one console, as of one rendering.
#[derive(Clone)]
pub struct AgentBook {
    controller: Rc<BookController>,
    state: Rc<BookState>,
    on_action: Callback<BookAction>,
}

/// Equal if both render the same.
impl PartialEq for AgentBook {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.controller, &other.controller) && Rc::ptr_eq(&self.state, &other.state)
    }
}

impl AgentBook {
    /// Uses this console from now on and returns the props of the panel: `send` receives the
    /// messages that sign in, and `lender` lends the password that could be saved.
    #[must_use]
    pub fn attach(&self, on_message: &Callback<Message>, lender: Option<&Lender>) -> BookView {
        self.controller.attach(ConsoleHandle {
            on_message: on_message.clone(),
            lender: lender.cloned(),
        });
        BookView {
            state: Rc::clone(&self.state),
            can_save: lender.is_some_and(Lender::has_agent_password),
            on_action: self.on_action.clone(),
        }
    }

    /// The open book.
    #[must_use]
    pub fn open(&self) -> OpenBook {
        self.controller.open().clone()
    }
}

/// Runs the book that is stored in `store`, for the console that is rendered into `root`; `None`
/// without a store. `idle` is the idle time until the book is locked, in milliseconds.
///
/// The key is wiped when the component is unmounted.
#[hook]
pub fn use_book(store: Option<&Store>, root: &Element, idle: u32) -> Option<AgentBook> {
    let redraw = use_force_update();
    let running = use_memo(store.cloned(), |store| {
        let redraw = Callback::from(move |()| redraw.force_update());
        let controller = BookController::new(store.clone()?, root.clone(), idle, redraw);
        let on_action = {
            let controller = Rc::downgrade(&controller);
            Callback::from(move |action: BookAction| {
                if let Some(controller) = controller.upgrade() {
                    controller.perform(action);
                }
            })
        };
        Some((controller, on_action))
    });
    {
        let (running, root) = (Rc::clone(&running), root.clone());
        use_effect_with(store.cloned(), move |_| {
            let controller = running
                .as_ref()
                .as_ref()
                .map(|(controller, _)| Rc::clone(controller));
            let listeners = controller.as_ref().map(|controller| {
                controller.refresh();
                listeners(&root, controller)
            });
            move || {
                drop(listeners);
                if let Some(controller) = controller {
                    controller.release();
                }
            }
        });
    }
    let (controller, on_action) = running.as_ref().as_ref()?;
    Some(AgentBook {
        controller: Rc::clone(controller),
        state: controller.state(),
        on_action: on_action.clone(),
    })
}

/// The listeners that lock the book, postpone its locking, or read the storage again.
fn listeners(root: &Element, controller: &Rc<BookController>) -> Vec<EventListener> {
    let user = Rc::downgrade(controller);
    let mut listeners = visibility::watch_use(root, move || {
        if let Some(controller) = user.upgrade() {
            controller.record_use();
        }
    });
    let window = root
        .owner_document()
        .and_then(|document| document.default_view());
    if let Some(window) = window {
        let left = Rc::downgrade(controller);
        listeners.extend(visibility::watch_leaving(&window, move |event| {
            if let (Some(controller), FlowEvent::PageLeft) = (left.upgrade(), event) {
                controller.leave();
            }
        }));
        // Another tab wrote the storage, or may have written it while this tab was in the
        // background.
        for name in ["storage", "focus"] {
            let changed = Rc::downgrade(controller);
            listeners.push(EventListener::new(&window, name, move |_| {
                if let Some(controller) = changed.upgrade() {
                    controller.refresh();
                }
            }));
        }
    }
    listeners
}
