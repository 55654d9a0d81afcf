//! The choice which password is to be given.

use std::rc::Rc;

use yew::prelude::*;

use super::message::{Message, to_flow};
use super::view::use_view;
use crate::flow::event::Event as Act;
use crate::flow::state::{Facts, SignIn};
use crate::text::labels::Label;

/// What a password is called.
pub(super) fn name(sign_in: SignIn) -> Label {
    match sign_in {
        SignIn::AgentPassword | SignIn::Host => Label::AgentPassword,
        SignIn::RootPassword => Label::RootPassword,
        SignIn::NoRootPassword => Label::NoRootPassword,
    }
}

/// Properties of [`SignInChoice`].
#[derive(PartialEq, Properties)]
pub struct SignInChoiceProps {
    /// What is chosen.
    pub chosen: SignIn,
    /// What is known of the agent. That root has no password can be chosen where this does not say
    /// that an agent password is set: with one, the agent refuses such a login (protocol: 1.9).
    pub facts: Option<Rc<Facts>>,
    /// Whether that can be chosen although nothing is known of the agent.
    #[prop_or_default]
    pub passwordless: bool,
    /// Whether another choice cannot be made now.
    #[prop_or_default]
    pub disabled: bool,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// Which password is to be given, where the agent takes either.
#[component]
pub fn SignInChoice(props: &SignInChoiceProps) -> Html {
    let view = use_view();
    let chosen = props.chosen;
    let passwordless = props.passwordless
        || chosen == SignIn::NoRootPassword
        || props
            .facts
            .as_ref()
            .is_some_and(|facts| facts.info.password_set == Some(false));
    let option = |sign_in| {
        html! {
            <label>
                <input
                    type="radio"
                    name="sign-in"
                    checked={sign_in == chosen}
                    disabled={props.disabled}
                    onchange={to_flow(&props.tell, Act::SignInWith(sign_in))}
                />
                <span>{ view.label(name(sign_in)) }</span>
            </label>
        }
    };
    html! {
        <fieldset class="choice">
            <legend>{ view.label(Label::SignInWith) }</legend>
            { option(SignIn::AgentPassword) }
            { option(SignIn::RootPassword) }
            if passwordless {
                { option(SignIn::NoRootPassword) }
            }
        </fieldset>
    }
}
