//! The form that confirms a run.

use yew::prelude::*;

use crate::fleet::event::FleetEvent;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::text::labels::Label;
use crate::ui::copy_button::{CopyButton, Source};
use crate::ui::dom::{is_enter, value_of};
use crate::ui::fleet::tell::send;
use crate::ui::icon::IconKind;
use crate::ui::message::Message;
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`ConfirmForm`].
#[derive(PartialEq, Properties)]
pub struct ConfirmFormProps {
    /// What has to be typed.
    pub expected: AttrValue,
    /// How many ODPs are destroyed.
    pub count: usize,
    /// Whether something else was typed and confirmed.
    pub mismatch: bool,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// The field for `destroy N`, and the button that destroys.
#[component]
pub fn ConfirmForm(props: &ConfirmFormProps) -> Html {
    let ConfirmFormProps {
        expected,
        count,
        mismatch,
        tell,
    } = props;
    let view = use_view();
    let language = view.language;
    let typed = use_state(String::new);
    let matches = typed.trim() == expected.as_str();
    let wrong = *mismatch && !matches;
    let confirm = {
        let (typed, tell) = ((*typed).clone(), tell.clone());
        Callback::from(move |()| {
            let typed = typed.trim().to_owned();
            tell.emit(Message::Fleet(FleetEvent::Confirm { typed }));
        })
    };
    let oninput = {
        let typed = typed.setter();
        move |event: InputEvent| typed.set(value_of(&event))
    };
    // With its only button disabled a form is not submitted by Enter: without this, nothing would
    // say why. The run refuses what does not match.
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
                <label for="confirm">{ FleetLabel::TypeToConfirm.get(language) }</label>
                <p class="command">
                    <code id="confirm-hint">{ expected }</code>
                    <CopyButton
                        source={Source::Text(expected.clone())}
                        label={Label::CopyCommand}
                    />
                </p>
                <input
                    id="confirm"
                    type="text"
                    value={(*typed).clone()}
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
                        what={text::fleet::mismatch(expected, language)}
                    />
                }
            </div>
            <div class="acts">
                <button type="submit" class="danger" disabled={!matches}>
                    { text::fleet::destroy(*count, language) }
                </button>
                <button type="button" class="plain" onclick={send(tell, FleetEvent::Back)}>
                    { view.label(Label::Back) }
                </button>
            </div>
        </form>
    }
}
