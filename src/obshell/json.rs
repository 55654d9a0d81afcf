//! Reading JSON out of one parsed [`Value`]: deriving a deserializer for every answer instead
//! costs the page some 20 KB more to fetch.

use serde_json::{Map, Value};

/// A value of another shape than the one that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrong;

/// The result of reading a part of an answer.
pub(super) type Read<T> = Result<T, Wrong>;

/// A JSON object. Keys that nobody asks for are ignored; a `null` counts as absent.
#[derive(Clone, Copy)]
pub(super) struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    pub(super) fn of(value: &'a Value) -> Read<Self> {
        value.as_object().map(Self).ok_or(Wrong)
    }

    pub(super) fn get(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// A text that must be there.
    pub(super) fn text(self, key: &str) -> Read<&'a str> {
        self.get(key).and_then(Value::as_str).ok_or(Wrong)
    }

    pub(super) fn optional_text(self, key: &str) -> Read<Option<&'a str>> {
        self.get(key)
            .map(|value| value.as_str().ok_or(Wrong))
            .transpose()
    }

    /// A text, empty where it is absent.
    pub(super) fn text_or_empty(self, key: &str) -> Read<&'a str> {
        Ok(self.optional_text(key)?.unwrap_or_default())
    }

    pub(super) fn integer(self, key: &str) -> Read<Option<i64>> {
        self.get(key)
            .map(|value| value.as_i64().ok_or(Wrong))
            .transpose()
    }

    /// A number of the wanted range, 0 where it is absent.
    pub(super) fn count<T: TryFrom<i64>>(self, key: &str) -> Read<T> {
        T::try_from(self.integer(key)?.unwrap_or_default()).map_err(|_| Wrong)
    }

    pub(super) fn boolean(self, key: &str) -> Read<Option<bool>> {
        self.get(key)
            .map(|value| value.as_bool().ok_or(Wrong))
            .transpose()
    }

    pub(super) fn list<T>(self, key: &str, read: fn(&'a Value) -> Read<T>) -> Read<Option<Vec<T>>> {
        self.get(key)
            .map(|value| value.as_array().ok_or(Wrong)?.iter().map(read).collect())
            .transpose()
    }
}
