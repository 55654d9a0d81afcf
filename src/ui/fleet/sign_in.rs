//! Passwords for the agents: one for all, or one each.

pub(super) mod for_all;
mod password_row;

use yew::prelude::*;

use self::for_all::ForAll;
use self::password_row::PasswordRow;
use super::same::Same;
use super::table::Table;
use super::tell::send;
use crate::fleet::event::{FleetEvent, Whom};
use crate::fleet::state::Fleet;
use crate::flow::event::Language;
use crate::flow::state::SignIn;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::text::labels::Label;
use crate::ui::icon::IconKind;
use crate::ui::message::Message;
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

const COLUMNS: [FleetLabel; 3] = [FleetLabel::Agent, FleetLabel::Label, FleetLabel::Password];

/// Properties of [`SignInScreen`].
#[derive(PartialEq, Properties)]
pub struct SignInScreenProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The run.
    pub fleet: Same<Fleet>,
    /// The passwords of the book, where there is one.
    pub book: Html,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// How passwords are given.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    One,
    Each,
}

/// One password for all agents that have none, or a table with a field for each.
#[component]
pub fn SignInScreen(props: &SignInScreenProps) -> Html {
    let SignInScreenProps {
        heading,
        fleet,
        book,
        tell,
    } = props;
    let view = use_view();
    let language = view.language;
    let say = |label: FleetLabel| label.get(language);
    let members = fleet.members.len();
    let wanting = count_wanting(fleet);
    let mode = use_state(|| {
        if (1..members).contains(&wanting) {
            Mode::Each
        } else {
            Mode::One
        }
    });
    let host = fleet.settings.host_signs_in;
    let choice = |to: Mode, label: FleetLabel| {
        let mode = mode.clone();
        html! {
            <label>
                <input
                    type="radio"
                    name="passwords"
                    checked={*mode == to}
                    onchange={move |_| mode.set(to)}
                />
                <span>{ say(label) }</span>
            </label>
        }
    };
    let check = send(tell, FleetEvent::Check);
    let body = if host {
        let sign_in = FleetEvent::SignIn {
            whom: Whom::All,
            sign_in: SignIn::Host,
            has_credential: false,
        };
        let onclick = {
            let (tell, check) = (tell.clone(), check.clone());
            move |_| {
                tell.emit(Message::Fleet(sign_in.clone()));
                check.emit(());
            }
        };
        html! {
            <>
                <p class="hint">{ say(FleetLabel::HostSignsIn) }</p>
                <div class="acts">
                    <button type="button" class="primary" {onclick}>
                        { say(FleetLabel::RunChecks) }
                    </button>
                    { back(props, language) }
                </div>
            </>
        }
    } else if wanting == 0 || *mode == Mode::Each {
        let row = {
            let (fleet, tell) = (Same::clone(fleet), tell.clone());
            Callback::from(move |index: usize| {
                let Some(member) = fleet.members.get(index) else {
                    return Html::default();
                };
                let id = member.id.0;
                let member = Same::new(member);
                html! { <PasswordRow key={id} {index} {member} tell={tell.clone()} /> }
            })
        };
        html! {
            <>
                <Table
                    name={say(FleetLabel::SignInTitle)}
                    class="passwords"
                    columns={&COLUMNS[..]}
                    rows={members}
                    {row}
                />
                <p class="hint">{ say(FleetLabel::PasswordsHint) }</p>
                <div class="acts">
                    <button type="button" class="primary" onclick={check.reform(|_| ())}>
                        { say(FleetLabel::RunChecks) }
                    </button>
                    { back(props, language) }
                    <span class="quiet" role="status">
                        { text::fleet::passwords(members - wanting, members, language) }
                    </span>
                </div>
            </>
        }
    } else {
        html! {
            <ForAll
                submit={FleetLabel::RunChecks}
                hint={say(FleetLabel::PasswordsHint)}
                on_given={check}
                {tell}
            >
                { back(props, language) }
            </ForAll>
        }
    };
    html! {
        <section class="panel" aria-labelledby="screen">
            <h2 id="screen" tabindex="-1" ref={heading}>{ say(FleetLabel::SignInTitle) }</h2>
            if fleet.restored {
                <Notice
                    icon={IconKind::Warn}
                    what={say(FleetLabel::RestoredWhat)}
                    fix={say(FleetLabel::RestoredFix)}
                />
            }
            <p class="quiet">{ text::fleet::agents(members, language) }</p>
            { book.clone() }
            if !host && wanting > 0 {
                <fieldset class="choice">
                    <legend>{ say(FleetLabel::HowToSignIn) }</legend>
                    { choice(Mode::One, FleetLabel::OnePassword) }
                    { choice(Mode::Each, FleetLabel::PasswordEach) }
                </fieldset>
            }
            { body }
        </section>
    }
}

/// How many members want a credential.
pub(super) fn count_wanting(fleet: &Fleet) -> usize {
    fleet.wanting(Whom::All).len()
}

/// The way back; out of a run that a reload brought back, to give it up.
fn back(props: &SignInScreenProps, language: Language) -> Html {
    let (label, event) = if props.fleet.restored {
        (FleetLabel::GiveUpRun.get(language), FleetEvent::StartOver)
    } else {
        (Label::Back.get(language), FleetEvent::Back)
    };
    html! {
        <button type="button" class="plain" onclick={send(&props.tell, event)}>{ label }</button>
    }
}
