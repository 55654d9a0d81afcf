//! The top: whose console this is, what it is pointed at, language and looks.

use yew::prelude::*;

use super::ConsoleProps;
use super::icon::Icon;
use super::theme::Theme;
use super::view::View;
use crate::flow::event::Language;
use crate::text::labels::Label;

/// The top of the console.
pub(super) fn header(props: &ConsoleProps, view: &View) -> Html {
    html! {
        <header class="top">
            <h1>{ view.label(Label::Title) }</h1>
            if let Some(facts) = props.state.facts() {
                <p class="target">
                    <strong>{ facts.address.to_string() }</strong>
                    <span>{ "obshell " }{ facts.info.version.to_string() }</span>
                    <span>{ facts.info.identity.to_string() }</span>
                </p>
            }
            <div class="switches">
                <div class="segments" role="group" aria-label={view.label(Label::Language)}>
                    { language(props, Language::English, "EN") }
                    { language(props, Language::Chinese, "中文") }
                </div>
                <div class="segments" role="group" aria-label={view.label(Label::Theme)}>
                    { for Theme::ALL.map(|to| theme(props, view, to)) }
                </div>
            </div>
        </header>
    }
}

fn language(props: &ConsoleProps, to: Language, name: &'static str) -> Html {
    let pressed = props.language == to;
    let onclick = props.choose_language.reform(move |_: MouseEvent| to);
    html! {
        <button type="button" lang={to.tag()} aria-pressed={word(pressed)} {onclick}>{ name }</button>
    }
}

fn theme(props: &ConsoleProps, view: &View, to: Theme) -> Html {
    let (icon, label) = match to {
        Theme::System => (Icon::System, Label::ThemeSystem),
        Theme::Light => (Icon::Light, Label::ThemeLight),
        Theme::Dark => (Icon::Dark, Label::ThemeDark),
    };
    let name = view.label(label);
    let onclick = props.choose_theme.reform(move |_: MouseEvent| to);
    html! {
        <button type="button" title={name} aria-label={name} aria-pressed={word(props.theme == to)} {onclick}>
            { icon.draw() }
        </button>
    }
}

/// ARIA's booleans are words.
#[must_use]
pub(super) fn word(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
