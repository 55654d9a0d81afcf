//! A run over many agents without a screen.

use std::collections::BTreeSet;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use super::mailbox::{ClientCore, Mailbox};
use crate::browser::fleet::{FleetEngine, page_event};
use crate::browser::place::plain;
use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::{Member, MemberId, MemberStatus};
use crate::fleet::parse::{self, ProblemKind};
use crate::fleet::state::{Choice, Fleet, Halt, Phase, RunSettings};
use crate::flow::event::FlowEvent;
use crate::flow::state::{ConnectProblem, SignIn};
use crate::obshell::error::Failure;
use crate::text::evidence::run;
use crate::ui::message::Message;

/// A run over many agents: checks them, confirms once, and follows the run to its end. Dropping the
/// client stops nothing; see [`close`](Self::close).
#[wasm_bindgen]
#[derive(Clone)]
pub struct FleetClient {
    mailbox: Rc<Mailbox<Core>>,
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
        let mailbox = Mailbox::new(options, page, seen, |options, page, on_message| {
            let settings = Rc::clone(&options.settings);
            let mut engine = FleetEngine::new(settings, options.language(), page, on_message);
            engine.set_credentials(options.credentials);
            Core {
                engine,
                asked: BTreeSet::new(),
            }
        })?;
        Ok(Self { mailbox })
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
        let settings = Rc::clone(&self.mailbox.core().engine.fleet.settings);
        let parsed = parse::parse_choice(&choice, &settings);
        let mut problems = parsed.problems.iter();
        if let Some(wrong) = problems.find(|it| matches!(it.kind, ProblemKind::Unusable(_))) {
            let text = &wrong.text;
            let what = format!("the agent \"{text}\" cannot be used; give HOST:PORT");
            return Err(JsError::new(&what));
        }
        self.send(FleetEvent::Type(choice.text));
        self.send(FleetEvent::Choose);
        self.send(FleetEvent::SignIn {
            selection: MemberSelection::All,
            sign_in: SignIn::Host,
            has_credential: true,
        });
        self.send(FleetEvent::Check);
        Ok(())
    }

    /// Whether all checks have been read.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        is_checked(&self.mailbox.core().engine.fleet)
    }

    /// Destroys the ODPs of the agents whose checks allow it. One call is the confirmation for all
    /// of them. `pause` is in seconds. Returns the number of agents; 0 if nothing is sent.
    pub fn destroy(&self, batch: u8, pause: u32, stop_on_bad_end: bool) -> usize {
        self.send(FleetEvent::Settings(RunSettings {
            batch,
            pause,
            stop_on_bad_end,
        }));
        self.send(FleetEvent::Review);
        let (typed, waiting) = {
            let fleet = &self.mailbox.core().engine.fleet;
            (fleet.confirmation(), fleet.counts().waiting)
        };
        self.send(FleetEvent::Confirm { typed });
        match self.mailbox.core().engine.fleet.phase {
            Phase::Run | Phase::End => waiting,
            _ => 0,
        }
    }

    /// Sends no further DELETE until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.send(FleetEvent::Pause);
    }

    /// Continues after a pause.
    pub fn resume(&self) {
        self.send(FleetEvent::Resume);
    }

    /// Ends the run: waiting agents are not destroyed.
    pub fn end(&self) {
        self.send(FleetEvent::EndRun);
    }

    /// Aborts everything except a pending DELETE, and wipes the credentials.
    pub fn close(&self) {
        let engine = &mut self.mailbox.core_mut().engine;
        engine.dispatch(FleetEvent::Unmounted);
        engine.give_up();
        self.mailbox.close();
    }

    fn send(&self, event: FleetEvent) {
        self.mailbox.call(Message::Fleet(event));
    }
}

/// The engine of a run without a screen.
struct Core {
    engine: FleetEngine,
    /// The members for which the host was asked again after a rejection.
    asked: BTreeSet<MemberId>,
}

impl ClientCore for Core {
    fn handle(&mut self, message: Message) -> Option<JsValue> {
        let before = Rc::clone(&self.engine.fleet);
        match message {
            Message::Fleet(event) => self.engine.dispatch(event),
            Message::HostResponded(agent, credential) => {
                self.engine.host_responded(&agent, credential)
            }
            _ => false,
        };
        self.act_unattended();
        let fleet = &self.engine.fleet;
        // A host without a credential changes no member, but ends the checks.
        let is_checked = [&before, fleet].map(|fleet| is_checked(fleet));
        let differs = run::differs(&before, fleet) || is_checked == [false, true];
        differs.then(|| plain(&run::snapshot(fleet)))
    }

    fn page_event(event: FlowEvent) -> Message {
        page_event(event)
    }
}

impl Core {
    /// Replaces the person in front of a console when the console cannot sign in to a member: the
    /// host is asked again after a rejection; after that, the run no longer waits for the member.
    fn act_unattended(&mut self) {
        while let Some(events) = self.next_events() {
            let engine = &mut self.engine;
            let changes: Vec<_> = events.into_iter().map(|it| engine.dispatch(it)).collect();
            if !changes.contains(&true) {
                return;
            }
        }
    }

    fn next_events(&mut self) -> Option<Vec<FleetEvent>> {
        let Self { engine, asked } = self;
        let fleet = &engine.fleet;
        let halted = fleet.run.and_then(|run| run.halted);
        let mut asks = |member: &Member| {
            engine.host_can_be_asked() && is_refused(member) && asked.insert(member.id)
        };
        let sign_in = |member: &Member| FleetEvent::SignIn {
            selection: MemberSelection::Member(member.id),
            sign_in: SignIn::Host,
            has_credential: true,
        };
        let mut needing_credential = fleet.members.iter().filter(|it| it.needs_credential());
        if fleet.phase == Phase::Preflight {
            let refused = needing_credential.find(|member| asks(member))?;
            return Some(vec![sign_in(refused)]);
        }
        let stuck = needing_credential.find(|member| {
            member.status == MemberStatus::InProgress
                || member.status == MemberStatus::Waiting
                    && halted == Some(Halt::NoCredential(member.id))
        })?;
        if stuck.status == MemberStatus::Waiting && asks(stuck) {
            return Some(vec![sign_in(stuck), FleetEvent::Resume]);
        }
        let mut events = vec![FleetEvent::StopWaiting(stuck.id)];
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
