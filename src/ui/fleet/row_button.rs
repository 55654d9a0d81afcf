//! A button in the row of a member.

use yew::prelude::*;

use super::messages::send;
use crate::fleet::event::FleetEvent;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`RowButton`].
#[derive(PartialEq, Properties)]
pub struct RowButtonProps {
    /// The label of the button.
    pub label: FleetLabel,
    /// The agent to which the action applies.
    pub address: AttrValue,
    /// The event that the button reports.
    pub event: FleetEvent,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// A button whose accessible name includes the agent: the list of buttons in a screen reader
/// contains many with the same label.
#[component]
pub fn RowButton(props: &RowButtonProps) -> Html {
    let RowButtonProps {
        label,
        address,
        event,
        on_message,
    } = props;
    let language = use_view().language;
    let act = label.get(language);
    html! {
        <button
            type="button"
            class="small"
            aria-label={text::fleet::act_on(act, address, language)}
            onclick={send(on_message, event.clone())}
        >
            { act }
        </button>
    }
}
