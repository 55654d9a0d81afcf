//! The form for the settings of a run.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::fleet::event::FleetEvent;
use crate::fleet::state::{MAX_BATCH, MAX_PAUSE, RunSettings};
use crate::text::fleet::labels::FleetLabel;
use crate::ui::dom::value_of;
use crate::ui::fleet::messages::to_fleet;
use crate::ui::message::Message;
use crate::ui::view::use_view;

/// Properties of [`RunForm`].
#[derive(PartialEq, Properties)]
pub struct RunFormProps {
    /// The current settings.
    pub settings: RunSettings,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// Batch size, pause, and whether to stop at a bad end.
#[component]
pub fn RunForm(props: &RunFormProps) -> Html {
    let RunFormProps {
        settings,
        on_message,
    } = props;
    let settings = *settings;
    let language = use_view().language;
    let say = |label: FleetLabel| label.get(language);
    let set = to_fleet(on_message, FleetEvent::Settings);
    let on_batch = set.reform(move |event: Event| RunSettings {
        batch: value_of(&event).parse().unwrap_or(settings.batch),
        ..settings
    });
    let on_pause = set.reform(move |event: Event| RunSettings {
        // A text that is not a number means no pause; a larger number means the longest pause.
        pause: value_of(&event).trim().parse().unwrap_or_default(),
        ..settings
    });
    let on_stop = set.reform(move |event: Event| {
        let field: Option<HtmlInputElement> = event.target_dyn_into();
        RunSettings {
            stop_on_bad_end: field.is_none_or(|field| field.checked()),
            ..settings
        }
    });
    html! {
        <fieldset class="run-form">
            <legend>{ say(FleetLabel::HowToRun) }</legend>
            <div class="field">
                <label for="batch">{ say(FleetLabel::Batch) }</label>
                <select id="batch" aria-describedby="batch-hint" onchange={on_batch}>
                    for size in 1..=MAX_BATCH {
                        <option value={size.to_string()} selected={size == settings.batch}>
                            { size }
                        </option>
                    }
                </select>
                <p class="hint" id="batch-hint">{ say(FleetLabel::BatchHint) }</p>
            </div>
            <div class="field">
                <label for="pause">{ say(FleetLabel::PauseSeconds) }</label>
                <input
                    id="pause"
                    type="number"
                    min="0"
                    max={MAX_PAUSE.to_string()}
                    step="1"
                    value={settings.pause.to_string()}
                    aria-describedby="pause-hint"
                    onchange={on_pause}
                />
                <p class="hint" id="pause-hint">{ say(FleetLabel::PauseHint) }</p>
            </div>
            <div class="field">
                <label class="check">
                    <input
                        type="checkbox"
                        checked={settings.stop_on_bad_end}
                        aria-describedby="stop-hint"
                        onchange={on_stop}
                    />
                    <span>{ say(FleetLabel::StopOnBadEnd) }</span>
                </label>
                <p class="hint" id="stop-hint">{ say(FleetLabel::StopHint) }</p>
            </div>
        </fieldset>
    }
}
