//! The choice of a passphrase for a new book, or of a new one for an existing book.

use yew::prelude::*;

use super::action::BookAction;
use super::buttons::{cancel, submit};
use super::secret_field::SecretField;
use crate::obshell::secret::Secret;
use crate::text::book::BookLabel;
use crate::ui::password::take;
use crate::ui::view::use_view;

/// Properties of [`NewPassphrase`].
#[derive(PartialEq, Properties)]
pub struct NewPassphraseProps {
    /// The title of the form, also used for its button.
    pub title: BookLabel,
    /// A note above the fields.
    #[prop_or_default]
    pub hint: Option<BookLabel>,
    /// The label of the first field.
    pub label: BookLabel,
    /// Whether work is in progress.
    pub busy: bool,
    /// Receives the passphrase and its repetition.
    pub on_typed: Callback<[Secret; 2]>,
    /// Receives the person's other actions.
    pub on_action: Callback<BookAction>,
}

/// The form with a passphrase and its repetition.
#[component]
pub fn NewPassphrase(props: &NewPassphraseProps) -> Html {
    let NewPassphraseProps {
        title,
        hint,
        label,
        busy,
        on_typed,
        on_action,
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
                { cancel(on_action, language) }
            </div>
        </form>
    }
}
