//! The row for the password of one agent.

use yew::prelude::*;

use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::Member;
use crate::flow::state::SignIn;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::dom::is_enter;
use crate::ui::fleet::shared::Shared;
use crate::ui::fleet::table::row_index;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::message::Message;
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`PasswordRow`].
#[derive(PartialEq, Properties)]
pub struct PasswordRowProps {
    /// The index of the row, counted from 0.
    pub index: usize,
    /// The agent.
    pub member: Shared<Member>,
    /// Whether the password from the agent book is used.
    pub saved: bool,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// A field until there is a password. The typed text is taken from the field when the focus leaves
/// it: a row that is scrolled away is not part of the page, and no password must remain there.
#[component]
pub fn PasswordRow(props: &PasswordRowProps) -> Html {
    let PasswordRowProps {
        index,
        member,
        saved,
        on_message,
    } = props;
    let language = use_view().language;
    let field = use_node_ref();
    let address = member.chosen.address.to_string();
    let give = {
        let (field, on_message) = (field.clone(), on_message.clone());
        let selection = MemberSelection::Member(member.id);
        Callback::from(move |()| {
            let secret = take(&field);
            if !secret.is_empty() {
                on_message.emit(Message::MemberCredential(selection, secret));
                on_message.emit(Message::Fleet(FleetEvent::SignIn {
                    selection,
                    sign_in: SignIn::AgentPassword,
                    has_credential: true,
                }));
            }
        })
    };
    let onkeydown = {
        let give = give.clone();
        move |event: KeyboardEvent| {
            if is_enter(&event) {
                event.prevent_default();
                give.emit(());
            }
        }
    };
    html! {
        <tr role="row" aria-rowindex={row_index(*index)}>
            <th role="rowheader" scope="row"><code>{ &address }</code></th>
            <td role="cell">{ member.chosen.label.clone().unwrap_or_default() }</td>
            <td role="cell">
                if *saved {
                    <span class="state">
                        <Icon kind={IconKind::Pass} />
                        { FleetLabel::PasswordSaved.get(language) }
                    </span>
                } else if member.needs_credential() {
                    <input
                        type="password"
                        ref={field}
                        autocomplete="new-password"
                        autocapitalize="none"
                        spellcheck="false"
                        data-lpignore="true"
                        aria-label={text::fleet::password_of(&address, language)}
                        onchange={give.reform(|_: Event| ())}
                        {onkeydown}
                    />
                } else {
                    <span class="state">
                        <Icon kind={IconKind::Pass} />
                        { FleetLabel::PasswordGiven.get(language) }
                    </span>
                }
            </td>
        </tr>
    }
}
