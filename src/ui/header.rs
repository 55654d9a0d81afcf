//! The header: the console's name, the current agent, language and theme.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::{Icon, IconKind};
use super::message::Message;
use super::theme::Theme;
use super::view::use_view;
use crate::flow::event::Language;
use crate::flow::state::Facts;
use crate::text::labels::Label;

/// Properties of [`Header`].
#[derive(PartialEq, Properties)]
pub struct HeaderProps {
    /// The agent in use.
    pub target: Option<Rc<Facts>>,
    /// The theme.
    pub theme: Theme,
    /// Receives the person's actions.
    pub on_message: Callback<Message>,
}

/// The header of the console.
#[component]
pub fn Header(props: &HeaderProps) -> Html {
    let view = use_view();
    let language = |to: Language, name| {
        let pressed = view.language == to;
        let onclick = props.on_message.reform(move |_| Message::Language(to));
        html! {
            <button type="button" lang={to.tag()} aria-pressed={pressed.to_string()} {onclick}>
                { name }
            </button>
        }
    };
    let theme = |to: Theme| {
        let (kind, label) = match to {
            Theme::System => (IconKind::System, Label::ThemeSystem),
            Theme::Light => (IconKind::Light, Label::ThemeLight),
            Theme::Dark => (IconKind::Dark, Label::ThemeDark),
        };
        let name = view.label(label);
        let pressed = props.theme == to;
        let onclick = props.on_message.reform(move |_| Message::Theme(to));
        html! {
            <button
                type="button"
                title={name}
                aria-label={name}
                aria-pressed={pressed.to_string()}
                {onclick}
            >
                <Icon {kind} />
            </button>
        }
    };
    html! {
        <header class="top">
            <h1>{ view.label(Label::Title) }</h1>
            if let Some(facts) = &props.target {
                <p class="target">
                    <strong>{ facts.address.to_string() }</strong>
                    <span>{ "obshell " }{ facts.info.version.to_string() }</span>
                    <span>{ facts.info.identity.to_string() }</span>
                </p>
            }
            <div class="switches">
                <div class="segments" role="group" aria-label={view.label(Label::Language)}>
                    { language(Language::English, "EN") }
                    { language(Language::Chinese, "中文") }
                </div>
                <div class="segments" role="group" aria-label={view.label(Label::Theme)}>
                    { for Theme::ALL.into_iter().map(theme) }
                </div>
            </div>
        </header>
    }
}
