//! Checks that no secret appears in anything that can be printed: no password, session or key.
//!
//! [`everything_that_prints`] is the table. Add every type that holds a secret, and every error
//! that a secret can cause.
#![cfg(not(target_arch = "wasm32"))]
// Permits panics in the helper functions, as in tests.
#![cfg(test)]

#[path = "vectors/counter_rng.rs"]
mod counter_rng;

use std::fmt::{self, Debug, Display};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use counter_rng::CounterRng;
use odp_console::book::state::{self, BookEvent, BookState};
use odp_console::book::{AgentDetails, Book, BookKey, Kdf};
use odp_console::browser::vault::Vault;
use odp_console::flow::effect::CallId;
use odp_console::flow::state::SignIn;
use odp_console::obshell::address::AgentAddress;
use odp_console::obshell::answer;
use odp_console::obshell::crypto::body::{open_body, seal_body};
use odp_console::obshell::crypto::public_key::PublicKey;
use odp_console::obshell::crypto::session_key::SessionKey;
use odp_console::obshell::dag::id::{DagId, NodeId, SubTaskId};
use odp_console::obshell::envelope;
use odp_console::obshell::error::{Failure, NotSent};
use odp_console::obshell::request::{Credential, DagOperation, HEADER_LIFE_SECONDS, Request, Seal};
use odp_console::obshell::secret::Secret;
use odp_console::obshell::time::AgentTime;
use odp_console::ui::book::{AgentFields, BookAction};
use odp_console::ui::message::Message;
use rand_core::{TryCryptoRng, TryRng};
use static_assertions::{assert_impl_all, assert_not_impl_any};
use zeroize::ZeroizeOnDrop;

// Wiped when dropped, and never copied, displayed or serialized by accident.
assert_impl_all!(Secret: ZeroizeOnDrop);
assert_not_impl_any!(Secret: Clone, Display, serde::Serialize, AsRef<str>, PartialEq);
assert_impl_all!(SessionKey: ZeroizeOnDrop);
assert_not_impl_any!(SessionKey: Clone, Display, serde::Serialize, AsRef<[u8]>, PartialEq);
assert_not_impl_any!(Credential: Clone, Display, serde::Serialize);
assert_not_impl_any!(Vault: Clone, Display, serde::Serialize);
assert_not_impl_any!(Message: Clone, Display, serde::Serialize);
assert_impl_all!(BookKey: ZeroizeOnDrop);
assert_not_impl_any!(BookKey: Clone, Display, serde::Serialize, AsRef<[u8]>, PartialEq);
assert_not_impl_any!(Book: Display, serde::Serialize);
assert_not_impl_any!(BookAction: Clone, Display, serde::Serialize);
assert_not_impl_any!(odp_console::obshell::request::WireRequest: Clone, Display);

/// A unique text. Quote, backslash and non-ASCII characters make its escaped forms differ.
const PASSWORD: &str = r#"Zq7"unseen\ß密码-Wx9"#;

#[test]
fn no_secret_shows() {
    let secrets = secrets();
    for (what, printed) in everything_that_prints() {
        assert!(!printed.is_empty(), "{what} prints nothing");
        assert_eq!(
            shown(&secrets, &printed),
            None,
            "{what} shows it: {printed}"
        );
    }
}

/// Proves that the search finds a secret in every notation.
#[test]
fn every_way_to_show_a_secret_is_found() {
    let key = session_key();
    let keys = STANDARD.decode(&*key.to_base64()).unwrap();
    let secrets = secrets();
    for leak in [
        format!("wrong password: {PASSWORD}"),
        format!("Secret({PASSWORD:?})"),
        serde_json::json!({ "Auth": PASSWORD }).to_string(),
        format!("{:?}", PASSWORD.as_bytes()),
        format!("{:#?}", PASSWORD.as_bytes()),
        format!("{:02X?}", PASSWORD.as_bytes()),
        format!(
            "Authorization: Basic {}",
            STANDARD.encode(format!("root:{PASSWORD}"))
        ),
        format!("{:?}", key.to_base64().as_str()),
        format!("SessionKey {{ key: {:?} }}", &keys[..16]),
        format!("SessionKey {{ iv: {:x?} }}", &keys[16..]),
    ] {
        assert_ne!(shown(&secrets, &leak), None, "not found: {leak}");
    }
    assert_eq!(shown(&secrets, "Secret(..)"), None);
}

/// Returns every type that holds a secret and every error that a secret can cause: its name, and
/// its output by `Debug`, alternate `Debug` and, if implemented, `Display`.
fn everything_that_prints() -> Vec<(&'static str, String)> {
    let password = || Secret::new(PASSWORD.to_owned());
    let bytes = PASSWORD.as_bytes();
    let base64 = STANDARD.encode(bytes);
    let public_key = public_key();
    let mut vault = Vault::default();
    vault.store_password(password(), SignIn::RootPassword);
    vault.request_sent(CallId(1), Some(session_key()));

    let mut table = vec![
        ("Secret", debug(&password())),
        ("Secret in an Option", debug(&Some(password()))),
        ("Secret in a Result", debug(&Ok::<_, ()>(password()))),
        ("SessionKey", debug(&session_key())),
        ("Keys of a header", debug(&session_key().to_base64())),
        (
            "an opened body",
            debug(&open_body(&session_key(), &sealed_password())),
        ),
        ("PublicKey", debug(&public_key)),
        (
            "Credential, password",
            debug(&Credential::AgentPassword(password())),
        ),
        (
            "Credential, session",
            debug(&Credential::Session(password())),
        ),
        (
            "Credential, root",
            debug(&Credential::RootPassword(password())),
        ),
        ("Credential, none", debug(&Credential::RootWithoutPassword)),
        ("Vault", debug(&vault)),
        ("Message", debug(&Message::Credential(password()))),
        // Errors of a password in the place of another value.
        ("PublicKeyError, text", error(PublicKey::parse(PASSWORD))),
        ("PublicKeyError, base64", error(PublicKey::parse(&base64))),
        (
            "SealError, header",
            error(public_key.seal(bytes, &mut NoRandomness)),
        ),
        (
            "SealError, key",
            error(SessionKey::generate(&mut NoRandomness)),
        ),
        (
            "OpenError, text",
            error(open_body(&session_key(), PASSWORD)),
        ),
        (
            "OpenError, length",
            error(open_body(&session_key(), &base64)),
        ),
        (
            "OpenError, other key",
            error(open_body(&other_key(), &sealed_password())),
        ),
        (
            "AddressError",
            debug(&AgentAddress::parse(PASSWORD).unwrap_err()),
        ),
        (
            "AddressError, port",
            debug(&AgentAddress::parse(&format!("h:{PASSWORD}")).unwrap_err()),
        ),
        ("DagId", debug(&DagId::parse(PASSWORD).unwrap_err())),
        ("NodeId", debug(&NodeId::parse(PASSWORD).unwrap_err())),
        ("SubTaskId", debug(&SubTaskId::parse(PASSWORD).unwrap_err())),
        ("AgentTime", debug(&AgentTime::parse(PASSWORD))),
        (
            "NotSent, key",
            debug(&NotSent::Key(PublicKey::parse(PASSWORD).unwrap_err())),
        ),
    ];
    table.extend(requests());
    table.extend(answers());
    table.extend(books());
    table
}

/// Books with the password as their passphrase, as an agent's password, and as its label.
fn books() -> Vec<(&'static str, String)> {
    let password = || Secret::new(PASSWORD.to_owned());
    // Not the bytes of `session_key`: a salt is not secret.
    let rng = &mut CounterRng::new("a book");
    let book = Book::create(&password(), rng).unwrap();
    let address = AgentAddress::parse("10.10.10.1:2886").unwrap();
    let details = AgentDetails {
        label: Some(PASSWORD.to_owned()),
        ..AgentDetails::of(address.clone())
    };
    let book = book.add(details.clone(), &password(), rng).unwrap();
    let entry = &book.entries()[0];
    let opened = BookEvent::Opened(book.shared_entries());
    let text = book.text().unwrap();
    vec![
        ("Book", debug(&book)),
        (
            "BookKey",
            debug(&BookKey::derive(&password(), Kdf::DEFAULT, &[0; 16]).unwrap()),
        ),
        ("AgentDetails", debug(&details)),
        ("Entry", debug(entry)),
        (
            "BookState",
            debug(&state::step(&BookState::default(), opened)),
        ),
        ("a password of a book", debug(&book.open_password(entry))),
        ("a book's text", text),
        ("BookError", error(Book::open(PASSWORD, &password()))),
        (
            "BookError, taken",
            error(book.add(details, &password(), rng)),
        ),
        ("BookAction", debug(&BookAction::Unlock(password()))),
        (
            "BookAction, edit",
            debug(&BookAction::Edit(
                address,
                AgentFields::default(),
                password(),
            )),
        ),
        (
            "BookAction, two",
            debug(&BookAction::Create {
                passphrase: password(),
                again: password(),
            }),
        ),
    ]
}

/// Returns every request, sealed with every credential, and its failure.
fn requests() -> Vec<(&'static str, String)> {
    let public_key = public_key();
    let dag = DagId::parse("4127000000001028861").unwrap();
    let node = NodeId::parse("4127000000001028861").unwrap();
    let mut printed = Vec::new();
    for request in [
        Request::delete_odp(),
        Request::dag(&dag),
        Request::operate_dag(&dag, DagOperation::Retry),
        Request::pass_node(&node),
        Request::login(),
        Request::logout(),
    ] {
        for credential in [
            Credential::AgentPassword(Secret::new(PASSWORD.to_owned())),
            Credential::Session(Secret::new(PASSWORD.to_owned())),
            Credential::RootPassword(Secret::new(PASSWORD.to_owned())),
        ] {
            let seal = Seal {
                key: &public_key,
                credential: &credential,
                agent_time: 1_795_436_118_000,
                life_seconds: HEADER_LIFE_SECONDS,
                path_prefix: "",
            };
            // The same bytes as `session_key`, which the test searches.
            let sealed = request.seal(seal, &mut CounterRng::new(SEED)).unwrap();
            printed.push(("WireRequest", debug(&sealed)));
            let failure = request.seal(seal, &mut NoRandomness).unwrap_err();
            printed.push((
                "Failure, seal",
                debug(&Failure::NotSent(NotSent::Seal(failure))),
            ));
        }
        printed.push(("Request", debug(&request)));
    }
    printed
}

/// Returns responses with a secret, complete or malformed.
fn answers() -> Vec<(&'static str, String)> {
    let envelope = serde_json::json!({
        "successful": true,
        "timestamp": "2026-11-23T12:14:18Z",
        "duration": 1,
        "status": 200,
        "traceId": "3a48",
        "data": sealed_password(),
    })
    .to_string();
    let session = answer::login(200, envelope.as_bytes(), &session_key()).unwrap();
    assert_eq!(
        session.value.expose(),
        PASSWORD,
        "the answer does carry the secret"
    );
    let other_key = answer::login(200, envelope.as_bytes(), &other_key()).unwrap_err();
    let page = format!("<!doctype html><p>{PASSWORD}</p>");
    let cut_short = format!("{{\"successful\":true,\"data\":\"{PASSWORD}");
    let other = serde_json::json!({ "password": PASSWORD }).to_string();
    vec![
        ("a session", debug(&session)),
        ("an answer to another key", debug(&other_key)),
        (
            "a page",
            debug(&answer::info(502, page.as_bytes()).unwrap_err()),
        ),
        (
            "a truncated answer",
            debug(&answer::time(200, cut_short.as_bytes()).unwrap_err()),
        ),
        (
            "other JSON",
            debug(&envelope::open(200, other.as_bytes()).unwrap_err()),
        ),
    ]
}

const SEED: &str = "redaction";

/// The key that [`requests`] also generates.
fn session_key() -> SessionKey {
    SessionKey::generate(&mut CounterRng::new(SEED)).unwrap()
}

/// Another key, with which the padding of [`sealed_password`] is wrong.
fn other_key() -> SessionKey {
    SessionKey::generate(&mut CounterRng::new("another key")).unwrap()
}

fn sealed_password() -> String {
    seal_body(&session_key(), PASSWORD.as_bytes())
}

fn public_key() -> PublicKey {
    let vectors = include_str!("fixtures/vectors/rsa.json");
    let vectors: serde_json::Value = serde_json::from_str(vectors).unwrap();
    PublicKey::parse(vectors[0]["public_key"].as_str().unwrap()).unwrap()
}

/// Returns the secrets as bytes: the password, key and vector.
fn secrets() -> Vec<(&'static str, Vec<u8>)> {
    let keys = STANDARD.decode(&*session_key().to_base64()).unwrap();
    vec![
        ("the password", PASSWORD.as_bytes().to_vec()),
        ("the AES key", keys[..16].to_vec()),
        ("the initialization vector", keys[16..].to_vec()),
    ]
}

/// Returns the secret that a text contains, in any notation.
fn shown(secrets: &[(&'static str, Vec<u8>)], text: &str) -> Option<&'static str> {
    let text: String = text.split_whitespace().collect();
    let lower = text.to_lowercase();
    let is_shown = |secret: &[u8]| {
        let list = |bytes: Vec<String>| bytes.join(",");
        let notations = [
            list(secret.iter().map(|byte| format!("{byte}")).collect()),
            list(secret.iter().map(|byte| format!("{byte:x}")).collect()),
            list(secret.iter().map(|byte| format!("{byte:02x}")).collect()),
            secret.iter().map(|byte| format!("{byte:02x}")).collect(),
        ];
        // In base64 a text differs by its offset modulo 3, and at its ends.
        let base64 = (0..3).map(|place| {
            let shifted = [&vec![0; place][..], secret].concat();
            let encoded = STANDARD_NO_PAD.encode(shifted);
            encoded[4 * place.min(1)..encoded.len() - 2].to_owned()
        });
        let as_text = std::str::from_utf8(secret)
            .ok()
            .into_iter()
            .flat_map(|secret| {
                [
                    secret.to_owned(),
                    secret.escape_debug().collect(),
                    secret.escape_default().collect(),
                ]
            });
        notations.iter().any(|notation| lower.contains(notation))
            || base64
                .chain(as_text)
                .any(|notation| text.contains(&notation))
    };
    let found = secrets.iter().find(|(_, secret)| is_shown(secret));
    found.map(|(name, _)| *name)
}

fn debug(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}")
}

fn error<T: Debug, E: Debug + Display>(result: Result<T, E>) -> String {
    let error = result.unwrap_err();
    format!("{}\n{error}", debug(&error))
}

/// A source of randomness that has none.
struct NoRandomness;

/// The error of [`NoRandomness`].
#[derive(Debug)]
struct NoneLeft;

impl Display for NoneLeft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no randomness")
    }
}

impl std::error::Error for NoneLeft {}

impl TryRng for NoRandomness {
    type Error = NoneLeft;

    fn try_next_u32(&mut self) -> Result<u32, NoneLeft> {
        Err(NoneLeft)
    }

    fn try_next_u64(&mut self) -> Result<u64, NoneLeft> {
        Err(NoneLeft)
    }

    fn try_fill_bytes(&mut self, _: &mut [u8]) -> Result<(), NoneLeft> {
        Err(NoneLeft)
    }
}

impl TryCryptoRng for NoRandomness {}

/// The hash of a password that obshell writes into the log of a task that starts an obproxy.
const HASH: &str = "b4c56ee8d2854166dec66644f541b85247105b2c";

/// The recorded task (capture 06), as parsed by the console.
fn recorded_task() -> odp_console::obshell::dag::Dag {
    let text = include_str!("fixtures/captures/06-add-stop-start-delete.txt");
    let (_, after) = text.split_once("## add final\n").unwrap();
    let body = after.lines().nth(1).unwrap();
    assert!(body.contains(HASH));
    answer::dag(200, body.as_bytes()).unwrap().value
}

#[test]
fn no_layer_above_the_opener_holds_the_hash_in_a_start_command() {
    let dag = recorded_task();
    assert!(!debug(&dag).contains(HASH));
    let start = &dag.node(2).unwrap().sub_tasks.as_ref().unwrap()[0];
    assert_eq!(start.hidden, 1);
    let line = &start.logs.as_ref().unwrap()[0];
    assert!(line.contains("obproxy_sys_password=***' -n 'px'"), "{line}");

    let said = |data: &str| {
        format!(
            r#"{{"successful":true,"timestamp":"2026-11-23T12:14:18Z","status":200,"data":{data}}}"#
        )
    };
    let line = format!("obproxy_sys_password={HASH}");
    let logs = said(&format!(
        r#"{{"contents":[{{"execute_times":1,"log_content":"{line}"}}]}}"#
    ));
    let logs = answer::logs(200, logs.as_bytes()).unwrap();
    assert_eq!(logs.value[0].text, "obproxy_sys_password=***");
    let refused = format!(
        r#"{{"successful":false,"timestamp":"2026-11-23T12:14:18Z","status":500,"error":{{"errCode":"Common.Unexpected","message":"Unexpected error: {line}"}}}}"#
    );
    let refused = answer::done(500, refused.as_bytes()).unwrap_err();
    assert!(!debug(&refused).contains(HASH));
    let sub_task = said(&format!(
        r#"{{"id":"4127000000001028861","name":"x","state":"RUNNING","operator":"RUN","task_logs":["{line}","{line}"]}}"#
    ));
    let sub_task = answer::sub_task(200, sub_task.as_bytes()).unwrap().value;
    assert_eq!(sub_task.hidden, 2);
}

/// Only this hash is hidden in the recordings; an agent's general messages about passwords are
/// unchanged.
#[test]
fn nothing_else_in_the_recordings_is_hidden() {
    let mut hidden = Vec::new();
    for entry in std::fs::read_dir("tests/fixtures/captures").unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for body in text
            .lines()
            .filter(|line| line.starts_with("{\"successful\""))
        {
            let value: serde_json::Value = serde_json::from_str(body).unwrap();
            let mut texts = Vec::new();
            strings(&value, &mut texts);
            hidden.extend(
                texts
                    .into_iter()
                    .filter(|text| odp_console::obshell::redact::redact(text).hidden > 0),
            );
        }
    }
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    assert!(hidden[0].contains(HASH));
}

fn strings(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(list) => list.iter().for_each(|item| strings(item, texts)),
        serde_json::Value::Object(map) => map.values().for_each(|item| strings(item, texts)),
        _ => {}
    }
}
