//! The JSON of an agent's answers; the JSON of tasks is in [`dag::wire`](super::dag::wire).
//!
//! Unknown fields are ignored, and `null` counts as absent.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The envelope of every answer but a 204 (protocol: 2.1).
#[derive(Deserialize)]
pub(super) struct Envelope<'a> {
    pub successful: bool,
    pub timestamp: String,
    pub status: u16,
    #[serde(rename = "traceId")]
    pub trace_id: Option<String>,
    /// Its type depends on the endpoint, so it is parsed later.
    #[serde(borrow)]
    pub data: Option<&'a RawValue>,
    pub error: Option<Refusal>,
}

/// `error` of an [`Envelope`], in the format of every version (protocol: 1.9).
#[derive(Deserialize)]
pub(super) struct Refusal {
    #[serde(rename = "errCode")]
    pub err_code: Option<String>,
    pub code: Option<i64>,
    pub message: Option<String>,
}

/// `GET /api/v1/secret`.
#[derive(Deserialize)]
pub(super) struct PublicKey {
    pub public_key: String,
}

/// `GET /api/v1/info`. Every recorded version sends `ip`, `port` and `homePath` (protocol: 5.1).
/// They tell agents apart, so an answer without one is refused.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Info {
    pub version: String,
    pub identity: String,
    pub ip: String,
    pub port: u16,
    pub home_path: String,
    pub start_at: Option<i64>,
    pub is_obproxy_agent: Option<bool>,
    pub security: Option<bool>,
}

/// The wrapper of a list. A CLUSTER AGENT writes `null` for a list that it cannot produce
/// (protocol: 2.2, 12.10).
#[derive(Deserialize)]
pub(super) struct Contents<T> {
    pub contents: Option<List<T>>,
}

/// A line of `GET /api/v1/task/sub_task/:id/logs`.
#[derive(Deserialize)]
pub(super) struct LogLine {
    pub execute_times: Option<u32>,
    pub log_content: String,
    pub create_time: Option<String>,
}

/// An optional value: `None` if it has another type, so that one unexpected field does not make the
/// whole answer unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lenient<T>(pub Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(json.get()).ok()))
    }
}

/// A list. An item of another type, such as `null`, is left out; the others keep their positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List<T> {
    /// Position, counted from 1, and value of the items that could be parsed, in order.
    pub items: Vec<(usize, T)>,
    /// The number of items that could not be parsed.
    pub unparsed: usize,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            unparsed: 0,
        }
    }
}

impl<T> List<T> {
    /// The items without their positions.
    pub(super) fn into_values(self) -> impl Iterator<Item = T> {
        self.items.into_iter().map(|(_, value)| value)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            // Not collected into a `Vec<Lenient<T>>`: an omitted item takes no memory.
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<List<T>, A::Error> {
                let mut list = List::default();
                let mut place = 0;
                while let Some(Lenient(item)) = seq.next_element()? {
                    place += 1;
                    match item {
                        Some(item) => list.items.push((place, item)),
                        None => list.unparsed += 1,
                    }
                }
                Ok(list)
            }
        }

        deserializer.deserialize_seq(Items(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_in_a_list_is_left_out_and_counted() {
        let read = serde_json::from_str::<Contents<String>>;
        let list = read(r#"{"contents":["x",null,7,"y"]}"#).unwrap();
        let list = list.contents.unwrap();
        assert_eq!(list.items, [(1, "x".to_owned()), (4, "y".to_owned())]);
        assert_eq!(list.unparsed, 2);
        assert_eq!(read(r#"{"contents":null}"#).unwrap().contents, None);
        assert_eq!(read("{}").unwrap().contents, None);
        assert!(read(r#"{"contents":{}}"#).is_err());
    }

    #[test]
    fn whole_numbers_are_read_exactly_and_others_are_none() {
        let read = |text| serde_json::from_str::<Lenient<i64>>(text).unwrap().0;
        assert_eq!(read("1795436683702963660"), Some(1_795_436_683_702_963_660));
        for other in [
            "1.0",
            "1e3",
            "1e999",
            "9223372036854775808",
            "null",
            "\"7\"",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
        assert_eq!(read("-5"), Some(-5));
        assert!(serde_json::from_str::<u8>("256").is_err());
    }
}
