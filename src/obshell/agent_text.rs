//! Words of an agent: shown, never obeyed.

use std::fmt;

use serde::Deserialize;

use super::invisible::visible;

/// A text as an agent wrote it. [Displayed](fmt::Display), it has every character [made
/// visible](visible) that would not be seen or would rearrange what is seen; programs read it
/// [raw](Self::raw).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(transparent)]
pub struct AgentText(String);

impl AgentText {
    /// The text exactly as the agent wrote it, for programs: never for the screen.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Whether the agent wrote nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for AgentText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.0))
    }
}

impl From<String> for AgentText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for AgentText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialEq<str> for AgentText {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for AgentText {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_hides_nothing_and_what_programs_read_is_exact() {
        let text = AgentText::from("gpj\u{202e}.exe");
        assert_eq!(text.to_string(), "gpj‹U+202E›.exe");
        assert_eq!(text.raw(), "gpj\u{202e}.exe");
        assert_eq!(text, "gpj\u{202e}.exe");
    }
}
