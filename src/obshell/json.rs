//! Reading JSON: one parsed [`Value`], and what is wanted out of it. Deriving a deserializer for
//! every answer instead costs the page some 20 KB more to fetch, and a parser that knows of
//! fractions, which no agent writes, 5 KB.

use std::borrow::Cow;

use hifijson::SliceLexer;
use hifijson::token::Lex as _;
use hifijson::value::parse_bounded;

/// A JSON value; borrows from the text what it can.
pub type Value<'a> = hifijson::value::Value<&'a str, Cow<'a, str>>;

/// Arrays and objects within one another. What an agent answers has a dozen.
const MOST_LEVELS: usize = 64;

/// A text that is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotJson {
    /// Whether it is the beginning of one.
    pub truncated: bool,
}

/// Parses a text that is one JSON value.
pub(super) fn parse(text: &[u8]) -> Result<Value<'_>, NotJson> {
    let mut lexer = SliceLexer::new(text);
    let value = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| {
        parse_bounded(MOST_LEVELS, next, lexer)
    });
    value.map_err(|_| {
        let rest = lexer.as_slice();
        // Behind the first letter, which was read.
        let words = [&b"rue"[..], b"alse", b"ull"];
        NotJson {
            truncated: words.iter().any(|word| word.starts_with(rest)),
        }
    })
}

/// A value of another shape than the one that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wrong;

/// The result of reading a part of an answer.
pub(super) type Read<T> = Result<T, Wrong>;

/// A JSON object. Keys that nobody asks for are ignored; a `null` counts as absent.
#[derive(Clone, Copy)]
pub(super) struct Object<'a>(&'a [(Cow<'a, str>, Value<'a>)]);

impl<'a> Object<'a> {
    pub(super) fn of(value: &'a Value<'a>) -> Read<Self> {
        match value {
            Value::Object(pairs) => Ok(Self(pairs)),
            _ => Err(Wrong),
        }
    }

    /// Of a key that is there twice the last one counts.
    pub(super) fn get(self, key: &str) -> Option<&'a Value<'a>> {
        let mut pairs = self.0.iter().rev();
        let (_, value) = pairs.find(|(name, _)| name == key)?;
        (!matches!(value, Value::Null)).then_some(value)
    }

    /// A text that must be there.
    pub(super) fn text(self, key: &str) -> Read<&'a str> {
        text(self.get(key).ok_or(Wrong)?)
    }

    pub(super) fn optional_text(self, key: &str) -> Read<Option<&'a str>> {
        self.get(key).map(text).transpose()
    }

    /// A text, empty where it is absent.
    pub(super) fn text_or_empty(self, key: &str) -> Read<&'a str> {
        Ok(self.optional_text(key)?.unwrap_or_default())
    }

    pub(super) fn integer(self, key: &str) -> Read<Option<i64>> {
        self.get(key)
            .map(|value| match value {
                Value::Number((digits, parts)) if parts.is_int() => {
                    digits.parse().map_err(|_| Wrong)
                }
                _ => Err(Wrong),
            })
            .transpose()
    }

    /// A number of the wanted range, 0 where it is absent.
    pub(super) fn count<T: TryFrom<i64>>(self, key: &str) -> Read<T> {
        T::try_from(self.integer(key)?.unwrap_or_default()).map_err(|_| Wrong)
    }

    pub(super) fn boolean(self, key: &str) -> Read<Option<bool>> {
        self.get(key)
            .map(|value| match value {
                Value::Bool(value) => Ok(*value),
                _ => Err(Wrong),
            })
            .transpose()
    }

    /// A list. An item that cannot be read, a `null` for one, is left out; the others keep their
    /// places, counted from 1.
    pub(super) fn list<T>(
        self,
        key: &str,
        mut read: impl FnMut(usize, &'a Value<'a>) -> Read<T>,
    ) -> Read<Option<List<T>>> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let Value::Array(values) = value else {
            return Err(Wrong);
        };
        let mut list = List {
            items: Vec::with_capacity(values.len()),
            left_out: 0,
        };
        for (place, value) in (1..).zip(values) {
            match read(place, value) {
                Ok(item) => list.items.push(item),
                Err(Wrong) => list.left_out += 1,
            }
        }
        Ok(Some(list))
    }
}

/// What could be read of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List<T> {
    /// The items that could be read, in order.
    pub items: Vec<T>,
    /// How many could not.
    pub left_out: usize,
}

/// A text.
pub(super) fn text<'a>(value: &'a Value<'a>) -> Read<&'a str> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(Wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_at_the_end_is_told_from_what_is_wrong() {
        let whole = r#"{"a":[true,false,null,-12.5e3,"\u00e9\n"],"b":{"c":""}}"#;
        assert!(parse(whole.as_bytes()).is_ok());
        for end in 0..whole.len() {
            let beginning = whole.as_bytes().get(..end).unwrap();
            assert_eq!(parse(beginning), Err(NotJson { truncated: true }), "{end}");
        }
        for wrong in [
            "{a}",
            "[1,]",
            "nul!",
            "1 2",
            "{\"a\" 1}",
            "\"\u{1}\"",
            "[\"\\x\"]",
        ] {
            let found = parse(wrong.as_bytes());
            assert_eq!(found, Err(NotJson { truncated: false }), "{wrong}");
        }
    }

    #[test]
    fn what_is_nested_without_end_is_refused() {
        let deep = "[".repeat(100_000);
        assert!(parse(deep.as_bytes()).is_err());
    }

    #[test]
    fn what_cannot_be_read_in_a_list_is_left_out_and_counted() {
        let value = parse(br#"{"a":["x",null,7,"y"],"b":null,"c":{}}"#).unwrap();
        let object = Object::of(&value).unwrap();
        let read = |key| object.list(key, |place, value| Ok((place, text(value)?)));
        let list = read("a").unwrap().unwrap();
        assert_eq!(list.items, [(1, "x"), (4, "y")]);
        assert_eq!(list.left_out, 2);
        assert_eq!(read("b"), Ok(None));
        assert_eq!(read("c"), Err(Wrong));
    }

    #[test]
    fn whole_numbers_are_read_exactly_and_others_are_none() {
        let text =
            r#"{"a":1795436683702963660,"b":1.0,"c":1e3,"d":9223372036854775808,"e":-5,"e":7}"#;
        let value = parse(text.as_bytes()).unwrap();
        let object = Object::of(&value).unwrap();
        assert_eq!(object.integer("a"), Ok(Some(1_795_436_683_702_963_660)));
        for key in ["b", "c", "d"] {
            assert_eq!(object.integer(key), Err(Wrong), "{key}");
        }
        assert_eq!(object.integer("e"), Ok(Some(7)));
        assert_eq!(object.count::<u8>("a"), Err(Wrong));
    }
}
