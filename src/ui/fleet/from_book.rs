//! Signing in again with the passwords of the agent book, on a screen that is about something else.

use std::collections::HashSet;

use yew::prelude::*;

use super::same::Same;
use crate::book::desk::Place;
use crate::fleet::event::Whom;
use crate::fleet::state::Fleet;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::book::{UnlockHere, use_book_view};
use crate::ui::icon::IconKind;
use crate::ui::message::Message;
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`FromBook`].
#[derive(PartialEq, Properties)]
pub struct FromBookProps {
    /// The run.
    pub fleet: Same<Fleet>,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// Where members are signed out and none of their agents refused: the form that unlocks a locked
/// book, or the button that uses an open one.
#[component]
pub fn FromBook(props: &FromBookProps) -> Html {
    let FromBookProps { fleet, tell } = props;
    let language = use_view().language;
    let say = |label: FleetLabel| label.get(language);
    let Some(book) = use_book_view() else {
        return Html::default();
    };
    let wanting = fleet.wanting(Whom::All);
    let members = wanting.iter().filter_map(|id| fleet.member(*id));
    let mut signed_out = members.filter(|member| member.flow.signed_out().is_some());
    match &book.desk.place {
        Place::Locked(_) if signed_out.next().is_some() => html! {
            <>
                <Notice
                    icon={IconKind::Warn}
                    what={say(FleetLabel::BookLockedWhat)}
                    fix={say(FleetLabel::BookLockedFix)}
                />
                <UnlockHere />
            </>
        },
        Place::Open { agents, .. } => {
            let saved: HashSet<_> = agents.iter().map(|entry| &entry.card.address).collect();
            if !signed_out.any(|member| saved.contains(&member.chosen.address)) {
                return Html::default();
            }
            html! {
                <div class="acts">
                    <button type="button" onclick={tell.reform(|_| Message::FromBook)}>
                        { say(FleetLabel::FromBook) }
                    </button>
                </div>
            }
        }
        _ => Html::default(),
    }
}
