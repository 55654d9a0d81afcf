//! What a person sees: function components that draw a [`State`] and report acts as [`Event`]s.
//!
//! There is no fetch, no timer and no decision here. What a component needs from its
//! surroundings comes by [`Platform`](platform::Platform).

pub mod platform;
pub mod theme;

use std::rc::Rc;

use yew::prelude::*;

use self::platform::Platform;
use self::theme::Theme;
use crate::flow::event::{Event, Language};
use crate::flow::state::State;
use crate::obshell::secret::Secret;

/// Properties of [`Console`].
#[derive(Properties, PartialEq)]
pub struct ConsoleProps {
    /// What to draw.
    pub state: Rc<State>,
    /// The language of every word.
    pub language: Language,
    /// The looks.
    pub theme: Theme,
    /// Whether requests leave the browser by https.
    pub secure_transport: bool,
    /// Takes a person's acts.
    pub dispatch: Callback<Event>,
    /// Takes the password, just before [`Event::Connect`] or [`Event::Authenticate`].
    pub give_credential: Callback<Secret>,
    /// Takes another language.
    pub choose_language: Callback<Language>,
    /// Takes other looks.
    pub choose_theme: Callback<Theme>,
    /// Clock, words for times, clipboard.
    pub platform: Platform,
}

/// The whole console.
#[component]
pub fn Console(props: &ConsoleProps) -> Html {
    html! { <div class="console" data-theme={props.theme.name()}></div> }
}
