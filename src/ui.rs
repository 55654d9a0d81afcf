//! What a person sees: function components that draw a [`State`] and report acts as [`Event`]s.
//!
//! There is no fetch, no timer and no decision here. What a component needs from its
//! surroundings comes by [`Platform`]. Parts that did not change keep their `Rc` and are not drawn
//! again.

pub mod connect;
pub mod copy;
pub mod ended;
pub mod facts;
pub mod header;
pub mod icon;
pub mod log;
pub mod notice;
pub mod password;
pub mod platform;
pub mod preflight;
mod prose;
pub mod review;
pub mod status;
pub mod steps;
pub mod submitting;
pub mod task;
pub mod theme;
pub mod ticking;
pub mod view;

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use self::connect::Connect;
use self::ended::Ended;
use self::header::Header;
use self::platform::Platform;
use self::preflight::Preflight;
use self::review::Review;
use self::status::{Status, news};
use self::steps::{Steps, step_of};
use self::submitting::Submitting;
use self::task::Task;
use self::theme::Theme;
use self::view::{View, ZoneChoice};
use crate::flow::event::{Event, Language};
use crate::flow::state::{Screen, State};
use crate::obshell::secret::Secret;
use crate::obshell::time::ClockOffset;
use crate::text::labels::Label;

/// Properties of [`Console`].
#[derive(Properties, PartialEq)]
pub struct ConsoleProps {
    /// What to draw.
    pub state: Rc<State>,
    /// The language of every word.
    pub language: Language,
    /// The looks.
    pub theme: Theme,
    /// Whether requests leave the browser by https.
    pub secure_transport: bool,
    /// Takes a person's acts.
    pub dispatch: Callback<Event>,
    /// Takes the password, just before [`Event::Connect`] or [`Event::Authenticate`].
    pub give_credential: Callback<Secret>,
    /// Takes another language.
    pub choose_language: Callback<Language>,
    /// Takes other looks.
    pub choose_theme: Callback<Theme>,
    /// Clock, words for times, clipboard.
    pub platform: Platform,
}

/// The whole console.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    let state = &props.state;
    let zone = use_state_eq(ZoneChoice::default);
    let choose_zone = {
        let zone = zone.clone();
        use_callback((), move |choice, ()| zone.set(choice))
    };
    let heading = use_node_ref();
    let step = step_of(&state.screen);
    use_focus_on_change(&heading, screen_number(&state.screen));

    let facts = state.facts();
    let view = View {
        language: props.language,
        platform: props.platform.clone(),
        zone: *zone,
        agent_offset: facts.map(|facts| facts.agent_time.offset_seconds()),
        clock: facts.map_or(ClockOffset::NONE, |facts| facts.clock),
    };
    let screen = match &state.screen {
        Screen::Connect => html! {
            <Connect
                view={view.clone()}
                {heading}
                settings={Rc::clone(&state.settings)}
                form={state.form.clone()}
                dispatch={props.dispatch.clone()}
                give_credential={props.give_credential.clone()}
            />
        },
        Screen::Preflight(preflight) => html! {
            <Preflight
                view={view.clone()}
                {heading}
                preflight={preflight.clone()}
                secure_transport={props.secure_transport}
                dispatch={props.dispatch.clone()}
            />
        },
        Screen::Review(review) => html! {
            <Review view={view.clone()} {heading} review={review.clone()} dispatch={props.dispatch.clone()} />
        },
        Screen::Submitting(submitting) => html! {
            <Submitting view={view.clone()} {heading} submitting={submitting.clone()} />
        },
        Screen::Task(task) => html! {
            <Task
                view={view.clone()}
                {heading}
                task={task.clone()}
                dispatch={props.dispatch.clone()}
                give_credential={props.give_credential.clone()}
                {choose_zone}
            />
        },
        Screen::Ended(ended) => html! {
            <Ended
                view={view.clone()}
                {heading}
                ended={Rc::new(ended.clone())}
                dispatch={props.dispatch.clone()}
                {choose_zone}
            />
        },
    };
    html! {
        <section
            class="console"
            data-theme={props.theme.name()}
            lang={props.language.tag()}
            aria-label={view.label(Label::Title)}
        >
            <Header
                view={view.clone()}
                facts={facts.cloned()}
                theme={props.theme}
                choose_language={props.choose_language.clone()}
                choose_theme={props.choose_theme.clone()}
            />
            <div class="body">
                <Steps view={view.clone()} {step} />
                { screen }
            </div>
            <Status news={news(state, &view)} />
        </section>
    }
}

/// A number for each screen, to tell when it changed.
fn screen_number(screen: &Screen) -> u8 {
    match screen {
        Screen::Connect => 0,
        Screen::Preflight(_) => 1,
        Screen::Review(_) => 2,
        Screen::Submitting(_) => 3,
        Screen::Task(_) => 4,
        Screen::Ended(_) => 5,
    }
}

/// Moves the focus to the heading of a new screen. Not to that of the first one: the page around
/// the console may have its own idea of where to begin.
#[hook]
fn use_focus_on_change(heading: &NodeRef, screen: u8) {
    let shown = use_mut_ref(|| screen);
    let heading = heading.clone();
    use_effect_with(screen, move |screen| {
        if shown.replace(*screen) != *screen {
            focus(&heading);
        }
    });
}

/// Moves the focus.
fn focus(to: &NodeRef) {
    if let Some(to) = to.cast::<HtmlElement>() {
        // What cannot take the focus is not there any more, and then there is nothing to do.
        let _ = to.focus();
    }
}
