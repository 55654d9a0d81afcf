//! What a person sees: function components that draw a [`State`] and report acts as [`Event`]s.
//!
//! There is no fetch, no timer and no decision here. What a component needs from its
//! surroundings comes by [`Platform`]. Parts that did not change keep their `Rc` and are not drawn
//! again.

mod build;
pub mod connect;
pub mod copy;
mod ended;
mod facts;
mod header;
pub mod icon;
pub mod log;
mod notice;
mod password;
pub mod platform;
mod preflight;
mod prose;
pub mod review;
mod status;
mod steps;
mod submitting;
pub mod task;
pub mod theme;
mod ticking;
pub mod view;

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use self::build::{el, texted};
use self::connect::Connect;
use self::header::header;
use self::platform::Platform;
use self::review::Review;
use self::status::news;
use self::steps::{step_of, steps};
use self::theme::Theme;
use self::ticking::use_now;
use self::view::{View, ZoneChoice};
use crate::flow::ending::Ending;
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
    use_focus_on_change(&heading, screen_number(&state.screen));

    let now = use_now(&props.platform, is_live(&state.screen));
    let facts = state.facts();
    let view = View {
        language: props.language,
        platform: props.platform.clone(),
        zone: *zone,
        agent_offset: facts.map(|facts| facts.agent_time.offset_seconds()),
        clock: facts.map_or(ClockOffset::NONE, |facts| facts.clock),
        now,
    };
    let screen = match &state.screen {
        Screen::Connect => html! {
            <Connect
                view={view.calm()}
                {heading}
                settings={Rc::clone(&state.settings)}
                form={state.form.clone()}
                dispatch={props.dispatch.clone()}
                give_credential={props.give_credential.clone()}
            />
        },
        Screen::Preflight(preflight) => preflight::preflight(props, &view, &heading, preflight),
        Screen::Review(review) => html! {
            <Review view={view.calm()} {heading} review={review.clone()} dispatch={props.dispatch.clone()} />
        },
        Screen::Submitting(submitting) => {
            submitting::submitting(props, &view, &heading, submitting)
        }
        Screen::Task(task) => task::task(props, &view, &heading, task, &choose_zone),
        Screen::Ended(ended) => ended::ended(
            props,
            &view,
            &heading,
            &Rc::new(ended.clone()),
            &choose_zone,
        ),
    };
    let body = el("div", "body")
        .node(steps(&view, step_of(&state.screen)))
        .node(screen);
    // On every screen the same one: a new live region would not be listened to.
    let news = texted("p", "unseen", news(state, &view))
        .attr("role", "status")
        .attr("aria-live", "polite");
    el("section", "console")
        .attr("data-theme", props.theme.name())
        .attr("lang", props.language.tag())
        .attr("aria-label", view.label(Label::Title))
        .node(header(props, &view))
        .child(body)
        .child(news)
        .html()
}

/// Whether something on the screen grows older by itself.
fn is_live(screen: &Screen) -> bool {
    match screen {
        Screen::Connect | Screen::Preflight(_) | Screen::Review(_) => false,
        Screen::Submitting(_) | Screen::Task(_) => true,
        Screen::Ended(ended) => matches!(
            ended.ending,
            Ending::SomeoneElse {
                holder: Some(_),
                ..
            }
        ),
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
