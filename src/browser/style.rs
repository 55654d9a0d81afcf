//! A style sheet in a shadow root, which does not affect elements outside.

use std::cell::RefCell;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Document, ShadowRoot};

const ADOPTED: &str = "adoptedStyleSheets";

/// A style sheet that a shadow root has adopted, until dropped.
#[derive(Debug)]
pub struct ShadowStyle {
    shadow: ShadowRoot,
    css: &'static str,
    created: RefCell<CreatedSheet>,
}

/// A style sheet with the document in which it was created: a shadow root that moves to another
/// document loses the style sheet.
#[derive(Debug)]
struct CreatedSheet {
    sheet: CssStyleSheet,
    document: Document,
}

impl ShadowStyle {
    /// Adds a style sheet to a shadow root, after its existing style sheets.
    ///
    /// # Errors
    /// One sentence: the document of the shadow root is not in a window, the browser does not
    /// support constructed style sheets, or the browser's own error.
    pub fn new(shadow: &ShadowRoot, css: &'static str) -> Result<Self, String> {
        Ok(Self {
            created: RefCell::new(adopt(shadow, css)?),
            shadow: shadow.clone(),
            css,
        })
    }

    /// Creates the style sheet again if the shadow root has moved to another document.
    ///
    /// # Errors
    /// The errors of [`new`](Self::new).
    pub fn follow_document(&self) -> Result<(), String> {
        let document = self.shadow.owner_document();
        if document.is_some_and(|document| document != self.created.borrow().document) {
            self.created.replace(adopt(&self.shadow, self.css)?);
        }
        Ok(())
    }

    /// Removes the style sheet from the shadow root.
    pub fn remove(&self) {
        // A style sheet that cannot be removed was not adopted.
        let _ = self.try_remove();
    }

    fn try_remove(&self) -> Result<(), JsValue> {
        let adopted = Array::from(&Reflect::get(&self.shadow, &ADOPTED.into())?);
        let created = self.created.borrow();
        let mut others = |other, _, _| other != *AsRef::<JsValue>::as_ref(&created.sheet);
        Reflect::set(&self.shadow, &ADOPTED.into(), &adopted.filter(&mut others))?;
        Ok(())
    }
}

impl Drop for ShadowStyle {
    fn drop(&mut self) {
        self.remove();
    }
}

fn adopt(shadow: &ShadowRoot, css: &str) -> Result<CreatedSheet, String> {
    let document = shadow.owner_document();
    let document = document.ok_or("the host belongs to no document")?;
    let window = document
        .default_view()
        .ok_or("the host's document is in no window: put the host into a page that is open")?;
    let constructor: Function = Reflect::get(&window, &"CSSStyleSheet".into())
        .unwrap_or_default()
        .dyn_into()
        .map_err(|_| TOO_OLD)?;
    let sheet: CssStyleSheet = Reflect::construct(&constructor, &Array::new())
        .map_err(|_| TOO_OLD)?
        .unchecked_into();
    if !Reflect::has(shadow, &ADOPTED.into()).unwrap_or_default() {
        return Err(TOO_OLD.to_owned());
    }
    put(shadow, &sheet, css).map_err(|error| {
        let why = Reflect::get(&error, &"message".into()).unwrap_or_default();
        let why = why.as_string().unwrap_or_default();
        format!("the browser refuses the style sheet: {why}")
    })?;
    Ok(CreatedSheet { sheet, document })
}

const TOO_OLD: &str = "this browser is too old: it has no constructed style sheets";

fn put(shadow: &ShadowRoot, sheet: &CssStyleSheet, css: &str) -> Result<(), JsValue> {
    sheet.replace_sync(css)?;
    let adopted = Array::from(&Reflect::get(shadow, &ADOPTED.into())?);
    adopted.push(sheet);
    Reflect::set(shadow, &ADOPTED.into(), &adopted)?;
    Ok(())
}
