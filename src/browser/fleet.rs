//! What keeps a run over many agents going, with or without a screen: events in, effects out.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::Callback;

use super::book::OpenBook;
use super::caller::{Caller, Way};
use super::clock;
use super::endpoint::Endpoint;
use super::host::{self, HostCredentials, Reason, is_forgotten, lost_credential};
use super::journal::Slot;
use super::vault::typed;
use crate::fleet::effect::FleetEffect;
use crate::fleet::event::{FleetEvent, Whom};
use crate::fleet::journal::Journal;
use crate::fleet::member::{Member, MemberId, Standing};
use crate::fleet::state::Fleet;
use crate::fleet::step::step;
use crate::flow::effect::{Call, Effect};
use crate::flow::event::{Event, Language};
use crate::flow::settings::{ListedAgent, Settings};
use crate::flow::state::SignIn;
use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;
use crate::obshell::time::Millis;
use crate::ui::message::Message;

/// One fleet with the credentials of its members, and everything that it has under way. Dropping it
/// gives up the reads; a DELETE goes on.
#[derive(Debug)]
pub struct FleetEngine {
    /// What is known at this moment.
    pub fleet: Rc<Fleet>,
    /// The language that the agents are asked to speak.
    pub language: Language,
    callers: BTreeMap<MemberId, Caller>,
    /// A password that was typed; what it is for follows.
    typed: Option<(Whom, Secret)>,
    timer: Option<Timeout>,
    credentials: Option<HostCredentials>,
    book: Option<OpenBook>,
    /// The members that signed in with a password of the agent book.
    of_book: BTreeSet<MemberId>,
    /// Agents of the book that are reached as their entry says.
    routes: Vec<ListedAgent>,
    /// The fleet's settings with the routes.
    routed: Rc<Settings>,
    /// The time of the last news of a member when the host was asked by itself: asked again only
    /// after others, so that a credential that is refused is not sent over and over.
    asked_at: BTreeMap<MemberId, Millis>,
    /// Where the run is kept for a reload; a host without a screen has nobody to bring it back to.
    slot: Option<Slot>,
    is_secure: bool,
    /// The URL that relative endpoints are resolved against.
    page: String,
    tell: Callback<Message>,
}

impl FleetEngine {
    /// At its beginning. What happens to it goes through `tell`, one after the other, and comes
    /// back to [`happen`](Self::happen) and [`host_gave`](Self::host_gave).
    #[must_use]
    pub fn new(
        settings: Rc<Settings>,
        language: Language,
        page: String,
        tell: Callback<Message>,
    ) -> Self {
        let mut engine = Self {
            routed: Rc::clone(&settings),
            fleet: Rc::new(Fleet::new(settings)),
            language,
            callers: BTreeMap::new(),
            typed: None,
            timer: None,
            credentials: None,
            book: None,
            of_book: BTreeSet::new(),
            routes: Vec::new(),
            asked_at: BTreeMap::new(),
            slot: None,
            is_secure: false,
            page,
            tell,
        };
        engine.look_at_endpoints();
        engine
    }

    /// Keeps the run there for a reload.
    pub fn keep_in(&mut self, slot: Slot) {
        self.slot = Some(slot);
    }

    /// Whether asking the host again may bring another credential.
    #[must_use]
    pub fn host_can_be_asked(&self) -> bool {
        let host = self.credentials.as_ref();
        host.is_some_and(HostCredentials::can_be_asked)
    }

    /// Where the host's credentials come from, from now on.
    pub fn trust(&mut self, credentials: Option<HostCredentials>) {
        self.credentials = credentials;
    }

    /// Takes other settings of the site or the host.
    pub fn change_settings(&mut self, settings: Rc<Settings>) {
        Rc::make_mut(&mut self.fleet).change_settings(settings);
        self.route([]);
    }

    /// The agent book that members may sign in from, from now on.
    pub fn trust_book(&mut self, book: Option<OpenBook>) {
        self.book = book;
    }

    /// Reaches agents of the book as their entries say, where the site lets people choose the agents
    /// and does not list them.
    pub fn route(&mut self, agents: impl IntoIterator<Item = ListedAgent>) {
        for agent in agents {
            self.routes.retain(|known| known.address != agent.address);
            self.routes.push(agent);
        }
        let site = &self.fleet.settings;
        let mut routed = (**site).clone();
        if site.typed_address {
            let is_listed =
                |agent: &ListedAgent| site.agents.iter().any(|it| it.address == agent.address);
            let routes = self.routes.iter().filter(|agent| !is_listed(agent));
            routed.agents.extend(routes.cloned());
        }
        self.routed = Rc::new(routed);
        self.look_at_endpoints();
    }

    /// Signs in the members that want a credential and whose password is in the open book; whether
    /// the fleet changed.
    pub fn sign_in_from_book(&mut self) -> bool {
        self.sign_in_those(|_, _| true)
    }

    /// The book was unlocked: the members that signed in from it and are signed out without a refusal
    /// sign in again; whether the fleet changed.
    pub fn book_opened(&mut self) -> bool {
        self.sign_in_those(|engine, member| {
            engine.of_book.contains(&member.id) && member.flow.signed_out().is_some()
        })
    }

    fn sign_in_those(&mut self, which: impl Fn(&Self, &Member) -> bool) -> bool {
        let Some(book) = self.book.clone() else {
            return false;
        };
        let wanting = self.fleet.wanting(Whom::All);
        let members = wanting.iter().filter_map(|id| self.fleet.member(*id));
        let meant: Vec<_> = members
            .filter(|member| which(self, member))
            .filter_map(|member| Some((member.id, book.agent(&member.chosen.address)?)))
            .collect();
        let whom: Vec<_> = if meant.len() == wanting.len() {
            vec![Whom::All]
        } else {
            meant.iter().map(|(id, _)| Whom::Member(*id)).collect()
        };
        for (member, agent) in &meant {
            let address = agent.address.clone();
            self.caller(*member)
                .vault
                .keep_in_book(book.clone(), address);
            self.of_book.insert(*member);
        }
        let agents = meant.into_iter().map(|(_, agent)| agent);
        self.route(agents.filter(|agent| agent.endpoint.is_some()));
        let mut changed = false;
        for whom in whom {
            changed |= self.step(FleetEvent::SignIn {
                whom,
                sign_in: SignIn::AgentPassword,
                has_credential: true,
            });
        }
        changed
    }

    /// Takes a password that a person typed. The event that says what it is for follows:
    /// [`FleetEvent::SignIn`] for the same members.
    pub fn keep_password(&mut self, whom: Whom, password: Secret) {
        self.typed = Some((whom, password));
    }

    /// Takes what the host gave for the agent of this address, if it gave anything; whether the
    /// fleet changed.
    pub fn host_gave(&mut self, agent: &str, credential: Option<Credential>) -> bool {
        let members = self.fleet.members.iter();
        let asked = members.filter(|member| member.is_asked_of_host());
        let named = asked.filter(|member| member.chosen.address.to_string() == agent);
        let Some(member) = named.map(|member| member.id).next() else {
            return false;
        };
        let has_credential = credential.is_some();
        if let Some(credential) = credential {
            self.caller(member).vault.keep(credential);
        }
        self.step(FleetEvent::HostGave {
            member,
            has_credential,
        })
    }

    /// Hands an event to the fleet and does what it asks for; whether the fleet changed.
    pub fn happen(&mut self, event: FleetEvent) -> bool {
        let changed = match event {
            FleetEvent::SignIn { whom, sign_in, .. } => {
                let has_credential = self.give(whom, sign_in);
                self.step(FleetEvent::SignIn {
                    whom,
                    sign_in,
                    has_credential,
                })
            }
            event => self.step(event),
        };
        self.ask_again();
        changed
    }

    /// What an agent accepted is not accepted any more, or was forgotten: nobody has to press
    /// anything for the host to be asked, once.
    fn ask_again(&mut self) {
        let Some(host) = &self.credentials else {
            return;
        };
        let lost = self.fleet.members.iter().filter_map(|member| {
            let (failure, at) = lost_credential(&member.flow)?;
            let asks = member.sign_in == SignIn::Host
                && member.wants_credential()
                && member.standing == Standing::UnderWay
                && self.asked_at.get(&member.id) != Some(&at)
                && (host.can_be_asked() || is_forgotten((failure, at)));
            asks.then_some((member.id, at))
        });
        for (member, at) in lost.collect::<Vec<_>>() {
            self.asked_at.insert(member, at);
            self.step(FleetEvent::SignIn {
                whom: Whom::Member(member),
                sign_in: SignIn::Host,
                has_credential: true,
            });
        }
    }

    /// The members that the journal of this console brings back, where there is one.
    #[must_use]
    pub fn journal(&self) -> Option<FleetEvent> {
        let journal = self.slot.as_ref()?.read()?;
        Some(FleetEvent::Restored(Box::new(journal)))
    }

    /// Puts the password that was typed into the vaults of those that want one; whether there was
    /// one.
    fn give(&mut self, whom: Whom, sign_in: SignIn) -> bool {
        let password = self.typed.take().filter(|(meant, _)| *meant == whom);
        let credential = match sign_in {
            SignIn::NoRootPassword => Some(Credential::RootWithoutPassword),
            SignIn::Host => None,
            SignIn::AgentPassword | SignIn::RootPassword => {
                password.and_then(|(_, password)| typed(password, sign_in))
            }
        };
        let Some(credential) = credential.map(Rc::new) else {
            return false;
        };
        for member in self.fleet.wanting(whom) {
            self.caller(member).vault.keep(Rc::clone(&credential));
            self.of_book.remove(&member);
        }
        true
    }

    fn step(&mut self, mut event: FleetEvent) -> bool {
        if let FleetEvent::Member(member, Event::Answered(answered)) = &mut event
            && let Some(caller) = self.callers.get_mut(member)
        {
            caller.answered(answered);
        }
        let (next, effects) = step((*self.fleet).clone(), clock::now(), event);
        let changed = !next.looks_like(&self.fleet);
        let before = std::mem::replace(&mut self.fleet, Rc::new(next));
        let ids = |fleet: &Fleet| (fleet.members.len(), fleet.members.first().map(|it| it.id));
        if ids(&before) != ids(&self.fleet) {
            self.callers
                .retain(|member, _| self.fleet.member(*member).is_some());
            self.of_book
                .retain(|member| self.fleet.member(*member).is_some());
            self.look_at_endpoints();
        }
        for effect in effects {
            match effect {
                FleetEffect::Member(member, effect) => self.perform(member, effect),
                FleetEffect::AskHost(member) => self.ask_host(member),
                FleetEffect::Wait { millis } => {
                    let tell = self.tell.clone();
                    self.timer = Some(Timeout::new(millis, move || {
                        tell.emit(Message::Fleet(FleetEvent::Due));
                    }));
                }
                FleetEffect::Keep => {
                    if let (Some(slot), Some(journal)) = (&self.slot, Journal::of(&self.fleet)) {
                        slot.store(&journal);
                    }
                }
                FleetEffect::Discard => self.slot.iter().for_each(Slot::discard),
            }
        }
        changed
    }

    fn perform(&mut self, member: MemberId, effect: Effect) {
        match effect {
            Effect::Call(call) => self.call(member, call),
            Effect::AbandonReads => self.caller(member).abandon_reads(),
            Effect::Forget => self.caller(member).vault.forget(),
            // The fleet has one wait for all.
            Effect::Wait { .. } | Effect::WatchIdle { .. } => {}
        }
    }

    fn call(&mut self, member: MemberId, call: Call) {
        let tell = self.tell.clone();
        let way = Way {
            settings: &self.routed,
            page: &self.page,
            language: self.language,
        };
        let caller = self.callers.entry(member).or_default();
        caller.call(call, way, move |answered| {
            let event = FleetEvent::Member(member, Event::Answered(answered));
            tell.emit(Message::Fleet(event));
        });
    }

    fn ask_host(&mut self, id: MemberId) {
        let Some(member) = self.fleet.member(id) else {
            return;
        };
        let agent = member.chosen.address.to_string();
        match &self.credentials {
            Some(credentials) => {
                let reason = Reason::of(&member.flow);
                host::ask(credentials, agent, reason, self.tell.clone());
            }
            None => self.tell.emit(Message::HostGave(agent, None)),
        }
    }

    fn caller(&mut self, member: MemberId) -> &mut Caller {
        self.callers.entry(member).or_default()
    }

    /// Gives up the reads under way and the wait. A DELETE goes on.
    pub fn give_up(&mut self) {
        self.callers.clear();
        self.timer = None;
        self.typed = None;
    }

    /// Whether requests to the agents leave the browser by https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Looked at when the members or the settings are others: it takes a look at every endpoint.
    fn look_at_endpoints(&mut self) {
        let settings = &self.routed;
        let members = self.fleet.members.iter();
        let endpoints: BTreeSet<_> = members
            .map(|member| settings.endpoint(&member.chosen.address))
            .chain([settings.endpoint.replace("{address}", "")])
            .collect();
        self.is_secure = endpoints.iter().all(|endpoint| {
            Endpoint::resolve(endpoint, &self.page).is_some_and(|endpoint| endpoint.is_secure())
        });
    }
}
