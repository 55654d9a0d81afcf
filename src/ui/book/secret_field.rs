//! A field for a passphrase or a password.

use yew::prelude::*;

use crate::text::book::BookLabel;
use crate::ui::view::use_view;

/// Properties of [`SecretField`].
#[derive(PartialEq, Properties)]
pub struct SecretFieldProps {
    /// The id of the input.
    pub id: &'static str,
    /// What is asked for.
    pub label: &'static str,
    /// The input, to take what was typed.
    pub field: NodeRef,
    /// What helps to fill it in.
    #[prop_or_default]
    pub hint: Option<&'static str>,
}

/// Label, input and the button that shows what is typed.
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
    // "new-password" keeps browsers from filling a password in, "off" from remembering a text.
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
