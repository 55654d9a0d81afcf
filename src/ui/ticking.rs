//! What changes by itself: lengths of time that still grow.

use yew::prelude::*;

use super::platform::Platform;
use super::view::View;
use crate::obshell::time::Millis;

/// The browser's clock; while `active`, the component is drawn again every second.
#[hook]
pub(super) fn use_now(platform: &Platform, active: bool) -> Millis {
    let trigger = use_force_update();
    use_effect_with((platform.clone(), active), move |(platform, active)| {
        let guard =
            active.then(|| platform.every_second(Callback::from(move |()| trigger.force_update())));
        move || drop(guard)
    });
    platform.now()
}

/// Properties of [`Elapsed`].
#[derive(Properties, PartialEq)]
pub struct ElapsedProps {
    /// Words and clocks.
    pub view: View,
    /// The beginning, by the agent's clock.
    pub since: Millis,
    /// The end, by the agent's clock; grows while there is none.
    #[prop_or_default]
    pub until: Option<Millis>,
}

/// The time from a beginning to an end, or to now by the agent's clock.
#[component]
pub fn Elapsed(props: &ElapsedProps) -> Html {
    let ElapsedProps { view, since, until } = props;
    let now = use_now(&view.platform, until.is_none());
    let end = until.unwrap_or_else(|| view.clock.agent_time(now));
    // Whole seconds while it grows: digits that flicker say nothing.
    let length = (end - since).max(0);
    let length = if until.is_none() {
        length - length % 1000
    } else {
        length
    };
    html! { { view.duration(length) } }
}
