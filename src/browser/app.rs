//! The root component.

use web_sys::Element;
use yew::prelude::*;

use super::options::Options;
use super::place::Place;
use super::use_flow::{Flow, use_flow};
use crate::ui::console::Console;

/// Properties of [`App`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// The options of the host or the site.
    pub options: Options,
    /// The element that the console is drawn into.
    pub root: Element,
    /// Called with every new place after it was drawn: for the page of the console's own. Hosts
    /// hear the event `odp-place`.
    #[prop_or_default]
    pub on_place: Option<Callback<Place>>,
}

/// One console with its flow.
#[component]
pub fn App(props: &AppProps) -> Html {
    let Flow { console, place } = use_flow(&props.options, &props.root);
    let on_place = props.on_place.clone();
    use_effect_with(place, move |place| {
        if let (Some(on_place), Some(place)) = (on_place, place) {
            on_place.emit(place.clone());
        }
    });
    html! { <Console ..console /> }
}
