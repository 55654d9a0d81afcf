//! All texts in English and Chinese: pure functions of the facts and the language, so that the
//! compiler finds a missing translation and several languages can be used on one page.
//!
//! Sentences are plain text. A command to run on the agent's host follows its sentence after a line
//! break; [`split_command`] separates the two.

pub mod book;
pub mod check;
pub mod ending;
pub mod evidence;
pub mod fleet;
mod host;
pub mod labels;
mod log;
pub mod odp;
pub mod open;
pub mod operation;
pub mod page;
pub mod problem;
pub mod review;
pub mod task;

use crate::flow::event::Language;

pub use self::log::{hidden_values, log_hint};
pub use crate::obshell::invisible::visible;

/// One sentence in both languages: English, Chinese.
type Both = [&'static str; 2];

/// The sentence in this language.
fn say(language: Language, [english, chinese]: Both) -> &'static str {
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// The sentence in this language with `{0}`, `{1}`, … replaced by the values. Placeholders inside
/// values are not replaced, and other braces are kept.
fn fill(language: Language, both: Both, values: &[&str]) -> String {
    let mut rest = say(language, both);
    let mut text = String::with_capacity(rest.len() + 32);
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let value = after
            .split_once('}')
            .and_then(|(place, after)| Some((values.get(place.parse::<usize>().ok()?)?, after)));
        rest = match value {
            Some((value, after)) => {
                text.push_str(value);
                after
            }
            None => {
                text.push('{');
                after
            }
        };
    }
    text.push_str(rest);
    text
}

/// Separates a sentence from its command.
#[must_use]
pub fn split_command(text: &str) -> (&str, Option<&str>) {
    match text.split_once('\n') {
        Some((sentence, command)) => (sentence, Some(command)),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_and_not_read() {
        let both = ["{1} of {0}, {\"operator\":\"{2}\"} {", "{0}：{1}"];
        assert_eq!(
            fill(Language::English, both, &["{1}", "b", "c"]),
            "b of {1}, {\"operator\":\"c\"} {"
        );
        assert_eq!(fill(Language::Chinese, both, &["a", "{0}"]), "a：{0}");
        assert_eq!(fill(Language::Chinese, both, &["a"]), "a：{1}");
    }
}
