//! Text of an agent that a person copies.

use crate::obshell::invisible::visible;

/// All lines as they are shown: what is pasted into a terminal must not be obeyed there, either.
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
    fn what_is_copied_is_visible() {
        assert_eq!(copied(&["a\u{1b}".to_owned(), "b".to_owned()]), "a␛\nb\n");
    }
}
