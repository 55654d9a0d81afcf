//! The choice between the kinds of password.

use std::rc::Rc;

use yew::prelude::*;

use super::message::{Message, to_flow};
use super::view::use_view;
use crate::flow::event::FlowEvent;
use crate::flow::state::{Facts, SignIn};
use crate::text::labels::Label;

/// The name of a password.
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
    /// The selected way to sign in.
    pub chosen: SignIn,
    /// The facts about the agent. A root user without a password can be selected unless the facts
    /// show that an agent password is set: with an agent password, the agent refuses such a login
    /// (protocol: 1.9).
    pub facts: Option<Rc<Facts>>,
    /// Whether a root user without a password can be selected although no facts are known.
    #[prop_or_default]
    pub passwordless: bool,
    /// Whether the choice is disabled.
    #[prop_or_default]
    pub disabled: bool,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// Selects the kind of password, for an agent that accepts more than one.
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
                    onchange={to_flow(&props.on_message, FlowEvent::SignInWith(sign_in))}
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
