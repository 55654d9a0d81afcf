//! A sentence, and the command that it may offer.

use yew::prelude::*;

use super::build::{el, several, text as text_node, texted};
use super::copy::{Source, copy};
use super::view::View;
use crate::text::labels::LaterLabel;
use crate::text::split_command;

/// Draws a sentence; a command in it is set apart and can be copied.
pub(super) fn prose(view: &View, text: &str) -> Html {
    let (sentence, command) = split_command(text);
    let command = command.map(|command| {
        let source = Source::Text(AttrValue::from(command.to_owned()));
        el("span", "command")
            .child(texted("code", "", command.to_owned()))
            .node(copy(view, source, LaterLabel::CopyCommand))
            .html()
    });
    several(vec![
        text_node(sentence.to_owned()),
        command.unwrap_or_default(),
    ])
}
