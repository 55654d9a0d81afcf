//! The root component.

use web_sys::{Document, Element};
use yew::prelude::*;

use super::book::{AgentBook, use_book};
use super::journal::Slot;
use super::options::{Locale, Options};
use super::place::{Link, Place};
use super::redraw::use_redrawn;
use super::use_fleet::{FleetShown, use_fleet};
use super::use_flow::{Flow, use_flow};
use crate::flow::event::Language;
use crate::obshell::address::AgentAddress;
use crate::text::evidence::run;
use crate::text::fleet;
use crate::text::page::title;
use crate::ui::book::BookView;
use crate::ui::console::{Console, ConsoleProps};
use crate::ui::fleet::evidence::RunForm;
use crate::ui::fleet::{FleetConsole, FleetConsoleProps};
use crate::ui::theme::Theme;
use crate::ui::view::ZoneChoice;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Properties of [`App`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// The options of the host or the site.
    pub options: Options,
    /// The element into which the console is rendered.
    pub root: Element,
    /// Called after a rendering whose [`Shown`] differs from the previous one. For the console's
    /// own page; hosts receive events instead.
    #[prop_or_default]
    pub on_shown: Option<Callback<Shown>>,
    /// The document of `root`; another document causes a new rendering.
    #[prop_or_default]
    pub document: Option<Document>,
    /// Called after every rendering.
    #[prop_or_default]
    pub on_drawn: Callback<()>,
}

/// The state that a console shows to its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The agent, task and choices on screen; `None` until something is opened or chosen.
    pub place: Option<Place>,
    /// The title of a page that contains only this console.
    pub title: String,
    /// The language of the console.
    pub language: Language,
}

/// The language, theme and time zone, as left in a console of the other kind.
#[derive(Clone, Copy, PartialEq)]
struct Looks {
    language: Language,
    theme: Theme,
    zone: ZoneChoice,
}

/// The initial state of a console that replaces one of the other kind.
#[derive(Clone, PartialEq)]
struct Begun {
    /// The options at the time of the switch. Later changes by the host take precedence.
    base: Options,
    looks: Looks,
    /// The selected agent.
    agent: Option<AgentAddress>,
}

impl Begun {
    fn over(&self, options: &Options) -> Options {
        let Self { base, looks, agent } = self;
        let mut options = options.clone();
        if options.locale == base.locale {
            options.locale = Locale::Fixed(looks.language);
        }
        if options.theme == base.theme {
            options.theme = looks.theme;
        }
        if options.zone == base.zone {
            options.zone = looks.zone;
        }
        if options.links == base.links {
            options.link = Link {
                agent: agent.as_ref().map(AgentAddress::to_string),
                ..Link::default()
            };
        }
        options
    }
}

/// The kind of console to render, and its initial state.
#[derive(Clone, PartialEq)]
enum Kind {
    /// A single destroy.
    One(Option<Begun>),
    /// A run over several agents.
    Several(Option<Begun>),
}

/// The root component: a console for a single destroy or for a run over several agents, both with
/// the same agent book. On the console's own page, a tab with a stored run starts with that run. In
/// a host's page, "Several agents" restores the run.
#[component]
pub fn App(props: &AppProps) -> Html {
    let AppProps {
        options,
        root,
        on_shown,
        document,
        on_drawn,
    } = props;
    let kind = use_state(|| {
        if on_shown.is_some() && Slot::of_page().read().is_some() {
            Kind::Several(None)
        } else {
            Kind::One(None)
        }
    });
    let idle = options.settings.timeouts.idle;
    let book = use_book(options.book.as_ref(), root, idle);
    let root = root.clone();
    let begin = |begun: &Option<Begun>| match begun {
        Some(begun) => begun.over(options),
        None => options.clone(),
    };
    let to = |kind: UseStateSetter<Kind>, make: fn(Option<Begun>) -> Kind| {
        let base = options.clone();
        Callback::from(move |(looks, agent): (Looks, Option<AgentAddress>)| {
            let base = base.clone();
            kind.set(make(Some(Begun { base, looks, agent })));
        })
    };
    match &*kind {
        Kind::One(begun) => {
            let (options, on_several) = (begin(begun), to(kind.setter(), Kind::Several));
            html! {
                <One
                    {options}
                    {root}
                    {book}
                    {on_shown}
                    document={document.clone()}
                    {on_drawn}
                    {on_several}
                />
            }
        }
        Kind::Several(begun) => {
            let (options, on_one) = (begin(begun), to(kind.setter(), Kind::One));
            html! {
                <Several
                    {options}
                    {root}
                    {book}
                    {on_shown}
                    document={document.clone()}
                    {on_drawn}
                    {on_one}
                />
            }
        }
    }
}

/// Properties of [`One`].
#[derive(PartialEq, Properties)]
struct OneProps {
    options: Options,
    root: Element,
    book: Option<AgentBook>,
    on_shown: Option<Callback<Shown>>,
    document: Option<Document>,
    on_drawn: Callback<()>,
    on_several: Callback<(Looks, Option<AgentAddress>)>,
}

/// The console for a single destroy, with its flow.
#[component]
fn One(props: &OneProps) -> Html {
    let Flow {
        console,
        place,
        lender,
    } = use_flow(&props.options, &props.root);
    let book = props.book.as_ref();
    let book = book.map(|book| book.serve(&console.tell, Some(&lender)));
    let shown = props.on_shown.as_ref().map(|_| Shown {
        place,
        title: title(&console.state, console.language),
        language: console.language,
    });
    use_shown(shown, &props.on_shown);
    let drawing = use_redrawn(&props.root, &props.on_drawn);
    let looks = Looks {
        language: console.language,
        theme: console.theme,
        zone: console.zone,
    };
    let on_several = use_callback((looks, props.on_several.clone()), |(), (looks, there)| {
        there.emit((*looks, None));
    });
    let console = ConsoleProps {
        on_several: Some(on_several),
        ..console
    };
    html! {
        <ContextProvider<Option<BookView>> context={book}>
            <Console key={drawing} ..console />
        </ContextProvider<Option<BookView>>>
    }
}

/// Properties of [`Several`].
#[derive(PartialEq, Properties)]
struct SeveralProps {
    options: Options,
    root: Element,
    book: Option<AgentBook>,
    on_shown: Option<Callback<Shown>>,
    document: Option<Document>,
    on_drawn: Callback<()>,
    on_one: Callback<(Looks, Option<AgentAddress>)>,
}

/// The console for a run over several agents, with its fleet.
#[component]
fn Several(props: &SeveralProps) -> Html {
    let FleetShown {
        fleet,
        language,
        theme,
        zone,
        picked,
        secure_transport,
        tell,
        platform,
    } = use_fleet(
        &props.options,
        &props.root,
        props.on_shown.is_some(),
        props.book.as_ref().map(AgentBook::open),
    );
    let book = props.book.as_ref().map(|book| book.serve(&tell, None));
    let shown = props.on_shown.as_ref().map(|_| Shown {
        place: None,
        title: fleet::title(&fleet, language),
        language,
    });
    use_shown(shown, &props.on_shown);
    let drawing = use_redrawn(&props.root, &props.on_drawn);
    let looks = Looks {
        language,
        theme,
        zone,
    };
    let on_one = use_callback(
        (looks, props.on_one.clone()),
        |agent: Option<AgentAddress>, (looks, there)| there.emit((*looks, agent)),
    );
    let evidence = {
        let fleet = fleet.clone();
        Callback::from(move |form| match form {
            RunForm::Markdown => run::markdown(&fleet, language),
            RunForm::Json => run::json(&fleet, VERSION),
            RunForm::Csv => run::csv(&fleet, language),
        })
    };
    let console = FleetConsoleProps {
        fleet,
        language,
        theme,
        zone,
        picked,
        secure_transport,
        opened: None,
        evidence,
        on_one,
        tell,
        platform,
    };
    html! {
        <ContextProvider<Option<BookView>> context={book}>
            <FleetConsole key={drawing} ..console />
        </ContextProvider<Option<BookView>>>
    }
}

/// Reports to the page when the content on screen changes.
#[hook]
fn use_shown(shown: Option<Shown>, on_shown: &Option<Callback<Shown>>) {
    let on_shown = on_shown.clone();
    use_effect_with(shown, move |shown| {
        if let (Some(on_shown), Some(shown)) = (on_shown, shown) {
            on_shown.emit(shown.clone());
        }
    });
}
