//! The credential that is still there after starting over.

use yew::prelude::*;

use crate::flow::event::Event as Act;
use crate::text::labels::Label;
use crate::ui::dom::focus;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`SignedIn`].
#[derive(PartialEq, Properties)]
pub struct SignedInProps {
    /// The screen's heading, to be focused.
    pub heading: NodeRef,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// Says that no password is needed, and clears the credential where a person wants to give another.
#[component]
pub fn SignedIn(props: &SignedInProps) -> Html {
    let SignedInProps { heading, tell } = props;
    let view = use_view();
    let onclick = {
        let (heading, tell) = (heading.clone(), tell.clone());
        move |_| {
            // The button goes away, and the focus with it if it stayed here.
            focus(&heading);
            tell.emit(Message::Flow(Act::SignOut));
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
