//! The root component.

use web_sys::{Document, Element};
use yew::prelude::*;

use super::book::{AgentBook, use_book};
use super::journal::Slot;
use super::options::{Locale, Options};
use super::place::{Link, Place};
use super::redraw::use_redrawn;
use super::use_fleet::{FleetView, use_fleet};
use super::use_flow::{Flow, use_flow};
use crate::flow::event::Language;
use crate::obshell::address::AgentAddress;
use crate::text::evidence::run;
use crate::text::fleet;
use crate::text::page::title;
use crate::ui::book::BookView;
use crate::ui::console::{Console, ConsoleProps};
use crate::ui::fleet::evidence::RunEvidenceFormat;
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
    /// Called after a rendering whose [`PageState`] differs from the previous one. For the
    /// console's own page; hosts receive events instead.
    #[prop_or_default]
    pub on_shown: Option<Callback<PageState>>,
    /// The document of `root`; another document causes a new rendering.
    #[prop_or_default]
    pub document: Option<Document>,
    /// Called after every rendering.
    #[prop_or_default]
    pub on_drawn: Callback<()>,
}

/// The state that a console shows to its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageState {
    /// The agent, task and choices on screen; `None` until something is opened or chosen.
    pub place: Option<Place>,
    /// The title of a page that contains only this console.
    pub title: String,
    /// The language of the console.
    pub language: Language,
}

/// The language, theme and time zone, as left in a console of the other kind.
#[derive(Clone, Copy, PartialEq)]
struct Appearance {
    language: Language,
    theme: Theme,
    zone: ZoneChoice,
}

/// The initial state of a console that replaces one of the other kind.
#[derive(Clone, PartialEq)]
struct InitialState {
    /// The options at the time of the switch. Later changes by the host take precedence.
    base: Options,
    appearance: Appearance,
    /// The selected agent.
    agent: Option<AgentAddress>,
}

impl InitialState {
    fn apply_to(&self, options: &Options) -> Options {
        let Self {
            base,
            appearance,
            agent,
        } = self;
        let mut options = options.clone();
        if options.locale == base.locale {
            options.locale = Locale::Fixed(appearance.language);
        }
        if options.theme == base.theme {
            options.theme = appearance.theme;
        }
        if options.zone == base.zone {
            options.zone = appearance.zone;
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

/// The kind of a console.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ConsoleKind {
    /// A single destroy.
    Single,
    /// A run over several agents.
    Run,
}

impl ConsoleKind {
    fn other(self) -> Self {
        match self {
            Self::Single => Self::Run,
            Self::Run => Self::Single,
        }
    }
}

/// Properties of [`SingleConsole`] and [`RunConsole`].
#[derive(PartialEq, Properties)]
struct ConsoleKindProps {
    options: Options,
    root: Element,
    book: Option<AgentBook>,
    on_shown: Option<Callback<PageState>>,
    document: Option<Document>,
    on_drawn: Callback<()>,
    /// Replaces the console with one of the other kind. Receives the selected agent, if any.
    on_other: Callback<(Appearance, Option<AgentAddress>)>,
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
    let current = use_state(|| {
        let resumes = on_shown.is_some() && Slot::of_page().read().is_some();
        (
            if resumes {
                ConsoleKind::Run
            } else {
                ConsoleKind::Single
            },
            None,
        )
    });
    let (kind, initial): &(ConsoleKind, Option<InitialState>) = &current;
    let idle = options.settings.timeouts.idle;
    let book = use_book(options.book.as_ref(), root, idle);
    let on_other = {
        let (current, other, base) = (current.setter(), kind.other(), options.clone());
        Callback::from(move |(appearance, agent)| {
            let base = base.clone();
            current.set((
                other,
                Some(InitialState {
                    base,
                    appearance,
                    agent,
                }),
            ));
        })
    };
    let props = ConsoleKindProps {
        options: match initial {
            Some(initial) => initial.apply_to(options),
            None => options.clone(),
        },
        root: root.clone(),
        book,
        on_shown: on_shown.clone(),
        document: document.clone(),
        on_drawn: on_drawn.clone(),
        on_other,
    };
    match kind {
        ConsoleKind::Single => html! { <SingleConsole ..props /> },
        ConsoleKind::Run => html! { <RunConsole ..props /> },
    }
}

/// The console for a single destroy, with its flow.
#[component]
fn SingleConsole(props: &ConsoleKindProps) -> Html {
    let Flow {
        console,
        place,
        lender,
    } = use_flow(&props.options, &props.root);
    let book = props.book.as_ref();
    let book = book.map(|book| book.attach(&console.on_message, Some(&lender)));
    let shown = props.on_shown.as_ref().map(|_| PageState {
        place,
        title: title(&console.state, console.language),
        language: console.language,
    });
    use_shown(shown, &props.on_shown);
    let drawing = use_redrawn(&props.root, &props.on_drawn);
    let appearance = Appearance {
        language: console.language,
        theme: console.theme,
        zone: console.zone,
    };
    let has_stored_run = use_state(|| {
        let slot = Slot::new(props.on_shown.is_some(), &props.root);
        slot.read().is_some()
    });
    let on_several = use_callback(
        (appearance, props.on_other.clone()),
        |(), (appearance, on_other)| {
            on_other.emit((*appearance, None));
        },
    );
    let console = ConsoleProps {
        on_several: Some(on_several),
        has_stored_run: *has_stored_run,
        ..console
    };
    html! {
        <ContextProvider<Option<BookView>> context={book}>
            <Console key={drawing} ..console />
        </ContextProvider<Option<BookView>>>
    }
}

/// The console for a run over several agents, with its fleet.
#[component]
fn RunConsole(props: &ConsoleKindProps) -> Html {
    let FleetView {
        fleet,
        language,
        theme,
        zone,
        picked,
        secure_transport,
        on_message,
        platform,
    } = use_fleet(
        &props.options,
        &props.root,
        props.on_shown.is_some(),
        props.book.as_ref().map(AgentBook::open),
    );
    let book = props
        .book
        .as_ref()
        .map(|book| book.attach(&on_message, None));
    let shown = props.on_shown.as_ref().map(|_| PageState {
        place: None,
        title: fleet::title(&fleet, language),
        language,
    });
    use_shown(shown, &props.on_shown);
    let drawing = use_redrawn(&props.root, &props.on_drawn);
    let appearance = Appearance {
        language,
        theme,
        zone,
    };
    let on_one = use_callback(
        (appearance, props.on_other.clone()),
        |agent: Option<AgentAddress>, (appearance, on_other)| on_other.emit((*appearance, agent)),
    );
    let evidence = {
        let fleet = fleet.clone();
        Callback::from(move |form| match form {
            RunEvidenceFormat::Markdown => run::markdown(&fleet, language),
            RunEvidenceFormat::Json => run::json(&fleet, VERSION),
            RunEvidenceFormat::Csv => run::csv(&fleet, language),
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
        on_message,
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
fn use_shown(shown: Option<PageState>, on_shown: &Option<Callback<PageState>>) {
    let on_shown = on_shown.clone();
    use_effect_with(shown, move |shown| {
        if let (Some(on_shown), Some(shown)) = (on_shown, shown) {
            on_shown.emit(shown.clone());
        }
    });
}
