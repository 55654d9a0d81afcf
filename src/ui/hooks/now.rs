//! The current time on the screen.

use yew::prelude::*;

use crate::obshell::time::Millis;
use crate::ui::platform::Platform;

/// The browser's clock, in milliseconds since 1970. While `ticking`, the component is rendered
/// again about once a second.
#[hook]
pub fn use_now(platform: &Platform, ticking: bool) -> Millis {
    let redraw = use_force_update();
    use_effect_with((platform.clone(), ticking), move |(platform, ticking)| {
        let tick =
            ticking.then(|| platform.every_second(Callback::from(move |()| redraw.force_update())));
        move || drop(tick)
    });
    platform.now()
}
