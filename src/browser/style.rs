//! A style sheet in a shadow root: it reaches nothing outside of it.

use std::cell::RefCell;

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Document, ShadowRoot};

const ADOPTED: &str = "adoptedStyleSheets";

/// A style sheet that a shadow root has adopted, until it is dropped.
#[derive(Debug)]
pub struct Adopted {
    shadow: ShadowRoot,
    css: &'static str,
    made: RefCell<Made>,
}

/// A style sheet belongs to the document that it was made in: a shadow root that moves to another
/// document loses it.
#[derive(Debug)]
struct Made {
    sheet: CssStyleSheet,
    document: Document,
}

impl Adopted {
    /// Has the shadow root adopt a style sheet, after those it has.
    ///
    /// # Errors
    /// One sentence: the document of the shadow root is in no window, the browser has no constructed
    /// style sheets, or what the browser says.
    pub fn new(shadow: &ShadowRoot, css: &'static str) -> Result<Self, String> {
        Ok(Self {
            made: RefCell::new(adopt(shadow, css)?),
            shadow: shadow.clone(),
            css,
        })
    }

    /// Makes the style sheet anew where the shadow root has moved to another document.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn follow(&self) -> Result<(), String> {
        let document = self.shadow.owner_document();
        if document.is_some_and(|document| document != self.made.borrow().document) {
            self.made.replace(adopt(&self.shadow, self.css)?);
        }
        Ok(())
    }

    /// Takes the style sheet out of the shadow root.
    pub fn remove(&self) {
        // What cannot be taken back was not put there.
        let _ = self.forsake();
    }

    fn forsake(&self) -> Result<(), JsValue> {
        let adopted = Array::from(&Reflect::get(&self.shadow, &ADOPTED.into())?);
        let made = self.made.borrow();
        let mut others = |other, _, _| other != *AsRef::<JsValue>::as_ref(&made.sheet);
        Reflect::set(&self.shadow, &ADOPTED.into(), &adopted.filter(&mut others))?;
        Ok(())
    }
}

impl Drop for Adopted {
    fn drop(&mut self) {
        self.remove();
    }
}

fn adopt(shadow: &ShadowRoot, css: &str) -> Result<Made, String> {
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
    Ok(Made { sheet, document })
}

const TOO_OLD: &str = "this browser is too old: it has no constructed style sheets";

fn put(shadow: &ShadowRoot, sheet: &CssStyleSheet, css: &str) -> Result<(), JsValue> {
    sheet.replace_sync(css)?;
    let adopted = Array::from(&Reflect::get(shadow, &ADOPTED.into())?);
    adopted.push(sheet);
    Reflect::set(shadow, &ADOPTED.into(), &adopted)?;
    Ok(())
}
