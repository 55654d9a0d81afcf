//! A line of a log: shown, never obeyed.

use std::borrow::Cow;

use yew::prelude::*;

use super::search::places;
use crate::obshell::invisible::symbol;

/// A text in pieces: what the agent wrote, and the symbols (`true`) in between.
fn pieces(text: &str) -> Vec<(bool, Cow<'_, str>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((at, character)) = rest
        .char_indices()
        .find(|(_, character)| symbol(*character).is_some())
    {
        let (before, after) = rest.split_at(at);
        pieces.push((false, Cow::Borrowed(before)));
        pieces.extend(symbol(character).map(|symbol| (true, symbol)));
        rest = after.get(character.len_utf8()..).unwrap_or_default();
    }
    pieces.push((false, Cow::Borrowed(rest)));
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

/// Draws a text, symbols set apart from what the agent wrote.
fn shown(text: &str) -> Html {
    html! {
        for (is_symbol, piece) in pieces(text) {
            if is_symbol {
                <span class="control">{ piece.into_owned() }</span>
            } else {
                { piece.into_owned() }
            }
        }
    }
}

/// Draws a line, with the places where `query` stands marked.
///
/// A function and no component: of a long log a thousand are drawn at once, and all of them are
/// drawn again as the log is.
pub(super) fn line(index: usize, text: &str, query: &str, current: bool) -> Html {
    let mut from = 0;
    let mut marked = Vec::new();
    for at in places(text, query) {
        let before = text.get(from..at).unwrap_or_default();
        from = at + query.len();
        marked.push((before, text.get(at..from).unwrap_or_default()));
    }
    let level = if text.starts_with("ERROR") {
        Some("bad")
    } else if text.starts_with("WARN") {
        Some("warn")
    } else {
        None
    };
    html! {
        <div
            key={index}
            class={classes!("line", level, current.then_some("current"))}
            data-number={(index + 1).to_string()}
        >
            for (before, place) in marked {
                { shown(before) }
                <mark>{ shown(place) }</mark>
            }
            { shown(text.get(from..).unwrap_or_default()) }
        </div>
    }
}
