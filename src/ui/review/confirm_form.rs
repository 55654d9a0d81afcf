//! The form that confirms.

use yew::prelude::*;

use crate::flow::event::Event as Act;
use crate::text;
use crate::text::labels::Label;
use crate::ui::copy_button::{CopyButton, Source};
use crate::ui::dom::{is_enter, value_of};
use crate::ui::icon::IconKind;
use crate::ui::message::{Message, to_flow};
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`ConfirmForm`].
#[derive(PartialEq, Properties)]
pub struct ConfirmFormProps {
    /// The agent's address, which has to be typed.
    pub address: AttrValue,
    /// Whether something else was typed and confirmed.
    pub mismatch: bool,
    /// Whether the checks are being run again: the confirmation waits for them.
    pub rechecking: bool,
    /// What is typed.
    pub typed: AttrValue,
    /// Takes what is typed.
    pub on_typed: Callback<String>,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// The field for the agent's address, and the button that destroys.
#[component]
pub fn ConfirmForm(props: &ConfirmFormProps) -> Html {
    let ConfirmFormProps {
        address,
        mismatch,
        rechecking,
        typed,
        on_typed,
        tell,
    } = props;
    let view = use_view();
    let language = view.language;
    let matches = typed.trim() == address.as_str();
    let wrong = *mismatch && !matches;

    let confirm = {
        let (typed, tell) = (typed.clone(), tell.clone());
        Callback::from(move |()| {
            let typed = typed.trim().to_owned();
            tell.emit(Message::Flow(Act::Confirm { typed }));
        })
    };
    let oninput = on_typed.reform(|event: InputEvent| value_of(&event));
    // With its only button disabled a form is not submitted by Enter: without this, nothing would
    // say why. The flow refuses what does not match.
    let onkeydown = {
        let confirm = confirm.clone();
        move |event: KeyboardEvent| {
            if !matches && is_enter(&event) {
                event.prevent_default();
                confirm.emit(());
            }
        }
    };
    let onsubmit = move |event: SubmitEvent| {
        event.prevent_default();
        if matches {
            confirm.emit(());
        }
    };
    let described = if wrong {
        "mismatch confirm-hint"
    } else {
        "confirm-hint"
    };
    html! {
        <form class="confirm" novalidate={true} {onsubmit}>
            <div class="field">
                <label for="confirm">{ view.label(Label::TypeToConfirm) }</label>
                <p class="command">
                    <code id="confirm-hint">{ address }</code>
                    <CopyButton source={Source::Text(address.clone())} label={Label::CopyAddress} />
                </p>
                <input
                    id="confirm"
                    type="text"
                    value={typed.clone()}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid={wrong.then_some("true")}
                    aria-describedby={described}
                    {oninput}
                    {onkeydown}
                />
                if wrong {
                    <Notice
                        id="mismatch"
                        icon={IconKind::Fail}
                        what={text::review::mismatch(address, language)}
                    />
                }
            </div>
            <div class="acts">
                <button
                    type="submit"
                    class="danger"
                    disabled={!matches}
                    aria-disabled={rechecking.then_some("true")}
                >
                    { text::review::destroy(address, language) }
                </button>
                <button type="button" class="plain" onclick={to_flow(tell, Act::Back)}>
                    { view.label(Label::Back) }
                </button>
            </div>
        </form>
    }
}
