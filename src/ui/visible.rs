//! Makes the control characters of an agent's text visible, so that no program interprets them.

use crate::obshell::invisible::visible;

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
    fn what_is_copied_is_visible() {
        assert_eq!(copied(&["a\u{1b}".to_owned(), "b".to_owned()]), "a␛\nb\n");
    }
}
