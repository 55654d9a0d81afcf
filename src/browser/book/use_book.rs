//! The hook that runs the agent book of one console.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::Element;
use yew::prelude::*;

use super::keeper::{Console, Keeper};
use super::open::OpenBook;
use super::store::Store;
use crate::book::desk::Desk;
use crate::browser::use_flow::Lender;
use crate::browser::visibility;
use crate::flow::event::FlowEvent;
use crate::ui::book::{Act, BookView};
use crate::ui::message::Message;

/// The agent book of one console, as of one rendering.
#[derive(Clone)]
pub struct AgentBook {
    keeper: Rc<Keeper>,
    desk: Rc<Desk>,
    act: Callback<Act>,
}

/// Equal if both render the same.
impl PartialEq for AgentBook {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.keeper, &other.keeper) && Rc::ptr_eq(&self.desk, &other.desk)
    }
}

impl AgentBook {
    /// Uses this console from now on and returns the props of the panel: `tell` receives the
    /// messages that sign in, and `lender` lends the password that could be saved.
    #[must_use]
    pub fn serve(&self, tell: &Callback<Message>, lender: Option<&Lender>) -> BookView {
        self.keeper.serve(Console {
            tell: tell.clone(),
            lender: lender.cloned(),
        });
        BookView {
            desk: Rc::clone(&self.desk),
            can_save: lender.is_some_and(Lender::has_agent_password),
            act: self.act.clone(),
        }
    }

    /// The open book.
    #[must_use]
    pub fn open(&self) -> OpenBook {
        self.keeper.open().clone()
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
        let keeper = Keeper::new(store.clone()?, root.clone(), idle, redraw);
        let act = {
            let keeper = Rc::downgrade(&keeper);
            Callback::from(move |act: Act| {
                if let Some(keeper) = keeper.upgrade() {
                    keeper.act(act);
                }
            })
        };
        Some((keeper, act))
    });
    {
        let (running, root) = (Rc::clone(&running), root.clone());
        use_effect_with(store.cloned(), move |_| {
            let keeper = running
                .as_ref()
                .as_ref()
                .map(|(keeper, _)| Rc::clone(keeper));
            let listeners = keeper.as_ref().map(|keeper| {
                keeper.look();
                listeners(&root, keeper)
            });
            move || {
                drop(listeners);
                if let Some(keeper) = keeper {
                    keeper.end();
                }
            }
        });
    }
    let (keeper, act) = running.as_ref().as_ref()?;
    Some(AgentBook {
        keeper: Rc::clone(keeper),
        desk: keeper.desk(),
        act: act.clone(),
    })
}

/// The listeners that lock the book, postpone its locking, or read the storage again.
fn listeners(root: &Element, keeper: &Rc<Keeper>) -> Vec<EventListener> {
    let used = Rc::downgrade(keeper);
    let mut listeners = visibility::watch_use(root, move || {
        if let Some(keeper) = used.upgrade() {
            keeper.used();
        }
    });
    let window = root
        .owner_document()
        .and_then(|document| document.default_view());
    if let Some(window) = window {
        let left = Rc::downgrade(keeper);
        listeners.extend(visibility::watch_leaving(&window, move |event| {
            if let (Some(keeper), FlowEvent::PageLeft) = (left.upgrade(), event) {
                keeper.leave();
            }
        }));
        // Another tab wrote the storage, or may have written it while this tab was in the
        // background.
        for name in ["storage", "focus"] {
            let changed = Rc::downgrade(keeper);
            listeners.push(EventListener::new(&window, name, move |_| {
                if let Some(keeper) = changed.upgrade() {
                    keeper.look();
                }
            }));
        }
    }
    listeners
}
