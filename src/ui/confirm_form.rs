//! The form that confirms a destroy, of one ODP or of many.

use yew::prelude::*;

use crate::text::labels::Label;
use crate::ui::copy_button::{CopyButton, Source};
use crate::ui::dom::{is_enter, value_of};
use crate::ui::icon::IconKind;
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`ConfirmForm`].
#[derive(PartialEq, Properties)]
pub struct ConfirmFormProps {
    /// What has to be typed.
    pub expected: AttrValue,
    /// What the field asks for.
    pub label: &'static str,
    /// The name of the button that copies what has to be typed.
    pub copy: Label,
    /// The name of the button that destroys.
    pub destroy: AttrValue,
    /// What is said where something else was typed and confirmed.
    pub mismatch: Option<AttrValue>,
    /// Whether the checks are being run again: the confirmation waits for them.
    #[prop_or_default]
    pub rechecking: bool,
    /// What is typed.
    pub typed: AttrValue,
    /// Takes what is typed.
    pub on_typed: Callback<String>,
    /// Takes what is confirmed, which may be something else.
    pub on_confirm: Callback<String>,
    /// Called to go back.
    pub on_back: Callback<MouseEvent>,
}

/// The field for what has to be typed, and the button that destroys.
#[component]
pub fn ConfirmForm(props: &ConfirmFormProps) -> Html {
    let ConfirmFormProps {
        expected,
        label,
        copy,
        destroy,
        mismatch,
        rechecking,
        typed,
        on_typed,
        on_confirm,
        on_back,
    } = props;
    let view = use_view();
    let matches = typed.trim() == expected.as_str();
    let mismatch = mismatch.clone().filter(|_| !matches);
    let confirm = {
        let typed = typed.clone();
        on_confirm.reform(move |()| typed.trim().to_owned())
    };
    let oninput = on_typed.reform(|event: InputEvent| value_of(&event));
    // With its only button disabled a form is not submitted by Enter: without this, nothing would
    // say why. What is confirmed is refused where it does not match.
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
    let described = if mismatch.is_some() {
        "mismatch confirm-hint"
    } else {
        "confirm-hint"
    };
    html! {
        <form class="confirm" novalidate={true} {onsubmit}>
            <div class="field">
                <label for="confirm">{ *label }</label>
                <p class="command">
                    <code id="confirm-hint">{ expected }</code>
                    <CopyButton source={Source::Text(expected.clone())} label={*copy} />
                </p>
                <input
                    id="confirm"
                    type="text"
                    value={typed.clone()}
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-invalid={mismatch.is_some().then_some("true")}
                    aria-describedby={described}
                    {oninput}
                    {onkeydown}
                />
                if let Some(what) = mismatch {
                    <Notice id="mismatch" icon={IconKind::Fail} {what} />
                }
            </div>
            <div class="acts">
                <button
                    type="submit"
                    class="danger"
                    disabled={!matches}
                    aria-disabled={rechecking.then_some("true")}
                >
                    { destroy }
                </button>
                <button type="button" class="plain" onclick={on_back}>
                    { view.label(Label::Back) }
                </button>
            </div>
        </form>
    }
}
