//! The state of the contact with the agent.

mod sign_in_form;

use std::rc::Rc;

use yew::prelude::*;

use self::sign_in_form::SignInForm;
use super::dom::focus;
use super::icon::IconKind;
use super::message::Message;
use super::notice::Notice;
use super::view::{use_view, whole_seconds};
use crate::flow::event::FlowEvent;
use crate::flow::state::{Contact, Facts, SignIn};
use crate::obshell::error::Failure;
use crate::obshell::time::Millis;
use crate::text;
use crate::text::labels::Label;

/// Properties of [`ContactLine`].
#[derive(PartialEq, Properties)]
pub struct ContactLineProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// The agent.
    pub facts: Rc<Facts>,
    /// The state of the contact.
    pub contact: Contact,
    /// When the agent last answered, by the browser's clock.
    pub last_update: Millis,
    /// Whether there is a task, which continues without this page.
    #[prop_or_default]
    pub has_task: bool,
    /// The kind of password to request again, if the credential is rejected.
    pub sign_in: SignIn,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// When the agent last answered, and the sign-in form if the credential is no longer accepted.
#[component]
pub fn ContactLine(props: &ContactLineProps) -> Html {
    let ContactLineProps {
        heading,
        facts,
        contact,
        last_update,
        has_task,
        sign_in,
        now,
        on_message,
    } = props;
    let view = use_view();
    let last_update = view.updated(*last_update, *now);
    let say =
        |wait: &str| text::task::contact(contact, *has_task, &last_update, wait, view.language);
    let why = |failure: &Failure| {
        text::problem::failure(failure, &facts.address.to_string(), view.language).what
    };
    match contact {
        Contact::Good => html! { <p class="quiet">{ say("") }</p> },
        Contact::Retrying {
            failure, next_at, ..
        } => {
            // Rounded up: "in 0 s" is meaningless.
            let wait = whole_seconds(next_at - now + 999).max(1000);
            let what = say(&view.duration(wait));
            let onclick = {
                let (heading, on_message) = (heading.clone(), on_message.clone());
                move |_| {
                    // The first response removes the button, and the focus must not be removed with
                    // it.
                    focus(&heading);
                    on_message.emit(Message::Flow(FlowEvent::TryNow));
                }
            };
            html! {
                <>
                    <Notice icon={IconKind::Warn} {what} fix={why(failure)} />
                    <div class="acts">
                        <button type="button" {onclick}>{ view.label(Label::TryNow) }</button>
                    </div>
                </>
            }
        }
        Contact::Unauthenticated(failure) => html! {
            <>
                <Notice id="contact" icon={IconKind::Warn} what={say("")} fix={why(failure)} />
                <SignInForm {heading} sign_in={*sign_in} {facts} {on_message} />
            </>
        },
    }
}
