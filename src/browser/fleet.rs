//! The engine of a run over many agents, with or without a screen: passes events to the fleet and
//! performs its effects.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::Callback;

use super::book::OpenBook;
use super::caller::{Caller, RequestContext};
use super::clock;
use super::endpoint::{Endpoint, is_usable};
use super::host::{self, HostCredentials, Reason, is_wiped, lost_credential};
use super::journal::Slot;
use super::vault::typed;
use crate::fleet::effect::FleetEffect;
use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::journal::Journal;
use crate::fleet::member::{Member, MemberId, MemberStatus};
use crate::fleet::state::Fleet;
use crate::fleet::step::step;
use crate::flow::effect::{Call, Effect};
use crate::flow::event::{FlowEvent, Language};
use crate::flow::settings::{ListedAgent, Settings};
use crate::flow::state::SignIn;
use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;
use crate::obshell::time::Millis;
use crate::ui::message::Message;

/// A fleet with the credentials of its members and all its pending calls and timers. Dropping the
/// engine aborts the reads; a DELETE continues.
#[derive(Debug)]
pub struct FleetEngine {
    /// The current state.
    pub fleet: Rc<Fleet>,
    /// The language requested from the agents.
    pub language: Language,
    callers: BTreeMap<MemberId, Caller>,
    /// A typed password, until the event that assigns it to members.
    typed: Option<(MemberSelection, Secret)>,
    timer: Option<Timeout>,
    credentials: Option<HostCredentials>,
    book: Option<OpenBook>,
    /// The members that signed in with a password of the agent book.
    of_book: BTreeSet<MemberId>,
    /// Agents of the book that are reached through the endpoints of their entries.
    routes: Vec<ListedAgent>,
    /// The settings of the fleet, including the routes.
    routed: Rc<Settings>,
    /// The time of the last answer of a member's agent when the host was asked automatically. The
    /// host is asked again only after a later answer, so that a rejected credential is not sent
    /// repeatedly.
    asked_at: BTreeMap<MemberId, Millis>,
    /// Where the run is stored for a reload; `None` for a host without a screen, where a reload
    /// restores no run.
    slot: Option<Slot>,
    is_secure: bool,
    /// The URL against which relative endpoints are resolved.
    page: String,
    on_message: Callback<Message>,
}

/// The message for an event of the page: [`FlowEvent::Active`], [`FlowEvent::Visible`],
/// [`FlowEvent::PageRestored`] or [`FlowEvent::PageLeft`].
#[must_use]
pub fn page_event(event: FlowEvent) -> Message {
    Message::Fleet(match event {
        FlowEvent::Active => FleetEvent::Active,
        FlowEvent::Visible(visible) => FleetEvent::Visible(visible),
        FlowEvent::PageRestored => FleetEvent::PageRestored,
        _ => FleetEvent::PageLeft,
    })
}

impl FleetEngine {
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
            on_message,
        };
        engine.update_is_secure();
        engine
    }

    /// Stores the run in `slot`, so that a reload restores it.
    pub fn store_in(&mut self, slot: Slot) {
        self.slot = Some(slot);
    }

    /// Whether a further request to the host may return another credential.
    #[must_use]
    pub fn host_can_be_asked(&self) -> bool {
        let host = self.credentials.as_ref();
        host.is_some_and(HostCredentials::can_be_asked)
    }

    /// Sets the source of the host's credentials.
    pub fn set_credentials(&mut self, credentials: Option<HostCredentials>) {
        self.credentials = credentials;
    }

    /// Applies new settings of the site or the host.
    pub fn change_settings(&mut self, settings: Rc<Settings>) {
        Rc::make_mut(&mut self.fleet).change_settings(settings);
        self.route([]);
    }

    /// Sets the agent book from which members may sign in.
    pub fn set_book(&mut self, book: Option<OpenBook>) {
        self.book = book;
    }

    /// Adds the endpoints of book entries, if the site allows people to choose agents and does not
    /// list these agents.
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
        self.update_is_secure();
    }

    /// Signs in the members that need a credential and whose password is in the open book. Returns
    /// whether the fleet changed.
    pub fn sign_in_from_book(&mut self) -> bool {
        self.sign_in_members_where(|_, _| true)
    }

    /// Handles the unlocking of the book: members that signed in from the book and lost their
    /// credential without a rejection sign in again. Returns whether the fleet changed.
    pub fn book_opened(&mut self) -> bool {
        self.sign_in_members_where(|engine, member| {
            engine.of_book.contains(&member.id) && member.flow.signed_out().is_some()
        })
    }

    fn sign_in_members_where(&mut self, which: impl Fn(&Self, &Member) -> bool) -> bool {
        let Some(book) = self.book.clone() else {
            return false;
        };
        let needing_credential = self.fleet.needing_credential(MemberSelection::All);
        let members = needing_credential
            .iter()
            .filter_map(|id| self.fleet.member(*id));
        let meant: Vec<_> = members
            .filter(|member| which(self, member))
            .filter_map(|member| Some((member.id, book.agent(&member.chosen.address)?)))
            .collect();
        let selection: Vec<_> = if meant.len() == needing_credential.len() {
            vec![MemberSelection::All]
        } else {
            meant
                .iter()
                .map(|(id, _)| MemberSelection::Member(*id))
                .collect()
        };
        for (member, agent) in &meant {
            let address = agent.address.clone();
            self.caller(*member)
                .vault
                .store_book_entry(book.clone(), address);
            self.of_book.insert(*member);
        }
        let agents = meant.into_iter().map(|(_, agent)| agent);
        self.route(agents.filter(|agent| agent.endpoint.is_some()));
        let mut changed = false;
        for selection in selection {
            changed |= self.step(FleetEvent::SignIn {
                selection,
                sign_in: SignIn::AgentPassword,
                has_credential: true,
            });
        }
        changed
    }

    /// Stores a typed password. The event that assigns the password follows: [`FleetEvent::SignIn`]
    /// for the same members.
    pub fn store_password(&mut self, selection: MemberSelection, password: Secret) {
        self.typed = Some((selection, password));
    }

    /// Handles the host's response for the agent with this address: a credential, or `None`.
    /// Returns whether the fleet changed.
    pub fn host_responded(&mut self, agent: &str, credential: Option<Credential>) -> bool {
        let members = self.fleet.members.iter();
        let asked = members.filter(|member| member.is_asked_of_host());
        let named = asked.filter(|member| member.chosen.address.to_string() == agent);
        let Some(member) = named.map(|member| member.id).next() else {
            return false;
        };
        let has_credential = credential.is_some();
        if let Some(credential) = credential {
            self.caller(member).vault.store(credential);
        }
        self.step(FleetEvent::HostResponded {
            member,
            has_credential,
        })
    }

    /// Passes an event to the fleet and performs its effects. Returns whether the fleet changed.
    pub fn dispatch(&mut self, event: FleetEvent) -> bool {
        let changed = match event {
            FleetEvent::SignIn {
                selection, sign_in, ..
            } => {
                let has_credential = self.assign_typed_password(selection, sign_in);
                self.step(FleetEvent::SignIn {
                    selection,
                    sign_in,
                    has_credential,
                })
            }
            FleetEvent::Restored(journal) => {
                let mut routes = journal.routes();
                routes.retain(|agent| {
                    let endpoint = agent.endpoint.as_deref();
                    endpoint.is_some_and(|endpoint| is_usable(endpoint, &self.page))
                });
                self.route(routes);
                self.step(FleetEvent::Restored(journal))
            }
            event => self.step(event),
        };
        self.ask_host_again();
        changed
    }

    /// Asks the host once, without an action of a person, if an agent no longer accepts its
    /// credential or the console cleared it.
    fn ask_host_again(&mut self) {
        let Some(host) = &self.credentials else {
            return;
        };
        let lost = self.fleet.members.iter().filter_map(|member| {
            let (failure, at) = lost_credential(&member.flow)?;
            let asks = member.sign_in == SignIn::Host
                && member.needs_credential()
                && member.status == MemberStatus::InProgress
                && self.asked_at.get(&member.id) != Some(&at)
                && (host.can_be_asked() || is_wiped((failure, at)));
            asks.then_some((member.id, at))
        });
        for (member, at) in lost.collect::<Vec<_>>() {
            self.asked_at.insert(member, at);
            self.step(FleetEvent::SignIn {
                selection: MemberSelection::Member(member),
                sign_in: SignIn::Host,
                has_credential: true,
            });
        }
    }

    /// The event that restores the stored run of this console; `None` without a stored run.
    #[must_use]
    pub fn journal(&self) -> Option<FleetEvent> {
        let journal = self.slot.as_ref()?.read()?;
        Some(FleetEvent::Restored(Box::new(journal)))
    }

    /// Puts the typed password into the vaults of the members that need one. Returns whether there
    /// was a password.
    fn assign_typed_password(&mut self, selection: MemberSelection, sign_in: SignIn) -> bool {
        let password = self.typed.take().filter(|(meant, _)| *meant == selection);
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
        for member in self.fleet.needing_credential(selection) {
            self.caller(member).vault.store(Rc::clone(&credential));
            self.of_book.remove(&member);
        }
        true
    }

    fn step(&mut self, mut event: FleetEvent) -> bool {
        if let FleetEvent::Member(member, FlowEvent::Answered(answered)) = &mut event
            && let Some(caller) = self.callers.get_mut(member)
        {
            caller.answered(answered);
        }
        let (next, effects) = step((*self.fleet).clone(), clock::now(), event);
        let changed = !next.renders_like(&self.fleet);
        let before = std::mem::replace(&mut self.fleet, Rc::new(next));
        let ids = |fleet: &Fleet| (fleet.members.len(), fleet.members.first().map(|it| it.id));
        if ids(&before) != ids(&self.fleet) {
            self.callers
                .retain(|member, _| self.fleet.member(*member).is_some());
            self.of_book
                .retain(|member| self.fleet.member(*member).is_some());
            self.update_is_secure();
        }
        for effect in effects {
            match effect {
                FleetEffect::Member(member, effect) => self.perform(member, effect),
                FleetEffect::AskHost(member) => self.ask_host(member),
                FleetEffect::Wait { millis } => {
                    let on_message = self.on_message.clone();
                    self.timer = Some(Timeout::new(millis, move || {
                        on_message.emit(Message::Fleet(FleetEvent::Due));
                    }));
                }
                FleetEffect::StoreJournal => self.store_journal(),
                FleetEffect::DiscardJournal => self.slot.iter().for_each(Slot::discard),
            }
        }
        changed
    }

    fn store_journal(&self) {
        let (Some(slot), Some(mut journal)) = (&self.slot, Journal::of(&self.fleet)) else {
            return;
        };
        let routes = self.routes.iter();
        let routes: BTreeMap<_, _> = routes
            .map(|agent| (agent.address.to_string(), &agent.endpoint))
            .collect();
        for entry in &mut journal.members {
            entry.endpoint = routes.get(&entry.address).copied().cloned().flatten();
        }
        slot.store(&journal);
    }

    fn perform(&mut self, member: MemberId, effect: Effect) {
        match effect {
            Effect::Call(call) => self.call(member, call),
            Effect::AbandonReads => self.caller(member).abandon_reads(),
            Effect::WipeCredential => self.caller(member).vault.wipe(),
            // The fleet has one timer for all members.
            Effect::Wait { .. } | Effect::WatchIdle { .. } => {}
        }
    }

    fn call(&mut self, member: MemberId, call: Call) {
        let on_message = self.on_message.clone();
        let context = RequestContext {
            settings: &self.routed,
            page: &self.page,
            language: self.language,
        };
        let caller = self.callers.entry(member).or_default();
        caller.call(call, context, move |answered| {
            let event = FleetEvent::Member(member, FlowEvent::Answered(answered));
            on_message.emit(Message::Fleet(event));
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
                host::ask(credentials, agent, reason, self.on_message.clone());
            }
            None => self.on_message.emit(Message::HostResponded(agent, None)),
        }
    }

    fn caller(&mut self, member: MemberId) -> &mut Caller {
        self.callers.entry(member).or_default()
    }

    /// Aborts the pending reads and the wait. A DELETE continues.
    pub fn give_up(&mut self) {
        self.callers.clear();
        self.timer = None;
        self.typed = None;
    }

    /// Whether requests to the agents leave the browser by HTTPS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Updates `is_secure`.
    fn update_is_secure(&mut self) {
        let settings = &self.routed;
        let members = self.fleet.members.iter();
        let endpoints = settings.distinct_endpoints(members.map(|member| &member.chosen.address));
        let template = settings.endpoint.replace("{address}", "");
        self.is_secure = endpoints.iter().chain([&template]).all(|endpoint| {
            Endpoint::resolve(endpoint, &self.page).is_some_and(|endpoint| endpoint.is_secure())
        });
    }
}
