//! The screen of the followed task.

mod bar;
pub(super) mod detail;
mod notify;
mod stage;
pub(super) mod strip;
mod times;

use std::rc::Rc;

use yew::prelude::*;

use self::detail::TaskDetail;
use self::notify::Notify;
use self::strip::TaskStrip;
use super::contact::ContactLine;
use super::hooks::ScreenFocus;
use super::icon::IconKind;
use super::message::{Message, Picked, to_flow};
use super::notice::Notice;
use super::odp_facts::OdpFacts;
use super::operations::Operations;
use super::view::use_view;
use crate::flow::event::FlowEvent;
use crate::flow::preflight::NOTABLE_CLOCK_MILLIS;
use crate::flow::state::{SignIn, Task};
use crate::obshell::time::{AgentTime, Millis};
use crate::text;
use crate::text::labels::Label;

/// Properties of [`TaskScreen`].
#[derive(PartialEq, Properties)]
pub struct TaskScreenProps {
    /// The elements that take the focus.
    pub places: ScreenFocus,
    /// The task.
    pub task: Rc<Task>,
    /// The stage whose log the person selected, if it is a stage of this task.
    pub picked: Option<Picked>,
    /// Whether the console is read-only.
    pub read_only: bool,
    /// Whether the person is notified of the end; `None` if the site does not offer notifications.
    pub notifies: Option<bool>,
    /// The kind of password to request, if sign-in is required again.
    pub sign_in: SignIn,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// State, stages and log of a task, and the state of the contact.
#[component]
pub fn TaskScreen(props: &TaskScreenProps) -> Html {
    let TaskScreenProps {
        places,
        task,
        picked,
        read_only,
        notifies,
        sign_in,
        now,
        on_message,
    } = props;
    let now = *now;
    let view = use_view();
    let language = view.language;
    let dag = &task.dag;
    let next = if task.confirming {
        html! { <p class="next">{ view.label(Label::Confirming) }</p> }
    } else if task.awaits_effect() {
        Html::default()
    } else {
        html! {
            <p class="next">
                <strong>{ view.label(Label::Next) }</strong>
                { " " }
                { text::task::next(dag, language) }
            </p>
        }
    };
    let note_icon = |index| {
        // A warning for the first note if this console has to correct an earlier statement.
        if index == 0 && task.revises_ending {
            IconKind::Warn
        } else {
            IconKind::Info
        }
    };
    let clock = task.facts.clock;
    // While the agent does not answer, the last known state is shown and the time does not advance.
    let last_known = task.is_last_known().then_some(task.last_update);
    html! {
        <>
            <section
                class={classes!("panel", "task", last_known.map(|_| "still"))}
                aria-labelledby="screen"
            >
                <div class="head">
                    <h2 id="screen" tabindex="-1" ref={&places.heading}>
                        { text::task::dag_title(&dag.name, language) }
                    </h2>
                    <button
                        type="button"
                        class="plain"
                        aria-describedby={last_known.is_none().then_some("leave-hint")}
                        onclick={to_flow(on_message, FlowEvent::StartOver)}
                    >
                        { view.label(Label::StopWatching) }
                    </button>
                </div>
                <TaskStrip {dag} since={began(task)} {last_known} {now} />
                <div class="halves">
                    <div class="part">
                        if last_known.is_none() {
                            { next }
                        }
                        <ContactLine
                            heading={&places.heading}
                            facts={&task.facts}
                            contact={task.contact.clone()}
                            last_update={task.last_update}
                            has_task={true}
                            sign_in={*sign_in}
                            {now}
                            {on_message}
                        />
                        <div class="leaving">
                            // A lost contact is already reported above.
                            if last_known.is_none() {
                                <p class="hint" id="leave-hint">
                                    { view.label(Label::StopWatchingHint) }
                                </p>
                            }
                            if let Some(on) = *notifies {
                                <Notify {on} {on_message} />
                            }
                        </div>
                    </div>
                    if !read_only {
                        <Operations place={&places.operations} {task} {on_message} />
                    }
                </div>
                if let Some(what) = text::task::foreign_owner(&dag.id, &task.facts.address, language) {
                    <Notice icon={IconKind::Warn} {what} />
                }
                for (index, what) in text::task::notes(task, language).into_iter().enumerate() {
                    <Notice icon={note_icon(index)} {what} />
                }
                if clock.millis.abs() >= NOTABLE_CLOCK_MILLIS {
                    <Notice icon={IconKind::Info} what={text::check::clock(clock, language)} />
                }
                <OdpFacts odp={task.odp.clone()} />
            </section>
            <TaskDetail
                {dag}
                picked={picked.clone()}
                last_known={last_known.is_some()}
                now={last_known.unwrap_or(now)}
                {on_message}
            />
        </>
    }
}

/// The last reported start of a task, in milliseconds by the agent's clock.
pub(super) fn began(task: &Task) -> Option<Millis> {
    task.watch.started.as_ref().map(AgentTime::millis)
}
