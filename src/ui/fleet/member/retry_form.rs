//! The form for retrying a member.

use yew::prelude::*;

use crate::fleet::event::FleetEvent;
use crate::fleet::member::MemberId;
use crate::fleet::summary::Retry;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::text::labels::Label;
use crate::ui::copy_button::{CopyButton, Source};
use crate::ui::dom::{focus, value_of};
use crate::ui::icon::IconKind;
use crate::ui::message::Message;
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`RetryForm`].
#[derive(PartialEq, Properties)]
pub struct RetryFormProps {
    /// The member.
    pub id: MemberId,
    /// The address of the member.
    pub address: AttrValue,
    /// The requirements of the retry.
    pub retry: Retry,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The effect of a retry, and its button; with a field for the address if a DELETE was sent before.
#[component]
pub fn RetryForm(props: &RetryFormProps) -> Html {
    let RetryFormProps {
        id,
        address,
        retry,
        on_message,
    } = props;
    let (id, retry) = (*id, *retry);
    let language = use_view().language;
    let say = |label: FleetLabel| label.get(language);
    let typed = use_state(String::new);
    let field = use_node_ref();
    // Whether the form was submitted with another text in the field.
    let wrong = use_state(|| false);
    let confirms = retry == Retry::Confirmation;
    let matches = !confirms || typed.trim() == address.as_str();
    let mismatch = *wrong && !matches;
    let effect = match retry {
        Retry::Task => FleetLabel::RetryTask,
        Retry::Turn => FleetLabel::RetryTurn,
        Retry::Confirmation => FleetLabel::RetryConfirm,
    };
    let oninput = {
        let typed = typed.setter();
        move |event: InputEvent| typed.set(value_of(&event))
    };
    let onsubmit = {
        let (on_message, field, wrong) = (on_message.clone(), field.clone(), wrong.setter());
        let address = address.to_string();
        move |event: SubmitEvent| {
            event.prevent_default();
            wrong.set(!matches);
            if matches {
                let typed = confirms.then(|| address.clone());
                on_message.emit(Message::Fleet(FleetEvent::Retry { member: id, typed }));
            } else {
                focus(&field);
            }
        }
    };
    let described = if mismatch {
        "mismatch confirm-hint"
    } else {
        "confirm-hint"
    };
    html! {
        <form class={confirms.then_some("confirm")} novalidate={true} {onsubmit}>
            <p>{ say(effect) }</p>
            if confirms {
                <div class="field">
                    <label for="confirm">{ Label::TypeToConfirm.get(language) }</label>
                    <p class="command">
                        <code id="confirm-hint">{ address }</code>
                        <CopyButton
                            source={Source::Text(address.clone())}
                            label={Label::CopyAddress}
                        />
                    </p>
                    <input
                        id="confirm"
                        type="text"
                        ref={field}
                        value={(*typed).clone()}
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-invalid={mismatch.then_some("true")}
                        aria-describedby={described}
                        {oninput}
                    />
                    if mismatch {
                        <Notice
                            id="mismatch"
                            icon={IconKind::Fail}
                            what={text::review::mismatch(address, language)}
                        />
                    }
                </div>
            }
            <div class="acts">
                <button type="submit" class={if confirms { "danger" } else { "primary" }}>
                    { say(FleetLabel::TryAgain) }
                </button>
            </div>
        </form>
    }
}
