//! Checks after every test that the page did nothing forbidden.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Browser;
use super::bidi::Event;

/// The observations so far: the driver returns every log entry only once.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    console: Vec<ConsoleEntry>,
    /// Every URL requested by the browser, whichever part of the page caused the request.
    requests: Vec<String>,
    origins: BTreeSet<String>,
    secrets: Vec<String>,
    expected: Vec<String>,
    /// The faults found on screens that were checked.
    faults: Vec<String>,
}

/// A line of the browser's console.
#[derive(Debug, Clone)]
pub struct ConsoleEntry {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    /// The origin of the line: `javascript`, `console-api`, `network`, `security`, …
    pub source: String,
    /// Location and message.
    pub message: String,
}

impl Evidence {
    /// Adds the origin of this URL to the page's own origins.
    pub(super) fn own(&mut self, url: &str) {
        self.origins.insert(origin(url));
    }

    /// The page's own origins.
    pub(super) fn origins(&self) -> impl Iterator<Item = &String> {
        self.origins.iter()
    }

    /// Records the events of Firefox.
    fn hear(&mut self, events: Vec<Event>) {
        for Event { name, content } in events {
            match name.as_str() {
                "log.entryAdded" => self.console.push(ConsoleEntry::of_firefox(&content)),
                "network.beforeRequestSent" => self.requests.push(text(&content["request"]["url"])),
                _ => {}
            }
        }
        self.forget_blank_pages();
    }

    /// Drops the pages that the browser shows before the test opens one.
    fn forget_blank_pages(&mut self) {
        self.requests
            .retain(|url| !url.starts_with("data:") && !url.starts_with("about:"));
    }
}

impl ConsoleEntry {
    /// Converts an entry of the log in WebDriver BiDi ("log.LogEntry") to chromedriver's terms.
    fn of_firefox(entry: &Value) -> Self {
        let level = match entry["level"].as_str() {
            Some("error") => "SEVERE",
            Some("warn") => "WARNING",
            Some("info") => "INFO",
            _ => "DEBUG",
        };
        let source = match entry["type"].as_str() {
            Some("console") => "console-api",
            other => other.unwrap_or_default(),
        };
        let place = &entry["stackTrace"]["callFrames"][0];
        Self {
            level: level.to_owned(),
            source: source.to_owned(),
            message: format!("{} {}", text(&place["url"]), text(&entry["text"])),
        }
    }
}

/// Chromium's remark about the link with which Trunk preloads the module. The loader requests the
/// module with the same hash, which the browser then checks: `tests/browser/tampered.rs`.
const REMARK: &str = "`integrity` attribute is currently ignored for preload destinations";

impl Browser {
    /// Registers a word that must not leave memory: not into storage, URL, DOM attribute, text or
    /// log.
    pub fn secret(&self, secret: &str) {
        self.evidence.borrow_mut().secrets.push(secret.to_owned());
    }

    /// Registers an expected error or warning: one that contains this text is part of the test.
    pub fn expect_in_console(&self, text: &str) {
        self.evidence.borrow_mut().expected.push(text.to_owned());
    }

    /// Every entry of the browser's console so far, except [`REMARK`].
    pub fn console(&self) -> Vec<ConsoleEntry> {
        self.collect();
        let mut console = self.evidence.borrow().console.clone();
        console.retain(|entry| !entry.message.contains(REMARK));
        console
    }

    /// Every URL requested by the browser so far.
    pub fn requested(&self) -> Vec<String> {
        self.collect();
        self.evidence.borrow().requests.clone()
    }

    /// Fails if the page did anything forbidden. Runs automatically at the end of a test.
    pub fn check_manners(&self) {
        self.check_faults();
        self.check_console();
        self.check_origins();
        self.check_secrets();
    }

    /// Records the faults of a screen: the test continues, and fails at its end.
    pub(super) fn find_faults(&self, screen: &str, faults: &Value) {
        let faults = faults.as_array().expect("a list");
        let faults = faults
            .iter()
            .map(|fault| format!("{screen}: {}", text(fault)));
        self.evidence.borrow_mut().faults.extend(faults);
    }

    fn check_faults(&self) {
        let faults = &self.evidence.borrow().faults;
        assert!(faults.is_empty(), "what was found on screens: {faults:#?}");
    }

    fn check_console(&self) {
        let entries = self.console();
        let evidence = self.evidence.borrow();
        let bad: Vec<&ConsoleEntry> = entries
            .iter()
            .filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"))
            // The browser itself logs every error status of an agent.
            .filter(|entry| entry.source != "network" || !entry.message.contains("/agents/"))
            .filter(|entry| {
                !evidence
                    .expected
                    .iter()
                    .any(|text| entry.message.contains(text))
            })
            .collect();
        assert!(bad.is_empty(), "the page wrote to the console: {bad:#?}");
    }

    fn check_origins(&self) {
        let requests = self.requested();
        assert!(
            !requests.is_empty(),
            "no page was opened, or the browser does not report"
        );
        let evidence = self.evidence.borrow();
        let foreign: Vec<&String> = requests
            .iter()
            .filter(|url| !evidence.origins.contains(&origin(url)))
            .collect();
        assert!(
            foreign.is_empty(),
            "the page asked other origins: {foreign:#?}"
        );
    }

    fn check_secrets(&self) {
        let secrets = self.evidence.borrow().secrets.clone();
        if secrets.is_empty() {
            return;
        }
        let mut places = vec![
            (
                "the console",
                json!(
                    self.console()
                        .iter()
                        .map(|e| &e.message)
                        .collect::<Vec<_>>()
                ),
            ),
            ("a requested URL", json!(self.requested())),
            ("the URL", json!(self.url())),
            ("the text of the page", json!(self.text())),
        ];
        let script = "return {
            attributes: [...deep()].flatMap((e) => [...e.attributes].map((a) => a.name + '=' + a.value)),
            storage: [localStorage, sessionStorage].flatMap((s) => Object.entries(s)),
            cookies: document.cookie,
            history: JSON.stringify(history.state),
            window: [window.name, document.title],
        }";
        let places_in_page = self.script(script, &[]);
        // A page over plain HTTP has no caches.
        let stores = self.script(
            "return Promise.all([indexedDB.databases(), globalThis.caches?.keys() ?? []])
                .then(([databases, names]) => [...databases.map((d) => d.name), ...names])",
            &[],
        );
        assert_eq!(stores, json!([]), "the page keeps databases or caches");
        for place in ["attributes", "storage", "cookies", "history", "window"] {
            places.push((place, places_in_page[place].clone()));
        }
        for secret in &secrets {
            for (place, content) in &places {
                assert!(
                    !spelled(content, secret),
                    "a secret is in {place}: {content}"
                );
            }
        }
    }

    /// Collects the pending entries of the driver.
    fn collect(&self) {
        if let Some(events) = self.take_events() {
            self.evidence.borrow_mut().hear(events);
            return;
        }
        let logs = ["browser", "performance"].map(|kind| {
            let log = self.post("se/log", json!({ "type": kind }));
            log.unwrap_or_else(|error| panic!("the {kind} log: {error}"))
        });
        let [console, performance] = logs.map(|log| log.as_array().cloned().unwrap_or_default());
        let mut evidence = self.evidence.borrow_mut();
        evidence
            .console
            .extend(console.iter().map(|entry| ConsoleEntry {
                level: text(&entry["level"]),
                source: text(&entry["source"]),
                message: text(&entry["message"]),
            }));
        evidence
            .requests
            .extend(performance.iter().filter_map(|entry| {
                let event: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
                let event = &event["message"];
                let asked = event["method"] == "Network.requestWillBeSent";
                asked.then(|| text(&event["params"]["request"]["url"]))
            }));
        evidence.forget_blank_pages();
    }
}

/// Whether a value contains a secret, literally or in a common encoding.
fn spelled(content: &Value, secret: &str) -> bool {
    match content {
        Value::String(text) => {
            let disguises = [
                secret.to_owned(),
                json!(secret).to_string().trim_matches('"').to_owned(),
                STANDARD.encode(secret),
                url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
            ];
            disguises.iter().any(|disguise| text.contains(disguise))
        }
        Value::Array(items) => items.iter().any(|item| spelled(item, secret)),
        Value::Object(items) => items
            .iter()
            .any(|(key, item)| key.contains(secret) || spelled(item, secret)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Scheme, host and port.
fn origin(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
