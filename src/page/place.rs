//! Where a person is, as it stands in the page's address, and what they chose.
//!
//! ```text
//! #/agent/HOST:PORT
//! #/task/ID    with /node/ID or /sub-task/ID behind it, and ?agent=HOST:PORT where the id does not
//!              name the agent
//! ```
//!
//! So a reload loses nothing but the password, and a task can be sent to a colleague.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::browser::place::plain;

/// The detail of an `odp-place` event, and the options of a console that lead there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Place {
    /// The agent, `HOST:PORT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The id of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// The id of a stage of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// The id of a sub task of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_task: Option<String>,
    /// What the person chose.
    #[serde(flatten)]
    pub choices: Choices,
}

/// What a person chose, as options of a console.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The language, as a tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// The zone of times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
}

impl Place {
    /// Reads the fragment of the page's address, with its `#` or without.
    ///
    /// # Errors
    /// Where a part of it is not percent-encoded UTF-8: names the part.
    pub fn from_hash(hash: &str) -> Result<Self, String> {
        let hash = hash.strip_prefix('#').unwrap_or(hash);
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let mut place = Self::default();
        for pair in query.split('&') {
            if let Some(agent) = pair.strip_prefix("agent=") {
                place.agent = Some(decoded(agent)?);
            }
        }
        let mut steps = path.split('/').skip(1);
        while let (Some(kind), Some(value)) = (steps.next(), steps.next()) {
            let value = decoded(value)?;
            match kind {
                "agent" => place.agent = Some(value),
                "task" => place.task = Some(value),
                "node" => place.node = Some(value),
                "sub-task" => place.sub_task = Some(value),
                _ => {}
            }
        }
        Ok(place)
    }

    /// The fragment that leads here; `None` where nothing is open.
    #[must_use]
    pub fn to_hash(&self) -> Option<String> {
        let Some(task) = &self.task else {
            return self.agent.as_ref().map(|agent| format!("#/agent/{agent}"));
        };
        let mut hash = format!("#/task/{task}");
        if let Some(node) = &self.node {
            hash.push_str("/node/");
            hash.push_str(node);
        } else if let Some(sub_task) = &self.sub_task {
            hash.push_str("/sub-task/");
            hash.push_str(sub_task);
        }
        if let Some(agent) = &self.agent {
            hash.push_str("?agent=");
            hash.push_str(agent);
        }
        Some(hash)
    }

    /// The same as options of a console.
    #[must_use]
    pub fn to_js(&self) -> JsValue {
        plain(self)
    }
}

impl Choices {
    /// The same as options of a console.
    #[must_use]
    pub fn to_js(&self) -> JsValue {
        plain(self)
    }
}

fn decoded(part: &str) -> Result<String, String> {
    let is_hex = |digits: &[u8]| digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit);
    let mut escapes = part.split('%').skip(1);
    let text = percent_decode_str(part).decode_utf8();
    match text {
        Ok(text)
            if escapes.all(|escape| is_hex(escape.as_bytes().get(..2).unwrap_or_default())) =>
        {
            Ok(text.into_owned())
        }
        _ => Err(format!(
            "\"{part}\" is not percent-encoded UTF-8; write % as %25"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn an_address_leads_to_the_place_that_wrote_it() {
        let agent = Place {
            agent: text("[fd00::1]:2886"),
            ..Place::default()
        };
        let task = Place {
            task: text("42130706433028861"),
            ..Place::default()
        };
        let node = Place {
            agent: text("10.0.0.1:2886"),
            node: text("42130706433028862"),
            ..task.clone()
        };
        let sub_task = Place {
            sub_task: text("42130706433028863"),
            ..task.clone()
        };
        for (place, hash) in [
            (&agent, "#/agent/[fd00::1]:2886"),
            (&task, "#/task/42130706433028861"),
            (
                &node,
                "#/task/42130706433028861/node/42130706433028862?agent=10.0.0.1:2886",
            ),
            (
                &sub_task,
                "#/task/42130706433028861/sub-task/42130706433028863",
            ),
        ] {
            assert_eq!(place.to_hash().as_deref(), Some(hash));
            assert_eq!(Place::from_hash(hash).as_ref(), Ok(place), "{hash}");
        }
    }

    #[test]
    fn an_address_without_a_place_opens_nothing() {
        assert_eq!(Place::default().to_hash(), None);
        for hash in ["", "#", "#/", "#task", "#/task", "#/other/1", "#?other=1"] {
            assert_eq!(Place::from_hash(hash), Ok(Place::default()), "{hash}");
        }
    }

    #[test]
    fn an_address_is_decoded_or_named() {
        let place = Place::from_hash("#/agent/%5Bfd00%3A%3A1%5D:2886").unwrap();
        assert_eq!(place.agent, text("[fd00::1]:2886"));
        for hash in ["#/task/%", "#/task/%4", "#/task/%zz", "#/task/%ff"] {
            let error = Place::from_hash(hash).unwrap_err();
            assert!(error.contains(&hash[7..]), "{error}");
        }
    }
}
