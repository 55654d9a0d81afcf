//! The passwords of the agents: one for all, or one for each.

pub(super) mod for_all;
mod password_row;

use std::collections::HashSet;

use yew::prelude::*;

use self::for_all::ForAll;
use self::password_row::PasswordRow;
use super::messages::send;
use super::shared::Shared;
use super::table::Table;
use crate::book::state::PanelView;
use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::Member;
use crate::fleet::state::Fleet;
use crate::flow::event::Language;
use crate::flow::state::SignIn;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::text::labels::Label;
use crate::ui::book::{UnlockHere, use_book_view, use_focus_when_unlocked};
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
    pub fleet: Shared<Fleet>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The way in which passwords are entered.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    One,
    Each,
    Book,
}

/// One password for all agents without one, a table with a field for each, or the passwords of the
/// agent book with a field for each agent that the book does not contain.
#[component]
pub fn SignInScreen(props: &SignInScreenProps) -> Html {
    let SignInScreenProps {
        heading,
        fleet,
        on_message,
    } = props;
    let view = use_view();
    let language = view.language;
    let say = |label: FleetLabel| label.get(language);
    let members = fleet.members.len();
    let needing_credential = count_needing_credential(fleet);
    let book = use_book_view();
    use_focus_when_unlocked(heading);
    let place = book.as_ref().map(|book| &book.state.view);
    let has_book = matches!(place, Some(PanelView::Locked(_) | PanelView::Open { .. }));
    let is_locked = matches!(place, Some(PanelView::Locked(_)));
    let saved: HashSet<_> = match place {
        Some(PanelView::Open { agents, .. }) => {
            agents.iter().map(|it| &it.details.address).collect()
        }
        _ => HashSet::new(),
    };
    let is_saved =
        |member: &Member| member.needs_credential() && saved.contains(&member.chosen.address);
    let chosen = use_state(|| {
        if fleet.members.iter().any(|member| is_saved(member)) {
            Mode::Book
        } else if (1..members).contains(&needing_credential) {
            Mode::Each
        } else {
            Mode::One
        }
    });
    let mode = match *chosen {
        Mode::Book if !has_book => Mode::One,
        chosen => chosen,
    };
    let host = fleet.settings.host_signs_in;
    let choice = |to: Mode, label: FleetLabel| {
        let chosen = chosen.setter();
        html! {
            <label>
                <input
                    type="radio"
                    name="passwords"
                    checked={mode == to}
                    onchange={move |_| chosen.set(to)}
                />
                <span>{ say(label) }</span>
            </label>
        }
    };
    let by_book = mode == Mode::Book;
    let check: Callback<()> = {
        let on_message = on_message.clone();
        Callback::from(move |()| {
            if by_book {
                on_message.emit(Message::FromBook);
            }
            on_message.emit(Message::Fleet(FleetEvent::Check));
        })
    };
    let body = if host {
        let sign_in = FleetEvent::SignIn {
            selection: MemberSelection::All,
            sign_in: SignIn::Host,
            has_credential: false,
        };
        let onclick = {
            let (on_message, check) = (on_message.clone(), check.clone());
            move |_| {
                on_message.emit(Message::Fleet(sign_in.clone()));
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
    } else if by_book && is_locked && needing_credential > 0 {
        html! { <UnlockHere>{ back(props, language) }</UnlockHere> }
    } else if needing_credential == 0 || mode != Mode::One {
        let of_book = |member: &Member| by_book && is_saved(member);
        let of_book: HashSet<_> = fleet
            .members
            .iter()
            .filter(|member| of_book(member))
            .map(|member| member.id)
            .collect();
        let missing: Vec<_> = fleet
            .members
            .iter()
            .filter(|it| by_book && it.needs_credential() && !of_book.contains(&it.id))
            .map(|member| member.chosen.address.to_string())
            .collect();
        let given = members - needing_credential + of_book.len();
        let row = {
            let (fleet, on_message) = (Shared::clone(fleet), on_message.clone());
            Callback::from(move |index: usize| {
                let Some(member) = fleet.members.get(index) else {
                    return Html::default();
                };
                let id = member.id.0;
                let saved = of_book.contains(&member.id);
                let member = Shared::new(member);
                html! { <PasswordRow key={id} {index} {member} {saved} on_message={on_message.clone()} /> }
            })
        };
        html! {
            <>
                if !missing.is_empty() {
                    <Notice
                        icon={IconKind::Info}
                        what={text::fleet::not_saved(&missing, language)}
                        fix={say(FleetLabel::EnterPasswords)}
                    />
                }
                <Table
                    name={say(FleetLabel::SignInTitle)}
                    class="passwords"
                    columns={&COLUMNS[..]}
                    rows={members}
                    {row}
                />
                <p class="hint">
                    { say(if by_book { FleetLabel::BookHint } else { FleetLabel::PasswordsHint }) }
                </p>
                <div class="acts">
                    <button type="button" class="primary" onclick={check.reform(|_| ())}>
                        { say(FleetLabel::RunChecks) }
                    </button>
                    { back(props, language) }
                    <span class="quiet" role="status">
                        { if by_book {
                            text::fleet::passwords_for(given, members, language)
                        } else {
                            text::fleet::passwords(given, members, language)
                        } }
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
                {on_message}
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
            if !host && needing_credential > 0 {
                <fieldset class="choice">
                    <legend>{ say(FleetLabel::HowToSignIn) }</legend>
                    { choice(Mode::One, FleetLabel::OnePassword) }
                    { choice(Mode::Each, FleetLabel::PasswordEach) }
                    if has_book {
                        { choice(Mode::Book, FleetLabel::SavedPasswords) }
                    }
                </fieldset>
            }
            { body }
        </section>
    }
}

pub(super) fn count_needing_credential(fleet: &Fleet) -> usize {
    fleet.needing_credential(MemberSelection::All).len()
}

/// The button that returns to the choice; for a restored run, the button that discards the run.
fn back(props: &SignInScreenProps, language: Language) -> Html {
    let (label, event) = if props.fleet.restored {
        (FleetLabel::GiveUpRun.get(language), FleetEvent::StartOver)
    } else {
        (Label::Back.get(language), FleetEvent::Back)
    };
    html! {
        <button type="button" class="plain" onclick={send(&props.on_message, event)}>{ label }</button>
    }
}
