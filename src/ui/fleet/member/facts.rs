//! The known facts about a member before its turn: checks, ODP and agent; and the password field,
//! if a password is needed.

use std::cmp::Reverse;
use std::rc::Rc;

use yew::prelude::*;

use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::{LeftOut, Member, MemberStatus};
use crate::flow::preflight::checks;
use crate::flow::state::OdpLookup;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::agent_facts::KnownFacts;
use crate::ui::fleet::messages::send;
use crate::ui::fleet::shared::Shared;
use crate::ui::fleet::sign_in::for_all::ForAll;
use crate::ui::fleet::status::icon_of;
use crate::ui::icon::{Icon, IconKind};
use crate::ui::message::Message;
use crate::ui::notice::Notice;
use crate::ui::odp_facts::OdpFacts;
use crate::ui::review::check::CheckRow;
use crate::ui::view::use_view;

/// Properties of [`MemberFacts`].
#[derive(PartialEq, Properties)]
pub struct MemberFactsProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The member.
    pub member: Shared<Member>,
    /// Whether requests leave the browser by HTTPS.
    pub secure_transport: bool,
    /// Whether the console is read-only.
    pub read_only: bool,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
    /// Further actions.
    pub children: Html,
}

/// Checks, ODP and agent of a member.
#[component]
pub fn MemberFacts(props: &MemberFactsProps) -> Html {
    let MemberFactsProps {
        heading,
        member,
        secure_transport,
        read_only,
        on_message,
        children,
    } = props;
    let language = use_view().language;
    let say = |label: FleetLabel| label.get(language);
    let row = member.row(*secure_transport);
    let id = member.id;
    let in_run = member.confirmed;
    let word = text::fleet::status_text(member, row.display_status, in_run, language);
    let address = member.chosen.address.to_string();
    let advice = row.problem.map(|problem| {
        let (_, advice) = text::problem::connect_problem(problem, &address, language);
        advice
    });
    let found = member.review().map(|review| {
        let mut found = checks(&review.preflight, *secure_transport);
        found.sort_by_key(|check| Reverse(check.verdict));
        let rows = found.into_iter().map(|check| {
            let facts = Rc::clone(&review.preflight.facts);
            html! { <CheckRow {check} {facts} /> }
        });
        html! { <ul class="checks">{ for rows }</ul> }
    });
    let act = |label: FleetLabel, event: FleetEvent| {
        html! {
            <button type="button" onclick={send(on_message, event)}>{ say(label) }</button>
        }
    };
    let status = member.status;
    let before_run = !in_run && !*read_only;
    html! {
        <div class="columns">
            <section class="panel" aria-labelledby="screen">
                <div class="head">
                    <h2 id="screen" tabindex="-1" ref={heading}>{ say(FleetLabel::ChecksTitle) }</h2>
                    <span class="state"><Icon kind={icon_of(member, row.display_status)} />{ word }</span>
                </div>
                if let Some(advice) = advice {
                    <Notice icon={IconKind::Fail} what={advice.what} fix={advice.fix} />
                }
                if row.needs_credential {
                    <ForAll
                        selection={MemberSelection::Member(id)}
                        submit={FleetLabel::ToSignIn}
                        hint={say(FleetLabel::PasswordsHint)}
                        {on_message}
                    />
                }
                { found.unwrap_or_default() }
                { children.clone() }
                if before_run {
                    <div class="acts">
                        if member.can_recheck() && status != MemberStatus::Checking {
                            { act(FleetLabel::CheckAgain, FleetEvent::Recheck(MemberSelection::Member(id))) }
                        }
                        if status == MemberStatus::Waiting {
                            { act(FleetLabel::LeaveOut, FleetEvent::LeaveOut(id)) }
                        }
                        if status == MemberStatus::LeftOut(LeftOut::Person) {
                            { act(FleetLabel::Include, FleetEvent::Include(id)) }
                        }
                    </div>
                }
            </section>
            if let Some(facts) = member.flow.facts().cloned() {
                <div class="part">
                    <KnownFacts {facts} />
                    if member.flow.odp() != OdpLookup::NotRequested {
                        <div class="panel"><OdpFacts odp={member.flow.odp()} /></div>
                    }
                </div>
            }
        </div>
    }
}
