//! The offer to save the agent that the person has just signed in to.

use yew::prelude::*;

use super::action::BookAction;
use super::context::use_book_view;
use super::problem::Problem;
use crate::book::state::Outcome;
use crate::obshell::address::AgentAddress;
use crate::text::book::{BookLabel, outcome};
use crate::ui::view::use_view;

/// Properties of [`SaveOffer`].
#[derive(PartialEq, Properties)]
pub struct SaveOfferProps {
    /// The agent.
    pub address: AgentAddress,
}

/// The offer, if the book is open and does not contain the agent, and there is a password to save.
#[component]
pub fn SaveOffer(props: &SaveOfferProps) -> Html {
    let address = &props.address;
    let language = use_view().language;
    let answer = use_state(|| Answer::None);
    let Some(book) = use_book_view() else {
        return Html::default();
    };
    let Some(agents) = book.state.agents() else {
        return Html::default();
    };
    let is_known = agents.iter().any(|entry| entry.details.address == *address);
    let is_saved = is_known && *answer == Answer::Save;
    if *answer == Answer::Decline || !is_saved && (is_known || !book.can_save) {
        return Html::default();
    }
    let decline = {
        let answer = answer.setter();
        move |_| answer.set(Answer::Decline)
    };
    let save = {
        let (address, answer) = (address.clone(), answer.setter());
        let is_busy = book.state.work.is_some();
        let on_action = book.on_action.clone();
        move |_| {
            if !is_busy {
                answer.set(Answer::Save);
                on_action.emit(BookAction::SaveCurrent(address.clone()));
            }
        }
    };
    html! {
        <div class="panel offer" role="group" aria-labelledby="book-offer">
            <p id="book-offer" role="status">
                { if is_saved {
                    outcome(&Outcome::Added, language)
                } else {
                    BookLabel::Offer.get(language).to_owned()
                } }
            </p>
            if !is_saved {
                if *answer == Answer::Save {
                    <Problem problem={book.state.problem} typed={address.to_string()} />
                }
                <div class="acts">
                    <button type="button" class="small" onclick={save}>
                        { BookLabel::SaveAgent.get(language) }
                    </button>
                    <button type="button" class="small plain" onclick={decline}>
                        { BookLabel::NotNow.get(language) }
                    </button>
                </div>
            }
        </div>
    }
}

/// The answer of the person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    None,
    Save,
    Decline,
}
