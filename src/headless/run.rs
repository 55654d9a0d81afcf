//! A run over many agents without a screen.

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
use crate::browser::fleet::FleetEngine;
use crate::browser::options::Options;
use crate::browser::place::plain;
use crate::browser::visibility::watch_leaving;
use crate::fleet::event::{FleetEvent, Whom};
use crate::fleet::parse::{self, What};
use crate::fleet::state::{Choice, Phase, RunSettings};
use crate::flow::event::Event;
use crate::flow::state::SignIn;
use crate::text::evidence::run;
use crate::ui::message::Message;

/// A run over many agents: checked, confirmed once, followed to its end. Losing it leaves everything
/// as it is; see [`close`](Self::close).
#[wasm_bindgen]
#[derive(Clone)]
pub struct FleetClient {
    inner: Rc<Inner>,
}

struct Inner {
    engine: RefCell<FleetEngine>,
    /// What has happened and was not dealt with yet.
    queue: Rc<RefCell<VecDeque<Message>>>,
    /// Is called with every state, as a plain object.
    seen: Function,
    /// Hear that the page is left and comes back, until the client is closed.
    listeners: RefCell<Vec<EventListener>>,
}

#[wasm_bindgen]
impl FleetClient {
    /// A client with the options of a console, which calls `seen` with every new state of the run, a
    /// plain object (see the module `text::evidence::run`), on the next tick.
    ///
    /// # Errors
    /// A JavaScript `Error` that names the option, what is wrong with it and what is allowed.
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
                        inner.tell(match event {
                            Event::CameBack => FleetEvent::CameBack,
                            _ => FleetEvent::Left,
                        });
                    }
                })
            });
            let (inner, queued) = (inner.clone(), Rc::clone(&queue));
            let tell = Callback::from(move |message| {
                queued.borrow_mut().push_back(message);
                let inner = inner.clone();
                // Never from within what is being dealt with.
                spawn_local(async move {
                    if let Some(inner) = inner.upgrade() {
                        inner.deal();
                    }
                });
            });
            let mut engine = FleetEngine::new(Rc::clone(&options.settings), language, page, tell);
            engine.trust(options.credentials.clone());
            engine.forget_reloads();
            Inner {
                engine: RefCell::new(engine),
                queue,
                seen,
                listeners: RefCell::new(listeners.into_iter().flatten().collect()),
            }
        });
        Ok(Self { inner })
    }

    /// Chooses the agents, one a line, signs in with what the host gives, and reads their checks.
    ///
    /// # Errors
    /// A JavaScript `Error` that names the first address that cannot be used.
    pub fn open(&self, agents: String) -> Result<(), JsError> {
        let choice = Choice {
            picked: Vec::new(),
            text: agents,
        };
        let settings = Rc::clone(&self.inner.engine.borrow().fleet.settings);
        let read = parse::read(&choice, &settings);
        let mut problems = read.problems.iter();
        if let Some(wrong) = problems.find(|it| matches!(it.what, What::Unusable(_))) {
            let text = &wrong.text;
            let what = format!("the agent \"{text}\" cannot be used; give HOST:PORT");
            return Err(JsError::new(&what));
        }
        self.tell(FleetEvent::Type(choice.text));
        self.tell(FleetEvent::Choose);
        self.tell(FleetEvent::SignIn {
            whom: Whom::All,
            sign_in: SignIn::Host,
            has_credential: true,
        });
        self.tell(FleetEvent::Check);
        Ok(())
    }

    /// Whether all checks are read.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        let engine = self.inner.engine.borrow();
        let counts = engine.fleet.counts();
        let mut members = engine.fleet.members.iter();
        engine.fleet.can_review()
            || counts.waiting == 0 && !members.any(|member| member.is_read_soon())
    }

    /// Destroys the ODPs of the agents whose checks allow it: one call is the confirmation for all
    /// of them. Returns how many; 0 where nothing is sent.
    pub fn destroy(&self, batch: u8, pause: u32, stop_on_bad_end: bool) -> usize {
        self.tell(FleetEvent::Settings(RunSettings {
            batch,
            pause,
            stop_on_bad_end,
        }));
        self.tell(FleetEvent::Review);
        let (typed, waiting) = {
            let fleet = &self.inner.engine.borrow().fleet;
            (fleet.confirmation(), fleet.counts().waiting)
        };
        self.tell(FleetEvent::Confirm { typed });
        match self.inner.engine.borrow().fleet.phase {
            Phase::Run | Phase::End => waiting,
            _ => 0,
        }
    }

    /// Sends no further DELETE.
    pub fn pause(&self) {
        self.tell(FleetEvent::Pause);
    }

    /// Goes on after a pause.
    pub fn resume(&self) {
        self.tell(FleetEvent::Resume);
    }

    /// Ends the run: agents whose turn has not come are not destroyed.
    pub fn end(&self) {
        self.tell(FleetEvent::EndRun);
    }

    /// Gives up everything but a DELETE that is under way, and wipes the credentials.
    pub fn close(&self) {
        let mut engine = self.inner.engine.borrow_mut();
        engine.happen(FleetEvent::Unmounted);
        engine.give_up();
        self.inner.queue.borrow_mut().clear();
        self.inner.listeners.borrow_mut().clear();
    }

    /// Something that the host calls for: somebody is there.
    fn tell(&self, event: FleetEvent) {
        self.inner.tell(event);
        self.inner.tell(FleetEvent::Active);
    }
}

impl Inner {
    fn tell(&self, event: FleetEvent) {
        self.queue.borrow_mut().push_back(Message::Fleet(event));
        self.deal();
    }

    fn deal(&self) {
        // Taken out first: what is dealt with may put something in.
        while let Some(message) = self.next() {
            let mut engine = self.engine.borrow_mut();
            let before = Rc::clone(&engine.fleet);
            match message {
                Message::Fleet(event) => engine.happen(event),
                Message::HostGave(agent, credential) => engine.host_gave(&agent, credential),
                _ => false,
            };
            if run::differs(&before, &engine.fleet) {
                let state = run::snapshot(&engine.fleet);
                drop(engine);
                let (seen, state) = (self.seen.clone(), plain(&state));
                spawn_local(async move {
                    // What the host does with it is the host's.
                    let _ = seen.call1(&JsValue::UNDEFINED, &state);
                });
            }
        }
    }

    fn next(&self) -> Option<Message> {
        self.queue.borrow_mut().pop_front()
    }
}
