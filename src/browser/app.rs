//! The root component.

use web_sys::Element;
use yew::prelude::*;

use super::book::use_book;
use super::options::Options;
use super::place::Place;
use super::use_flow::{Flow, use_flow};
use crate::flow::event::Language;
use crate::text::page::title;
use crate::ui::book::BookView;
use crate::ui::console::Console;

/// Properties of [`App`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AppProps {
    /// The options of the host or the site.
    pub options: Options,
    /// The element that the console is drawn into.
    pub root: Element,
    /// Called after a drawing that shows something else: for the page of the console's own. Hosts
    /// hear events.
    #[prop_or_default]
    pub on_shown: Option<Callback<Shown>>,
}

/// What a console shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Where the person is; `None` until something was opened or chosen.
    pub place: Option<Place>,
    /// The title of a page with this console alone.
    pub title: String,
    /// The language of the console.
    pub language: Language,
}

/// One console with its flow.
#[component]
pub fn App(props: &AppProps) -> Html {
    let Flow {
        console,
        place,
        lender,
    } = use_flow(&props.options, &props.root);
    let book = use_book(
        props.options.book.as_ref(),
        &props.root,
        props.options.settings.timeouts.idle,
        &console.tell,
        &lender,
    );
    let shown = props.on_shown.as_ref().map(|_| Shown {
        place,
        title: title(&console.state, console.language),
        language: console.language,
    });
    let on_shown = props.on_shown.clone();
    use_effect_with(shown, move |shown| {
        if let (Some(on_shown), Some(shown)) = (on_shown, shown) {
            on_shown.emit(shown.clone());
        }
    });
    html! {
        <ContextProvider<Option<BookView>> context={book}>
            <Console ..console />
        </ContextProvider<Option<BookView>>>
    }
}
