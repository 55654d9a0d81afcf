//! A button in a row.

use yew::prelude::*;

use super::tell::send;
use crate::fleet::event::FleetEvent;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`RowButton`].
#[derive(PartialEq, Properties)]
pub struct RowButtonProps {
    /// What it does.
    pub label: FleetLabel,
    /// The agent that it does it to.
    pub address: AttrValue,
    /// The same for the run.
    pub event: FleetEvent,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// A button whose accessible name tells the agent, too: a screen reader's list of buttons has many
/// of them.
#[component]
pub fn RowButton(props: &RowButtonProps) -> Html {
    let RowButtonProps {
        label,
        address,
        event,
        tell,
    } = props;
    let language = use_view().language;
    let act = label.get(language);
    html! {
        <button
            type="button"
            class="small"
            aria-label={text::fleet::act_on(act, address, language)}
            onclick={send(tell, event.clone())}
        >
            { act }
        </button>
    }
}
