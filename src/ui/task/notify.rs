//! Whether the system notifies the person of the task's end.

use yew::prelude::*;

use crate::flow::event::Event as Act;
use crate::text::labels::Label;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`Notify`].
#[derive(PartialEq, Properties)]
pub struct NotifyProps {
    /// Whether it does.
    pub on: bool,
    /// Takes what a person does.
    pub tell: Callback<Message>,
}

/// A check box; the browser asks for its permission when the box is ticked.
#[component]
pub fn Notify(props: &NotifyProps) -> Html {
    let view = use_view();
    let blocked = use_state(|| false);
    let onchange = {
        let (on, tell, blocked) = (props.on, props.tell.clone(), blocked.setter());
        let platform = view.platform.clone();
        Callback::from(move |_| {
            let (tell, blocked) = (tell.clone(), blocked.clone());
            let notify = Callback::from(move |allowed: bool| {
                blocked.set(!allowed && !on);
                tell.emit(Message::Flow(Act::Notify(allowed)));
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
