//! The buttons to pause, resume and end a run; and why a run is paused.

use yew::prelude::*;

use crate::fleet::event::{FleetEvent, MemberSelection};
use crate::fleet::member::MemberId;
use crate::fleet::state::{Fleet, Halt};
use crate::fleet::summary::{Counts, NextStep};
use crate::obshell::time::Millis;
use crate::text;
use crate::text::fleet::labels::FleetLabel;
use crate::ui::fleet::from_book::FromBook;
use crate::ui::fleet::messages::send;
use crate::ui::fleet::shared::Shared;
use crate::ui::fleet::sign_in::count_needing_credential;
use crate::ui::fleet::sign_in::for_all::SignInForAll;
use crate::ui::icon::IconKind;
use crate::ui::message::Message;
use crate::ui::notice::Notice;
use crate::ui::view::{use_view, whole_seconds};

/// Properties of [`Controls`].
#[derive(PartialEq, Properties)]
pub struct ControlsProps {
    /// The run.
    pub fleet: Shared<Fleet>,
    /// The number of members by status.
    pub counts: Counts,
    /// The browser's clock, in milliseconds since 1970.
    pub now: Millis,
    /// Opens a member.
    pub open: Callback<MemberId>,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The next event of the run, and the buttons that affect it.
#[component]
pub fn Controls(props: &ControlsProps) -> Html {
    let ControlsProps {
        fleet,
        counts,
        now,
        open,
        on_message,
    } = props;
    let view = use_view();
    let language = view.language;
    let say = |label: FleetLabel| label.get(language);
    let next = fleet.next();
    let wait = match next {
        // Rounded up, so that the last second is not shown as zero.
        NextStep::At(at) => view.duration(whole_seconds(at - now + 999)),
        _ => String::new(),
    };
    let next_words = text::fleet::next(next, counts, &wait, language);
    let halt = match next {
        NextStep::Halted(halt) => Some(halt),
        _ => None,
    };
    let selection = match halt {
        Some(Halt::NotDestroyed(id) | Halt::NoCredential(id)) => fleet.member(id),
        _ => None,
    };
    let waits = counts.waiting > 0;
    html! {
        <div class="controls">
            if let Some(halt) = halt.filter(|_| waits) {
                <Notice
                    icon={IconKind::Warn}
                    what={text::fleet::halt(fleet, halt, language).what}
                    fix={text::fleet::halt(fleet, halt, language).fix}
                />
            } else if !next_words.is_empty() {
                <p class="next">{ next_words }</p>
            }
            <FromBook {fleet} {on_message} />
            if count_needing_credential(fleet) > 0 {
                <SignInForAll selection={MemberSelection::All} {on_message} />
            }
            if !fleet.settings.read_only && waits {
                <div class="acts">
                    if halt.is_some() {
                        <button
                            type="button"
                            class="primary"
                            onclick={send(on_message, FleetEvent::Resume)}
                        >
                            { say(FleetLabel::Resume) }
                        </button>
                    } else {
                        <button
                            type="button"
                            aria-describedby="pause-effect"
                            onclick={send(on_message, FleetEvent::Pause)}
                        >
                            { say(FleetLabel::Pause) }
                        </button>
                    }
                    if let Some(member) = selection {
                        <button type="button" onclick={open.reform({
                            let id = member.id;
                            move |_| id
                        })}>
                            { text::fleet::open(&member.chosen.address.to_string(), language) }
                        </button>
                    }
                    if halt.is_some() {
                        <button
                            type="button"
                            class="plain"
                            aria-describedby="pause-effect"
                            onclick={send(on_message, FleetEvent::EndRun)}
                        >
                            { say(FleetLabel::EndRun) }
                        </button>
                    }
                    <span class="hint" id="pause-effect">
                        { say(if halt.is_some() {
                            FleetLabel::EndEffect
                        } else {
                            FleetLabel::PauseEffect
                        }) }
                    </span>
                </div>
            }
        </div>
    }
}
