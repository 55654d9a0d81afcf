//! The component that keeps the flow going: events in, effects out.

use std::rc::Rc;

use gloo_events::EventListener;
use serde::Serialize;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::{Callback, Component, Context, Html, Properties, html};

use super::engine::Engine;
use super::options::Options;
use super::place::{self, Link, Place};
use super::platform::Browser;
use super::visibility;
use crate::flow::event::{Event, Language};
use crate::flow::state::{Screen, State, SubmitPhase};
use crate::text::evidence::snapshot::notices;
use crate::ui::console::Console;
use crate::ui::message::{Message, Picked};
use crate::ui::platform::Platform;
use crate::ui::theme::Theme;
use crate::ui::view::ZoneChoice;

/// The version of the console.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Properties of [`App`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// What the host or the site wants.
    pub options: Options,
    /// The element that the console is drawn into.
    pub root: Element,
}

/// One console: its engine, and what is shown of it.
///
/// Messages are queued by Yew and handled one after the other, so that an event that arises while
/// another is handled waits for its turn.
#[derive(Debug)]
pub struct App {
    engine: Engine,
    theme: Theme,
    zone: ZoneChoice,
    picked: Option<Picked>,
    /// What the person chose, and the host did not change since: language, looks, zone.
    chosen: [bool; 3],
    /// What the host was told last.
    place: Place,
    platform: Platform,
    _listeners: Vec<EventListener>,
    /// Made once, so that the screens are not drawn again for a new one.
    tell: Callback<Message>,
}

impl Component for App {
    type Message = Message;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let AppProps { options, root } = ctx.props();
        let tell = ctx.link().callback(|message| message);
        let mut engine = Engine::new(
            Rc::clone(&options.settings),
            initial_language(options),
            root.base_uri().ok().flatten().unwrap_or_default(),
            tell.clone(),
        );
        engine.trust(options.credentials.clone());
        let document = root.owner_document();
        if document.as_ref().is_some_and(web_sys::Document::hidden) {
            tell.emit(Message::Flow(Event::Visible(false)));
        }
        if !engine.state.form.address.is_empty() {
            tell.emit(Message::Flow(Event::AddressChosen));
        }
        open(&tell, &options.link);
        let app = Self {
            engine,
            theme: options.theme,
            zone: options.zone,
            picked: None,
            chosen: [false; 3],
            place: Place::default(),
            platform: Platform::new(Browser::new(root.clone())),
            _listeners: listeners(root, &tell),
            tell,
        };
        app.name_language(root);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        let before = Rc::clone(&self.engine.state);
        let changed = self.take(ctx, message);
        if !Rc::ptr_eq(&before, &self.engine.state) {
            self.tell_news(&before, &ctx.props().root);
        }
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
            self.engine.language = initial_language(options);
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
        self.engine.trust(options.credentials.clone());
        if options.settings != old.options.settings {
            let mut state = (*self.engine.state).clone();
            state.settings = Rc::clone(&options.settings);
            // As at the beginning: with one agent to choose from there is nothing to choose.
            let first = State::new(Rc::clone(&options.settings)).form;
            if state.screen == Screen::Connect && !state.form.connecting {
                if options.settings.host_signs_in != old.options.settings.host_signs_in {
                    state.form.sign_in = first.sign_in;
                }
                if state.form.address.is_empty() && !first.address.is_empty() {
                    state.form.address = first.address;
                    self.tell.emit(Message::Flow(Event::AddressChosen));
                }
            }
            self.engine.state = Rc::new(state);
        }
        open(&self.tell, &options.link);
        true
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.engine.happen(Event::Unmounted);
    }

    fn view(&self, _: &Context<Self>) -> Html {
        html! {
            <Console
                state={&self.engine.state}
                language={self.engine.language}
                theme={self.theme}
                zone={self.zone}
                picked={self.picked.clone()}
                secure_transport={self.engine.is_secure()}
                tell={&self.tell}
                platform={self.platform.clone()}
            />
        }
    }
}

impl App {
    /// Takes a message; whether there is something new to draw.
    fn take(&mut self, ctx: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Credential(password) => {
                self.engine.keep_password(password);
                false
            }
            Message::HostGave(agent, credential) => self.engine.host_gave(&agent, credential),
            Message::Flow(event) => {
                if matches!(event, Event::CameBack | Event::Left) {
                    clear_password_field(&ctx.props().root);
                }
                self.engine.happen(event)
            }
            Message::Language(language) => {
                self.chosen[0] = true;
                let changed = language != self.engine.language;
                self.engine.language = language;
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
        }
    }

    /// Tells the host where the person is, where that is news.
    fn tell_place(&mut self, props: &AppProps) {
        let [language, theme, zone] = self.chosen;
        let chosen = [
            ("locale", language.then(|| self.engine.language.tag())),
            ("theme", theme.then(|| self.theme.name())),
            ("zone", zone.then(|| self.zone.name())),
        ];
        let place = Place::of(&self.engine.state, self.picked.as_ref(), chosen);
        if place != self.place {
            place.tell(&props.root);
            self.place = place;
        }
    }

    /// Tells the host what is news. `odp-submitted` waits for nothing: whoever keeps a record of it
    /// has to know before the page goes away.
    fn tell_news(&self, before: &State, root: &Element) {
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
            place::dispatch(root, "odp-submitted", &Submitted { agent });
        }
        for notice in notices(before, state, self.engine.language, VERSION) {
            place::dispatch(root, notice.event, &notice.detail);
        }
    }

    /// Screen readers and fonts go by it.
    fn name_language(&self, root: &Element) {
        let _ = root.set_attribute("lang", self.engine.language.tag());
    }
}

/// The detail of `odp-submitted`.
#[derive(Serialize)]
struct Submitted {
    agent: String,
}

/// Everything that happens around a console, until it is dropped.
fn listeners(root: &Element, tell: &Callback<Message>) -> Vec<EventListener> {
    let happened = {
        let tell = tell.clone();
        move |event| tell.emit(Message::Flow(event))
    };
    let used = happened.clone();
    let mut listeners = visibility::watch_use(root, move || used(Event::Active));
    if let Some(document) = root.owner_document() {
        let visible = happened.clone();
        listeners.push(visibility::watch(&document, move |it| {
            visible(Event::Visible(it));
        }));
        if let Some(window) = document.default_view() {
            listeners.extend(visibility::watch_leaving(&window, happened));
        }
    }
    listeners
}

/// A password that was typed and not given is not kept by a page that is left.
fn clear_password_field(root: &Element) {
    let field = root.query_selector("#password").ok().flatten();
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value("");
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
