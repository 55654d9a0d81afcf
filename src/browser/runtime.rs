//! The component that keeps the flow going: events in, effects out.

use std::rc::Rc;

use getrandom::SysRng;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::{Callback, Component, Context, Html, Properties};

use super::endpoint::Endpoint;
use super::fetch::{self, CallGuard};
use super::options::Options;
use super::place::{Link, Place};
use super::platform::Browser;
use super::vault::Vault;
use super::{clock, visibility};
use crate::flow::effect::{Call, CallId, Effect};
use crate::flow::event::{Answered, Event, Language};
use crate::flow::settings::{Settings, SignedPath};
use crate::flow::state::{Screen, State};
use crate::flow::step::step;
use crate::obshell::error::{Failure, NotSent};
use crate::obshell::request::{Seal, WireRequest};
use crate::obshell::time::Millis;
use crate::ui::ConsoleProps;
use crate::ui::later::Later;
use crate::ui::message::{Message, Picked};
use crate::ui::part::Given;
use crate::ui::platform::Platform;
use crate::ui::theme::Theme;
use crate::ui::view::ZoneChoice;

/// How long to wait before the part that is fetched later is tried again, in milliseconds.
const LATER_AGAIN_MILLIS: u32 = 2_000;

/// Properties of [`App`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// What the host or the site wants.
    pub options: Options,
    /// The element that the console is drawn into.
    pub root: Element,
}

/// One console: its state, its credential, and everything it has under way.
///
/// Messages are queued by Yew and handled one after the other, so that an event that arises while
/// another is handled waits for its turn.
#[derive(Debug)]
pub struct App {
    state: Rc<State>,
    vault: Vault,
    language: Language,
    theme: Theme,
    zone: ZoneChoice,
    picked: Option<Picked>,
    /// What the person chose, and the host did not change since: language, looks, zone.
    chosen: [bool; 3],
    /// What the host was told last.
    place: Place,
    platform: Platform,
    calls: Vec<(CallId, CallGuard)>,
    timer: Option<Timeout>,
    later: Option<Later>,
    later_wanted: bool,
    later_again: Option<Timeout>,
    /// A login that waits for what opens its answer.
    login: Option<Call>,
    _visibility: Option<EventListener>,
    /// Made once, so that the screens are not drawn again for a new one.
    tell: Callback<Message>,
}

impl Component for App {
    type Message = Message;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let AppProps { options, root } = ctx.props();
        let state = State::new(Rc::clone(&options.settings));
        let tell = ctx.link().callback(|message| message);
        let document = root.owner_document();
        if document.as_ref().is_some_and(web_sys::Document::hidden) {
            tell.emit(Message::Flow(Event::Visible(false)));
        }
        if !state.form.address.is_empty() {
            tell.emit(Message::Flow(Event::AddressChosen));
        }
        open(&tell, &options.link);
        let app = Self {
            state: Rc::new(state),
            vault: Vault::default(),
            language: initial_language(options),
            theme: options.theme,
            zone: options.zone,
            picked: None,
            chosen: [false; 3],
            place: Place::default(),
            platform: Platform::new(Browser::new(root.clone())),
            calls: Vec::new(),
            timer: None,
            later: None,
            later_wanted: false,
            later_again: None,
            login: None,
            _visibility: document.map(|document| {
                let tell = tell.clone();
                visibility::watch(&document, move |visible| {
                    tell.emit(Message::Flow(Event::Visible(visible)));
                })
            }),
            tell,
        };
        app.name_language(root);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let changed = self.take(ctx, message);
        if changed {
            self.tell_place(ctx.props());
        }
        changed
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &AppProps) -> bool {
        let AppProps { options, root } = ctx.props();
        // What the person chose stays, unless the host wants something new.
        if options.locale != old.options.locale {
            self.chosen[0] = false;
            self.language = initial_language(options);
            self.name_language(root);
        }
        if options.theme != old.options.theme {
            self.chosen[1] = false;
            self.theme = options.theme;
        }
        if options.zone != old.options.zone {
            self.chosen[2] = false;
            self.zone = options.zone;
        }
        if options.settings != old.options.settings {
            let mut state = (*self.state).clone();
            state.settings = Rc::clone(&options.settings);
            // As at the beginning: with one agent to choose from there is nothing to choose.
            let proposed = State::new(Rc::clone(&options.settings)).form.address;
            let untouched = state.screen == Screen::Connect && state.form.address.is_empty();
            if untouched && !proposed.is_empty() {
                state.form.address = proposed;
                self.tell.emit(Message::Flow(Event::AddressChosen));
            }
            self.state = Rc::new(state);
        }
        open(&self.tell, &options.link);
        true
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        self.happen(ctx, Event::Unmounted);
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        Given::Console(ConsoleProps {
            state: Rc::clone(&self.state),
            language: self.language,
            theme: self.theme,
            zone: self.zone,
            picked: self.picked.clone(),
            secure_transport: self.is_secure(ctx.props()),
            tell: self.tell.clone(),
            platform: self.platform.clone(),
            later: self.later,
        })
        .html()
    }
}

impl App {
    /// Takes a message; whether there is something new to draw.
    fn take(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Credential(password) => {
                let sign_in = self.state.form.sign_in;
                self.vault.keep_password(password, sign_in);
                false
            }
            Message::Flow(event) => self.happen(ctx, event),
            Message::Language(language) => {
                self.chosen[0] = true;
                let changed = language != self.language;
                self.language = language;
                self.name_language(&ctx.props().root);
                changed
            }
            Message::Theme(theme) => {
                self.chosen[1] = true;
                let changed = theme != self.theme;
                self.theme = theme;
                changed
            }
            Message::Pick(picked) => {
                let changed = picked != self.picked;
                self.picked = picked;
                changed
            }
            Message::Zone(zone) => {
                self.chosen[2] = true;
                let changed = zone != self.zone;
                self.zone = zone;
                changed
            }
            Message::Later(later) => {
                self.later = later;
                if later.is_none() {
                    let tell = self.tell.clone();
                    let again = move || tell.emit(Message::LaterAgain);
                    self.later_again = Some(Timeout::new(LATER_AGAIN_MILLIS, again));
                } else if let Some(login) = self.login.take() {
                    self.call(ctx, login);
                }
                later.is_some()
            }
            Message::LaterAgain => {
                self.fetch_later();
                false
            }
        }
    }

    /// Tells the host where the person is, where that is news.
    fn tell_place(&mut self, props: &AppProps) {
        let [language, theme, zone] = self.chosen;
        let chosen = [
            ("locale", language.then(|| self.language.tag())),
            ("theme", theme.then(|| self.theme.name())),
            ("zone", zone.then(|| self.zone.name())),
        ];
        let place = Place::of(&self.state, self.picked.as_ref(), chosen);
        if place != self.place {
            place.tell(&props.root);
            self.place = place;
        }
    }

    /// Hands an event to the flow and does what the flow asks for; whether the state changed.
    fn happen(&mut self, ctx: &Context<Self>, mut event: Event) -> bool {
        if let Event::Answered(answered) = &mut event {
            self.calls.retain(|(id, _)| *id != answered.id);
            if let Some(later) = self.later {
                self.vault.look_for_session(answered, later.login());
            }
        }
        let (next, effects) = step((*self.state).clone(), clock::now(), event);
        let changed = next != *self.state;
        if changed {
            self.state = Rc::new(next);
            if !self.later_wanted && Later::is_needed(&self.state) {
                self.later_wanted = true;
                self.fetch_later();
            }
        }
        for effect in effects {
            match effect {
                Effect::Call(call) => self.call(ctx, call),
                Effect::Wait { timer, millis } => {
                    let tell = self.tell.clone();
                    self.timer = Some(Timeout::new(millis, move || {
                        tell.emit(Message::Flow(Event::Due(timer)));
                    }));
                }
                Effect::AbandonReads => {
                    self.calls.retain(|(_, guard)| !guard.is_read());
                    self.vault.give_up_login();
                    self.login = None;
                }
                Effect::Forget => self.vault.forget(),
            }
        }
        changed
    }

    /// Fetches the part that is fetched later. Nothing waits for it to go on, so it is tried until
    /// it comes, or until this console is taken down.
    fn fetch_later(&self) {
        let tell = self.tell.clone();
        spawn_local(async move { tell.emit(Message::Later(Later::fetch().await)) });
    }

    fn call(&mut self, ctx: &Context<Self>, call: Call) {
        if self.later.is_none() && call.request.is_login() {
            self.login = Some(call);
            return;
        }
        let sent_at = clock::now();
        let tell = self.tell.clone();
        let id = call.id;
        let answer = move |trace_id, reply| {
            tell.emit(Message::Flow(Event::Answered(Answered {
                id,
                sent_at,
                received_at: clock::now(),
                trace_id,
                reply,
            })));
        };
        let prepared = endpoint(&self.state.settings, &call, &ctx.props().root)
            .ok_or(Failure::NotSent(NotSent::Browser))
            .and_then(|endpoint| {
                let wire = wire(&self.state.settings, &endpoint, &call, &self.vault, sent_at)?;
                Ok((endpoint.url(&wire.target), wire))
            });
        match prepared {
            Err(failure) => answer(None, Err(failure)),
            Ok((url, mut wire)) => {
                self.vault.leaves(id, wire.session_key.take());
                let trace_id = wire.trace_id.clone();
                let done = move |reply| answer(trace_id, reply);
                let guard = fetch::send(&url, &wire, self.language, call.timeout, done);
                self.calls.extend(guard.map(|guard| (id, guard)));
            }
        }
    }

    fn is_secure(&self, props: &AppProps) -> bool {
        let settings = &self.state.settings;
        let endpoint = match self.state.facts() {
            Some(facts) => settings.endpoint(&facts.address),
            None => String::new(),
        };
        resolve(&endpoint, &props.root).is_some_and(|endpoint| endpoint.is_secure())
    }

    /// Screen readers and fonts go by it.
    fn name_language(&self, root: &Element) {
        let _ = root.set_attribute("lang", self.language.tag());
    }
}

/// Opens what a link asks for.
fn open(tell: &Callback<Message>, link: &Link) {
    if link.agent.is_some() || link.task.is_some() {
        tell.emit(Message::Pick(link.picked.clone()));
        tell.emit(Message::Flow(Event::Open {
            address: link.agent.clone(),
            task: link.task.clone(),
        }));
    }
}

fn initial_language(options: &Options) -> Language {
    let browser = web_sys::window().and_then(|window| window.navigator().language());
    options.locale.language(browser.as_deref())
}

fn resolve(endpoint: &str, root: &Element) -> Option<Endpoint> {
    Endpoint::resolve(endpoint, &root.base_uri().ok()??)
}

fn endpoint(settings: &Settings, call: &Call, root: &Element) -> Option<Endpoint> {
    resolve(&settings.endpoint(&call.agent), root)
}

/// The wire form of a call's request, sealed where it needs to be.
fn wire(
    settings: &Settings,
    endpoint: &Endpoint,
    call: &Call,
    vault: &Vault,
    now: Millis,
) -> Result<WireRequest, Failure> {
    if !call.request.needs_seal() {
        return Ok(call.request.plain());
    }
    let (Some(with), Some(credential)) = (&call.seal, vault.credential()) else {
        return Err(Failure::NotSent(NotSent::NoCredential));
    };
    let seal = Seal {
        key: &with.key,
        credential,
        agent_time: with.clock.agent_time(now),
        path_prefix: match settings.signed_path {
            SignedPath::Stripped => "",
            SignedPath::Full => endpoint.path(),
        },
    };
    call.request
        .seal(seal, &mut SysRng)
        .map_err(|error| Failure::NotSent(NotSent::Seal(error)))
}
