//! One password for every agent without one.

use yew::prelude::*;

use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::flow::event::FlowEvent;
use crate::flow::state::SignIn;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::dom::focus;
use crate::ui::message::Message;
use crate::ui::password::take;
use crate::ui::password_field::PasswordField;
use crate::ui::sign_in_choice::SignInChoice;
use crate::ui::view::use_view;

/// Properties of [`ForAll`].
#[derive(PartialEq, Properties)]
pub struct ForAllProps {
    /// The target; the password is used for those members that need one.
    #[prop_or(MemberSelection::All)]
    pub selection: MemberSelection,
    /// The label of the button.
    pub submit: FleetLabel,
    /// A note about the passwords.
    pub hint: &'static str,
    /// Called after a password was entered.
    #[prop_or_default]
    pub on_given: Callback<()>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
    /// Additional buttons.
    #[prop_or_default]
    pub children: Html,
}

/// A form with one password: that of the agent, or of OceanBase's root user for CLUSTER AGENTs.
#[component]
pub fn ForAll(props: &ForAllProps) -> Html {
    let ForAllProps {
        selection,
        submit,
        hint,
        on_given,
        on_message,
        children,
    } = props;
    let selection = *selection;
    let language = use_view().language;
    let field = use_node_ref();
    let sign_in = use_state(SignIn::default);
    // Whether the form was submitted empty.
    let missing = use_state(|| false);
    let choose = {
        let (sign_in, missing) = (sign_in.setter(), missing.setter());
        Callback::from(move |message| {
            if let Message::Flow(FlowEvent::SignInWith(chosen)) = message {
                sign_in.set(chosen);
                missing.set(false);
            }
        })
    };
    let sign_in = *sign_in;
    let onsubmit = {
        let (field, missing) = (field.clone(), missing.setter());
        let (on_given, on_message) = (on_given.clone(), on_message.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let secret = take(&field);
            let typed = !secret.is_empty();
            let has_credential = typed || !sign_in.is_typed();
            missing.set(!has_credential);
            if !has_credential {
                focus(&field);
                return;
            }
            if typed {
                on_message.emit(Message::MemberCredential(selection, secret));
            }
            on_message.emit(Message::Fleet(FleetEvent::SignIn {
                selection,
                sign_in,
                has_credential,
            }));
            on_given.emit(());
        }
    };
    let problem = missing.then(|| text::problem::password_missing(sign_in, language));
    html! {
        <form class="again" novalidate={true} {onsubmit}>
            <SignInChoice chosen={sign_in} facts={None} passwordless={true} on_message={choose} />
            <PasswordField {field} {sign_in} {problem} hint_id="passwords-hint" hint={Some(*hint)} />
            <div class="acts">
                <button type="submit" class="primary">{ submit.get(language) }</button>
                { children.clone() }
            </div>
        </form>
    }
}

/// Properties of [`SignInForAll`].
#[derive(PartialEq, Properties)]
pub struct SignInForAllProps {
    /// The target; the password is used for those members that need one.
    #[prop_or(MemberSelection::All)]
    pub selection: MemberSelection,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The same form inside a disclosure, on a screen with another purpose.
#[component]
pub fn SignInForAll(props: &SignInForAllProps) -> Html {
    let language = use_view().language;
    html! {
        <details class="passed">
            <summary>{ FleetLabel::SignInAll.get(language) }</summary>
            <ForAll
                selection={props.selection}
                submit={FleetLabel::ToSignIn}
                hint={FleetLabel::PasswordsHint.get(language)}
                on_message={props.on_message.clone()}
            />
        </details>
    }
}
