//! The targets and the effects of the run, and the confirmation.

mod run_form;

use std::rc::Rc;

use yew::prelude::*;

use self::run_form::RunForm;
use super::messages::{send, to_fleet};
use super::shared::Shared;
use super::table::{Table, row_index};
use crate::fleet::event::FleetEvent;
use crate::fleet::member::{Member, MemberStatus};
use crate::fleet::state::Fleet;
use crate::flow::event::Language;
use crate::flow::state::OdpLookup;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::text::labels::Label;
use crate::ui::confirm_form::ConfirmForm;
use crate::ui::icon::IconKind;
use crate::ui::message::Message;
use crate::ui::notice::Notice;
use crate::ui::review::effects::Effects;
use crate::ui::view::use_view;

const COLUMNS: [FleetLabel; 5] = [
    FleetLabel::Position,
    FleetLabel::Agent,
    FleetLabel::Label,
    FleetLabel::Version,
    FleetLabel::Odp,
];

/// Properties of [`ReviewScreen`].
#[derive(PartialEq, Properties)]
pub struct ReviewScreenProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The run.
    pub fleet: Shared<Fleet>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The members in order, the settings of the run, the effects on each member, and the confirmation.
#[component]
pub fn ReviewScreen(props: &ReviewScreenProps) -> Html {
    let ReviewScreenProps {
        heading,
        fleet,
        on_message,
    } = props;
    let view = use_view();
    let language = view.language;
    let say = |label: FleetLabel| label.get(language);
    let waits = |member: &&Rc<Member>| member.status == MemberStatus::Waiting;
    let waiting: Rc<Vec<Rc<Member>>> =
        Rc::new(fleet.members.iter().filter(waits).cloned().collect());
    let count = waiting.len();
    let others = fleet.members.len() - count;
    let row = {
        let waiting = Rc::clone(&waiting);
        Callback::from(move |index: usize| {
            let member = waiting.get(index);
            member.map_or_else(Html::default, |member| row(index, member, language))
        })
    };
    let read_only = fleet.settings.read_only;
    let expected = fleet.confirmation();
    let typed = use_state(String::new);
    let on_typed = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    html! {
        <div class="review fleet-review">
            <section class="panel what" aria-labelledby="screen">
                <h2 id="screen" tabindex="-1" ref={heading}>{ say(FleetLabel::ReviewTitle) }</h2>
                if read_only {
                    <Notice icon={IconKind::Info} what={say(FleetLabel::ReadOnly)} />
                } else {
                    <p class="lead">{ text::fleet::lead(count, language) }</p>
                }
                <h3>{ say(FleetLabel::Order) }</h3>
                <Table
                    name={say(FleetLabel::Order)}
                    class="order"
                    columns={&COLUMNS[..]}
                    rows={count}
                    {row}
                />
                if others > 0 {
                    <p class="quiet">{ text::fleet::not_included(others, language) }</p>
                }
            </section>
            <section class="panel how" aria-labelledby="what-happens">
                if !read_only {
                    <RunForm settings={fleet.run_settings} {on_message} />
                }
                <h3 id="what-happens">{ say(FleetLabel::WhatHappens) }</h3>
                <Effects titled={false} />
                if read_only {
                    <div class="acts">
                        <button type="button" onclick={send(on_message, FleetEvent::Back)}>
                            { view.label(Label::Back) }
                        </button>
                    </div>
                } else {
                    <ConfirmForm
                        mismatch={fleet.mismatch.then(|| {
                            AttrValue::from(text::fleet::mismatch(&expected, language))
                        })}
                        {expected}
                        label={say(FleetLabel::TypeToConfirm)}
                        copy={Label::CopyCommand}
                        destroy={text::fleet::destroy(count, language)}
                        typed={AttrValue::from((*typed).clone())}
                        {on_typed}
                        on_confirm={to_fleet(on_message, |typed| FleetEvent::Confirm { typed })}
                        on_back={send(on_message, FleetEvent::Back)}
                    />
                }
            </section>
        </div>
    }
}

fn row(index: usize, member: &Member, language: Language) -> Html {
    let say = |label: FleetLabel| label.get(language);
    let chosen = &member.chosen;
    let version = member
        .flow
        .facts()
        .map(|facts| facts.info.version.to_string());
    let odp = match member.flow.odp() {
        OdpLookup::Found(odp) => {
            let home = odp.home.as_ref().map(ToString::to_string);
            let port = odp.port.map(|port| port.to_string());
            let parts = [home, port];
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            html! { <code>{ parts.join(":") }</code> }
        }
        OdpLookup::NotRequested | OdpLookup::Reading | OdpLookup::NotFound => {
            html! { <span class="quiet">{ Label::NotTold.get(language) }</span> }
        }
    };
    html! {
        <tr key={member.id.0} role="row" aria-rowindex={row_index(index)}>
            <td role="cell" class="position">{ index + 1 }</td>
            <th role="rowheader" scope="row"><code>{ chosen.address.to_string() }</code></th>
            <td role="cell" data-name={say(FleetLabel::Label)}>
                { chosen.label.clone().unwrap_or_default() }
            </td>
            <td role="cell" data-name={say(FleetLabel::Version)}>{ version.unwrap_or_default() }</td>
            <td role="cell" data-name={say(FleetLabel::Odp)}>{ odp }</td>
        </tr>
    }
}
