//! The task that is watched.

mod bar;
pub mod detail;
mod stage;

use std::cell::Cell;
use std::rc::Rc;

use yew::prelude::*;

use self::detail::detail;
use super::ConsoleProps;
use super::build::{On, button, el, heading as heading_of, said, several, tells, texted};
use super::focus;
use super::icon::Icon;
use super::message::Message;
use super::notice::notice;
use super::part::{Given, Part};
use super::password::{choice, password_field, take};
use super::view::{View, whole_seconds};
use crate::flow::event::Event as Act;
use crate::flow::preflight::NOTABLE_CLOCK_MILLIS;
use crate::flow::state::{self, Contact, Facts, SignIn};
use crate::obshell::dag::progress::Progress;
use crate::obshell::dag::{Dag, Operator, State};
use crate::obshell::error::Failure;
use crate::obshell::time::{AgentTime, Millis};
use crate::text;
use crate::text::labels::Label;

/// The sign for a state and what was told last.
pub(super) fn icon_of(state: &State, operator: &Operator) -> Icon {
    match (state, operator) {
        (State::Succeed, Operator::Pass) => Icon::Skipped,
        (State::Failed, Operator::Cancel) => Icon::Cancelled,
        (State::Succeed, _) => Icon::Pass,
        (State::Failed, _) => Icon::Fail,
        (State::Running, _) => Icon::Running,
        (State::Pending | State::Ready, _) => Icon::Waiting,
        (State::Unknown(_), _) => Icon::Info,
    }
}

/// The colour of a state and what was told last, beside its word.
pub(super) fn tone_of(state: &State, operator: &Operator) -> &'static str {
    match icon_of(state, operator) {
        Icon::Pass => "good",
        Icon::Fail => "bad",
        Icon::Skipped | Icon::Cancelled => "warn",
        Icon::Running => "running",
        _ => "",
    }
}

/// When a task began: when it ran, or while it waits when it was written down. Milliseconds by
/// the agent's clock.
pub(super) fn began(dag: &Dag) -> Option<Millis> {
    let time = dag.span.started.as_ref().or(dag.created.as_ref());
    time.map(AgentTime::millis)
}

/// State, stages and log of a task, and how the contact is.
pub(super) fn task(
    props: &ConsoleProps,
    view: &View,
    (heading, operate): (&NodeRef, &NodeRef),
    task: &state::Task,
) -> Html {
    let dag = &task.dag;
    let language = view.language;
    let leave = tells(&props.tell, Act::StartOver);
    let next = if task.confirming {
        Some(said("p", "next", view.label(Label::Confirming)))
    } else if task.awaits_effect() {
        None
    } else {
        let next = el("p", "next")
            .child(said("strong", "", view.label(Label::Next)))
            .say(" ")
            .text(text::task::next(dag, language));
        Some(next)
    };
    let foreign = text::task::foreign_owner(&dag.id, &task.facts.address, language)
        .map(|foreign| notice(None, Icon::Warn, &foreign, None));
    let notes = text::task::notes(task, language);
    // The first one, where this console has to take something back.
    let notes = notes.iter().enumerate().map(|(index, note)| {
        let warns = index == 0 && task.takes_back;
        let icon = if warns { Icon::Warn } else { Icon::Info };
        notice(None, icon, note, None)
    });
    let clock = task.facts.clock;
    let clock = (clock.millis.abs() >= NOTABLE_CLOCK_MILLIS)
        .then(|| notice(None, Icon::Info, &text::check::clock(clock, language), None));
    let title = text::task::dag_title(&dag.name, language);
    let panel = el("section", "panel")
        .attr("aria-labelledby", "screen")
        .child(heading_of(heading, title.into()))
        .node(strip(view, dag))
        .maybe(next)
        .node(foreign.unwrap_or_default())
        .node(notes.collect())
        .node(clock.unwrap_or_default())
        .node(contact(
            props,
            view,
            heading,
            &task.facts,
            (&task.contact, task.last_news),
        ))
        .node(if props.state.settings.read_only {
            Html::default()
        } else {
            view.operations(&props.tell, operate, task)
        });
    let leave = el("p", "leave")
        .child(button("plain", view.label(Label::StopWatching), leave))
        .child(said("span", "hint", view.label(Label::StopWatchingHint)));
    several(vec![panel.html(), detail(props, view, dag), leave.html()])
}

/// State, stage, elapsed time and id in one line, and a bar of the stages.
pub(super) fn strip(view: &View, dag: &Rc<Dag>) -> Html {
    let segment = |index: usize| {
        let class = dag
            .node(index + 1)
            .map(|node| tone_of(&node.state, &node.operator));
        el("span", class.unwrap_or_default()).html()
    };
    let ended = dag.span.ended.as_ref().map(AgentTime::millis);
    let named = |label| said("span", "", view.label(label)).say(" ");
    // A task that left a stage out has not succeeded.
    let operator = match dag.progress() {
        Progress::Skipped => &Operator::Pass,
        _ => &dag.operator,
    };
    let (icon, standing) = match dag.progress() {
        Progress::Contradicted => (Icon::Warn, text::task::reported(view.language).to_owned()),
        _ => (
            icon_of(&dag.state, operator),
            text::task::standing(&dag.state, operator, view.language),
        ),
    };
    let state = el("span", "state")
        .node(icon.draw())
        .child(texted("strong", "", standing));
    let stage = named(Label::Stage)
        .child(texted("strong", "", view.count(dag.stage)))
        .say(" / ")
        .text(view.count(dag.max_stage));
    // Of a task that has ended without an end that is told, nobody knows how long it took.
    let known = ended.is_some() || !dag.state.is_final();
    let elapsed = began(dag).filter(|_| known).map(|since| {
        named(Label::Elapsed).child(texted("strong", "elapsed", view.elapsed(since, ended)))
    });
    let line = el("div", "strip")
        .child(state)
        .child(stage)
        .maybe(elapsed)
        .child(named(Label::TaskId).child(texted("code", "", dag.id.to_string())));
    let segments = el("div", "segments-bar")
        .attr("aria-hidden", "true")
        .each((0..dag.max_stage.min(64)).map(segment));
    several(vec![line.html(), segments.html()])
}

/// How fresh the news is, and the password once more where that is what is missing.
pub(super) fn contact(
    props: &ConsoleProps,
    view: &View,
    heading: &NodeRef,
    facts: &Rc<Facts>,
    (contact, last_news): (&Contact, Millis),
) -> Html {
    let last_news = [&*view.moment(last_news), " ", &view.zone_name()].concat();
    let say = |wait: &str| text::task::contact(contact, &last_news, wait, view.language);
    let why = |failure: &Failure| view.failure(failure, &facts.address.to_string()).what;
    match contact {
        Contact::Good => texted("p", "quiet", say("")).html(),
        Contact::Retrying {
            failure, next_at, ..
        } => {
            // Rounded up: "in 0 s" says nothing.
            let wait = whole_seconds(next_at - view.now + 999).max(1000);
            let what = say(&view.duration(wait));
            notice(None, Icon::Warn, &what, Some(&why(failure)))
        }
        Contact::Unauthenticated(failure) => {
            let lost = notice(Some("contact"), Icon::Warn, &say(""), Some(&why(failure)));
            let authenticate = Given::Authenticate(AuthenticateProps {
                view: view.calm(),
                heading: heading.clone(),
                sign_in: props.state.form.sign_in,
                facts: Rc::clone(facts),
                tell: props.tell.clone(),
            });
            several(vec![lost, authenticate.html()])
        }
    }
}

/// What the password field is given.
#[derive(PartialEq)]
pub struct AuthenticateProps {
    /// Words.
    pub view: View,
    heading: NodeRef,
    /// The password that is asked for.
    sign_in: SignIn,
    /// What is known of the agent: whether there is a choice, and which.
    facts: Rc<Facts>,
    tell: Callback<Message>,
}

/// What the password field keeps.
#[derive(Default)]
struct Own {
    field: NodeRef,
    /// Whether it was sent empty.
    missing: Cell<bool>,
}

/// The password once more, in place.
pub(super) fn authenticate(props: &AuthenticateProps, part: &Part) -> Html {
    let kept = part.kept::<Own>();
    let (field, missing) = (kept.field.clone(), kept.missing.get());
    let sign_in = props.sign_in;
    let onsubmit = {
        let (heading, tell) = (props.heading.clone(), props.tell.clone());
        Callback::from(move |event: Event| {
            event.prevent_default();
            let secret = take(&kept.field);
            let typed = !secret.is_empty();
            let has_credential = typed || !sign_in.is_typed();
            kept.missing.set(!has_credential);
            kept.redraw();
            if typed {
                tell.emit(Message::Credential(secret));
            }
            if has_credential {
                // The form goes away, and the focus with it if it stayed here.
                focus(&heading);
            }
            tell.emit(Message::Flow(Act::Authenticate { has_credential }));
        })
    };
    let view = &props.view;
    let problem = missing.then(|| view.password_missing(sign_in));
    let go_on = said("button", "primary", view.label(Label::GoOn)).attr("type", "submit");
    el("form", "again")
        .attr("novalidate", "novalidate")
        .on(On::Submit, onsubmit)
        .maybe(
            (props.facts.info.has_sessions() || sign_in == SignIn::Host)
                .then(|| choice(view, &props.tell, sign_in, Some(&props.facts), false)),
        )
        .node(password_field(
            view,
            (&field, sign_in),
            problem.as_ref(),
            ("contact", None),
        ))
        .child(el("div", "acts").child(go_on))
        .html()
}
