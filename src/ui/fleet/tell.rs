//! Callbacks that report the person's actions to the run.

use yew::Callback;

use super::shared::Shared;
use crate::fleet::event::FleetEvent;
use crate::fleet::state::Fleet;
use crate::ui::message::Message;

/// A callback that reports `event` and ignores its argument.
pub(super) fn send<T>(tell: &Callback<Message>, event: FleetEvent) -> Callback<T> {
    tell.reform(move |_| Message::Fleet(event.clone()))
}

/// A callback that reports the event that `event` returns for its argument.
pub(super) fn to_fleet<T: 'static>(
    tell: &Callback<Message>,
    event: impl Fn(T) -> FleetEvent + 'static,
) -> Callback<T> {
    tell.reform(move |value| Message::Fleet(event(value)))
}

/// Reports the members on screen, given a range of rows.
pub(super) fn shown(fleet: &Shared<Fleet>, tell: &Callback<Message>) -> Callback<(usize, usize)> {
    let fleet = Shared::clone(fleet);
    to_fleet(tell, move |(first, end): (usize, usize)| {
        let rows = fleet.members.iter().skip(first);
        let rows = rows.take(end.saturating_sub(first));
        FleetEvent::Shown(rows.map(|member| member.id).collect())
    })
}
