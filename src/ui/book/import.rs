//! The import of a file.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::act::{Act, Way};
use super::buttons::{cancel, submit};
use super::secret_field::SecretField;
use crate::book::desk;
use crate::text::book::{BookLabel, plan};
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`Import`].
#[derive(PartialEq, Properties)]
pub struct ImportProps {
    /// The progress of the import.
    pub import: desk::Import,
    /// Whether work is in progress.
    pub busy: bool,
    /// Receives the person's actions.
    pub act: Callback<Act>,
}

/// The form for the file, its passphrase, and the kind of import.
#[component]
pub fn Import(props: &ImportProps) -> Html {
    let ImportProps { import, busy, act } = props;
    let language = use_view().language;
    let (file, passphrase) = (use_node_ref(), use_node_ref());
    let onchange = {
        let (file, act) = (file.clone(), act.clone());
        Callback::from(move |_: Event| {
            let input = file.cast::<HtmlInputElement>();
            let chosen = input.as_ref().and_then(|input| input.files()?.get(0));
            if let (Some(input), Some(chosen)) = (input, chosen) {
                // Clearing the value allows the same file to be selected again.
                input.set_value("");
                act.emit(Act::Read(chosen));
            }
        })
    };
    let onsubmit = {
        let (passphrase, act, busy) = (passphrase.clone(), act.clone(), *busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !busy {
                act.emit(Act::OpenFile(take(&passphrase)));
            }
        })
    };
    let cancel = cancel(act, language);
    let way = |label: BookLabel, way: Way, class: &'static str| {
        let (act, busy) = (act.clone(), *busy);
        let onclick = move |_| {
            if !busy {
                act.emit(Act::Import(way));
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
        desk::Import::Choose => html! {
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
        desk::Import::Unlock { name } => html! {
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
        desk::Import::Decide { name, plan: told } => html! {
            <div class="asks" role="group" aria-labelledby="book-task">
                <h4 id="book-task">{ BookLabel::ImportTitle.get(language) }</h4>
                for sentence in plan(told, name, language) {
                    <p>{ sentence }</p>
                }
                <div class="acts">
                    { way(BookLabel::Merge, Way::Merge, "primary") }
                    { way(BookLabel::Replace, Way::Replace, "danger") }
                    { cancel }
                </div>
            </div>
        },
    }
}
