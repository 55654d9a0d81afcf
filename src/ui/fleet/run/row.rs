//! The row of a member in a run.

use std::rc::Rc;

use yew::prelude::*;

use super::stage_bar::StageBar;
use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::{LeftOut, Member, MemberId, MemberStatus};
use crate::fleet::summary::Retry;
use crate::obshell::time::Millis;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::fleet::agent_cell::AgentCell;
use crate::ui::fleet::row_button::RowButton;
use crate::ui::fleet::shared::Shared;
use crate::ui::fleet::status::icon_of;
use crate::ui::fleet::table::row_index;
use crate::ui::icon::Icon;
use crate::ui::message::Message;
use crate::ui::view::{use_view, whole_seconds};

/// Properties of [`RunRow`].
#[derive(PartialEq, Properties)]
pub struct RunRowProps {
    /// The index of the row, counted from 0.
    pub index: usize,
    /// The member.
    pub member: Shared<Member>,
    /// The browser's clock, in milliseconds since 1970; `None` if the row does not depend on the
    /// time.
    pub now: Option<Millis>,
    /// Whether the console is read-only.
    pub read_only: bool,
    /// The button that opens the member, if it is to be focused.
    pub place: Option<NodeRef>,
    /// Opens the member.
    pub open: Callback<MemberId>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// Agent, state, stage, time and newest log line of a member, and the available actions.
#[component]
pub fn RunRow(props: &RunRowProps) -> Html {
    let RunRowProps {
        index,
        member,
        now,
        read_only,
        place,
        open,
        on_message,
    } = props;
    let view = use_view();
    let language = view.language;
    let say = |label: FleetLabel| label.get(language);
    // The row shows no checks, so the value has no effect.
    let row = member.row(true);
    let address = member.chosen.address.to_string();
    let id = member.id;
    let word = text::fleet::status_text(member, row.display_status, true, language);
    let why = match member.status {
        MemberStatus::LeftOut(why) => Some(text::fleet::left_out(why, language)),
        _ => None,
    };
    let elapsed = row.began.and_then(|began| {
        let until = row.ended.or(*now)?;
        Some(view.duration(whole_seconds(until - began)))
    });
    let line = row.log.map(|line| text::visible(line).into_owned());
    let button = |label: FleetLabel, event: FleetEvent| {
        html! { <RowButton {label} address={address.clone()} {event} {on_message} /> }
    };
    let opens = |label: FleetLabel| {
        html! {
            <button
                type="button"
                class="small"
                aria-label={text::fleet::act_on(say(label), &address, language)}
                onclick={open.reform(move |_| id)}
            >
                { say(label) }
            </button>
        }
    };
    let acts = if *read_only {
        Html::default()
    } else {
        html! {
            <>
                if row.needs_credential {
                    { opens(FleetLabel::ToSignIn) }
                }
                if member.unread && member.review().is_none() && member.can_recheck() {
                    { button(FleetLabel::CheckAgain, FleetEvent::Recheck(MemberSelection::Member(id))) }
                }
                if let Some(retry) = row.retry {
                    if retry == Retry::Confirmation {
                        { opens(FleetLabel::Retry) }
                    } else {
                        { button(FleetLabel::Retry, FleetEvent::Retry { member: id, typed: None }) }
                    }
                }
                if member.status == MemberStatus::Waiting {
                    { button(FleetLabel::LeaveOut, FleetEvent::LeaveOut(id)) }
                }
                if member.status == MemberStatus::LeftOut(LeftOut::Person) && member.confirmed {
                    { button(FleetLabel::Include, FleetEvent::Include(id)) }
                }
            </>
        }
    };
    html! {
        <tr role="row" aria-rowindex={row_index(*index)}>
            <AgentCell {member} {place} {open} />
            <td role="cell" data-name={say(FleetLabel::State)}>
                <span class="state">
                    <Icon kind={icon_of(member, row.display_status)} />
                    { word }
                </span>
                if let Some(why) = why {
                    <span class="quiet tally">{ why }</span>
                }
            </td>
            <td role="cell" data-name={say(FleetLabel::Stage)}>
                if let Some(task) = member.task() {
                    <StageBar dag={Rc::clone(&task.dag)} />
                }
            </td>
            <td role="cell" data-name={say(FleetLabel::Elapsed)}>{ elapsed.unwrap_or_default() }</td>
            <td role="cell" data-name={say(FleetLabel::NewestLine)}>
                if let Some(line) = line {
                    <code class="newest" title={line.clone()}>{ line.clone() }</code>
                }
            </td>
            <td role="cell" class="row-acts">{ acts }</td>
        </tr>
    }
}
