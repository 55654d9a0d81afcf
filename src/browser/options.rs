//! The options of a console, parsed from a JavaScript object. `config.json` uses the same keys.

use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use wasm_bindgen::{JsCast, JsValue};

use super::book::{HostStore, Store};
use super::endpoint::{is_usable, is_usable_template};
use super::host::HostCredentials;
use super::intl::in_digits;
use super::place::Link;
use crate::flow::event::Language;
use crate::flow::settings::{ListedAgent, Settings, SignedPath, Timeouts};
use crate::obshell::address::AgentAddress;
use crate::obshell::dag::id::{DagId, NodeId, SubTaskId};
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
    "notifications",
    "timeouts",
    "credentials",
    "book",
    "agent",
    "task",
    "node",
    "subTask",
];
/// The keys that accept `null`.
const NULLABLE: &[&str] = &["credentials", "book"];
const AGENT_KEYS: &[&str] = &["address", "label", "group", "endpoint"];
const TIMEOUT_KEYS: &[&str] = &["read", "destroy"];

const ADDRESS: &str = "HOST:PORT, such as 10.10.10.1:2886 or [fd00::1]:2886";
const ENDPOINT: &str = "a URL of http or https, absolute or relative to the page, \
     without user name, password, ?, #, \\, spaces and encoded . or /";
const TEMPLATE: &str = "a URL of http or https with {address} in it, absolute or relative to the \
     page, without user name, password, ?, #, \\, spaces, encoded . or /, and .. behind {address}";
const MILLIS: &str = "milliseconds from 1000 to 600000";
const ID: &str = "an id as a text of digits";

const SIGNED_PATHS: [(&str, SignedPath); 2] = [
    ("stripped", SignedPath::Stripped),
    ("full", SignedPath::Full),
];
const LOCALES: [(&str, Locale); 3] = [
    ("auto", Locale::Auto),
    ("en-US", Locale::Fixed(Language::English)),
    ("zh-CN", Locale::Fixed(Language::Chinese)),
];

/// The options of one console.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The settings of the flow.
    pub settings: Rc<Settings>,
    /// The initial language.
    pub locale: Locale,
    /// The initial theme.
    pub theme: Theme,
    /// The initial time zone of times.
    pub zone: ZoneChoice,
    /// The source of the host's credentials, if the host signs in.
    pub credentials: Option<HostCredentials>,
    /// The storage of the agent book, if the console has one.
    pub book: Option<Store>,
    /// The most recent link.
    pub link: Link,
    /// The number of links received. A repeated link opens again.
    pub links: u32,
}

/// The choice of the initial language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locale {
    /// Chinese if the browser's language is Chinese, otherwise English.
    #[default]
    Auto,
    /// A fixed language.
    Fixed(Language),
}

impl Locale {
    /// The language to use; `browser` is the browser's language tag.
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

/// An error in the options: one sentence that names the key, the error and the allowed values.
pub type OptionError = String;

/// The options as received. An `undefined` value counts as absent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawOptions {
    agents: Option<Vec<RawAgent>>,
    typed_address: Option<bool>,
    endpoint: Option<String>,
    #[serde(default, deserialize_with = "signed_path")]
    signed_path: Option<SignedPath>,
    #[serde(default, deserialize_with = "locale")]
    locale: Option<Locale>,
    #[serde(default, deserialize_with = "theme")]
    theme: Option<Theme>,
    #[serde(default, deserialize_with = "zone")]
    zone: Option<ZoneChoice>,
    read_only: Option<bool>,
    notifications: Option<bool>,
    timeouts: Option<RawTimeouts>,
    // Here, `null` differs from an absent value.
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    credentials: JsValue,
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    book: JsValue,
    agent: Option<Address>,
    task: Option<DagId>,
    node: Option<NodeId>,
    sub_task: Option<SubTaskId>,
}

#[derive(Deserialize)]
struct RawAgent {
    address: Option<Address>,
    label: Option<String>,
    group: Option<String>,
    endpoint: Option<String>,
}

#[derive(Deserialize)]
struct RawTimeouts {
    read: Option<Millis>,
    destroy: Option<Millis>,
}

/// An agent address, parsed from a string.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Address(AgentAddress);

impl TryFrom<String> for Address {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        AgentAddress::parse(&text).map(Self).map_err(|_| ADDRESS)
    }
}

/// Whole milliseconds, from a number that may have a fraction.
#[derive(Deserialize)]
#[serde(try_from = "f64")]
struct Millis(u32);

impl TryFrom<f64> for Millis {
    type Error = &'static str;

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1,000 and 600,000"
    )]
    fn try_from(millis: f64) -> Result<Self, Self::Error> {
        if (1_000.0..=600_000.0).contains(&millis) {
            Ok(Self(millis as u32))
        } else {
            Err(MILLIS)
        }
    }
}

/// Parses a value by its name in `choices`.
fn named<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    choices: &[(&str, T)],
) -> Result<Option<T>, D::Error> {
    let Some(given) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let found = choices.iter().find(|(name, _)| *name == given);
    let (_, value) = found.ok_or_else(|| D::Error::custom("unknown"))?;
    Ok(Some(*value))
}

fn signed_path<'de, D: Deserializer<'de>>(given: D) -> Result<Option<SignedPath>, D::Error> {
    named(given, &SIGNED_PATHS)
}

fn locale<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Locale>, D::Error> {
    named(given, &LOCALES)
}

fn theme<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Theme>, D::Error> {
    named(given, &Theme::ALL.map(|theme| (theme.name(), theme)))
}

fn zone<'de, D: Deserializer<'de>>(given: D) -> Result<Option<ZoneChoice>, D::Error> {
    named(given, &ZoneChoice::ALL.map(|zone| (zone.name(), zone)))
}

/// The allowed values of an option, by its path.
fn allowed(path: &str) -> String {
    let words = |words: &[&str]| format!("\"{}\"", words.join("\", \""));
    let (_, key) = path.rsplit_once('.').unwrap_or(("", path));
    let allowed = match key {
        "agents" => "an array of {address, label?, group?, endpoint?}",
        "typedAddress" | "readOnly" | "notifications" => "true, false",
        "endpoint" if key == path => TEMPLATE,
        "endpoint" => ENDPOINT,
        "signedPath" => return words(&SIGNED_PATHS.map(|(name, _)| name)),
        "locale" => return words(&LOCALES.map(|(name, _)| name)),
        "theme" => return words(&Theme::ALL.map(Theme::name)),
        "zone" => return words(&ZoneChoice::ALL.map(ZoneChoice::name)),
        "read" | "destroy" => MILLIS,
        "agent" | "address" => ADDRESS,
        "task" | "node" | "subTask" => ID,
        "timeouts" => return format!("an object with {}", TIMEOUT_KEYS.join(", ")),
        _ => "a text",
    };
    allowed.to_owned()
}

impl RawOptions {
    /// Parses a JavaScript object. Errors of the deserializer are not shown, because they may
    /// repeat a secret value.
    fn read(options: &JsValue) -> Result<Self, OptionError> {
        check_keys(options, "", KEYS)?;
        let agents = property(options, "agents");
        if let Some(list) = agents.dyn_ref::<Array>() {
            for (index, agent) in list.iter().enumerate() {
                check_keys(&agent, &format!("agents[{index}]"), AGENT_KEYS)?;
            }
        } else if !agents.is_undefined() {
            return Err(wrong("agents", &agents));
        }
        let timeouts = property(options, "timeouts");
        if !timeouts.is_undefined() {
            check_keys(&timeouts, "timeouts", TIMEOUT_KEYS)?;
        }
        let deserializer = serde_wasm_bindgen::Deserializer::from(options.clone());
        serde_path_to_error::deserialize(deserializer).map_err(|error| {
            let value = error.path().iter().fold(options.clone(), |value, part| {
                property(&value, part.to_string().trim_matches(['[', ']']))
            });
            wrong(&error.path().to_string(), &value)
        })
    }

    /// The agent, task and stage to open. The form reports an agent that the site does not allow.
    fn link(&mut self) -> Link {
        let node = self.node.take().map(Picked::Node);
        let sub_task = self.sub_task.take().map(Picked::SubTask);
        Link {
            agent: self.agent.take().map(|Address(agent)| agent.to_string()),
            task: self.task.take(),
            picked: node.or(sub_task),
            leaves_review: false,
        }
    }
}

impl Options {
    /// The language to use in this browser.
    #[must_use]
    pub fn language(&self) -> Language {
        let browser = web_sys::window().and_then(|window| window.navigator().language());
        self.locale.language(browser.as_deref())
    }

    /// Applies new options to these options: absent keys keep their values. `page` is the URL
    /// against which relative endpoints are resolved.
    ///
    /// # Errors
    /// An error that names the first invalid key.
    pub fn read_over(&self, options: &JsValue, page: &str) -> Result<Self, OptionError> {
        if options.is_undefined() || options.is_null() {
            return Ok(self.clone());
        }
        let mut given = RawOptions::read(options)?;
        let (link, links) = match given.link() {
            Link {
                agent: None,
                task: None,
                ..
            } => (self.link.clone(), self.links),
            link => (link, self.links.wrapping_add(1)),
        };
        let mut settings = (*self.settings).clone();
        if let Some(agents) = given.agents {
            settings.agents = listed(agents, options, page)?;
        }
        if let Some(typed_address) = given.typed_address {
            settings.typed_address = typed_address;
        }
        if let Some(read_only) = given.read_only {
            settings.read_only = read_only;
        }
        if let Some(notifications) = given.notifications {
            settings.notifications = notifications;
        }
        if let Some(RawTimeouts { read, destroy }) = given.timeouts {
            let default = Timeouts::default();
            settings.timeouts = Timeouts {
                read: read.map_or(default.read, |Millis(millis)| millis),
                destroy: destroy.map_or(default.destroy, |Millis(millis)| millis),
                idle: default.idle,
            };
        }
        let mut credentials = self.credentials.clone();
        if !given.credentials.is_undefined() {
            credentials = credentials_of(given.credentials)?;
            settings.host_signs_in = credentials.is_some();
        }
        let mut book = self.book.clone();
        if !given.book.is_undefined() {
            book = book_of(&given.book)?;
        }
        if let Some(endpoint) = given.endpoint {
            if !is_usable_template(&endpoint, page) {
                return Err(unusable("endpoint", TEMPLATE));
            }
            settings.endpoint = endpoint;
        }
        if let Some(signed_path) = given.signed_path {
            settings.signed_path = signed_path;
        }
        if settings.agents.is_empty() && !settings.typed_address {
            return Err(
                "option \"agents\" is empty while \"typedAddress\" is false: no agent could be \
                 reached; give an agent or allow typing"
                    .to_owned(),
            );
        }
        let unchanged = settings == *self.settings;
        Ok(Self {
            settings: if unchanged {
                Rc::clone(&self.settings)
            } else {
                Rc::new(settings)
            },
            locale: given.locale.unwrap_or(self.locale),
            theme: given.theme.unwrap_or(self.theme),
            zone: given.zone.unwrap_or(self.zone),
            credentials,
            book,
            link,
            links,
        })
    }
}

/// Parses the list of agents. Every address may occur only once.
fn listed(
    given: Vec<RawAgent>,
    options: &JsValue,
    page: &str,
) -> Result<Vec<ListedAgent>, OptionError> {
    let mut agents: Vec<ListedAgent> = Vec::new();
    for (index, agent) in given.into_iter().enumerate() {
        let key = |name| format!("agents[{index}].{name}");
        let Some(Address(address)) = agent.address else {
            return Err(wrong(&key("address"), &JsValue::UNDEFINED));
        };
        if agents.iter().any(|agent| agent.address == address) {
            let given = property(&property(options, "agents"), &index.to_string());
            let typed = shown(&property(&given, "address"));
            let key = key("address");
            return Err(format!(
                "option \"{key}\" is {typed}; allowed: every address once"
            ));
        }
        if let Some(endpoint) = &agent.endpoint {
            // The template `{address}` is allowed here, but not required.
            if !is_usable(endpoint, page) {
                return Err(unusable(&key("endpoint"), ENDPOINT));
            }
        }
        agents.push(ListedAgent {
            address,
            label: agent.label,
            group: agent.group,
            endpoint: agent.endpoint,
        });
    }
    Ok(agents)
}

fn credentials_of(value: JsValue) -> Result<Option<HostCredentials>, OptionError> {
    if value.is_null() {
        return Ok(None);
    }
    let allowed = "an object with agentPassword or sessionId, a function that gives one or promises \
                   to, null";
    let credentials = HostCredentials::new(value);
    credentials
        .map(Some)
        .ok_or_else(|| unusable("credentials", allowed))
}

fn book_of(value: &JsValue) -> Result<Option<Store>, OptionError> {
    if value.is_null() {
        return Ok(None);
    }
    HostStore::new(value)
        .map(|host| Some(Store::Host(host)))
        .ok_or_else(|| unusable("book", "an object with the functions load and save, null"))
}

/// An error that does not repeat the value, which may contain a password.
fn unusable(path: &str, allowed: &str) -> OptionError {
    format!("option \"{path}\" is not usable; allowed: {allowed}")
}

fn wrong(path: &str, value: &JsValue) -> OptionError {
    let allowed = allowed(path);
    format!("option \"{path}\" is {}; allowed: {allowed}", shown(value))
}

/// A short form of a value for an error.
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

/// Checks that a value is an object whose keys are all known and not `null`. `serde_wasm_bindgen`
/// reads only the keys of the struct, and treats `null` as absent.
fn check_keys(value: &JsValue, path: &str, known: &[&str]) -> Result<(), OptionError> {
    let known_keys = known.join(", ");
    let object = value.dyn_ref::<Object>();
    let Some(object) = object.filter(|_| !Array::is_array(value)) else {
        let what = match path {
            "" => "the options are".to_owned(),
            path => format!("option \"{path}\" is"),
        };
        let shown = shown(value);
        return Err(format!(
            "{what} {shown}; allowed: an object with {known_keys}"
        ));
    };
    let full = |key: &str| match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    };
    let given = Object::keys(object);
    let mut given = given.iter().filter_map(|key| key.as_string());
    if let Some(key) = given.find(|key| !known.contains(&key.as_str())) {
        let key = full(&key);
        return Err(format!(
            "option \"{key}\" is unknown; known are {known_keys}"
        ));
    }
    for key in known.iter().filter(|key| !NULLABLE.contains(key)) {
        let value = property(value, key);
        if value.is_null() {
            return Err(wrong(&full(key), &value));
        }
    }
    Ok(())
}

/// A property of a value; `undefined` if it does not exist.
fn property(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{AGENT_KEYS, KEYS, NULLABLE, TIMEOUT_KEYS};

    /// The keys of an object, sorted.
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
        // A password must not be in a file that everyone can fetch, and JSON cannot contain
        // functions.
        let of_a_site: Vec<_> = KEYS
            .iter()
            .copied()
            .filter(|key| !NULLABLE.contains(key))
            .collect();
        assert_eq!(keys(properties), sorted(&of_a_site));
        let timeouts = &properties["timeouts"]["properties"];
        assert_eq!(keys(timeouts), sorted(TIMEOUT_KEYS));
        assert_eq!(
            keys(&properties["agents"]["items"]["properties"]),
            sorted(AGENT_KEYS)
        );
        // The defaults of the schema equal the values in the built page.
        let config: Value = serde_json::from_str(include_str!("../../static/config.json")).unwrap();
        for key in keys(&config) {
            assert_eq!(config[key], properties[key]["default"], "{key}");
        }
    }
}
