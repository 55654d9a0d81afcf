//! The checks of all members in one table.

mod row;

use yew::prelude::*;

use self::row::CheckedRow;
use super::from_book::FromBook;
use super::messages::{send, shown};
use super::shared::Shared;
use super::sign_in::count_needing_credential;
use super::sign_in::for_all::SignInForAll;
use super::table::Table;
use super::table_focus::TableFocus;
use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::{MemberId, MemberStatus};
use crate::fleet::state::Fleet;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::text::labels::Label;
use crate::ui::book::use_focus_when_unlocked;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::message::Message;
use crate::ui::view::use_view;

const COLUMNS: [FleetLabel; 6] = [
    FleetLabel::Agent,
    FleetLabel::State,
    FleetLabel::Version,
    FleetLabel::Odp,
    FleetLabel::Checks,
    FleetLabel::Actions,
];

/// Properties of [`PreflightScreen`].
#[derive(PartialEq, Properties)]
pub struct PreflightScreenProps {
    /// The elements that take the focus.
    pub places: TableFocus,
    /// The run.
    pub fleet: Shared<Fleet>,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// Opens a member.
    pub open: Callback<MemberId>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// A row for each agent, the number of ready agents, and the button that opens the review.
#[component]
pub fn PreflightScreen(props: &PreflightScreenProps) -> Html {
    let PreflightScreenProps {
        places,
        fleet,
        secure_transport,
        open,
        on_message,
    } = props;
    use_focus_when_unlocked(&places.heading());
    let view = use_view();
    let language = view.language;
    let say = |label: FleetLabel| label.get(language);
    let counts = fleet.counts();
    let reason = text::fleet::not_reviewable(fleet, language);
    let checking = fleet
        .members
        .iter()
        .any(|member| member.status == MemberStatus::Checking);
    let row = {
        let (fleet, places) = (Shared::clone(fleet), places.clone());
        let (open, on_message, secure_transport) =
            (open.clone(), on_message.clone(), *secure_transport);
        Callback::from(move |index: usize| {
            let Some(member) = fleet.members.get(index) else {
                return Html::default();
            };
            let (id, place) = (member.id, places.row(member.id));
            let (open, on_message, member) =
                (open.clone(), on_message.clone(), Shared::new(member));
            html! {
                <CheckedRow key={id.0} {index} {member} {secure_transport} {place} {open} {on_message} />
            }
        })
    };
    let blocked = reason.is_some().then_some("true");
    let review = {
        let on_message = on_message.clone();
        let may = reason.is_none();
        move |_| {
            if may {
                on_message.emit(Message::Fleet(FleetEvent::Review));
            }
        }
    };
    html! {
        <section class="panel" aria-labelledby="screen" aria-busy={checking.then_some("true")}>
            <div class="head">
                <h2 id="screen" tabindex="-1" ref={places.heading()}>
                    { say(FleetLabel::ChecksTitle) }
                </h2>
                <p class="tally">
                    if checking {
                        <Icon kind={IconKind::Running} />
                    }
                    { text::fleet::checks(&counts, language) }
                </p>
            </div>
            <FromBook {fleet} {on_message} />
            if count_needing_credential(fleet) > 0 {
                <SignInForAll {on_message} />
            }
            <Table
                name={say(FleetLabel::ChecksTitle)}
                class="checked"
                columns={&COLUMNS[..]}
                rows={fleet.members.len()}
                {row}
                first={places.first(fleet)}
                on_shown={shown(fleet, on_message)}
            />
            <div class="acts">
                <button
                    type="button"
                    class="primary"
                    aria-disabled={blocked}
                    aria-describedby={reason.map(|_| "review-reason")}
                    onclick={review}
                >
                    { say(FleetLabel::ReviewAgents) }
                </button>
                <button type="button" onclick={send(on_message, FleetEvent::Recheck(MemberSelection::All))}>
                    { say(FleetLabel::CheckAllAgain) }
                </button>
                if fleet.restored {
                    <button type="button" class="plain" onclick={send(on_message, FleetEvent::StartOver)}>
                        { say(FleetLabel::GiveUpRun) }
                    </button>
                } else {
                    <button type="button" class="plain" onclick={send(on_message, FleetEvent::Back)}>
                        { view.label(Label::Back) }
                    </button>
                }
                if let Some(reason) = reason {
                    <span class="quiet" id="review-reason">{ reason }</span>
                }
            </div>
        </section>
    }
}
