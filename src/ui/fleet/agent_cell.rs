//! The first cell of a row: the agent, as a button that opens the member.

use yew::prelude::*;

use super::shared::Shared;
use crate::fleet::member::{Member, MemberId};
use crate::text;
use crate::ui::view::use_view;

/// Properties of [`AgentCell`].
#[derive(PartialEq, Properties)]
pub struct AgentCellProps {
    /// The member.
    pub member: Shared<Member>,
    /// The button that opens the member, if it is to be focused.
    pub place: Option<NodeRef>,
    /// Opens the member.
    pub open: Callback<MemberId>,
}

/// The address as a button, and the label.
#[component]
pub fn AgentCell(props: &AgentCellProps) -> Html {
    let AgentCellProps {
        member,
        place,
        open,
    } = props;
    let language = use_view().language;
    let own = use_node_ref();
    let id = member.id;
    let address = member.chosen.address.to_string();
    html! {
        <th role="rowheader" scope="row">
            <button
                type="button"
                class="link"
                ref={place.clone().unwrap_or(own)}
                title={text::fleet::open(&address, language)}
                onclick={open.reform(move |_| id)}
            >
                <code>{ address.clone() }</code>
            </button>
            if let Some(label) = &member.chosen.label {
                <span class="quiet agent-label">{ label }</span>
            }
        </th>
    }
}
