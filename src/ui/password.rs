//! The password field. What is typed leaves it as a secret and is not kept: not in the page's
//! state, not in an attribute, and not in the field.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::view::View;
use crate::obshell::secret::Secret;
use crate::text::labels::Label;

/// Takes the password out of its field, which is empty then.
#[must_use]
pub(super) fn take(field: &NodeRef) -> Secret {
    match field.cast::<HtmlInputElement>() {
        Some(input) => {
            let secret = Secret::new(input.value());
            input.set_value("");
            secret
        }
        None => Secret::new(String::new()),
    }
}

/// Properties of [`PasswordField`].
#[derive(Properties, PartialEq)]
pub struct PasswordFieldProps {
    /// Words.
    pub view: View,
    /// Where the field can be found.
    pub field: NodeRef,
    /// Whether something is wrong with what was given.
    pub invalid: bool,
    /// The ids of what says so.
    pub described_by: Option<AttrValue>,
    /// What stands under it.
    #[prop_or_default]
    pub children: Html,
}

/// Label and field.
#[component]
pub fn PasswordField(props: &PasswordFieldProps) -> Html {
    html! {
        <div class="field">
            <label for="password">{ props.view.label(Label::AgentPassword) }</label>
            // "new-password" is what keeps browsers from filling it in.
            <input
                id="password"
                type="password"
                ref={props.field.clone()}
                autocomplete="new-password"
                autocapitalize="none"
                spellcheck="false"
                data-lpignore="true"
                aria-invalid={props.invalid.then_some("true")}
                aria-describedby={props.described_by.clone()}
            />
            { props.children.clone() }
        </div>
    }
}
