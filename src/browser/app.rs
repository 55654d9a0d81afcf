//! The root component.

use web_sys::Element;
use yew::prelude::*;

use super::options::Options;
use super::use_flow::use_flow;
use crate::ui::console::Console;

/// Properties of [`App`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// The options of the host or the site.
    pub options: Options,
    /// The element that the console is drawn into.
    pub root: Element,
}

/// One console with its flow.
#[component]
pub fn App(props: &AppProps) -> Html {
    let console = use_flow(&props.options, &props.root);
    html! { <Console ..console /> }
}
