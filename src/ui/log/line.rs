//! A line of a log, displayed without interpreting control characters.

use std::borrow::Cow;

use yew::prelude::*;

use super::search::places;
use crate::obshell::invisible::symbol;

/// Splits a text into the agent's own text and substituted symbols (`true`).
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

/// Renders a text, with substituted symbols set apart from the agent's own text.
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

/// Renders a line, with the occurrences of `query` marked.
///
/// A function and not a component: a long log renders a thousand lines at once, all of which are
/// rendered again with the log.
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
