//! Makes the control characters of an agent's text visible, so that no program interprets them.

use std::borrow::Cow;

use crate::obshell::invisible::{is_invisible, is_shaping};

/// The symbol for a character that would be invisible or would rearrange the visible text.
pub(super) fn symbol(character: char) -> Option<Cow<'static, str>> {
    match character {
        // An entry of several lines is shown on several lines.
        '\t' | '\n' => None,
        // The symbols for control characters are in the same order, from U+2400 on.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character))
            .map(|symbol| Cow::Owned(symbol.to_string())),
        '\u{7f}' => Some(Cow::Borrowed("\u{2421}")),
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => Some(hex(character)),
        _ if is_invisible(character) && !is_shaping(character) => Some(hex(character)),
        _ => None,
    }
}

/// `‹U+202E›`: four digits or more.
fn hex(character: char) -> Cow<'static, str> {
    Cow::Owned(format!("‹U+{:04X}›", u32::from(character)))
}

/// A line's text with such characters replaced by symbols.
fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| symbol(character).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match symbol(character) {
            Some(symbol) => shown.push_str(&symbol),
            None => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// All lines as shown, so that a terminal into which they are pasted interprets no control
/// character either.
pub(super) fn copied(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(&visible(line));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_made_visible() {
        assert_eq!(
            visible("Kill obproxy process 8897"),
            "Kill obproxy process 8897"
        );
        assert_eq!(visible("\u{1b}[31mred\u{7}\u{7f}"), "␛[31mred␇␡");
        assert_eq!(visible("a\nb\r\tc"), "a\nb␍\tc");
        assert_eq!(
            visible("gpj\u{202e}exe\u{200b}\u{85}"),
            "gpj‹U+202E›exe‹U+200B›‹U+0085›"
        );
        assert_eq!(visible("进程 👩\u{200d}💻"), "进程 👩\u{200d}💻");
        assert_eq!(copied(&["a\u{1b}".to_owned(), "b".to_owned()]), "a␛\nb\n");
    }
}
