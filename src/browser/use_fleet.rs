//! The hook that runs a fleet: handles messages and returns the state to render.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::{Document, Element};
use yew::prelude::*;

use super::book::OpenBook;
use super::endpoint::page_url;
use super::fleet::FleetEngine;
use super::intl;
use super::journal::Slot;
use super::options::Options;
use super::place;
use super::platform::Browser;
use super::visibility;
use crate::fleet::event::FleetEvent;
use crate::fleet::state::Fleet;
use crate::flow::event::{Event, Language};
use crate::text::evidence::run::notices;
use crate::ui::message::{Message, Picked};
use crate::ui::password;
use crate::ui::platform::Platform;
use crate::ui::theme::Theme;
use crate::ui::view::ZoneChoice;

/// The result of [`use_fleet`]: the state from which the screens of a run are rendered.
#[derive(Clone)]
pub struct FleetShown {
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
    pub tell: Callback<Message>,
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
) -> FleetShown {
    let redraw = use_force_update();
    let fleet = use_memo((), |()| Lasting::new(options, root, is_page, redraw));
    fleet.shared.core.borrow_mut().engine.trust_book(book);
    {
        let fleet = Rc::clone(&fleet);
        use_effect_with((), move |()| {
            fleet.begin();
            move || fleet.end()
        });
    }
    {
        let (fleet, root) = (Rc::clone(&fleet), root.clone());
        // The document of `root` changes when its host element has moved.
        use_effect_with(root.owner_document(), move |document| {
            fleet.look_at(document.as_ref());
            let listeners = listeners(&root, &fleet.tell);
            move || drop(listeners)
        });
    }
    {
        let fleet = Rc::clone(&fleet);
        use_effect_with(options.clone(), move |options| fleet.change(options));
    }
    fleet.shown()
}

/// The state of the hook across renderings.
struct Lasting {
    shared: Rc<Shared>,
    /// Created once, so that the screens are not rendered again for a new callback. It holds no
    /// strong reference to the fleet.
    tell: Callback<Message>,
    platform: Platform,
}

struct Shared {
    core: RefCell<Core>,
    /// The messages that are not yet handled.
    queue: RefCell<VecDeque<Message>>,
    redraw: UseForceUpdateHandle,
}

impl Lasting {
    fn new(options: &Options, root: &Element, is_page: bool, redraw: UseForceUpdateHandle) -> Self {
        let shared = Rc::new_cyclic(|shared: &std::rc::Weak<Shared>| {
            let shared = shared.clone();
            let tell = Callback::from(move |message| {
                if let Some(shared) = shared.upgrade() {
                    shared.tell(message);
                }
            });
            Shared {
                core: RefCell::new(Core::new(options, root, is_page, tell)),
                queue: RefCell::default(),
                redraw,
            }
        });
        let tell = shared.core.borrow().tell.clone();
        Self {
            shared,
            tell,
            platform: Platform::new(Browser::new(root.clone())),
        }
    }

    fn shown(&self) -> FleetShown {
        let core = self.shared.core.borrow();
        FleetShown {
            fleet: Rc::clone(&core.engine.fleet),
            language: core.engine.language,
            theme: core.theme,
            zone: core.zone,
            picked: core.picked.clone(),
            secure_transport: core.engine.is_secure(),
            tell: self.tell.clone(),
            platform: self.platform.clone(),
        }
    }

    /// Called after the first rendering.
    fn begin(&self) {
        intl::load_soon(self.shared.core.borrow().engine.language);
        let journal = self.shared.core.borrow().engine.journal();
        if let Some(restored) = journal {
            self.tell.emit(Message::Fleet(restored));
        }
    }

    /// Called after a rendering in another document.
    fn look_at(&self, document: Option<&Document>) {
        let visible = !document.is_some_and(Document::hidden);
        self.tell.emit(Message::Fleet(FleetEvent::Visible(visible)));
    }

    /// Called after a rendering with other options.
    fn change(&self, options: &Options) {
        if self.shared.core.borrow_mut().change(options) {
            self.shared.redraw.force_update();
        }
    }

    fn end(&self) {
        let mut core = self.shared.core.borrow_mut();
        core.engine.happen(FleetEvent::Unmounted);
        core.engine.give_up();
    }
}

impl Shared {
    fn tell(&self, message: Message) {
        self.queue.borrow_mut().push_back(message);
        // The handler of the current message also handles this one next.
        let Ok(mut core) = self.core.try_borrow_mut() else {
            return;
        };
        let mut changed = false;
        while let Some(message) = self.next() {
            changed |= core.handle(message);
        }
        if changed {
            self.redraw.force_update();
        }
    }

    fn next(&self) -> Option<Message> {
        self.queue.borrow_mut().pop_front()
    }
}

/// The engine of a run, and the state of its rendering.
struct Core {
    root: Element,
    /// The most recent options.
    options: Options,
    engine: FleetEngine,
    theme: Theme,
    zone: ZoneChoice,
    picked: Option<Picked>,
    tell: Callback<Message>,
}

impl Core {
    fn new(options: &Options, root: &Element, is_page: bool, tell: Callback<Message>) -> Self {
        let mut engine = FleetEngine::new(
            Rc::clone(&options.settings),
            language_of(options),
            page_url(root),
            tell.clone(),
        );
        engine.trust(options.credentials.clone());
        engine.keep_in(if is_page {
            Slot::of_page()
        } else {
            Slot::of_host(root)
        });
        Self {
            root: root.clone(),
            options: options.clone(),
            engine,
            theme: options.theme,
            zone: options.zone,
            picked: None,
            tell,
        }
    }

    /// Applies new options. Returns whether to render again. A choice of the person is kept unless
    /// the host's option changes.
    fn change(&mut self, options: &Options) -> bool {
        if *options == self.options {
            return false;
        }
        let old = std::mem::replace(&mut self.options, options.clone());
        if options.locale != old.locale {
            self.engine.language = language_of(options);
        }
        if options.theme != old.theme {
            self.theme = options.theme;
        }
        if options.zone != old.zone {
            self.zone = options.zone;
        }
        self.engine.trust(options.credentials.clone());
        if options.settings != old.settings {
            self.engine.change_settings(Rc::clone(&options.settings));
        }
        true
    }

    /// Handles a message. Returns whether to render again.
    fn handle(&mut self, message: Message) -> bool {
        let before = Rc::clone(&self.engine.fleet);
        let changed = self.take(message);
        if !Rc::ptr_eq(&before, &self.engine.fleet)
            && let Some(notice) = notices(&before, &self.engine.fleet)
        {
            place::dispatch(&self.root, notice.event, &notice.detail);
        }
        changed
    }

    fn take(&mut self, message: Message) -> bool {
        match message {
            Message::MemberCredential(whom, password) => {
                self.engine.keep_password(whom, password);
                false
            }
            Message::HostGave(agent, credential) => self.engine.host_gave(&agent, credential),
            Message::Fleet(event) => {
                if matches!(event, FleetEvent::CameBack | FleetEvent::Left) {
                    password::clear_all(&self.root);
                }
                self.engine.happen(event)
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

/// The listeners of a run, removed when dropped.
fn listeners(root: &Element, tell: &Callback<Message>) -> Vec<EventListener> {
    let happened = {
        let tell = tell.clone();
        move |event| tell.emit(Message::Fleet(event))
    };
    let used = happened.clone();
    let mut listeners = visibility::watch_use(root, move || used(FleetEvent::Active));
    if let Some(document) = root.owner_document() {
        let visible = happened.clone();
        listeners.push(visibility::watch(&document, move |it| {
            visible(FleetEvent::Visible(it));
        }));
        if let Some(window) = document.default_view() {
            listeners.extend(visibility::watch_leaving(&window, move |event| {
                happened(match event {
                    Event::CameBack => FleetEvent::CameBack,
                    _ => FleetEvent::Left,
                });
            }));
        }
    }
    listeners
}

fn language_of(options: &Options) -> Language {
    let browser = web_sys::window().and_then(|window| window.navigator().language());
    options.locale.language(browser.as_deref())
}
