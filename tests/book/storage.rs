//! Tests the storage of a book: a write is verified, and the previous book is never lost.

use js_sys::{Function, Reflect};
use odp_console::book::state::StoreProblem;
use odp_console::book::{AgentDetails, Book};
use odp_console::browser::book::{HostStore, KEY, NEW_KEY, Store};
use odp_console::obshell::address::AgentAddress;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Storage;

use crate::checks::secret;

pub fn storage() -> Storage {
    web_sys::window().unwrap().local_storage().unwrap().unwrap()
}

pub fn stored() -> Option<String> {
    storage().get_item(KEY).unwrap()
}

/// Empties the storage before and after a test.
pub struct Clean;

impl Clean {
    pub fn new() -> Self {
        for key in [KEY, NEW_KEY] {
            storage().remove_item(key).unwrap();
        }
        Self
    }
}

impl Drop for Clean {
    fn drop(&mut self) {
        Self::new_quietly();
    }
}

impl Clean {
    fn new_quietly() {
        for key in [KEY, NEW_KEY] {
            let _ = storage().remove_item(key);
        }
    }
}

/// Replaces a function of the storage until dropped.
pub struct Spoiled;

impl Spoiled {
    /// `body` is the body of the function that replaces `setItem`, with `key`, `value` and `set`.
    pub fn set_item(body: &str) -> Self {
        js_sys::eval(&format!(
            "globalThis.realSet ??= Storage.prototype.setItem;
             Storage.prototype.setItem = function (key, value) {{
                 const set = (it) => realSet.call(this, key, it);
                 {body}
             }}"
        ))
        .unwrap();
        Self
    }

    fn refused() -> Self {
        js_sys::eval(
            "Object.defineProperty(globalThis, 'localStorage', {
                 configurable: true,
                 get() { throw new DOMException('no', 'SecurityError'); },
             })",
        )
        .unwrap();
        Self
    }
}

impl Drop for Spoiled {
    fn drop(&mut self) {
        js_sys::eval(
            "if (globalThis.realSet) Storage.prototype.setItem = realSet;
             if (globalThis.realLocal) Object.defineProperty(globalThis, 'localStorage', realLocal)",
        )
        .unwrap();
    }
}

/// Returns two states of a book, as texts.
fn texts() -> (Book, String, String) {
    let rng = &mut getrandom::SysRng;
    let book = Book::create(&secret("correct horse battery"), rng).unwrap();
    let address = AgentAddress::parse("10.0.0.1:1").unwrap();
    let more = book
        .add(AgentDetails::of(address), &secret("p"), rng)
        .unwrap();
    let texts = (book.text().unwrap(), more.text().unwrap());
    (book, texts.0, texts.1)
}

#[wasm_bindgen_test]
async fn a_book_replaces_what_was_read_before() {
    let _clean = Clean::new();
    let (book, one, two) = texts();
    let opens = |text: &str| book.reopen(text).is_ok();
    assert_eq!(Store::Local.read().await, Ok(None));
    assert_eq!(Store::Local.replace(None, &one, opens).await, Ok(()));
    assert_eq!(Store::Local.read().await, Ok(Some(one.clone())));
    // Another tab changed the book first.
    let changed = Err(StoreProblem::Changed);
    assert_eq!(Store::Local.replace(None, &two, opens).await, changed);
    assert_eq!(stored(), Some(one.clone()));
    assert_eq!(Store::Local.replace(Some(&one), &two, opens).await, Ok(()));
    assert_eq!(stored(), Some(two));
    assert_eq!(storage().get_item(NEW_KEY).unwrap(), None);
    assert_eq!(Store::Local.delete().await, Ok(()));
    assert_eq!(stored(), None);
}

#[wasm_bindgen_test]
async fn what_cannot_be_written_leaves_what_was_there() {
    let _clean = Clean::new();
    let (book, one, two) = texts();
    let opens = |text: &str| book.reopen(text).is_ok();
    Store::Local.replace(None, &one, opens).await.unwrap();
    let full = "throw new DOMException('full', 'QuotaExceededError')";
    let cases = [
        (full.to_owned(), StoreProblem::Full),
        (
            format!("if (key === '{KEY}') {full}; set(value)"),
            StoreProblem::Full,
        ),
        (String::new(), StoreProblem::Unverified),
        (
            "set(value.slice(0, 99))".to_owned(),
            StoreProblem::Unverified,
        ),
        (
            format!("if (key !== '{KEY}') set(value)"),
            StoreProblem::Unverified,
        ),
    ];
    for (body, expected) in cases {
        let spoiled = Spoiled::set_item(&body);
        let found = Store::Local.replace(Some(&one), &two, opens).await;
        drop(spoiled);
        assert_eq!(found, Err(expected), "{body}");
        assert_eq!(stored(), Some(one.clone()), "{body}");
        assert_eq!(storage().get_item(NEW_KEY).unwrap(), None, "{body}");
    }
    let found = Store::Local.replace(Some(&one), &two, |_| false).await;
    assert_eq!(found, Err(StoreProblem::Unverified));
    assert_eq!(stored(), Some(one));
}

#[wasm_bindgen_test]
async fn a_write_that_was_cut_off_is_found_again() {
    let _clean = Clean::new();
    let (book, one, two) = texts();
    let opens = |text: &str| book.reopen(text).is_ok();
    let put = |key: &str, text: Option<&str>| match text {
        Some(text) => storage().set_item(key, text).unwrap(),
        None => storage().remove_item(key).unwrap(),
    };
    let half = &two[..two.len() / 2];
    for (main, new, found) in [
        (Some(&*one), Some(&*two), &one),
        (Some(&*one), Some(half), &one),
        (None, Some(&*two), &two),
        (Some(half), Some(&*two), &two),
    ] {
        put(KEY, main);
        put(NEW_KEY, new);
        assert_eq!(Store::Local.read().await, Ok(Some(found.clone())));
        let replaced = Store::Local.replace(Some(found), &one, opens).await;
        assert_eq!(replaced, Ok(()));
        assert_eq!(stored().as_ref(), Some(&one));
        assert_eq!(storage().get_item(NEW_KEY).unwrap(), None);
    }
    // There is no better copy than the damaged one, which the person can export.
    put(KEY, Some(half));
    put(NEW_KEY, Some(half));
    assert_eq!(Store::Local.read().await, Ok(Some(half.to_owned())));
}

#[wasm_bindgen_test]
async fn a_browser_without_a_storage_is_told_of() {
    js_sys::eval(
        "globalThis.realLocal ??= Object.getOwnPropertyDescriptor(globalThis, 'localStorage')",
    )
    .unwrap();
    let spoiled = Spoiled::refused();
    let refused = StoreProblem::Refused;
    assert_eq!(Store::Local.read().await, Err(refused));
    assert_eq!(Store::Local.replace(None, "", |_| true).await, Err(refused));
    assert_eq!(Store::Local.delete().await, Err(refused));
    drop(spoiled);
    assert_eq!(Store::Local.read().await, Ok(None));
}

fn host(body: &str) -> Store {
    let given = js_sys::eval(&format!("({{ {body} }})")).unwrap();
    Store::Host(HostStore::new(&given).unwrap())
}

#[wasm_bindgen_test]
async fn a_host_loads_and_saves() {
    for body in [
        "text: null, load: () => globalThis.kept, save: (text) => { globalThis.kept = text; }",
        "load: async () => globalThis.kept, save: async (text) => { globalThis.kept = text; }",
    ] {
        js_sys::eval("globalThis.kept = undefined").unwrap();
        let store = host(body);
        assert_eq!(store.read().await, Ok(None));
        assert_eq!(store.replace(None, "one", |_| true).await, Ok(()));
        assert_eq!(store.read().await, Ok(Some("one".to_owned())));
        let changed = Err(StoreProblem::Changed);
        assert_eq!(store.replace(Some("two"), "three", |_| true).await, changed);
        let found = store.replace(Some("one"), "two", |_| false).await;
        assert_eq!(found, Err(StoreProblem::Unverified));
        assert_eq!(store.read().await, Ok(Some("one".to_owned())));
        assert_eq!(store.delete().await, Ok(()));
        assert_eq!(store.read().await, Ok(None));
    }
    for body in [
        "load: () => { throw 1; }, save() {}",
        "load: async () => { throw 1; }, save() {}",
        "load: () => 7, save() {}",
    ] {
        assert_eq!(host(body).read().await, Err(StoreProblem::Host), "{body}");
    }
    let store = host("load: () => null, save: async () => { throw 1; }");
    let found = store.replace(None, "one", |_| true).await;
    assert_eq!(found, Err(StoreProblem::Host));
}

#[wasm_bindgen_test]
fn what_is_no_store_is_refused() {
    for text in ["null", "7", "{}", "{\"load\": 1}"] {
        let value = js_sys::JSON::parse(text).unwrap_or(JsValue::NULL);
        assert!(HostStore::new(&value).is_none(), "{text}");
    }
    let half = js_sys::Object::new();
    Reflect::set(&half, &"load".into(), &Function::new_no_args("")).unwrap();
    assert!(HostStore::new(&half).is_none());
}
