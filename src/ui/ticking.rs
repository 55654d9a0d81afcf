//! What changes by itself as time goes by.

use yew::prelude::*;

use super::platform::Platform;
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
