//! The form for adding or editing an agent.

use std::collections::BTreeSet;
use std::rc::Rc;

use yew::prelude::*;

use super::action::{AgentFields, BookAction};
use super::buttons::{cancel, submit};
use super::secret_field::SecretField;
use crate::book::Entry;
use crate::book::state::Problem as Wrong;
use crate::text::book::BookLabel;
use crate::ui::dom::value_of;
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`AgentForm`].
#[derive(PartialEq, Properties)]
pub struct AgentFormProps {
    /// The edited agent; `None` if an agent is added.
    pub entry: Option<Entry>,
    /// All agents, whose groups are suggested.
    pub agents: Rc<[Entry]>,
    /// The typed values.
    pub form: AgentFields,
    /// Receives the typed values.
    pub on_typed: Callback<AgentFields>,
    /// The problem of the typed values.
    pub problem: Option<Wrong>,
    /// Whether work is in progress.
    pub busy: bool,
    /// Receives the person's actions.
    pub on_action: Callback<BookAction>,
}

/// Address, label, group, endpoint and password of an agent.
#[component]
pub fn AgentForm(props: &AgentFormProps) -> Html {
    let AgentFormProps {
        entry,
        agents,
        form,
        on_typed,
        problem,
        busy,
        on_action,
    } = props;
    let language = use_view().language;
    let password = use_node_ref();
    let onsubmit = {
        let (form, on_action, busy, password) =
            (form.clone(), on_action.clone(), *busy, password.clone());
        let edited = entry.as_ref().map(|entry| entry.details.address.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !busy {
                let (form, password) = (form.clone(), take(&password));
                on_action.emit(match edited.clone() {
                    Some(address) => BookAction::Edit(address, form, password),
                    None => BookAction::Add(form, password),
                });
            }
        })
    };
    let text = |id: &'static str,
                label: BookLabel,
                value: &str,
                part: fn(&mut AgentFields) -> &mut String| {
        let (form, on_typed) = (form.clone(), on_typed.clone());
        let oninput = move |event: InputEvent| {
            let mut form = form.clone();
            *part(&mut form) = value_of(&event);
            on_typed.emit(form);
        };
        let wrong = match problem {
            Some(Wrong::Address(_)) => id == "book-address",
            Some(Wrong::Endpoint) => id == "book-endpoint",
            _ => false,
        };
        let hint = (id == "book-endpoint").then(|| BookLabel::EndpointHint.get(language));
        html! {
            <div class="field">
                <label for={id}>{ label.get(language) }</label>
                <input
                    {id}
                    type="text"
                    value={value.to_owned()}
                    list={(id == "book-group").then_some("book-groups")}
                    placeholder={(id == "book-address").then_some("10.10.10.1:2886")}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid={wrong.then_some("true")}
                    aria-describedby={match (wrong, hint) {
                        (true, _) => Some("book-problem"),
                        (false, Some(_)) => Some("book-endpoint-hint"),
                        (false, None) => None,
                    }}
                    {oninput}
                />
                if let Some(hint) = hint {
                    <p class="hint" id="book-endpoint-hint">{ hint }</p>
                }
            </div>
        }
    };
    let groups: BTreeSet<&str> = agents
        .iter()
        .filter_map(|entry| entry.details.group.as_deref())
        .collect();
    let (title, hint) = match entry {
        Some(_) => (
            BookLabel::EditTitle,
            Some(BookLabel::KeepPassword.get(language)),
        ),
        None => (BookLabel::AddTitle, None),
    };
    html! {
        <form novalidate={true} aria-labelledby="book-task" {onsubmit}>
            <h4 id="book-task">{ title.get(language) }</h4>
            <div class="pair">
                { text("book-address", BookLabel::Address, &form.address, |it| &mut it.address) }
                <SecretField
                    id="book-password"
                    label={BookLabel::Password.get(language)}
                    {hint}
                    field={password}
                />
                { text("book-label", BookLabel::Name, &form.label, |it| &mut it.label) }
                { text("book-group", BookLabel::Group, &form.group, |it| &mut it.group) }
                { text("book-endpoint", BookLabel::Endpoint, &form.endpoint, |it| &mut it.endpoint) }
            </div>
            <datalist id="book-groups">
                for group in groups {
                    <option value={group.to_owned()} />
                }
            </datalist>
            <div class="acts">
                { submit(BookLabel::Save.get(language), *busy) }
                { cancel(on_action, language) }
            </div>
        </form>
    }
}
