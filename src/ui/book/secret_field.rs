//! A field for a passphrase or a password.

use yew::prelude::*;

use crate::text::book::BookLabel;
use crate::ui::view::use_view;

/// Properties of [`SecretField`].
#[derive(PartialEq, Properties)]
pub struct SecretFieldProps {
    /// The id of the input.
    pub id: &'static str,
    /// The label.
    pub label: &'static str,
    /// The input, from which the form reads the text.
    pub field: NodeRef,
    /// A hint for the field.
    #[prop_or_default]
    pub hint: Option<&'static str>,
}

/// A label, an input and the button that reveals the text.
#[component]
pub fn SecretField(props: &SecretFieldProps) -> Html {
    let SecretFieldProps {
        id,
        label,
        field,
        hint,
    } = props;
    let language = use_view().language;
    let shown = use_state(|| false);
    let toggle = {
        let shown = shown.clone();
        move |_| shown.set(!*shown)
    };
    // "new-password" prevents autofill of a password, "off" prevents storing the text.
    let (kind, autocomplete) = if *shown {
        ("text", "off")
    } else {
        ("password", "new-password")
    };
    let hint_id = format!("{id}-hint");
    let show = BookLabel::ShowPassphrase.get(language);
    html! {
        <div class="field">
            <label for={*id}>{ *label }</label>
            <div class="secret">
                <input
                    id={*id}
                    type={kind}
                    ref={field.clone()}
                    {autocomplete}
                    autocapitalize="none"
                    spellcheck="false"
                    data-lpignore="true"
                    aria-describedby={hint.map(|_| hint_id.clone())}
                />
                <button
                    type="button"
                    aria-pressed={shown.to_string()}
                    aria-controls={*id}
                    aria-label={[show, " ", label].concat()}
                    onclick={toggle}
                >
                    { show }
                </button>
            </div>
            if let Some(hint) = hint {
                <p class="hint" id={hint_id}>{ *hint }</p>
            }
        </div>
    }
}
