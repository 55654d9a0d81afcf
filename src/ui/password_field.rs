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
    /// The input, to take what was typed.
    pub field: NodeRef,
    /// The password that was chosen.
    pub sign_in: SignIn,
    /// What is wrong. It stands under the input, has the id `password-problem` and describes it.
    pub problem: Option<Advice>,
    /// The id of the element that describes the input.
    pub hint_id: &'static str,
    /// The words of that element, where it is drawn here.
    #[prop_or_default]
    pub hint: Option<&'static str>,
}

/// Label and field of the password that was chosen; who signs in where that is the host; a warning
/// where there is no password by choice.
#[component]
pub fn PasswordField(props: &PasswordFieldProps) -> Html {
    let view = use_view();
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
