//! The smallest Yew page with a form: what Yew itself takes to load. `cargo xtask bench` builds it
//! as the console's page is built, and compares the two. It is not part of the site.

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
