//! The agents of the agent book in the choice.

use std::rc::Rc;

use yew::prelude::*;

use super::agent_table::AgentTable;
use crate::book::state::PanelView;
use crate::fleet::member::ChosenAgent;
use crate::flow::settings::ListedAgent;
use crate::text::book::BookLabel;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::book::{BookAction, UnlockHere, use_book_view, use_focus_when_unlocked};
use crate::ui::view::use_view;

/// Properties of [`BookAgents`].
#[derive(PartialEq, Properties)]
pub struct BookAgentsProps {
    /// All available agents.
    pub known: Rc<Vec<ListedAgent>>,
    /// The number of the site's agents, which precede those of the book.
    pub site: usize,
    /// The selected agents.
    pub picked: Vec<ChosenAgent>,
    /// Receives the new selection.
    pub on_pick: Callback<Vec<ChosenAgent>>,
}

/// The agents of an open book, or the form that unlocks the book; nothing without a book.
#[component]
pub fn BookAgents(props: &BookAgentsProps) -> Html {
    let BookAgentsProps {
        known,
        site,
        picked,
        on_pick,
    } = props;
    let language = use_view().language;
    let heading = use_node_ref();
    use_focus_when_unlocked(&heading);
    let Some(book) = use_book_view() else {
        return Html::default();
    };
    let title = BookLabel::Title.get(language);
    match &book.state.view {
        PanelView::Locked(_) => html! {
            <details class="passed">
                <summary>{ FleetLabel::ChooseSaved.get(language) }</summary>
                <UnlockHere />
            </details>
        },
        PanelView::Open { agents, .. } => {
            let offered = known.len() - site;
            html! {
                <section class="part" aria-labelledby="saved-agents">
                    <div class="head">
                        <h3 id="saved-agents" tabindex="-1" ref={heading}>{ title }</h3>
                        <button
                            type="button"
                            class="small"
                            title={BookLabel::LockHint.get(language)}
                            onclick={book.on_action.reform(|_| BookAction::Lock)}
                        >
                            { BookLabel::Lock.get(language) }
                        </button>
                    </div>
                    if agents.is_empty() {
                        <p class="quiet">{ BookLabel::NoAgents.get(language) }</p>
                    }
                    if offered > 0 {
                        <AgentTable
                            name={title}
                            {known}
                            range={*site..known.len()}
                            picked={picked.clone()}
                            {on_pick}
                        />
                    }
                    if offered < agents.len() {
                        <p class="hint">{ FleetLabel::SavedNotListed.get(language) }</p>
                    }
                </section>
            }
        }
        _ => Html::default(),
    }
}
