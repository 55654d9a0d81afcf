//! The top: whose console this is, what it is pointed at, language and looks.

use yew::prelude::*;

use super::ConsoleProps;
use super::build::{El, On, button, el, said, texted};
use super::icon::Icon;
use super::message::Message;
use super::theme::Theme;
use super::view::View;
use crate::flow::event::Language;
use crate::text::labels::Label;

/// The top of the console.
pub(super) fn header(props: &ConsoleProps, view: &View) -> Html {
    let target = props.state.facts().map(|facts| {
        el("p", "target")
            .child(texted("strong", "", facts.address.to_string()))
            .child(said("span", "", "obshell ").text(facts.info.version.to_string()))
            .child(texted("span", "", facts.info.identity.to_string()))
    });
    let group = |label| {
        el("div", "segments")
            .attr("role", "group")
            .attr("aria-label", view.label(label))
    };
    let languages = group(Label::Language)
        .child(language(props, Language::English, "EN"))
        .child(language(props, Language::Chinese, "中文"));
    let themes = Theme::ALL
        .into_iter()
        .fold(group(Label::Theme), |group, to| {
            group.child(theme(props, view, to))
        });
    el("header", "top")
        .child(said("h1", "", view.label(Label::Title)))
        .maybe(target)
        .child(el("div", "switches").child(languages).child(themes))
        .html()
}

#[inline(never)]
fn language(props: &ConsoleProps, to: Language, name: &'static str) -> El {
    let pressed = props.language == to;
    let tell = props.tell.clone();
    let choose = Callback::from(move |_| tell.emit(Message::Language(to)));
    button("", name, choose)
        .attr("lang", to.tag())
        .attr("aria-pressed", word(pressed))
}

fn theme(props: &ConsoleProps, view: &View, to: Theme) -> El {
    let (icon, label) = match to {
        Theme::System => (Icon::System, Label::ThemeSystem),
        Theme::Light => (Icon::Light, Label::ThemeLight),
        Theme::Dark => (Icon::Dark, Label::ThemeDark),
    };
    let name = view.label(label);
    let tell = props.tell.clone();
    let choose = Callback::from(move |_| tell.emit(Message::Theme(to)));
    el("button", "")
        .attr("type", "button")
        .attr("title", name)
        .attr("aria-label", name)
        .attr("aria-pressed", word(props.theme == to))
        .on(On::Click, choose)
        .node(icon.draw())
}

/// ARIA's booleans are words.
#[must_use]
pub(super) fn word(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
