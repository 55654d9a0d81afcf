//! The storage of the agent book: the browser's `localStorage` on the console's own page, the host
//! in an embedding page.

use std::fmt;

use gloo_utils::window;
use js_sys::{Function, JsString, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

use crate::book::state::StoreProblem;
use crate::book::{Book, BookError};

/// The key of the book in `localStorage`.
pub const KEY: &str = "odp-console.agents";

/// The key under which a new version is written first. If the first key has no intact book, the
/// value of this key is the book: the browser stopped between two steps of [`Store::replace`].
pub const NEW_KEY: &str = "odp-console.agents.new";

/// The storage of a book.
#[derive(Clone, Debug, PartialEq)]
pub enum Store {
    /// `localStorage`.
    Local,
    /// The page that embeds the console.
    Host(HostStore),
}

/// The option `book`, an object with two functions: `load` returns the text of the book, or
/// nothing; `save` receives a text, or `null` for no book. Both may return a promise.
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
    /// Reads the option; `None` if `load` or `save` is missing.
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
    /// Reads the text of the book; `None` if there is no book.
    ///
    /// # Errors
    /// [`StoreProblem`] if the storage is not available.
    pub async fn read(&self) -> Result<Option<String>, StoreProblem> {
        match self {
            Self::Local => read_local(&local()?),
            Self::Host(host) => host.load().await,
        }
    }

    /// Replaces the stored text `before` with `text`, if `before` is still stored. `opens` checks
    /// that a text read back can be opened.
    ///
    /// The browser's storage receives the text under [`NEW_KEY`] first, where the text is read back
    /// and opened before it replaces the book. No other code of the page runs in between. A host's
    /// text is loaded before and after saving.
    ///
    /// # Errors
    /// The [`StoreProblem`]. `before` is still stored, or restored, provided that the host behaves
    /// correctly.
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
    /// [`StoreProblem`] if the storage is not available.
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

/// The browser's `localStorage`, to which a page may have no access.
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
    // If the book is stored only under the second key, it stays there until the first key has a
    // copy.
    let recovered = get(storage, KEY)?.as_deref() != before;
    if recovered && let Some(before) = before {
        storage
            .set_item(KEY, before)
            .map_err(|_| StoreProblem::Full)?;
    }
    let written = write_local(storage, before, text, opens);
    // The book is now stored under its key, in its old or new version.
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
        // The browser did not keep the written text: the previous text is restored.
        let _ = match before {
            Some(before) => storage.set_item(KEY, before),
            None => storage.remove_item(KEY),
        };
    }
    replaced
}
