//! The confirmation, or why there is none.

use yew::prelude::*;

use super::confirm_form::ConfirmForm;
use crate::flow::event::Event as Act;
use crate::flow::preflight::Obstacle;
use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::IconKind;
use crate::ui::message::{Message, to_flow};
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`Confirmation`].
#[derive(PartialEq, Properties)]
pub struct ConfirmationProps {
    /// The agent's address, which has to be typed.
    pub address: AttrValue,
    /// What stands in the way.
    pub obstacle: Option<Obstacle>,
    /// Whether something else was typed and confirmed.
    pub mismatch: bool,
    /// Whether the checks are being run again.
    pub rechecking: bool,
    /// What is typed.
    pub typed: AttrValue,
    /// Takes what is typed.
    pub on_typed: Callback<String>,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// The form that confirms; where it is not offered, the reason, and the way on where there is one.
#[component]
pub fn Confirmation(props: &ConfirmationProps) -> Html {
    let ConfirmationProps {
        address,
        obstacle,
        mismatch,
        rechecking,
        typed,
        on_typed,
        tell,
    } = props;
    let view = use_view();
    let Some(obstacle) = obstacle else {
        return html! {
            <ConfirmForm
                {address}
                {mismatch}
                {rechecking}
                {typed}
                {on_typed}
                {tell}
            />
        };
    };
    let advice = text::review::obstacle(*obstacle, view.language);
    let icon = match obstacle {
        Obstacle::CheckFailed => IconKind::Fail,
        Obstacle::NothingManaged => IconKind::Warn,
        Obstacle::ReadOnly => IconKind::Info,
    };
    html! {
        <>
            <Notice id="obstacle" {icon} what={advice.what} fix={advice.fix} />
            <div class="acts">
                if *obstacle == Obstacle::NothingManaged {
                    <button
                        type="button"
                        aria-describedby="obstacle"
                        onclick={to_flow(tell, Act::ContinueAnyway)}
                    >
                        { view.label(Label::ContinueAnyway) }
                    </button>
                }
                <button type="button" onclick={to_flow(tell, Act::Back)}>
                    { view.label(Label::Back) }
                </button>
            </div>
        </>
    }
}
