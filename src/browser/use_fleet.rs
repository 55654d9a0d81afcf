//! The hook that runs a fleet: handles messages and returns the state to render.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::book::OpenBook;
use super::endpoint::page_url;
use super::fleet::{FleetEngine, page_event};
use super::intl;
use super::journal::Slot;
use super::mailbox::{ConsoleCore, use_mailbox};
use super::options::Options;
use super::place;
use super::platform::Browser;
use crate::fleet::event::FleetEvent;
use crate::fleet::state::Fleet;
use crate::flow::event::{FlowEvent, Language};
use crate::text::evidence::run::notices;
use crate::ui::message::{Message, Picked};
use crate::ui::password;
use crate::ui::platform::Platform;
use crate::ui::theme::Theme;
use crate::ui::view::ZoneChoice;

/// The result of [`use_fleet`]: the state from which the screens of a run are rendered.
#[derive(Clone)]
pub struct FleetView {
    /// The fleet to render.
    pub fleet: Rc<Fleet>,
    /// The language of all text.
    pub language: Language,
    /// The theme.
    pub theme: Theme,
    /// The time zone of all times.
    pub zone: ZoneChoice,
    /// The stage whose log is shown.
    pub picked: Option<Picked>,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// Receives the actions of a person; the same callback on every rendering.
    pub on_message: Callback<Message>,
    /// Clock, formatting, clipboard.
    pub platform: Platform,
}

/// Runs the fleet that is rendered into `root`, and restores the run that this tab stored for it.
/// `is_page` is whether the console has the page to itself. Members can sign in with the passwords
/// of `book`.
///
/// Messages are handled sequentially: a message that arises while another is handled is queued.
/// When the component is unmounted, the pending reads are aborted and the credentials are wiped; a
/// DELETE continues.
#[hook]
pub fn use_fleet(
    options: &Options,
    root: &Element,
    is_page: bool,
    book: Option<OpenBook>,
) -> FleetView {
    let mailbox = use_mailbox(options, root, |on_message| {
        FleetCore::new(options, root, is_page, on_message)
    });
    mailbox.core_mut().engine.set_book(book);
    let core = mailbox.core();
    FleetView {
        fleet: Rc::clone(&core.engine.fleet),
        language: core.engine.language,
        theme: core.theme,
        zone: core.zone,
        picked: core.picked.clone(),
        secure_transport: core.engine.is_secure(),
        on_message: mailbox.on_message().clone(),
        platform: core.platform.clone(),
    }
}

/// The engine of a run, and the state of its rendering.
struct FleetCore {
    root: Element,
    /// The most recent options.
    options: Options,
    engine: FleetEngine,
    theme: Theme,
    zone: ZoneChoice,
    picked: Option<Picked>,
    platform: Platform,
}

impl FleetCore {
    fn new(
        options: &Options,
        root: &Element,
        is_page: bool,
        on_message: Callback<Message>,
    ) -> Self {
        let mut engine = FleetEngine::new(
            Rc::clone(&options.settings),
            options.language(),
            page_url(root),
            on_message,
        );
        engine.set_credentials(options.credentials.clone());
        engine.store_in(Slot::new(is_page, root));
        Self {
            root: root.clone(),
            options: options.clone(),
            engine,
            theme: options.theme,
            zone: options.zone,
            picked: None,
            platform: Platform::new(Browser::new(root.clone())),
        }
    }
}

impl ConsoleCore for FleetCore {
    fn start(&self) -> Vec<Message> {
        intl::load_soon(self.engine.language);
        let journal = self.engine.journal();
        journal.map(Message::Fleet).into_iter().collect()
    }

    fn handle(&mut self, message: Message) -> bool {
        let before = Rc::clone(&self.engine.fleet);
        let changed = self.apply(message);
        if !Rc::ptr_eq(&before, &self.engine.fleet)
            && let Some(notice) = notices(&before, &self.engine.fleet)
        {
            place::dispatch(&self.root, notice.event, &notice.detail);
        }
        changed
    }

    /// A choice of the person is kept unless the host's option changes.
    fn update_options(&mut self, options: &Options) -> Option<Vec<Message>> {
        if *options == self.options {
            return None;
        }
        let old = std::mem::replace(&mut self.options, options.clone());
        if options.locale != old.locale {
            self.engine.language = options.language();
        }
        if options.theme != old.theme {
            self.theme = options.theme;
        }
        if options.zone != old.zone {
            self.zone = options.zone;
        }
        self.engine.set_credentials(options.credentials.clone());
        if options.settings != old.settings {
            self.engine.change_settings(Rc::clone(&options.settings));
        }
        Some(Vec::new())
    }

    fn set_visibility(&self, visible: bool) -> Option<Message> {
        Some(Message::Fleet(FleetEvent::Visible(visible)))
    }

    fn page_event(event: FlowEvent) -> Message {
        page_event(event)
    }

    fn unmount(&mut self) {
        self.engine.dispatch(FleetEvent::Unmounted);
        self.engine.give_up();
    }
}

impl FleetCore {
    fn apply(&mut self, message: Message) -> bool {
        match message {
            Message::MemberCredential(selection, password) => {
                self.engine.store_password(selection, password);
                false
            }
            Message::HostResponded(agent, credential) => {
                self.engine.host_responded(&agent, credential)
            }
            Message::Fleet(event) => {
                if matches!(event, FleetEvent::PageRestored | FleetEvent::PageLeft) {
                    password::clear_all(&self.root);
                }
                self.engine.dispatch(event)
            }
            Message::Language(language) => {
                std::mem::replace(&mut self.engine.language, language) != language
            }
            Message::Theme(theme) => std::mem::replace(&mut self.theme, theme) != theme,
            Message::Zone(zone) => std::mem::replace(&mut self.zone, zone) != zone,
            Message::Pick(picked) => {
                let changed = picked != self.picked;
                self.picked = picked;
                changed
            }
            Message::Routes(agents) => {
                self.engine.route(agents);
                false
            }
            Message::FromBook => self.engine.sign_in_from_book(),
            Message::BookOpened => self.engine.book_opened(),
            // The hook `use_flow` handles the messages of a single destroy.
            Message::Credential(_) | Message::Flow(_) => false,
        }
    }
}
