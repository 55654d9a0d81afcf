//! The import of a file.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::action::{BookAction, ImportMode};
use super::buttons::{cancel, submit};
use super::secret_field::SecretField;
use crate::book::state;
use crate::text::book::{BookLabel, plan};
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`Import`].
#[derive(PartialEq, Properties)]
pub struct ImportProps {
    /// The progress of the import.
    pub import: state::Import,
    /// Whether work is in progress.
    pub busy: bool,
    /// Receives the person's actions.
    pub on_action: Callback<BookAction>,
}

/// The form for the file, its passphrase, and the kind of import.
#[component]
pub fn Import(props: &ImportProps) -> Html {
    let ImportProps {
        import,
        busy,
        on_action,
    } = props;
    let language = use_view().language;
    let (file, passphrase) = (use_node_ref(), use_node_ref());
    let onchange = {
        let (file, on_action) = (file.clone(), on_action.clone());
        Callback::from(move |_: Event| {
            let input = file.cast::<HtmlInputElement>();
            let chosen = input.as_ref().and_then(|input| input.files()?.get(0));
            if let (Some(input), Some(chosen)) = (input, chosen) {
                // Clearing the value allows the same file to be selected again.
                input.set_value("");
                on_action.emit(BookAction::Read(chosen));
            }
        })
    };
    let onsubmit = {
        let (passphrase, on_action, busy) = (passphrase.clone(), on_action.clone(), *busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !busy {
                on_action.emit(BookAction::OpenFile(take(&passphrase)));
            }
        })
    };
    let cancel = cancel(on_action, language);
    let mode_button = |label: BookLabel, mode: ImportMode, class: &'static str| {
        let (on_action, busy) = (on_action.clone(), *busy);
        let onclick = move |_| {
            if !busy {
                on_action.emit(BookAction::Import(mode));
            }
        };
        let disabled = busy.then_some("true");
        html! {
            <button type="button" {class} aria-disabled={disabled} {onclick}>
                { label.get(language) }
            </button>
        }
    };
    match import {
        state::Import::Choose => html! {
            <div role="group" aria-labelledby="book-task">
                <h4 id="book-task">{ BookLabel::ImportTitle.get(language) }</h4>
                <div class="field">
                    <label for="book-file">{ BookLabel::File.get(language) }</label>
                    <input
                        id="book-file"
                        type="file"
                        accept=".json,application/json"
                        ref={file}
                        aria-describedby="book-problem"
                        {onchange}
                    />
                </div>
                <div class="acts">{ cancel }</div>
            </div>
        },
        state::Import::Unlock { name } => html! {
            <form novalidate={true} aria-labelledby="book-task" {onsubmit}>
                <h4 id="book-task">{ BookLabel::ImportTitle.get(language) }</h4>
                <p><code>{ name }</code></p>
                <SecretField
                    id="book-passphrase"
                    label={BookLabel::Passphrase.get(language)}
                    hint={BookLabel::FilePassphraseHint.get(language)}
                    field={passphrase}
                />
                <div class="acts">
                    { submit(BookLabel::OpenFile.get(language), *busy) }
                    { cancel }
                </div>
            </form>
        },
        state::Import::Decide {
            name,
            plan: preview,
        } => html! {
            <div class="asks" role="group" aria-labelledby="book-task">
                <h4 id="book-task">{ BookLabel::ImportTitle.get(language) }</h4>
                for sentence in plan(preview, name, language) {
                    <p>{ sentence }</p>
                }
                <div class="acts">
                    { mode_button(BookLabel::Merge, ImportMode::Merge, "primary") }
                    { mode_button(BookLabel::Replace, ImportMode::Replace, "danger") }
                    { cancel }
                </div>
            </div>
        },
    }
}
