//! The fields of a new passphrase.

use yew::prelude::*;

use super::secret_field::SecretField;
use crate::text::book::BookLabel;
use crate::ui::view::use_view;

/// Properties of [`NewPassphrase`].
#[derive(PartialEq, Properties)]
pub struct NewPassphraseProps {
    /// What the first field asks for.
    pub label: BookLabel,
    /// The inputs, to take what was typed.
    pub fields: [NodeRef; 2],
}

/// A passphrase, twice.
#[component]
pub fn NewPassphrase(props: &NewPassphraseProps) -> Html {
    let language = use_view().language;
    let [field, again] = props.fields.clone();
    html! {
        <>
            <SecretField
                id="book-passphrase"
                label={props.label.get(language)}
                hint={BookLabel::PassphraseHint.get(language)}
                {field}
            />
            <SecretField
                id="book-again"
                label={BookLabel::PassphraseAgain.get(language)}
                field={again}
            />
        </>
    }
}
