//! The agent's list of tasks.

mod row;

use std::rc::Rc;

use yew::prelude::*;

use self::row::TaskRow;
use super::icon::{Icon, IconKind};
use super::list::item_key;
use super::message::Message;
use super::notice::Notice;
use super::rows::{PlaceInList, Rows};
use super::view::use_view;
use crate::flow::event::FlowEvent;
use crate::flow::state::{Facts, Tasks};
use crate::obshell::dag::Dag;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`TaskList`].
#[derive(PartialEq, Properties)]
pub struct TaskListProps {
    /// The agent.
    pub facts: Rc<Facts>,
    /// The ODP tasks of the agent.
    pub tasks: Tasks,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The agent's ODP tasks behind a button, which reads them.
#[component]
pub fn TaskList(props: &TaskListProps) -> Html {
    let TaskListProps {
        facts,
        tasks,
        on_message,
    } = props;
    let view = use_view();
    let language = view.language;
    let is_open = use_state(|| *tasks != Tasks::NotRequested);
    let onclick = {
        let (is_open, on_message) = (is_open.clone(), on_message.clone());
        move |_| {
            if !*is_open {
                on_message.emit(Message::Flow(FlowEvent::ListTasks));
            }
            is_open.set(!*is_open);
        }
    };
    let body = match tasks {
        Tasks::NotRequested => Html::default(),
        Tasks::Reading => html! {
            <p class="asking">
                <Icon kind={IconKind::Running} />
                { text::open::asking(language) }
            </p>
        },
        Tasks::Failed(failure) => {
            let advice = text::problem::failure(failure, &facts.address.to_string(), language);
            html! { <Notice icon={IconKind::Fail} what={advice.what} fix={advice.fix} /> }
        }
        Tasks::Listed(listed) => rows(
            listed,
            view.label(Label::ListTasks),
            text::open::none(language),
            on_message,
        ),
        Tasks::ListedInPart(listed) => html! {
            <>
                <p class="quiet">{ text::open::in_part(language) }</p>
                { rows(
                    listed,
                    view.label(Label::ListTasks),
                    text::open::none_in_part(language),
                    on_message,
                ) }
            </>
        },
    };
    html! {
        <section class="panel" aria-labelledby="tasks-title">
            <h3>
                <button
                    id="tasks-title"
                    type="button"
                    class="link disclosure"
                    aria-expanded={is_open.to_string()}
                    {onclick}
                >
                    { view.label(Label::ListTasks) }
                </button>
            </h3>
            if *is_open {
                { body }
            }
        </section>
    }
}

/// The tasks, or the text `none` if there are none.
fn rows(
    listed: &Rc<Vec<Rc<Dag>>>,
    name: &'static str,
    none: &'static str,
    on_message: &Callback<Message>,
) -> Html {
    if listed.is_empty() {
        return html! { <p class="quiet">{ none }</p> };
    }
    let row = {
        let (listed, on_message) = (Rc::clone(listed), on_message.clone());
        Callback::from(move |(index, place): (usize, PlaceInList)| {
            html! {
                if let Some(dag) = listed.get(index) {
                    <TaskRow key={item_key(index, dag.id.as_str())} {dag} {place} on_message={&on_message} />
                }
            }
        })
    };
    html! { <Rows {name} tag="ul" class="stages tasks" rows={listed.len()} {row} /> }
}
