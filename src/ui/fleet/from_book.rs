//! Signs in again with the passwords of the agent book, on a screen with another purpose.

use std::collections::HashSet;

use yew::prelude::*;

use super::shared::Shared;
use crate::book::state::PanelView;
use crate::fleet::event::MemberSelection;
use crate::fleet::state::Fleet;
use crate::flow::event::Language;
use crate::obshell::error::{NotSent, WipeReason};
use crate::text::fleet::labels::FleetLabel;
use crate::ui::book::{BookView, UnlockHere, use_book_view};
use crate::ui::icon::IconKind;
use crate::ui::message::Message;
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`FromBook`].
#[derive(PartialEq, Properties)]
pub struct FromBookProps {
    /// The run.
    pub fleet: Shared<Fleet>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// If members are signed out without a rejection by their agents, shows the form that unlocks a
/// locked book, or the button that uses an open one. Otherwise an empty element, which the style
/// sheet hides.
///
/// The element always exists: a component of Yew 0.23 that renders no node refers to the following
/// sibling as its position, even while that sibling is being removed. An element inserted before it
/// in the same rendering would cause a panic.
#[component]
pub fn FromBook(props: &FromBookProps) -> Html {
    let language = use_view().language;
    let content = use_book_view().map(|book| content(props, &book, language));
    html! { <div class="from-book">{ content }</div> }
}

/// The form or the button, if the book can help.
fn content(props: &FromBookProps, book: &BookView, language: Language) -> Html {
    let FromBookProps { fleet, on_message } = props;
    let say = |label: FleetLabel| label.get(language);
    let needing_credential = fleet.needing_credential(MemberSelection::All);
    let members = needing_credential.iter().filter_map(|id| fleet.member(*id));
    let signed_out: Vec<_> = members
        .filter(|member| member.flow.signed_out().is_some())
        .collect();
    let needs_book = |why: &NotSent| *why == NotSent::CredentialWiped(WipeReason::BookLocked);
    match &book.state.view {
        PanelView::Locked(_) if !signed_out.is_empty() => html! {
            <>
                if signed_out.iter().any(|it| it.flow.signed_out().is_some_and(needs_book)) {
                    <Notice
                        icon={IconKind::Warn}
                        what={say(FleetLabel::BookLockedWhat)}
                        fix={say(FleetLabel::BookLockedFix)}
                    />
                }
                <UnlockHere />
            </>
        },
        PanelView::Open { agents, .. } => {
            let saved: HashSet<_> = agents.iter().map(|entry| &entry.details.address).collect();
            let is_saved = |address| saved.contains(address);
            if !signed_out.iter().any(|it| is_saved(&it.chosen.address)) {
                return Html::default();
            }
            html! {
                <div class="acts">
                    <button type="button" onclick={on_message.reform(|_| Message::FromBook)}>
                        { say(FleetLabel::FromBook) }
                    </button>
                </div>
            }
        }
        _ => Html::default(),
    }
}
