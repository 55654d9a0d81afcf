//! The choice of agents: from the site's list, from the book, and as pasted addresses.

mod agent_table;
mod book_agents;
mod entries;
mod pasted;

use std::collections::HashSet;
use std::rc::Rc;

use yew::prelude::*;

use self::agent_table::AgentTable;
use self::book_agents::BookAgents;
use self::pasted::PastedAddresses;
use super::messages::to_fleet;
use super::shared::Shared;
use crate::fleet::event::FleetEvent;
use crate::fleet::member::ChosenAgent;
use crate::fleet::parse::{ParsedChoice, parse_choice};
use crate::fleet::state::Fleet;
use crate::flow::settings::ListedAgent;
use crate::obshell::address::AgentAddress;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::book::{listed, use_book_view};
use crate::ui::dom::focus;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`ChooseScreen`].
#[derive(PartialEq, Properties)]
pub struct ChooseScreenProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The run.
    pub fleet: Shared<Fleet>,
    /// Returns to the console for one agent; the argument is the selected agent, if there is one.
    pub on_one: Callback<Option<AgentAddress>>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The agents of the site and of the book in their groups, and a field for further addresses.
#[component]
pub fn ChooseScreen(props: &ChooseScreenProps) -> Html {
    let ChooseScreenProps {
        heading,
        fleet,
        on_one,
        on_message,
    } = props;
    let language = use_view().language;
    let say = |label: FleetLabel| label.get(language);
    let choice = &fleet.choice;
    let parsed = use_memo(
        (choice.clone(), Rc::clone(&fleet.settings)),
        |(choice, settings)| parse_choice(choice, settings),
    );
    let saved = use_book_view().and_then(|book| book.state.agents().cloned());
    let site = fleet.settings.agents.len();
    // The agents of the site, followed by those of the book.
    let known = use_memo((Rc::clone(&fleet.settings), saved), |(settings, saved)| {
        let saved = saved.iter().flat_map(|entries| entries.iter());
        let saved = saved.map(|entry| listed(&entry.details));
        let may = |agent: &ListedAgent| settings.admit(&agent.address.to_string()).is_ok();
        let all = settings.agents.iter().cloned().chain(saved.filter(may));
        all.collect::<Vec<_>>()
    });
    let on_pick = {
        let (known, on_message) = (Rc::clone(&known), on_message.clone());
        Callback::from(move |picked: Vec<ChosenAgent>| {
            // An agent of the book is reached through the endpoint of its entry.
            let chosen: HashSet<_> = picked.iter().map(|it| &it.address).collect();
            let of_book = known.iter().skip(site);
            let apart = of_book.filter(|agent| agent.endpoint.is_some());
            let routes = apart.filter(|agent| chosen.contains(&agent.address));
            let routes: Vec<_> = routes.cloned().collect();
            if !routes.is_empty() {
                on_message.emit(Message::Routes(routes));
            }
            on_message.emit(Message::Fleet(FleetEvent::Pick(picked)));
        })
    };
    let field = use_node_ref();
    // Whether "Continue" was pressed while the choice was not valid.
    let pressed = use_state(|| false);
    let hint = hint(&parsed).filter(|_| *pressed);
    let onsubmit = {
        let (parsed, field, pressed) = (Rc::clone(&parsed), field.clone(), pressed.setter());
        let (on_one, on_message) = (on_one.clone(), on_message.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            match parsed.chosen.as_slice() {
                _ if parsed.has_unusable() => {
                    pressed.set(true);
                    focus(&field);
                }
                [] => pressed.set(true),
                [only] => on_one.emit(Some(only.address.clone())),
                _ => on_message.emit(Message::Fleet(FleetEvent::Choose)),
            }
        }
    };
    let clear = {
        let on_message = on_message.clone();
        move |_| {
            on_message.emit(Message::Fleet(FleetEvent::Pick(Vec::new())));
            on_message.emit(Message::Fleet(FleetEvent::Type(String::new())));
        }
    };
    let is_empty = choice.picked.is_empty() && choice.text.is_empty();
    html! {
        <section class="panel" aria-labelledby="screen">
            <h2 id="screen" tabindex="-1" ref={heading}>{ say(FleetLabel::ChooseTitle) }</h2>
            <p class="quiet">{ say(FleetLabel::ChooseIntro) }</p>
            if site > 0 {
                <section class="part" aria-labelledby="site-agents">
                    <h3 id="site-agents">{ say(FleetLabel::SiteAgents) }</h3>
                    <AgentTable
                        name={say(FleetLabel::SiteAgents)}
                        known={&known}
                        range={0..site}
                        picked={choice.picked.clone()}
                        on_pick={&on_pick}
                    />
                </section>
            }
            <BookAgents {known} {site} picked={choice.picked.clone()} {on_pick} />
            <form class="part" novalidate={true} aria-labelledby="screen" {onsubmit}>
            <PastedAddresses
                {field}
                text={choice.text.clone()}
                problems={parsed.problems.clone()}
                listed_only={!fleet.settings.typed_address}
                on_type={to_fleet(on_message, FleetEvent::Type)}
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
                        || text::fleet::chosen(parsed.chosen.len(), language),
                        |hint| say(hint).to_owned(),
                    ) }
                </span>
            </div>
            </form>
        </section>
    }
}

/// The correction needed before "Continue".
fn hint(parsed: &ParsedChoice) -> Option<FleetLabel> {
    if parsed.has_unusable() {
        Some(FleetLabel::FixAddresses)
    } else if parsed.chosen.is_empty() {
        Some(FleetLabel::NothingChosen)
    } else {
        None
    }
}
