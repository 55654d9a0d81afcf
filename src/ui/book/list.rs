//! The agents of an open book.

use std::rc::Rc;

use yew::prelude::*;

use super::action::BookAction;
use crate::book::Entry;
use crate::book::state::Goal;
use crate::text::book::{BookLabel, action_on, name};
use crate::ui::view::use_view;

/// Properties of [`List`].
#[derive(PartialEq, Properties)]
pub struct ListProps {
    /// The agents.
    pub agents: Rc<[Entry]>,
    /// Receives the person's actions.
    pub on_action: Callback<BookAction>,
}

/// The agents by group, and the actions on the book.
#[component]
pub fn List(props: &ListProps) -> Html {
    let ListProps { agents, on_action } = props;
    let language = use_view().language;
    let go = |label: BookLabel, class: &'static str, goal: Goal| {
        let onclick = on_action.reform(move |_| BookAction::Go(goal.clone()));
        html! {
            <button type="button" class={classes!("small", class)} {onclick}>
                { label.get(language) }
            </button>
        }
    };
    html! {
        <>
            <div class="acts">
                { go(BookLabel::Add, "", Goal::Add) }
                <button type="button" class="small" onclick={on_action.reform(|_| BookAction::Lock)}>
                    { BookLabel::Lock.get(language) }
                </button>
                <span class="hint">{ BookLabel::LockHint.get(language) }</span>
            </div>
            if agents.is_empty() {
                <p class="quiet">{ BookLabel::NoAgents.get(language) }</p>
            } else {
                <div class="agents">
                    for (group, entries) in groups(agents) {
                        if let Some(group) = group {
                            <h4>{ group }</h4>
                        }
                        <ul>
                            for entry in entries {
                                <Row
                                    key={entry.details.address.to_string()}
                                    entry={entry.clone()}
                                    {on_action}
                                />
                            }
                        </ul>
                    }
                </div>
            }
            <div class="acts">
                { go(BookLabel::ChangePassphrase, "", Goal::Passphrase) }
                <button
                    type="button"
                    class="small"
                    title={BookLabel::ExportHint.get(language)}
                    onclick={on_action.reform(|_| BookAction::Export)}
                >
                    { BookLabel::Export.get(language) }
                </button>
                { go(BookLabel::Import, "", Goal::Import) }
                { go(BookLabel::Delete, "plain", Goal::Delete) }
            </div>
        </>
    }
}

/// Properties of [`Row`].
#[derive(PartialEq, Properties)]
struct RowProps {
    entry: Entry,
    on_action: Callback<BookAction>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let RowProps { entry, on_action } = props;
    let language = use_view().language;
    let called = name(entry);
    let address = &entry.details.address;
    let button = |label: BookLabel, class: &'static str, asked: fn(_) -> BookAction| {
        let address = address.clone();
        let onclick = on_action.reform(move |_| asked(address.clone()));
        let class = classes!("small", class);
        html! {
            <button
                type="button"
                {class}
                aria-label={action_on(label, &called, language)}
                {onclick}
            >
                { label.get(language) }
            </button>
        }
    };
    html! {
        <li>
            <span class="who">
                if let Some(label) = &entry.details.label {
                    <strong>{ label }</strong>
                    { " " }
                }
                <code>{ address.to_string() }</code>
            </span>
            <span class="acts">
                { button(BookLabel::SignIn, "", BookAction::SignIn) }
                { button(BookLabel::Edit, "plain", |address| BookAction::Go(Goal::Edit(address))) }
                { button(BookLabel::Remove, "plain", |address| BookAction::Go(Goal::Remove(address))) }
            </span>
        </li>
    }
}

/// The agents by group, those without a group first; within a group in the order of the list.
fn groups(agents: &[Entry]) -> Vec<(Option<String>, Vec<&Entry>)> {
    let mut groups: Vec<(Option<String>, Vec<&Entry>)> = Vec::new();
    for entry in agents {
        match groups
            .iter_mut()
            .find(|(group, _)| *group == entry.details.group)
        {
            Some((_, entries)) => entries.push(entry),
            None => groups.push((entry.details.group.clone(), vec![entry])),
        }
    }
    groups.sort_by(|(one, _), (other, _)| one.cmp(other));
    groups
}
