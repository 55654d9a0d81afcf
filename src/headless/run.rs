//! A run over many agents without a screen.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
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
use crate::fleet::member::{Member, MemberId, Standing};
use crate::fleet::parse::{self, What};
use crate::fleet::state::{Choice, Fleet, Halt, Phase, RunSettings};
use crate::flow::event::Event;
use crate::flow::state::{ConnectProblem, SignIn};
use crate::obshell::error::Failure;
use crate::text::evidence::run;
use crate::ui::message::Message;

/// A run over many agents: checks them, confirms once, and follows the run to its end. Dropping the
/// client stops nothing; see [`close`](Self::close).
#[wasm_bindgen]
#[derive(Clone)]
pub struct FleetClient {
    inner: Rc<Inner>,
}

struct Inner {
    engine: RefCell<FleetEngine>,
    /// The messages that are not yet handled.
    queue: Rc<RefCell<VecDeque<Message>>>,
    /// Called with every state, as a plain object.
    seen: Function,
    /// The members for which the host was asked again after a rejection.
    asked: RefCell<BTreeSet<MemberId>>,
    /// Listeners for leaving and restoring the page, until the client is closed.
    listeners: RefCell<Vec<EventListener>>,
}

#[wasm_bindgen]
impl FleetClient {
    /// Creates a client with the options of a console. `seen` is called on the next tick with every
    /// new state of the run, a plain object (see the module `text::evidence::run`). `page` is the
    /// URL against which relative endpoints are resolved.
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
                // Never called while another message is being handled.
                spawn_local(async move {
                    if let Some(inner) = inner.upgrade() {
                        inner.deal();
                    }
                });
            });
            let mut engine = FleetEngine::new(Rc::clone(&options.settings), language, page, tell);
            engine.trust(options.credentials.clone());
            Inner {
                engine: RefCell::new(engine),
                queue,
                seen,
                asked: RefCell::default(),
                listeners: RefCell::new(listeners.into_iter().flatten().collect()),
            }
        });
        Ok(Self { inner })
    }

    /// Chooses the agents, one per line, signs in with the host's credentials, and reads the
    /// checks.
    ///
    /// # Errors
    /// A JavaScript `Error` that names the first unusable address.
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

    /// Whether all checks have been read.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        is_checked(&self.inner.engine.borrow().fleet)
    }

    /// Destroys the ODPs of the agents whose checks allow it. One call is the confirmation for all
    /// of them. `pause` is in seconds. Returns the number of agents; 0 if nothing is sent.
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

    /// Sends no further DELETE until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.tell(FleetEvent::Pause);
    }

    /// Continues after a pause.
    pub fn resume(&self) {
        self.tell(FleetEvent::Resume);
    }

    /// Ends the run: waiting agents are not destroyed.
    pub fn end(&self) {
        self.tell(FleetEvent::EndRun);
    }

    /// Aborts everything except a pending DELETE, and wipes the credentials.
    pub fn close(&self) {
        let mut engine = self.inner.engine.borrow_mut();
        engine.happen(FleetEvent::Unmounted);
        engine.give_up();
        self.inner.queue.borrow_mut().clear();
        self.inner.listeners.borrow_mut().clear();
    }

    /// Handles a call of the host, which also counts as use of the console.
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
        // Taken from the queue first: handling a message may add messages.
        while let Some(message) = self.next() {
            let mut engine = self.engine.borrow_mut();
            let before = Rc::clone(&engine.fleet);
            match message {
                Message::Fleet(event) => engine.happen(event),
                Message::HostGave(agent, credential) => engine.host_gave(&agent, credential),
                _ => false,
            };
            self.act_for_nobody(&mut engine);
            // A host without a credential changes no member, but ends the checks.
            let is_checked = [&before, &engine.fleet].map(|fleet| is_checked(fleet));
            if run::differs(&before, &engine.fleet) || is_checked == [false, true] {
                let state = run::snapshot(&engine.fleet);
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

    /// Replaces the person in front of a console when the console cannot sign in to a member: the
    /// host is asked again after a rejection; after that, the run no longer waits for the member.
    fn act_for_nobody(&self, engine: &mut FleetEngine) {
        while let Some(events) = self.acts(engine) {
            let changes: Vec<_> = events.into_iter().map(|it| engine.happen(it)).collect();
            if !changes.contains(&true) {
                return;
            }
        }
    }

    fn acts(&self, engine: &FleetEngine) -> Option<Vec<FleetEvent>> {
        let fleet = &engine.fleet;
        let halted = fleet.run.and_then(|run| run.halted);
        let mut asked = self.asked.borrow_mut();
        let mut asks = |member: &Member| {
            engine.host_can_be_asked() && is_refused(member) && asked.insert(member.id)
        };
        let sign_in = |member: &Member| FleetEvent::SignIn {
            whom: Whom::Member(member.id),
            sign_in: SignIn::Host,
            has_credential: true,
        };
        let mut wanting = fleet.members.iter().filter(|it| it.wants_credential());
        if fleet.phase == Phase::Preflight {
            let refused = wanting.find(|member| asks(member))?;
            return Some(vec![sign_in(refused)]);
        }
        let stuck = wanting.find(|member| {
            member.standing == Standing::UnderWay
                || member.standing == Standing::Waiting
                    && halted == Some(Halt::NoCredential(member.id))
        })?;
        if stuck.standing == Standing::Waiting && asks(stuck) {
            return Some(vec![sign_in(stuck), FleetEvent::Resume]);
        }
        let mut events = vec![FleetEvent::LetGo(stuck.id)];
        if halted.is_some() && !fleet.run_settings.stop_on_bad_end {
            events.push(FleetEvent::Resume);
        }
        Some(events)
    }
}

/// Whether all checks that can be read have been read.
fn is_checked(fleet: &Fleet) -> bool {
    let mut members = fleet.members.iter();
    fleet.can_review()
        || fleet.counts().waiting == 0 && !members.any(|member| member.is_read_soon())
}

/// Whether the agent rejected the host's credential.
fn is_refused(member: &Member) -> bool {
    matches!(
        &member.flow.form.problem,
        Some(ConnectProblem::Credential(Failure::Refused(_)))
    )
}
