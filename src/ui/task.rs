//! The task that is watched.

pub mod bar;
pub mod detail;
pub mod stage;

use std::rc::Rc;

use yew::prelude::*;

use self::detail::TaskDetail;
use super::focus;
use super::icon::Icon;
use super::notice::Notice;
use super::password::{PasswordField, take};
use super::ticking::{Elapsed, use_now};
use super::view::{View, ZoneChoice};
use crate::flow::event::Event as Act;
use crate::flow::state::{self, Contact};
use crate::obshell::dag::{Dag, Operator, State};
use crate::obshell::error::Failure;
use crate::obshell::secret::Secret;
use crate::obshell::time::{AgentTime, Millis};
use crate::text;
use crate::text::labels::Label;

/// Properties of [`Task`].
#[derive(Properties, PartialEq)]
pub struct TaskProps {
    /// Words.
    pub view: View,
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// What is watched.
    pub task: state::Task,
    /// Takes acts.
    pub dispatch: Callback<Act>,
    /// Takes the password.
    pub give_credential: Callback<Secret>,
    /// Takes another zone.
    pub choose_zone: Callback<ZoneChoice>,
}

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

/// When a task began: when it ran, or while it waits when it was written down. Milliseconds by
/// the agent's clock.
pub(super) fn began(dag: &Dag) -> Option<Millis> {
    let time = dag.span.started.as_ref().or(dag.created.as_ref());
    time.map(AgentTime::millis)
}

/// State, stages and log of a task, and how the contact is.
#[component]
pub fn Task(props: &TaskProps) -> Html {
    let TaskProps { view, task, .. } = props;
    let dag = &task.dag;
    let language = view.language;
    let leave = props.dispatch.reform(|_: MouseEvent| Act::StartOver);
    html! {
        <>
            <section class="panel" aria-labelledby="screen">
                <h2 id="screen" tabindex="-1" ref={props.heading.clone()}>{ text::task::dag_title(&dag.name, language) }</h2>
                { strip(view, dag) }
                <p class="next">
                    if task.confirming {
                        { view.label(Label::Confirming) }
                    } else {
                        <strong>{ view.label(Label::Next) }</strong>{ " " }{ text::task::next(dag, language) }
                    }
                </p>
                if let Some(foreign) = text::task::foreign_owner(dag, &task.facts.address, language) {
                    <Notice icon={Icon::Warn} what={foreign} />
                }
                <ContactLine
                    view={view.clone()}
                    contact={task.contact.clone()}
                    address={AttrValue::from(task.facts.address.to_string())}
                    last_news={task.last_news}
                />
                if let Contact::Unauthenticated(_) = task.contact {
                    <Authenticate
                        view={view.clone()}
                        heading={props.heading.clone()}
                        dispatch={props.dispatch.clone()}
                        give_credential={props.give_credential.clone()}
                    />
                }
            </section>
            <TaskDetail view={view.clone()} dag={Rc::clone(dag)} choose_zone={props.choose_zone.clone()} />
            <p class="leave">
                <button type="button" class="plain" onclick={leave}>{ view.label(Label::StopWatching) }</button>
                <span class="hint">{ view.label(Label::StopWatchingHint) }</span>
            </p>
        </>
    }
}

/// State, stage, elapsed time and id in one line, and a bar of the stages.
pub(super) fn strip(view: &View, dag: &Rc<Dag>) -> Html {
    let segment = |index: usize| {
        let node = dag.nodes.as_ref().and_then(|nodes| nodes.get(index));
        let class = match node.map(|node| icon_of(&node.state, &node.operator)) {
            Some(Icon::Pass) => "good",
            Some(Icon::Fail) => "bad",
            Some(Icon::Skipped | Icon::Cancelled) => "warn",
            Some(Icon::Running) => "running",
            _ => "",
        };
        html! { <span {class}></span> }
    };
    let ended = dag.span.ended.as_ref().map(AgentTime::millis);
    html! {
        <>
            <div class="strip">
                <span class="state">
                    { icon_of(&dag.state, &dag.operator).draw() }
                    <strong>{ text::task::standing(&dag.state, &dag.operator, view.language) }</strong>
                </span>
                <span>
                    { view.label(Label::Stage) }{ " " }
                    <strong>{ view.count(dag.stage) }</strong>{ " / " }{ view.count(dag.max_stage) }
                </span>
                if let Some(since) = began(dag) {
                    <span>
                        { view.label(Label::Elapsed) }{ " " }
                        <strong class="elapsed"><Elapsed view={view.clone()} {since} until={ended} /></strong>
                    </span>
                }
                <span>{ view.label(Label::TaskId) }{ " " }<code>{ dag.id.to_string() }</code></span>
            </div>
            <div class="segments-bar" aria-hidden="true">{ for (0..dag.max_stage.min(64)).map(segment) }</div>
        </>
    }
}

/// Properties of [`ContactLine`].
#[derive(Properties, PartialEq)]
pub struct ContactLineProps {
    view: View,
    contact: Contact,
    address: AttrValue,
    last_news: Millis,
}

/// How fresh the news is.
#[component]
fn ContactLine(props: &ContactLineProps) -> Html {
    let ContactLineProps {
        view,
        contact,
        address,
        last_news,
    } = props;
    let now = use_now(&view.platform, matches!(contact, Contact::Retrying { .. }));
    let last_news = [&*view.moment(*last_news), " ", &view.zone_name()].concat();
    let say = |wait: &str| text::task::contact(contact, &last_news, wait, view.language);
    let why = |failure: &Failure| text::problem::failure(failure, address, view.language);
    match contact {
        Contact::Good => html! { <p class="quiet">{ say("") }</p> },
        Contact::Retrying {
            failure, next_at, ..
        } => {
            // Rounded up: "in 0 s" says nothing.
            let wait = (next_at - now).max(0).saturating_add(999) / 1000 * 1000;
            html! { <Notice icon={Icon::Warn} what={say(&view.duration(wait.max(1000)))} fix={AttrValue::from(why(failure).what)} /> }
        }
        Contact::Unauthenticated(failure) => {
            html! { <Notice id="contact" icon={Icon::Warn} what={say("")} fix={AttrValue::from(why(failure).what)} /> }
        }
    }
}

/// Properties of [`Authenticate`].
#[derive(Properties, PartialEq)]
pub struct AuthenticateProps {
    view: View,
    heading: NodeRef,
    dispatch: Callback<Act>,
    give_credential: Callback<Secret>,
}

/// The password once more, in place.
#[component]
fn Authenticate(props: &AuthenticateProps) -> Html {
    let field = use_node_ref();
    let missing = use_state_eq(|| false);
    let onsubmit = {
        let (field, missing, heading) = (field.clone(), missing.clone(), props.heading.clone());
        let (dispatch, give) = (props.dispatch.clone(), props.give_credential.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let secret = take(&field);
            let has_credential = !secret.is_empty();
            missing.set(!has_credential);
            if has_credential {
                give.emit(secret);
                // The form goes away, and the focus with it if it stayed here.
                focus(&heading);
            }
            dispatch.emit(Act::Authenticate { has_credential });
        })
    };
    let view = &props.view;
    html! {
        <form class="again" {onsubmit} novalidate=true>
            <PasswordField
                view={view.clone()}
                {field}
                invalid={*missing}
                described_by={if *missing { "password-problem contact" } else { "contact" }}
            >
                if *missing {
                    { advice(text::problem::password_missing(view.language)) }
                }
            </PasswordField>
            <div class="acts"><button type="submit" class="primary">{ view.label(Label::GoOn) }</button></div>
        </form>
    }
}

fn advice(advice: text::problem::Advice) -> Html {
    html! { <Notice id="password-problem" icon={Icon::Fail} what={advice.what} fix={AttrValue::from(advice.fix)} /> }
}
