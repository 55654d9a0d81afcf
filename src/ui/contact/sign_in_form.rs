//! The form to sign in again on the current screen.

use std::rc::Rc;

use yew::prelude::*;

use crate::flow::event::FlowEvent;
use crate::flow::state::{Facts, SignIn};
use crate::text;
use crate::text::labels::Label;
use crate::ui::dom::focus;
use crate::ui::message::Message;
use crate::ui::password::take;
use crate::ui::password_field::PasswordField;
use crate::ui::sign_in_choice::SignInChoice;
use crate::ui::view::use_view;

/// Properties of [`SignInForm`].
#[derive(PartialEq, Properties)]
pub struct SignInFormProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The kind of password requested.
    pub sign_in: SignIn,
    /// The facts about the agent, which determine the ways to sign in.
    pub facts: Rc<Facts>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The form to sign in again on the current screen. The element with the id `contact` shows the
/// reason.
#[component]
pub fn SignInForm(props: &SignInFormProps) -> Html {
    let SignInFormProps {
        heading,
        sign_in,
        facts,
        on_message,
    } = props;
    let sign_in = *sign_in;
    let view = use_view();
    let field = use_node_ref();
    // Whether the form was submitted without a password.
    let missing = use_state(|| false);
    let onsubmit = {
        let (field, missing) = (field.clone(), missing.setter());
        let (heading, on_message) = (heading.clone(), on_message.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let secret = take(&field);
            let typed = !secret.is_empty();
            let has_credential = typed || !sign_in.is_typed();
            missing.set(!has_credential);
            if typed {
                on_message.emit(Message::Credential(secret));
            }
            if has_credential {
                // The form is removed, and the focus must not be removed with it.
                focus(&heading);
            }
            on_message.emit(Message::Flow(FlowEvent::Authenticate { has_credential }));
        }
    };
    let problem = missing.then(|| text::problem::password_missing(sign_in, view.language));
    html! {
        <form class="again" novalidate={true} {onsubmit}>
            if facts.info.has_sessions() || sign_in == SignIn::Host {
                <SignInChoice chosen={sign_in} facts={Some(Rc::clone(facts))} {on_message} />
            }
            <PasswordField {field} {sign_in} {problem} hint_id="contact" />
            <div class="acts">
                <button type="submit" class="primary">{ view.label(Label::GoOn) }</button>
            </div>
        </form>
    }
}
