//! The smallest Yew page with a form, to measure the loading time of Yew itself. `cargo xtask
//! bench` builds it like the console's page, and compares the two. Not part of the site.

use yew::prelude::*;

/// One field and one button.
#[component]
fn Page() -> Html {
    html! {
        <form>
            <label for="address">{ "Agent address" }</label>
            <input id="address" />
            <button type="submit">{ "Connect" }</button>
        </form>
    }
}

fn main() {
    yew::Renderer::<Page>::new().render();
}
