//! Choosing a passphrase: for a new book, or in the place of another.

use yew::prelude::*;

use super::act::Act;
use super::buttons::{cancel, submit};
use super::secret_field::SecretField;
use crate::obshell::secret::Secret;
use crate::text::book::BookLabel;
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`NewPassphrase`].
#[derive(PartialEq, Properties)]
pub struct NewPassphraseProps {
    /// What the form does: its heading and its button.
    pub title: BookLabel,
    /// What is to be known before.
    #[prop_or_default]
    pub hint: Option<BookLabel>,
    /// What the first field asks for.
    pub label: BookLabel,
    /// Whether something is under way.
    pub busy: bool,
    /// Takes the passphrase, typed twice.
    pub on_typed: Callback<[Secret; 2]>,
    /// Takes what else a person does.
    pub act: Callback<Act>,
}

/// The form with a passphrase, twice.
#[component]
pub fn NewPassphrase(props: &NewPassphraseProps) -> Html {
    let NewPassphraseProps {
        title,
        hint,
        label,
        busy,
        on_typed,
        act,
    } = props;
    let language = use_view().language;
    let title = title.get(language);
    let fields = [use_node_ref(), use_node_ref()];
    let onsubmit = {
        let (fields, on_typed, busy) = (fields.clone(), on_typed.clone(), *busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !busy {
                on_typed.emit(fields.each_ref().map(take));
            }
        })
    };
    let [field, again] = fields;
    html! {
        <form novalidate={true} aria-labelledby="book-task" {onsubmit}>
            <h4 id="book-task">{ title }</h4>
            if let Some(hint) = hint {
                <p class="quiet">{ hint.get(language) }</p>
            }
            <SecretField
                id="book-passphrase"
                label={label.get(language)}
                hint={BookLabel::PassphraseHint.get(language)}
                {field}
            />
            <SecretField
                id="book-again"
                label={BookLabel::PassphraseAgain.get(language)}
                field={again}
            />
            <div class="acts">
                { submit(title, *busy) }
                { cancel(act, language) }
            </div>
        </form>
    }
}
