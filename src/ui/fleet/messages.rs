//! Callbacks that report the person's actions to the run.

use yew::Callback;

use super::shared::Shared;
use crate::fleet::event::FleetEvent;
use crate::fleet::state::Fleet;
use crate::ui::message::Message;

/// A callback that reports `event` and ignores its argument.
pub(super) fn send<T>(on_message: &Callback<Message>, event: FleetEvent) -> Callback<T> {
    on_message.reform(move |_| Message::Fleet(event.clone()))
}

/// A callback that reports the event that `event` returns for its argument.
pub(super) fn to_fleet<T: 'static>(
    on_message: &Callback<Message>,
    event: impl Fn(T) -> FleetEvent + 'static,
) -> Callback<T> {
    on_message.reform(move |value| Message::Fleet(event(value)))
}

/// Reports the members on screen, given a range of rows.
pub(super) fn shown(
    fleet: &Shared<Fleet>,
    on_message: &Callback<Message>,
) -> Callback<(usize, usize)> {
    let fleet = Shared::clone(fleet);
    to_fleet(on_message, move |(first, end): (usize, usize)| {
        let rows = fleet.members.iter().skip(first);
        let rows = rows.take(end.saturating_sub(first));
        FleetEvent::Shown(rows.map(|member| member.id).collect())
    })
}
