//! The engine of a flow, with or without a screen: passes events to the flow and performs its
//! effects.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::Callback;

use super::caller::{Caller, RequestContext};
use super::clock;
use super::deletes;
use super::endpoint::Endpoint;
use super::host::{self, HostCredentials, Reason, is_wiped, lost_credential};
use crate::flow::effect::{Call, Effect};
use crate::flow::event::{FlowEvent, Language};
use crate::flow::settings::Settings;
use crate::flow::state::{Screen, SignIn, State};
use crate::flow::step::step;
use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;
use crate::obshell::time::Millis;
use crate::ui::message::Message;

/// The event to handle once the host has supplied a credential.
#[derive(Debug)]
struct PendingSignIn {
    /// The agent that the credential is for.
    agent: String,
    event: FlowEvent,
    /// Whether the request was passed to the host.
    asked: bool,
}

/// A state with its credential and all its pending calls and timers. Dropping the engine aborts the
/// reads; a DELETE continues.
#[derive(Debug)]
pub struct Engine {
    /// The current state.
    pub state: Rc<State>,
    /// The language requested from the agent.
    pub language: Language,
    caller: Caller,
    timer: Option<Timeout>,
    /// The sign-in that waits for the host's credential.
    pending_sign_in: Option<PendingSignIn>,
    credentials: Option<HostCredentials>,
    /// The time of the agent's last answer when the host was asked automatically. The host is asked
    /// again only after a later answer, so that a rejected credential is not sent repeatedly.
    asked_at: Option<Millis>,
    /// The timer that checks whether the console is idle.
    idle: Option<Timeout>,
    /// Whether the page was left and has not been restored: the host is not asked for a credential
    /// then.
    left: bool,
    /// The URL that relative endpoints are resolved against.
    page: String,
    on_message: Callback<Message>,
}

impl Engine {
    /// Creates the engine in its initial state. Its events are passed to `on_message` in order,
    /// whose receiver passes them to [`dispatch`](Self::dispatch) and
    /// [`host_responded`](Self::host_responded).
    #[must_use]
    pub fn new(
        settings: Rc<Settings>,
        language: Language,
        page: String,
        on_message: Callback<Message>,
    ) -> Self {
        Self {
            state: Rc::new(State::new(settings)),
            language,
            caller: Caller::default(),
            timer: None,
            pending_sign_in: None,
            credentials: None,
            asked_at: None,
            idle: None,
            left: false,
            page,
            on_message,
        }
    }

    /// Sets the source of the host's credentials.
    pub fn set_credentials(&mut self, credentials: Option<HostCredentials>) {
        self.credentials = credentials;
    }

    /// Stores a password that a person typed.
    pub fn store_password(&mut self, password: Secret) {
        self.caller
            .vault
            .store_password(password, self.state.form.sign_in);
    }

    /// Handles the host's response for the agent with this address: a credential, or `None`.
    pub fn host_responded(&mut self, agent: &str, credential: Option<Credential>) -> bool {
        let wanted = self.pending_sign_in.take_if(|wanted| wanted.agent == agent);
        // The response is for an agent that is no longer selected.
        let Some(PendingSignIn { event, .. }) = wanted.filter(|_| agent == self.agent()) else {
            return false;
        };
        let has_credential = credential.is_some();
        if let Some(credential) = credential {
            self.caller.vault.store(credential);
        }
        self.step(match event {
            FlowEvent::Connect { .. } => FlowEvent::Connect { has_credential },
            _ => FlowEvent::Authenticate { has_credential },
        })
    }

    /// Passes an event to the flow and performs its effects. Returns whether the state changed.
    pub fn dispatch(&mut self, event: FlowEvent) -> bool {
        let signs_in = matches!(
            event,
            FlowEvent::Connect {
                has_credential: true
            } | FlowEvent::Authenticate {
                has_credential: true
            }
        );
        match self.state.form.sign_in {
            SignIn::Host if signs_in => {
                self.sign_in_for(event);
                return false;
            }
            // A credential that is being tested is not replaced.
            SignIn::NoRootPassword if signs_in && !self.state.form.connecting => {
                self.caller.vault.store(Credential::RootWithoutPassword);
            }
            _ => {}
        }
        match event {
            FlowEvent::PageLeft => {
                self.left = true;
                // A later response of the host would arrive at a page that nobody sees.
                self.pending_sign_in = None;
                self.asked_at = None;
            }
            FlowEvent::PageRestored => self.left = false,
            _ => {}
        }
        let changed = self.step(event);
        // The agent no longer accepts the credential, or the console cleared it: the host is asked
        // once, without an action of a person.
        let lost = lost_credential(&self.state);
        let lost_at = lost.map(|(_, at)| at);
        // A host that can only supply the same credential is asked only if it was cleared, not if
        // it was rejected.
        let asks = |host: &HostCredentials| host.can_be_asked() || lost.is_some_and(is_wiped);
        if lost_at.is_some()
            && lost_at != self.asked_at
            && !self.left
            && self.state.form.sign_in == SignIn::Host
            && self.credentials.as_ref().is_some_and(asks)
        {
            self.asked_at = lost_at;
            self.sign_in_for(FlowEvent::Authenticate {
                has_credential: true,
            });
        }
        changed
    }

    fn step(&mut self, mut event: FlowEvent) -> bool {
        if let FlowEvent::Answered(answered) = &mut event {
            self.caller.answered(answered);
        }
        let (mut next, effects) = step((*self.state).clone(), clock::now(), event);
        deletes::record_or_recall(&self.state, &mut next);
        let changed = next != *self.state;
        if changed {
            self.state = Rc::new(next);
        }
        for effect in effects {
            match effect {
                Effect::Call(call) => self.call(call),
                Effect::Wait { timer, millis } => {
                    let on_message = self.on_message.clone();
                    self.timer = Some(Timeout::new(millis, move || {
                        on_message.emit(Message::Flow(FlowEvent::Due(timer)));
                    }));
                }
                Effect::AbandonReads => self.caller.abandon_reads(),
                Effect::WatchIdle { millis } => {
                    let on_message = self.on_message.clone();
                    self.idle = Some(Timeout::new(millis, move || {
                        on_message.emit(Message::Flow(FlowEvent::IdleDue));
                    }));
                }
                Effect::WipeCredential => {
                    self.caller.vault.wipe();
                    self.idle = None;
                }
            }
        }
        changed
    }

    /// Asks the host for a credential and handles `event` afterwards. A host that is already being
    /// asked for the same agent is not asked again.
    fn sign_in_for(&mut self, event: FlowEvent) {
        let agent = self.agent();
        let same = |wanted: &PendingSignIn| wanted.agent == agent;
        if !self.pending_sign_in.as_ref().is_some_and(same) {
            self.pending_sign_in = Some(PendingSignIn {
                agent,
                event,
                asked: false,
            });
        }
        self.ask_host();
    }

    fn ask_host(&mut self) {
        if let (Some(credentials), Some(wanted)) = (&self.credentials, &mut self.pending_sign_in)
            && !wanted.asked
        {
            wanted.asked = true;
            let reason = Reason::of(&self.state);
            host::ask(
                credentials,
                wanted.agent.clone(),
                reason,
                self.on_message.clone(),
            );
        }
    }

    /// The address of the agent that a credential would be for.
    fn agent(&self) -> String {
        match (&self.state.screen, self.state.facts()) {
            (Screen::Connect, _) | (_, None) => self.state.form.address.trim().to_owned(),
            (_, Some(facts)) => facts.address.to_string(),
        }
    }

    fn call(&mut self, call: Call) {
        let on_message = self.on_message.clone();
        let context = RequestContext {
            settings: &self.state.settings,
            page: &self.page,
            language: self.language,
        };
        self.caller.call(call, context, move |answered| {
            on_message.emit(Message::Flow(FlowEvent::Answered(answered)));
        });
    }

    /// Whether the agent rejected the credential and no request for another one is pending.
    #[must_use]
    pub fn waits_for_credential(&self) -> bool {
        lost_credential(&self.state).is_some() && self.pending_sign_in.is_none() && !self.left
    }

    /// The credential, if there is one.
    #[must_use]
    pub fn credential(&self) -> Option<&Credential> {
        self.caller.vault.credential()
    }

    /// Whether the page was left and has not been restored.
    #[must_use]
    pub fn is_left(&self) -> bool {
        self.left
    }

    /// Aborts the pending reads and the wait. A DELETE continues.
    pub fn give_up(&mut self) {
        self.caller.give_up();
        self.timer = None;
        self.idle = None;
        self.pending_sign_in = None;
    }

    /// Whether requests to the agent leave the browser by HTTPS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        let endpoint = match self.state.facts() {
            Some(facts) => self.state.settings.endpoint(&facts.address),
            None => String::new(),
        };
        Endpoint::resolve(&endpoint, &self.page).is_some_and(|endpoint| endpoint.is_secure())
    }
}
