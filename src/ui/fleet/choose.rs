//! Which agents: the site's list, the book, and pasted addresses.

mod entries;
mod pasted;
mod site_agents;

use std::rc::Rc;

use yew::prelude::*;

use self::pasted::Pasted;
use self::site_agents::SiteAgents;
use super::same::Same;
use super::tell::to_fleet;
use crate::fleet::event::FleetEvent;
use crate::fleet::parse::{Read, read};
use crate::fleet::state::Fleet;
use crate::obshell::address::AgentAddress;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::dom::focus;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`ChooseScreen`].
#[derive(PartialEq, Properties)]
pub struct ChooseScreenProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The run.
    pub fleet: Same<Fleet>,
    /// The agents of the book to choose from, where there is one.
    pub book: Html,
    /// Called to go back to a single agent: the one that was chosen, where one was.
    pub on_one: Callback<Option<AgentAddress>>,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// The site's agents in their groups, and a field for more.
#[component]
pub fn ChooseScreen(props: &ChooseScreenProps) -> Html {
    let ChooseScreenProps {
        heading,
        fleet,
        book,
        on_one,
        tell,
    } = props;
    let language = use_view().language;
    let say = |label: FleetLabel| label.get(language);
    let choice = &fleet.choice;
    let read = use_memo(
        (choice.clone(), Rc::clone(&fleet.settings)),
        |(choice, settings)| read(choice, settings),
    );
    let field = use_node_ref();
    // Whether "Continue" was pressed with what cannot be continued with.
    let pressed = use_state(|| false);
    let hint = hint(&read).filter(|_| *pressed);
    let onsubmit = {
        let (read, field, pressed) = (Rc::clone(&read), field.clone(), pressed.setter());
        let (on_one, tell) = (on_one.clone(), tell.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            match read.chosen.as_slice() {
                _ if read.is_stopped() => {
                    pressed.set(true);
                    focus(&field);
                }
                [] => pressed.set(true),
                [only] => on_one.emit(Some(only.address.clone())),
                _ => tell.emit(Message::Fleet(FleetEvent::Choose)),
            }
        }
    };
    let clear = {
        let tell = tell.clone();
        move |_| {
            tell.emit(Message::Fleet(FleetEvent::Pick(Vec::new())));
            tell.emit(Message::Fleet(FleetEvent::Type(String::new())));
        }
    };
    let is_empty = choice.picked.is_empty() && choice.text.is_empty();
    html! {
        <form class="panel" novalidate={true} aria-labelledby="screen" {onsubmit}>
            <h2 id="screen" tabindex="-1" ref={heading}>{ say(FleetLabel::ChooseTitle) }</h2>
            <p class="quiet">{ say(FleetLabel::ChooseIntro) }</p>
            { book.clone() }
            if !fleet.settings.agents.is_empty() {
                <SiteAgents
                    settings={Rc::clone(&fleet.settings)}
                    picked={choice.picked.clone()}
                    on_pick={to_fleet(tell, FleetEvent::Pick)}
                />
            }
            <Pasted
                {field}
                text={choice.text.clone()}
                problems={read.problems.clone()}
                listed_only={!fleet.settings.typed_address}
                on_type={to_fleet(tell, FleetEvent::Type)}
            />
            <div class="acts">
                <button type="submit" class="primary" aria-describedby="chosen">
                    { say(FleetLabel::Continue) }
                </button>
                <button type="button" onclick={on_one.reform(|_| None)}>
                    { say(FleetLabel::OneAgent) }
                </button>
                if !is_empty {
                    <button type="button" class="plain" onclick={clear}>
                        { say(FleetLabel::ClearChoice) }
                    </button>
                }
                <span id="chosen" class="quiet" role="status">
                    { hint.map_or_else(
                        || text::fleet::chosen(read.chosen.len(), language),
                        |hint| say(hint).to_owned(),
                    ) }
                </span>
            </div>
        </form>
    }
}

/// What is to be done before "Continue".
fn hint(read: &Read) -> Option<FleetLabel> {
    if read.is_stopped() {
        Some(FleetLabel::FixAddresses)
    } else if read.chosen.is_empty() {
        Some(FleetLabel::NothingChosen)
    } else {
        None
    }
}
