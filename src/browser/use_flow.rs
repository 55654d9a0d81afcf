//! The hook that runs the flow of one console: handles messages and returns the props of the
//! screens.

use std::rc::Rc;

use serde::Serialize;
use web_sys::Element;
use yew::prelude::*;

use super::endpoint::page_url;
use super::engine::Engine;
use super::mailbox::{ConsoleCore, Mailbox, use_mailbox};
use super::notification;
use super::options::Options;
use super::place::{self, Choices, Link, Place};
use super::platform::Browser;
use crate::flow::event::FlowEvent;
use crate::flow::settings::ListedAgent;
use crate::flow::state::{Screen, State, SubmitPhase};
use crate::obshell::request::Credential;
use crate::obshell::secret::Secret;
use crate::text::evidence::snapshot::notices;
use crate::text::page::title;
use crate::ui::console::ConsoleProps;
use crate::ui::message::{Message, Picked};
use crate::ui::password;
use crate::ui::platform::Platform;
use crate::ui::theme::Theme;
use crate::ui::view::ZoneChoice;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The result of [`use_flow`].
pub struct Flow {
    /// The props to render.
    pub console: ConsoleProps,
    /// The agent, task and choices on screen; `None` until something is opened or chosen.
    pub place: Option<Place>,
    /// Lends the credential.
    pub lender: Lender,
}

/// Lends the agent password with which the person signed in, so that it can be saved.
#[derive(Clone)]
pub struct Lender(Rc<Mailbox<FlowCore>>);

impl Lender {
    /// Whether the person signed in with an agent password.
    #[must_use]
    pub fn has_agent_password(&self) -> bool {
        let core = self.0.core();
        matches!(core.engine.credential(), Some(Credential::AgentPassword(_)))
    }

    /// A copy of the agent password.
    #[must_use]
    pub fn agent_password(&self) -> Option<Secret> {
        match self.0.core().engine.credential() {
            Some(Credential::AgentPassword(password)) => {
                Some(Secret::new(password.expose().to_owned()))
            }
            _ => None,
        }
    }
}

/// Runs the flow of the console that is rendered into `root`.
///
/// The callback `on_message` is the same on every rendering. Messages are handled sequentially: a
/// message that arises while another is handled is queued. When the component is unmounted, the
/// pending reads are aborted and the credential is wiped; a DELETE continues.
#[hook]
pub fn use_flow(options: &Options, root: &Element) -> Flow {
    let mailbox = use_mailbox(options, root, |on_message| {
        FlowCore::new(options, root, on_message)
    });
    let core = mailbox.core();
    let console = ConsoleProps {
        state: Rc::clone(&core.engine.state),
        language: core.engine.language,
        theme: core.theme,
        zone: core.zone,
        picked: core.picked.clone(),
        secure_transport: core.engine.is_secure(),
        on_several: None,
        has_stored_run: false,
        on_message: mailbox.on_message().clone(),
        platform: core.platform.clone(),
    };
    let place = core.place.clone();
    drop(core);
    Flow {
        console,
        place,
        lender: Lender(mailbox),
    }
}

/// The engine of one console, and the state of its rendering.
struct FlowCore {
    root: Element,
    /// The most recent options.
    options: Options,
    engine: Engine,
    theme: Theme,
    zone: ZoneChoice,
    picked: Option<Picked>,
    /// The choices of the person that no later option of the host has replaced.
    overrides: Overrides,
    /// The place last reported to the host.
    place: Option<Place>,
    /// The agent of the book that was selected last. A change of the options keeps its endpoint.
    routed: Option<ListedAgent>,
    platform: Platform,
}

/// Which values the person chose.
#[derive(Default)]
struct Overrides {
    language: bool,
    theme: bool,
    zone: bool,
}

impl FlowCore {
    fn new(options: &Options, root: &Element, on_message: Callback<Message>) -> Self {
        let mut engine = Engine::new(
            Rc::clone(&options.settings),
            options.language(),
            page_url(root),
            on_message,
        );
        engine.set_credentials(options.credentials.clone());
        let core = Self {
            root: root.clone(),
            options: options.clone(),
            engine,
            theme: options.theme,
            zone: options.zone,
            picked: None,
            overrides: Overrides::default(),
            place: None,
            routed: None,
            platform: Platform::new(Browser::new(root.clone())),
        };
        core.set_lang_attribute();
        core
    }
}

impl ConsoleCore for FlowCore {
    fn start(&self) -> Vec<Message> {
        let mut messages = Vec::new();
        if self.options.settings.notifications && notification::is_allowed() {
            messages.push(Message::Flow(FlowEvent::Notify(true)));
        }
        if !self.engine.state.form.address.is_empty() {
            messages.push(Message::Flow(FlowEvent::AddressChosen));
        }
        messages.extend(open_link(&self.options.link));
        messages
    }

    fn handle(&mut self, message: Message) -> bool {
        let before = Rc::clone(&self.engine.state);
        let changed = self.apply(message);
        if !Rc::ptr_eq(&before, &self.engine.state) {
            self.report_events(&before);
        }
        if changed {
            self.report_place();
        }
        changed
    }

    fn update_options(&mut self, options: &Options) -> Option<Vec<Message>> {
        if *options == self.options {
            return None;
        }
        let old = std::mem::replace(&mut self.options, options.clone());
        let mut messages = Vec::new();
        // A choice of the person is kept unless the host's option changes.
        if options.locale != old.locale {
            self.overrides.language = false;
            self.engine.language = options.language();
            self.set_lang_attribute();
        }
        if options.theme != old.theme {
            self.overrides.theme = false;
            self.theme = options.theme;
        }
        if options.zone != old.zone {
            self.overrides.zone = false;
            self.zone = options.zone;
        }
        self.engine.set_credentials(options.credentials.clone());
        if options.settings != old.settings {
            let mut state = (*self.engine.state).clone();
            state.settings = Rc::clone(&options.settings);
            if let Some(agent) = self.routed.as_ref().filter(|agent| self.may_route(agent)) {
                Rc::make_mut(&mut state.settings).agents.push(agent.clone());
            }
            // As in the initial state: with only one agent, there is no choice.
            let first = State::new(Rc::clone(&options.settings)).form;
            if state.screen == Screen::Connect && !state.form.connecting {
                if options.settings.host_signs_in != old.settings.host_signs_in {
                    state.form.sign_in = first.sign_in;
                }
                if state.form.address.is_empty() && !first.address.is_empty() {
                    state.form.address = first.address;
                    messages.push(Message::Flow(FlowEvent::AddressChosen));
                }
            }
            self.engine.state = Rc::new(state);
        }
        if options.links != old.links {
            messages.extend(open_link(&options.link));
        }
        Some(messages)
    }

    fn set_visibility(&self, visible: bool) -> Option<Message> {
        let is_known = visible == self.engine.state.visible;
        (!is_known).then_some(Message::Flow(FlowEvent::Visible(visible)))
    }

    fn page_event(event: FlowEvent) -> Message {
        Message::Flow(event)
    }

    fn unmount(&mut self) {
        self.engine.dispatch(FlowEvent::Unmounted);
    }
}

impl FlowCore {
    fn apply(&mut self, message: Message) -> bool {
        match message {
            Message::Credential(password) => {
                self.engine.store_password(password);
                false
            }
            // The hook `use_fleet` handles the messages of a run.
            Message::MemberCredential(..)
            | Message::FromBook
            | Message::BookOpened
            | Message::Fleet(_) => false,
            Message::HostResponded(agent, credential) => {
                self.engine.host_responded(&agent, credential)
            }
            Message::Flow(event) => {
                if matches!(event, FlowEvent::PageRestored | FlowEvent::PageLeft) {
                    password::clear_all(&self.root);
                }
                self.engine.dispatch(event)
            }
            Message::Language(language) => {
                self.overrides.language = true;
                let changed = language != self.engine.language;
                self.engine.language = language;
                self.set_lang_attribute();
                changed
            }
            Message::Routes(agents) => {
                agents.into_iter().for_each(|agent| self.route(agent));
                false
            }
            Message::Theme(theme) => {
                self.overrides.theme = true;
                std::mem::replace(&mut self.theme, theme) != theme
            }
            Message::Pick(picked) => {
                let changed = picked != self.picked;
                self.picked = picked;
                changed
            }
            Message::Zone(zone) => {
                self.overrides.zone = true;
                std::mem::replace(&mut self.zone, zone) != zone
            }
        }
    }

    /// Adds the endpoint of a book entry, if the site allows people to choose agents and does not
    /// list this agent.
    fn route(&mut self, agent: ListedAgent) {
        if !self.may_route(&agent) {
            return;
        }
        let mut state = (*self.engine.state).clone();
        let mut settings = (*state.settings).clone();
        let others = |listed: &ListedAgent| listed.address != agent.address;
        settings.agents.retain(others);
        settings.agents.push(agent.clone());
        state.settings = Rc::new(settings);
        self.engine.state = Rc::new(state);
        self.routed = Some(agent);
    }

    fn may_route(&self, agent: &ListedAgent) -> bool {
        let site = &self.options.settings;
        let mut listed = site.agents.iter();
        site.typed_address && !listed.any(|listed| listed.address == agent.address)
    }

    /// Reports a new place to the host.
    fn report_place(&mut self) {
        let Overrides {
            language,
            theme,
            zone,
        } = self.overrides;
        let choices = Choices {
            locale: language.then(|| self.engine.language.tag().to_owned()),
            theme: theme.then(|| self.theme.name().to_owned()),
            zone: zone.then(|| self.zone.name().to_owned()),
        };
        let place = Place::of(&self.engine.state, self.picked.as_ref(), choices);
        // The initial state of a console has no place.
        let before = self.place.clone().unwrap_or_default();
        if place != before {
            // The review is not reported to the host: no option opens it.
            let review = before.review;
            if (Place {
                review,
                ..place.clone()
            }) != before
            {
                place.report(&self.root);
            }
            self.place = Some(place);
        }
    }

    /// Reports events to the host. `odp-submitted` is dispatched without delay: a host that records
    /// the submission must receive the event before the page closes.
    fn report_events(&self, before: &State) {
        let is_sent = |state: &State| {
            matches!(&state.screen, Screen::Submitting(submitting)
                if submitting.phase != SubmitPhase::Refreshing)
        };
        let state = &self.engine.state;
        if is_sent(state)
            && !is_sent(before)
            && let Some(facts) = state.facts()
        {
            let agent = facts.address.to_string();
            place::dispatch(&self.root, "odp-submitted", &Submitted { agent });
        }
        if state.notifies
            && !state.visible
            && matches!(before.screen, Screen::Task(_))
            && matches!(state.screen, Screen::Ended(_))
        {
            let language = self.engine.language;
            notification::show(&title(state, language), language.tag());
        }
        for notice in notices(before, state, self.engine.language, VERSION) {
            place::dispatch(&self.root, notice.event, &notice.detail);
        }
    }

    /// Sets the `lang` attribute, on which screen readers and fonts depend.
    fn set_lang_attribute(&self) {
        let _ = self.root.set_attribute("lang", self.engine.language.tag());
    }
}

/// The detail of `odp-submitted`.
#[derive(Serialize)]
struct Submitted {
    agent: String,
}

/// The messages that open the target of a link.
fn open_link(link: &Link) -> Vec<Message> {
    if link.agent.is_none() && link.task.is_none() {
        return Vec::new();
    }
    let open = FlowEvent::Open {
        address: link.agent.clone(),
        task: link.task.clone(),
    };
    let mut messages = vec![Message::Pick(link.picked.clone())];
    if link.leaves_review {
        messages.push(Message::Flow(FlowEvent::Back));
    }
    messages.push(Message::Flow(open));
    messages
}
