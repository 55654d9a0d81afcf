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
    /// The members that the host was asked for once more, after their agent refused what it gave.
    asked: RefCell<BTreeSet<MemberId>>,
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
        is_checked(&self.inner.engine.borrow().fleet)
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
            self.act_for_nobody(&mut engine);
            // A host that gives nothing changes no more than that the checks are over.
            let is_checked = [&before, &engine.fleet].map(|fleet| is_checked(fleet));
            if run::differs(&before, &engine.fleet) || is_checked == [false, true] {
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

    /// What a person does in a console about a member that the console cannot sign in to. Nobody is
    /// there: the host is asked once more after a refusal, and then the member is not waited for.
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

/// Whether all checks are read that can be.
fn is_checked(fleet: &Fleet) -> bool {
    let mut members = fleet.members.iter();
    fleet.can_review()
        || fleet.counts().waiting == 0 && !members.any(|member| member.is_read_soon())
}

/// Whether its agent refused what the host gave for it.
fn is_refused(member: &Member) -> bool {
    matches!(
        &member.flow.form.problem,
        Some(ConnectProblem::Credential(Failure::Refused(_)))
    )
}
