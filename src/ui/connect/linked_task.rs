//! The task named by a link.

use yew::prelude::*;

use crate::flow::event::FlowEvent;
use crate::obshell::address::AgentAddress;
use crate::obshell::dag::id::DagId;
use crate::text;
use crate::ui::icon::IconKind;
use crate::ui::message::{Message, to_flow};
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`LinkedTask`].
#[derive(PartialEq, Properties)]
pub struct LinkedTaskProps {
    /// The task.
    pub task: DagId,
    /// The agent's address as typed.
    pub address: AttrValue,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The task of a link that "Connect" will open, with a button to cancel that.
#[component]
pub fn LinkedTask(props: &LinkedTaskProps) -> Html {
    let LinkedTaskProps {
        task,
        address,
        on_message,
    } = props;
    let language = use_view().language;
    let foreign = AgentAddress::parse(address)
        .ok()
        .and_then(|address| text::task::foreign_owner(task, &address, language));
    let icon = if foreign.is_some() {
        IconKind::Warn
    } else {
        IconKind::Info
    };
    html! {
        <>
            <Notice
                {icon}
                what={text::open::linked(task, language)}
                fix={foreign.map(AttrValue::from)}
            />
            <p>
                <button
                    type="button"
                    class="small"
                    onclick={to_flow(on_message, FlowEvent::CancelOpen)}
                >
                    { text::open::cancel_open(language) }
                </button>
            </p>
        </>
    }
}
