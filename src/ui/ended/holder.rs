//! The task that holds the agent's ODP lock.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::event::FlowEvent;
use crate::obshell::dag::Dag;
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;
use crate::ui::message::{Message, to_flow};
use crate::ui::task::strip::TaskStrip;
use crate::ui::view::use_view;

/// Properties of [`LockHolder`].
#[derive(PartialEq, Properties)]
pub struct LockHolderProps {
    /// The task.
    pub dag: Rc<Dag>,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The task that holds the agent's ODP lock, with a button to follow it.
#[component]
pub fn LockHolder(props: &LockHolderProps) -> Html {
    let LockHolderProps {
        dag,
        now,
        on_message,
    } = props;
    let view = use_view();
    html! {
        <div class="holder">
            <h3>{ text::task::dag_title(&dag.name, view.language) }</h3>
            <TaskStrip {dag} now={*now} />
            <button type="button" class="primary" onclick={to_flow(on_message, FlowEvent::FollowHolder)}>
                { view.label(Label::FollowTask) }
            </button>
        </div>
    }
}
