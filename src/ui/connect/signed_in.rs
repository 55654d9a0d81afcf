//! The credential kept after starting over.

use yew::prelude::*;

use crate::flow::event::FlowEvent;
use crate::text::labels::Label;
use crate::ui::dom::focus;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`SignedIn`].
#[derive(PartialEq, Properties)]
pub struct SignedInProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// Shows that no password is needed, with a button that clears the credential so that another one
/// can be given.
#[component]
pub fn SignedIn(props: &SignedInProps) -> Html {
    let SignedInProps {
        heading,
        on_message,
    } = props;
    let view = use_view();
    let onclick = {
        let (heading, on_message) = (heading.clone(), on_message.clone());
        move |_| {
            // The button is removed, and the focus must not be removed with it.
            focus(&heading);
            on_message.emit(Message::Flow(FlowEvent::SignOut));
        }
    };
    html! {
        <div class="field">
            <p>{ view.label(Label::SignedIn) }</p>
            <p>
                <button type="button" class="small" {onclick}>{ view.label(Label::SignOut) }</button>
            </p>
        </div>
    }
}
