//! The switch between time zones.

use yew::prelude::*;

use crate::text::labels::Label;
use crate::ui::dom::value_of;
use crate::ui::message::Message;
use crate::ui::view::{ZoneChoice, use_view};

/// Properties of [`ZoneSwitch`].
#[derive(PartialEq, Properties)]
pub struct ZoneSwitchProps {
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The switch for the time zone of all times.
#[component]
pub fn ZoneSwitch(props: &ZoneSwitchProps) -> Html {
    let view = use_view();
    let onchange = {
        let on_message = props.on_message.clone();
        move |event: Event| {
            let name = value_of(&event);
            let mut zones = ZoneChoice::ALL.into_iter();
            if let Some(zone) = zones.find(|zone| zone.name() == name) {
                on_message.emit(Message::Zone(zone));
            }
        }
    };
    let text = |zone| {
        let label = match zone {
            ZoneChoice::Agent => Some(Label::ZoneAgent),
            ZoneChoice::Browser => Some(Label::ZoneBrowser),
            ZoneChoice::Utc => None,
        };
        let name = view.platform.zone_name(view.zone_of(zone));
        match label {
            Some(label) => format!("{} · {name}", view.label(label)),
            None => name,
        }
    };
    html! {
        <label class="zone">
            <span>{ view.label(Label::TimesIn) }</span>
            <select {onchange}>
                for zone in ZoneChoice::ALL {
                    <option value={zone.name()} selected={view.zone == zone}>{ text(zone) }</option>
                }
            </select>
        </label>
    }
}
