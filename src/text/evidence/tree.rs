//! A value that keeps the order of its keys: JSON in a file, a plain object for a host.

use std::fmt::Write as _;

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::obshell::invisible::symbol;

/// A value to serialize.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// An unknown value.
    Null,
    /// A Boolean.
    Bool(bool),
    /// An integer.
    Number(i64),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// A map, with its keys in order.
    Map(Vec<(&'static str, Tree)>),
}

impl Tree {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(super) fn count(count: usize) -> Self {
        Self::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }

    pub(super) fn option<T>(value: Option<T>, tree: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Null, tree)
    }

    /// Indented JSON, never empty, because strings and numbers always serialize. Invisible
    /// characters and those that rearrange the visible text are escaped; they occur only inside
    /// strings.
    pub(super) fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(self).unwrap_or_default();
        let mut escaped = String::with_capacity(json.len());
        for character in json.chars() {
            if symbol(character).is_none() {
                escaped.push(character);
                continue;
            }
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` does not fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
        escaped
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => serializer.serialize_i64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(values) => serializer.collect_seq(values),
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_shows_every_character_and_means_the_same() {
        let text = "a\u{202e}\u{200b}\u{e0041}\u{7f}\u{85}\u{2028}\t中👩\u{200d}💻\"";
        let json = Tree::List(vec![Tree::text(text)]).to_json();
        assert_eq!(
            json,
            "[\n  \"a\\u202e\\u200b\\udb40\\udc41\\u007f\\u0085\\u2028\\t中👩\u{200d}💻\\\"\"\n]"
        );
        let read: Vec<String> = serde_json::from_str(&json).unwrap();
        assert_eq!(read, [text]);
    }
}
