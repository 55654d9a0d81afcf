//! Where a book is stored: in the browser's `localStorage` on the page of its own, with the host
//! where it is embedded.

use std::fmt;

use gloo_utils::window;
use js_sys::{Function, JsString, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

use crate::book::desk::StoreProblem;
use crate::book::{Book, BookError};

/// The key of `localStorage` under which the book is.
pub const KEY: &str = "odp-console.agents";

/// The key under which a book is written first. Where it alone is there, it is the book: the
/// browser ended between two steps of [`Store::replace`].
pub const NEW_KEY: &str = "odp-console.agents.new";

/// Where a book is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Store {
    /// `localStorage`.
    Local,
    /// The page around the console.
    Host(HostStore),
}

/// The option `book`: `load` gives the text of the book or nothing, `save` takes one or `null`.
/// Both may promise to.
#[derive(Clone, PartialEq)]
pub struct HostStore {
    load: Function,
    save: Function,
}

impl fmt::Debug for HostStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostStore")
    }
}

impl HostStore {
    /// Reads the option.
    #[must_use]
    pub fn new(value: &JsValue) -> Option<Self> {
        let function = |name: &str| Reflect::get(value, &name.into()).ok()?.dyn_into().ok();
        Some(Self {
            load: function("load")?,
            save: function("save")?,
        })
    }

    async fn load(&self) -> Result<Option<String>, StoreProblem> {
        let given = answer(self.load.call0(&JsValue::UNDEFINED)).await?;
        if given.is_null() || given.is_undefined() {
            return Ok(None);
        }
        let text = given
            .dyn_into::<JsString>()
            .map_err(|_| StoreProblem::Host)?;
        Ok(Some(text.into()))
    }

    async fn save(&self, text: Option<&str>) -> Result<(), StoreProblem> {
        let text = text.map_or(JsValue::NULL, JsValue::from);
        answer(self.save.call1(&JsValue::UNDEFINED, &text)).await?;
        Ok(())
    }
}

async fn answer(given: Result<JsValue, JsValue>) -> Result<JsValue, StoreProblem> {
    let given = given.map_err(|_| StoreProblem::Host)?;
    let given = JsFuture::from(Promise::resolve(&given)).await;
    given.map_err(|_| StoreProblem::Host)
}

impl Store {
    /// Reads the text of the book; none where there is no book.
    ///
    /// # Errors
    /// Where the storage cannot be used.
    pub async fn read(&self) -> Result<Option<String>, StoreProblem> {
        match self {
            Self::Local => read_local(&local()?),
            Self::Host(host) => host.load().await,
        }
    }

    /// Puts `text` in the place of `before`, if that is what is stored. `opens` opens a text that
    /// was read back.
    ///
    /// The browser's storage takes the text under [`NEW_KEY`] first, where it is read back and
    /// opened before it replaces anything. All of that is one step for the browser's other code. A
    /// host is asked what it has before and after.
    ///
    /// # Errors
    /// What went wrong; `before` is stored as it was then, where the host keeps to it.
    pub async fn replace(
        &self,
        before: Option<&str>,
        text: &str,
        opens: impl Fn(&str) -> bool,
    ) -> Result<(), StoreProblem> {
        match self {
            Self::Local => replace_local(&local()?, before, text, opens),
            Self::Host(host) => {
                if host.load().await?.as_deref() != before {
                    return Err(StoreProblem::Changed);
                }
                host.save(Some(text)).await?;
                match host.load().await? {
                    Some(stored) if stored == text && opens(&stored) => Ok(()),
                    _ => {
                        host.save(before).await?;
                        Err(StoreProblem::Unverified)
                    }
                }
            }
        }
    }

    /// Deletes the book.
    ///
    /// # Errors
    /// Where the storage cannot be used.
    pub async fn delete(&self) -> Result<(), StoreProblem> {
        match self {
            Self::Local => {
                let storage = local()?;
                for key in [NEW_KEY, KEY] {
                    storage
                        .remove_item(key)
                        .map_err(|_| StoreProblem::Refused)?;
                }
                Ok(())
            }
            Self::Host(host) => host.save(None).await,
        }
    }
}

/// The storage; a browser may have none for this page.
fn local() -> Result<Storage, StoreProblem> {
    match window().local_storage() {
        Ok(Some(storage)) => Ok(storage),
        _ => Err(StoreProblem::Refused),
    }
}

fn get(storage: &Storage, key: &str) -> Result<Option<String>, StoreProblem> {
    storage.get_item(key).map_err(|_| StoreProblem::Refused)
}

fn read_local(storage: &Storage) -> Result<Option<String>, StoreProblem> {
    let text = get(storage, KEY)?;
    let is_whole = match &text {
        Some(text) => !matches!(
            Book::check(text),
            Err(BookError::NotABook | BookError::Damaged)
        ),
        None => false,
    };
    if is_whole {
        return Ok(text);
    }
    let new = get(storage, NEW_KEY)?.filter(|new| Book::check(new).is_ok());
    Ok(new.or(text))
}

fn replace_local(
    storage: &Storage,
    before: Option<&str>,
    text: &str,
    opens: impl Fn(&str) -> bool,
) -> Result<(), StoreProblem> {
    if read_local(storage)?.as_deref() != before {
        return Err(StoreProblem::Changed);
    }
    // While the book is under the second key alone, it stays there until the first has another.
    let recovered = get(storage, KEY)?.as_deref() != before;
    if recovered && let Some(before) = before {
        storage
            .set_item(KEY, before)
            .map_err(|_| StoreProblem::Full)?;
    }
    let written = write_local(storage, before, text, opens);
    // The book is under its key, be it the old or the new one.
    let _ = storage.remove_item(NEW_KEY);
    written
}

fn write_local(
    storage: &Storage,
    before: Option<&str>,
    text: &str,
    opens: impl Fn(&str) -> bool,
) -> Result<(), StoreProblem> {
    let put = |key| {
        storage
            .set_item(key, text)
            .map_err(|_| StoreProblem::Full)?;
        match get(storage, key)? {
            Some(stored) if stored == text && opens(&stored) => Ok(()),
            _ => Err(StoreProblem::Unverified),
        }
    };
    put(NEW_KEY)?;
    let replaced = put(KEY);
    if replaced == Err(StoreProblem::Unverified) {
        // A browser that does not keep what it took.
        let _ = match before {
            Some(before) => storage.set_item(KEY, before),
            None => storage.remove_item(KEY),
        };
    }
    replaced
}
