//! The password field.

use yew::prelude::*;

use super::icon::IconKind;
use super::notice::Notice;
use super::sign_in_choice::name;
use super::view::use_view;
use crate::flow::state::SignIn;
use crate::text::labels::Label;
use crate::text::problem::Advice;

/// Properties of [`PasswordField`].
#[derive(PartialEq, Properties)]
pub struct PasswordFieldProps {
    /// The input element, to read the password from.
    pub field: NodeRef,
    /// The selected way to sign in.
    pub sign_in: SignIn,
    /// The problem. It is shown under the input, has the id `password-problem` and describes the
    /// input.
    pub problem: Option<Advice>,
    /// The id of the element that describes the input.
    pub hint_id: &'static str,
    /// The text of the describing element, if the element is rendered here.
    #[prop_or_default]
    pub hint: Option<&'static str>,
}

/// Label and field of the selected password; a message if the host signs in; a warning if the
/// choice is to sign in without a password.
#[component]
pub fn PasswordField(props: &PasswordFieldProps) -> Html {
    let view = use_view();
    let shown = use_state(|| false);
    let toggle = {
        let shown = shown.clone();
        move |_| shown.set(!*shown)
    };
    // "new-password" prevents a browser from filling in a password, "off" from storing the text.
    let (kind, autocomplete) = if *shown {
        ("text", "off")
    } else {
        ("password", "new-password")
    };
    let problem = props.problem.clone().map(|problem| {
        html! {
            <Notice
                id="password-problem"
                icon={IconKind::Fail}
                what={problem.what}
                fix={problem.fix}
            />
        }
    });
    match props.sign_in {
        SignIn::Host => problem.unwrap_or_else(|| {
            html! { <p class="hint">{ view.label(Label::HostSignsIn) }</p> }
        }),
        SignIn::NoRootPassword => html! {
            <>
                { problem.unwrap_or_default() }
                <Notice
                    id="no-password"
                    icon={IconKind::Warn}
                    what={view.label(Label::NoRootPasswordWarning)}
                />
            </>
        },
        SignIn::AgentPassword | SignIn::RootPassword => {
            let invalid = problem.is_some();
            let described = if invalid {
                format!("password-problem {}", props.hint_id)
            } else {
                props.hint_id.to_owned()
            };
            html! {
                <div class="field">
                    <label for="password">{ view.label(name(props.sign_in)) }</label>
                    <div class="secret">
                        <input
                            id="password"
                            type={kind}
                            ref={props.field.clone()}
                            {autocomplete}
                            autocapitalize="none"
                            spellcheck="false"
                            data-lpignore="true"
                            aria-invalid={invalid.then_some("true")}
                            aria-describedby={described}
                        />
                        <button
                            type="button"
                            aria-pressed={shown.to_string()}
                            aria-controls="password"
                            onclick={toggle}
                        >
                            { view.label(Label::ShowPassword) }
                        </button>
                    </div>
                    { problem.unwrap_or_default() }
                    if let Some(hint) = props.hint {
                        <p class="hint" id={props.hint_id}>{ hint }</p>
                    }
                </div>
            }
        }
    }
}
