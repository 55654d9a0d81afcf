//! What a person sees: functions that draw a [`State`] and report acts as [`Message`]s.
//!
//! There is no fetch, no timer and no decision here. What a component needs from its
//! surroundings comes by [`Platform`]. A [`Part`] that is given nothing new is not drawn again.

mod build;
pub mod connect;
pub mod copy;
mod ended;
mod facts;
mod header;
pub mod icon;
pub mod later;
pub mod log;
pub mod message;
mod notice;
mod open;
mod operate;
pub mod part;
pub(crate) mod password;
pub mod platform;
mod preflight;
mod prose;
pub mod review;
mod status;
mod steps;
mod submitting;
pub mod task;
pub mod theme;
pub mod view;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use self::build::{el, texted};
use self::connect::ConnectProps;
use self::header::header;
use self::later::Later;
use self::message::{Message, Picked};
use self::part::{Given, Part};
use self::platform::{Guard, Platform};
use self::review::ReviewProps;
use self::status::news;
use self::steps::{step_of, steps};
use self::theme::Theme;
use self::view::{View, ZoneChoice};
use crate::flow::ending::Ending;
use crate::flow::event::Language;
use crate::flow::state::{Screen, State};
use crate::obshell::time::ClockOffset;
use crate::text::labels::Label;

/// What the whole console is given.
#[derive(PartialEq)]
pub struct ConsoleProps {
    /// What to draw.
    pub state: Rc<State>,
    /// The language of every word.
    pub language: Language,
    /// The looks.
    pub theme: Theme,
    /// The zone of every time.
    pub zone: ZoneChoice,
    /// The stage whose log a person wants to see, where it is one of the task's.
    pub picked: Option<Picked>,
    /// Whether requests leave the browser by https.
    pub secure_transport: bool,
    /// Takes what a person does. A password comes just before the event that it is for.
    pub tell: Callback<Message>,
    /// Clock, words for times, clipboard.
    pub platform: Platform,
    /// What is fetched later, once it is there.
    pub later: Option<Later>,
}

/// What the console keeps.
#[derive(Default)]
struct Own {
    /// The heading of the screen.
    heading: NodeRef,
    /// The operations on a task.
    operate: NodeRef,
    /// Whether they were a question when they were drawn last.
    asked: Cell<bool>,
    /// The screen that was drawn last.
    shown: Cell<Option<u8>>,
    /// Draws the console again every second.
    tick: RefCell<Option<Guard>>,
}

/// The whole console.
fn console(props: &ConsoleProps, part: &Part) -> Html {
    let state = &props.state;
    let kept = part.kept::<Own>();
    let (heading, operate) = (&kept.heading, &kept.operate);
    let asks = match &state.screen {
        Screen::Task(task) => task.asks(),
        Screen::Ended(ended) => ended.task.as_ref().is_some_and(|task| task.asks()),
        _ => false,
    };
    let (screen, live) = (screen_number(&state.screen), is_live(&state.screen));
    {
        let (kept, platform) = (kept.clone(), props.platform.clone());
        part.after(move || {
            // Not to the heading of the first screen: the page around the console may have its
            // own idea of where to begin.
            if kept
                .shown
                .replace(Some(screen))
                .is_some_and(|before| before != screen)
            {
                focus(&kept.heading);
            }
            // The button that was pressed is gone.
            if kept.asked.replace(asks) != asks {
                focus(if asks { &kept.operate } else { &kept.heading });
            }
            let mut tick = kept.tick.borrow_mut();
            if !live {
                *tick = None;
            } else if tick.is_none() {
                *tick = Some(platform.every_second(kept.redrawing()));
            }
        });
    }
    let facts = state.facts();
    let view = View {
        language: props.language,
        platform: props.platform.clone(),
        zone: props.zone,
        agent_offset: facts.map(|facts| facts.agent_time.offset_seconds()),
        clock: facts.map_or(ClockOffset::NONE, |facts| facts.clock),
        now: props.platform.now(),
        later: props.later,
    };
    let screen = match &state.screen {
        Screen::Connect => Given::Connect(ConnectProps {
            view: view.calm(),
            heading: heading.clone(),
            settings: Rc::clone(&state.settings),
            form: state.form.clone(),
            tell: props.tell.clone(),
        })
        .html(),
        Screen::Preflight(preflight) => preflight::preflight(props, &view, heading, preflight),
        Screen::Review(review) => Given::Review(ReviewProps {
            view: view.calm(),
            heading: heading.clone(),
            review: review.clone(),
            tell: props.tell.clone(),
        })
        .html(),
        Screen::Submitting(submitting) => submitting::submitting(props, &view, heading, submitting),
        Screen::Task(task) => task::task(props, &view, (heading, operate), task),
        Screen::Ended(ended) => view.ended(props, (heading, operate), &Rc::new(ended.clone())),
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

/// Moves the focus.
fn focus(to: &NodeRef) {
    if let Some(to) = to.cast::<HtmlElement>() {
        // What cannot take the focus is not there any more, and then there is nothing to do.
        let _ = to.focus();
    }
}
