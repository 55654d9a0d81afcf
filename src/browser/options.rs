//! The options of a console, read from a JavaScript object; `config.json` has the same keys.

use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::endpoint::Endpoint;
use super::host::HostCredentials;
use super::intl::in_digits;
use super::place::Link;
use crate::flow::event::Language;
use crate::flow::settings::{ListedAgent, Settings, SignedPath, Timeouts};
use crate::obshell::address::AgentAddress;
use crate::obshell::dag::id::{DagId, NodeId, NotAnId, SubTaskId};
use crate::ui::message::Picked;
use crate::ui::theme::Theme;
use crate::ui::view::ZoneChoice;

const KEYS: &[&str] = &[
    "agents",
    "typedAddress",
    "endpoint",
    "signedPath",
    "locale",
    "theme",
    "zone",
    "readOnly",
    "timeouts",
    "credentials",
    "agent",
    "task",
    "node",
    "subTask",
];
const AGENT_KEYS: &[&str] = &["address", "label", "endpoint"];

const TIMEOUT_KEYS: &[&str] = &["read", "destroy"];

const ADDRESS: &str = "HOST:PORT, such as 10.10.10.1:2886 or [fd00::1]:2886";
const ENDPOINT: &str = "a URL of http or https, absolute or relative to the page, \
     without user name, password, ? and #";
const TEMPLATE: &str = "a URL of http or https with {address} in it, absolute or relative to the \
     page, without user name, password, ? and #";

/// The options of one console.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// What the flow needs to know.
    pub settings: Rc<Settings>,
    /// The language to begin with.
    pub locale: Locale,
    /// The looks to begin with.
    pub theme: Theme,
    /// The zone of times to begin with.
    pub zone: ZoneChoice,
    /// Where the host's credentials come from, where it signs in.
    pub credentials: Option<HostCredentials>,
    /// What to open now; it is not kept.
    pub link: Link,
    /// How often options were read: the same link, given again, is opened again.
    pub read: u32,
}

/// The language to begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// Chinese where the browser is Chinese, else English.
    #[default]
    Auto,
    /// This one.
    Fixed(Language),
}

impl Locale {
    /// The language, where `browser` is the browser's language tag.
    #[must_use]
    pub fn language(self, browser: Option<&str>) -> Language {
        match self {
            Self::Fixed(language) => language,
            Self::Auto => {
                let tag = browser.unwrap_or_default().to_ascii_lowercase();
                match tag.split('-').next() {
                    Some("zh") => Language::Chinese,
                    _ => Language::English,
                }
            }
        }
    }
}

/// What is wrong with options: one sentence that names the key, what is wrong with it, and what
/// is allowed.
pub type Wrong = String;

impl Options {
    /// Reads options over these: what is not given stays as it is. `page` is the URL that
    /// relative endpoints are resolved against.
    ///
    /// # Errors
    /// Names the first key that is wrong.
    pub fn read_over(&self, options: &JsValue, page: &str) -> Result<Self, Wrong> {
        if options.is_undefined() || options.is_null() {
            return Ok(self.clone());
        }
        let given = Given::new(options, "", KEYS)?;
        let mut settings = (*self.settings).clone();
        if let Some(value) = given.value("agents") {
            settings.agents = agents(&value, page)?;
        }
        if let Some(value) = given.value("typedAddress") {
            settings.typed_address = flag("typedAddress", &value)?;
        }
        if let Some(value) = given.value("readOnly") {
            settings.read_only = flag("readOnly", &value)?;
        }
        if let Some(value) = given.value("timeouts") {
            settings.timeouts = timeouts(&value)?;
        }
        let mut credentials = self.credentials.clone();
        if let Some(value) = given.value("credentials") {
            credentials = credentials_of(value)?;
            settings.host_signs_in = credentials.is_some();
        }
        if let Some(value) = given.value("endpoint") {
            settings.endpoint = endpoint("endpoint", &value, page, true)?;
        }
        if let Some(value) = given.value("signedPath") {
            settings.signed_path = match one_of("signedPath", &value, &["stripped", "full"])? {
                0 => SignedPath::Stripped,
                _ => SignedPath::Full,
            };
        }
        let mut read = Self {
            settings: Rc::clone(&self.settings),
            link: link(&given)?,
            credentials,
            read: self.read.wrapping_add(1),
            locale: self.locale,
            theme: self.theme,
            zone: self.zone,
        };
        if let Some(value) = given.value("locale") {
            read.locale = match one_of("locale", &value, &["auto", "en-US", "zh-CN"])? {
                0 => Locale::Auto,
                1 => Locale::Fixed(Language::English),
                _ => Locale::Fixed(Language::Chinese),
            };
        }
        if let Some(value) = given.value("theme") {
            let chosen = one_of("theme", &value, &Theme::ALL.map(Theme::name))?;
            read.theme = Theme::ALL.get(chosen).copied().unwrap_or_default();
        }
        if let Some(value) = given.value("zone") {
            let chosen = one_of("zone", &value, &ZoneChoice::ALL.map(ZoneChoice::name))?;
            read.zone = ZoneChoice::ALL.get(chosen).copied().unwrap_or_default();
        }
        if settings.agents.is_empty() && !settings.typed_address {
            return Err(
                "option \"agents\" is empty while \"typedAddress\" is false: no agent could be \
                 reached; give an agent or allow typing"
                    .to_owned(),
            );
        }
        if settings != *read.settings {
            read.settings = Rc::new(settings);
        }
        Ok(read)
    }
}

/// What is to be opened. An agent that this site does not allow is the form's to tell.
fn link(given: &Given<'_>) -> Result<Link, Wrong> {
    let agent = given.value("agent").map(|value| {
        let agent = value.as_string();
        let agent = agent.and_then(|text| AgentAddress::parse(&text).ok());
        agent.ok_or_else(|| wrong("agent", &value, ADDRESS))
    });
    let node = id(given, "node", NodeId::parse)?.map(Picked::Node);
    let sub_task = id(given, "subTask", SubTaskId::parse)?.map(Picked::SubTask);
    Ok(Link {
        agent: agent.transpose()?.map(|agent| agent.to_string()),
        task: id(given, "task", DagId::parse)?,
        picked: node.or(sub_task),
    })
}

/// An id, in digits: as a number it would not be exact.
fn id<T>(
    given: &Given<'_>,
    key: &str,
    parse: fn(&str) -> Result<T, NotAnId>,
) -> Result<Option<T>, Wrong> {
    let id = given.value(key).map(|value| {
        let id = value.as_string().and_then(|text| parse(&text).ok());
        id.ok_or_else(|| wrong(key, &value, "an id as a text of digits"))
    });
    id.transpose()
}

fn agents(value: &JsValue, page: &str) -> Result<Vec<ListedAgent>, Wrong> {
    let Some(list) = value.dyn_ref::<Array>() else {
        return Err(wrong(
            "agents",
            value,
            "an array of {address, label?, endpoint?}",
        ));
    };
    let mut agents: Vec<ListedAgent> = Vec::new();
    for (index, entry) in list.iter().enumerate() {
        let key = |name| format!("agents[{index}].{name}");
        let given = Given::new(&entry, &format!("agents[{index}]"), AGENT_KEYS)?;
        let typed = given.value("address").unwrap_or_default();
        let address = typed
            .as_string()
            .and_then(|text| AgentAddress::parse(&text).ok())
            .ok_or_else(|| wrong(&key("address"), &typed, ADDRESS))?;
        if agents.iter().any(|agent| agent.address == address) {
            return Err(wrong(&key("address"), &typed, "every address once"));
        }
        let label = given.value("label");
        let label = label.map(|value| text(&key("label"), &value)).transpose()?;
        let own = given.value("endpoint");
        let endpoint = own
            .map(|value| endpoint(&key("endpoint"), &value, page, false))
            .transpose()?;
        agents.push(ListedAgent {
            address,
            label,
            endpoint,
        });
    }
    Ok(agents)
}

/// An endpoint, or the template of endpoints. A template without the address would send what is
/// meant for one agent to another.
fn endpoint(key: &str, value: &JsValue, page: &str, template: bool) -> Result<String, Wrong> {
    let allowed = if template { TEMPLATE } else { ENDPOINT };
    let text = value
        .as_string()
        .ok_or_else(|| wrong(key, value, allowed))?;
    let sample = text.replace("{address}", "10.10.10.1:2886");
    if (template && sample == text) || Endpoint::resolve(&sample, page).is_none() {
        // Its text is not repeated: there may be a password in it.
        return Err(format!(
            "option \"{key}\" is not usable; allowed: {allowed}"
        ));
    }
    Ok(text)
}

fn flag(key: &str, value: &JsValue) -> Result<bool, Wrong> {
    value
        .as_bool()
        .ok_or_else(|| wrong(key, value, "true, false"))
}

fn timeouts(value: &JsValue) -> Result<Timeouts, Wrong> {
    let given = Given::new(value, "timeouts", TIMEOUT_KEYS)?;
    let millis = |key: &str, default: u32| match given.value(key) {
        None => Ok(default),
        Some(value) => {
            let millis = value
                .as_f64()
                .filter(|millis| (1_000.0..=600_000.0).contains(millis));
            // Whole milliseconds are enough, and none is lost in these bounds.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 1,000 and 600,000"
            )]
            millis.map(|millis| millis as u32).ok_or_else(|| {
                let key = ["timeouts.", key].concat();
                wrong(&key, &value, "milliseconds from 1000 to 600000")
            })
        }
    };
    let default = Timeouts::default();
    Ok(Timeouts {
        read: millis("read", default.read)?,
        destroy: millis("destroy", default.destroy)?,
        idle: default.idle,
    })
}

/// Its value is not repeated: there is a password in it.
fn credentials_of(value: JsValue) -> Result<Option<HostCredentials>, Wrong> {
    if value.is_null() {
        return Ok(None);
    }
    HostCredentials::new(value).map(Some).ok_or_else(|| {
        "option \"credentials\" is not usable; allowed: an object with agentPassword or sessionId, a \
         function that gives one or promises to, null"
            .to_owned()
    })
}

fn text(key: &str, value: &JsValue) -> Result<String, Wrong> {
    value.as_string().ok_or_else(|| wrong(key, value, "a text"))
}

/// Which of the allowed words it is, counted from 0.
fn one_of(key: &str, value: &JsValue, allowed: &[&str]) -> Result<usize, Wrong> {
    let given = value.as_string();
    let found = allowed
        .iter()
        .position(|word| given.as_deref() == Some(*word));
    found.ok_or_else(|| {
        let words: Vec<_> = allowed.iter().map(|word| format!("\"{word}\"")).collect();
        wrong(key, value, &words.join(", "))
    })
}

fn wrong(key: &str, value: &JsValue, allowed: &str) -> Wrong {
    format!("option \"{key}\" is {}; allowed: {allowed}", shown(value))
}

/// A value in few words.
fn shown(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        let beginning: String = text.chars().take(60).collect();
        let rest = if beginning.len() < text.len() {
            "…"
        } else {
            ""
        };
        return format!("\"{beginning}{rest}\"");
    }
    if value.is_undefined() {
        return "missing".to_owned();
    }
    if let Some(value) = value.as_bool() {
        return value.to_string();
    }
    if let Some(value) = value.as_f64() {
        return in_digits(value);
    }
    if value.is_null() {
        return "null".to_owned();
    }
    if Array::is_array(value) {
        return "an array".to_owned();
    }
    value
        .js_typeof()
        .as_string()
        .map_or_else(String::new, |kind| format!("of type {kind}"))
}

/// An object whose keys are all known.
struct Given<'a>(&'a JsValue);

impl<'a> Given<'a> {
    fn new(value: &'a JsValue, name: &str, known: &[&str]) -> Result<Self, Wrong> {
        let known_keys = || known.join(", ");
        let Some(object) = value
            .dyn_ref::<Object>()
            .filter(|_| !Array::is_array(value))
        else {
            return Err(match name {
                "" => format!(
                    "the options are {}; allowed: an object with {}",
                    shown(value),
                    known_keys()
                ),
                name => wrong(name, value, &format!("an object with {}", known_keys())),
            });
        };
        let unknown = Object::keys(object)
            .iter()
            .filter_map(|key| key.as_string())
            .find(|key| !known.contains(&key.as_str()));
        match unknown {
            Some(key) => {
                let place = if name.is_empty() {
                    String::new()
                } else {
                    format!("{name}.")
                };
                Err(format!(
                    "option \"{place}{key}\" is unknown; known are {}",
                    known_keys()
                ))
            }
            None => Ok(Self(value)),
        }
    }

    /// What is given for a key; what is `undefined` is not given.
    fn value(&self, key: &str) -> Option<JsValue> {
        Reflect::get(self.0, &key.into())
            .ok()
            .filter(|value| !value.is_undefined())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{AGENT_KEYS, KEYS, TIMEOUT_KEYS};

    /// Its keys, sorted.
    fn keys(object: &Value) -> Vec<&str> {
        let object = object.as_object().unwrap();
        let mut keys: Vec<_> = object.keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }

    fn sorted<'a>(keys: &[&'a str]) -> Vec<&'a str> {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn the_schema_that_is_shipped_has_the_keys_that_are_read() {
        let schema: Value =
            serde_json::from_str(include_str!("../../deploy/config.schema.json")).unwrap();
        let properties = &schema["properties"];
        // A password does not belong into a file that everyone can fetch: boot.js refuses it there.
        let of_a_site: Vec<_> = KEYS
            .iter()
            .copied()
            .filter(|key| *key != "credentials")
            .collect();
        assert_eq!(keys(properties), sorted(&of_a_site));
        let timeouts = &properties["timeouts"]["properties"];
        assert_eq!(keys(timeouts), sorted(TIMEOUT_KEYS));
        assert_eq!(
            keys(&properties["agents"]["items"]["properties"]),
            sorted(AGENT_KEYS)
        );
        // What the built page comes with are the defaults.
        let config: Value = serde_json::from_str(include_str!("../../static/config.json")).unwrap();
        for key in keys(&config) {
            assert_eq!(config[key], properties[key]["default"], "{key}");
        }
    }
}
