//! The setting for a system notification at the end of the task.

use yew::prelude::*;

use crate::flow::event::FlowEvent;
use crate::text::labels::Label;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`Notify`].
#[derive(PartialEq, Properties)]
pub struct NotifyProps {
    /// Whether notifications are enabled.
    pub on: bool,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// A check box; the browser requests its permission when the box is checked.
#[component]
pub fn Notify(props: &NotifyProps) -> Html {
    let view = use_view();
    let blocked = use_state(|| false);
    let onchange = {
        let (on, on_message, blocked) = (props.on, props.on_message.clone(), blocked.setter());
        let platform = view.platform.clone();
        Callback::from(move |_| {
            let (on_message, blocked) = (on_message.clone(), blocked.clone());
            let notify = Callback::from(move |allowed: bool| {
                blocked.set(!allowed && !on);
                on_message.emit(Message::Flow(FlowEvent::Notify(allowed)));
            });
            if on {
                notify.emit(false);
            } else {
                platform.allow_notifications(notify);
            }
        })
    };
    html! {
        <div class="choice">
            <label>
                <input type="checkbox" checked={props.on} {onchange} />
                { view.label(Label::NotifyMe) }
            </label>
            if *blocked {
                <p class="hint" role="status">{ view.label(Label::NotificationsBlocked) }</p>
            }
        </div>
    }
}
