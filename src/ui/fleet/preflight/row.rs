//! The row of a member with its checks.

use yew::prelude::*;

use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::{LeftOut, Member, MemberId, MemberStatus};
use crate::flow::preflight::{Verdict, checks};
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::text::split_command;
use crate::ui::fleet::agent_cell::AgentCell;
use crate::ui::fleet::row_button::RowButton;
use crate::ui::fleet::shared::Shared;
use crate::ui::fleet::status::icon_of;
use crate::ui::fleet::table::row_index;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::message::Message;
use crate::ui::view::{View, use_view};

/// Properties of [`CheckedRow`].
#[derive(PartialEq, Properties)]
pub struct CheckedRowProps {
    /// The index of the row, counted from 0.
    pub index: usize,
    /// The member.
    pub member: Shared<Member>,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// The button that opens the member, if it is to be focused.
    pub place: Option<NodeRef>,
    /// Opens the member.
    pub open: Callback<MemberId>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// Agent, state, version, ODP and checks of a member, and the available actions.
#[component]
pub fn CheckedRow(props: &CheckedRowProps) -> Html {
    let CheckedRowProps {
        index,
        member,
        secure_transport,
        place,
        open,
        on_message,
    } = props;
    let view = use_view();
    let language = view.language;
    let say = |label: FleetLabel| label.get(language);
    let row = member.row(*secure_transport);
    let address = member.chosen.address.to_string();
    let id = member.id;
    let word = text::fleet::status_text(member, row.display_status, false, language);
    let version = row.facts.map(|facts| facts.info.version.to_string());
    let odp = row.facts.map(|facts| {
        say(match facts.info.manages_odp {
            Some(true) => FleetLabel::Managed,
            Some(false) => FleetLabel::NotManaged,
            None => FleetLabel::Unknown,
        })
    });
    let can_recheck = member.can_recheck()
        && !matches!(
            member.status,
            MemberStatus::Checking | MemberStatus::LeftOut(LeftOut::Person)
        );
    let needs_credential = row.needs_credential;
    let can_leave_out = matches!(
        member.status,
        MemberStatus::Unchecked | MemberStatus::Checking | MemberStatus::Waiting
    );
    let is_left_out = member.status == MemberStatus::LeftOut(LeftOut::Person);
    let button = |label: FleetLabel, event: FleetEvent| {
        html! { <RowButton {label} address={address.clone()} {event} {on_message} /> }
    };
    html! {
        <tr role="row" aria-rowindex={row_index(*index)}>
            <AgentCell {member} {place} {open} />
            <td role="cell" data-name={say(FleetLabel::State)}>
                <span class="state"><Icon kind={icon_of(member, row.display_status)} />{ word }</span>
            </td>
            <td role="cell" data-name={say(FleetLabel::Version)}>{ version.unwrap_or_default() }</td>
            <td role="cell" data-name={say(FleetLabel::Odp)}>{ odp.unwrap_or_default() }</td>
            <td role="cell" data-name={say(FleetLabel::Checks)}>
                { findings(member, *secure_transport, &view) }
            </td>
            <td role="cell" class="row-acts">
                if needs_credential {
                    <button
                        type="button"
                        class="small"
                        aria-label={text::fleet::act_on(say(FleetLabel::ToSignIn), &address, language)}
                        onclick={open.reform(move |_| id)}
                    >
                        { say(FleetLabel::ToSignIn) }
                    </button>
                } else if can_recheck {
                    { button(FleetLabel::CheckAgain, FleetEvent::Recheck(MemberSelection::Member(id))) }
                }
                if can_leave_out {
                    { button(FleetLabel::LeaveOut, FleetEvent::LeaveOut(id)) }
                } else if is_left_out {
                    { button(FleetLabel::Include, FleetEvent::Include(id)) }
                }
            </td>
        </tr>
    }
}

/// Why the member is left out, and the results of its checks, the worst first.
fn findings(member: &Member, secure_transport: bool, view: &View) -> Html {
    let language = view.language;
    let row = member.row(secure_transport);
    let why = match member.status {
        MemberStatus::LeftOut(why) => Some(text::fleet::left_out(why, language)),
        _ => None,
    };
    let problem = row.problem.map(|problem| {
        let address = member.chosen.address.to_string();
        let (_, advice) = text::problem::connect_problem(problem, &address, language);
        split_command(&advice.what).0.to_owned()
    });
    let found = member.review().map(|review| {
        let all = checks(&review.preflight, secure_transport);
        let tally = text::check::tally(&all, language);
        let worst = row.worst.as_ref().map(|check| {
            let kind = match check.verdict {
                Verdict::Pass => IconKind::Pass,
                Verdict::Warn => IconKind::Warn,
                Verdict::Fail => IconKind::Fail,
            };
            let facts = &review.preflight.facts;
            (kind, text::check::check(check, facts, language).title)
        });
        let (kind, title) = worst.unwrap_or_else(|| {
            let passed = FleetLabel::AllChecksPassed.get(language);
            (IconKind::Pass, passed.to_owned())
        });
        html! {
            <>
                <span class="state"><Icon {kind} />{ title }</span>
                if row.worst.is_some() {
                    <span class="quiet tally">{ tally }</span>
                }
            </>
        }
    });
    html! {
        <div class="found">
            if let Some(why) = why {
                <span>{ why }</span>
            }
            if let Some(problem) = problem {
                <span>{ problem }</span>
            }
            { found.unwrap_or_default() }
        </div>
    }
}
