//! Why the confirmation is not offered.

use yew::prelude::*;

use crate::flow::event::FlowEvent;
use crate::flow::preflight::Obstacle;
use crate::text;
use crate::text::labels::Label;
use crate::ui::icon::IconKind;
use crate::ui::message::{Message, to_flow};
use crate::ui::notice::Notice;
use crate::ui::view::use_view;

/// Properties of [`Blocked`].
#[derive(PartialEq, Properties)]
pub struct BlockedProps {
    /// The obstacle to the confirmation.
    pub obstacle: Obstacle,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// Why the confirmation is not offered, and the way to continue if there is one.
#[component]
pub fn Blocked(props: &BlockedProps) -> Html {
    let BlockedProps {
        obstacle,
        on_message,
    } = props;
    let view = use_view();
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
                        onclick={to_flow(on_message, FlowEvent::ContinueAnyway)}
                    >
                        { view.label(Label::ContinueAnyway) }
                    </button>
                }
                <button type="button" onclick={to_flow(on_message, FlowEvent::Back)}>
                    { view.label(Label::Back) }
                </button>
            </div>
        </>
    }
}
