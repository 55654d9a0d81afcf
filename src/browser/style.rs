//! A style sheet in a shadow root: it reaches nothing outside of it.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{CssStyleSheet, ShadowRoot};

const ADOPTED: &str = "adoptedStyleSheets";

/// A style sheet that a shadow root has adopted, until it is dropped.
#[derive(Debug)]
pub struct Adopted {
    shadow: ShadowRoot,
    sheet: CssStyleSheet,
}

impl Adopted {
    /// Has the shadow root adopt a style sheet, after those it has.
    ///
    /// # Errors
    /// Where the browser knows no constructed style sheets.
    pub fn new(shadow: &ShadowRoot, css: &str) -> Result<Self, JsValue> {
        let sheet = CssStyleSheet::new()?;
        sheet.replace_sync(css)?;
        let adopted = Array::from(&Reflect::get(shadow, &ADOPTED.into())?);
        adopted.push(&sheet);
        Reflect::set(shadow, &ADOPTED.into(), &adopted)?;
        Ok(Self {
            shadow: shadow.clone(),
            sheet,
        })
    }

    fn forsake(&self) -> Result<(), JsValue> {
        let adopted = Array::from(&Reflect::get(&self.shadow, &ADOPTED.into())?);
        let mut others = |other, _, _| other != *AsRef::<JsValue>::as_ref(&self.sheet);
        Reflect::set(&self.shadow, &ADOPTED.into(), &adopted.filter(&mut others))?;
        Ok(())
    }
}

impl Drop for Adopted {
    fn drop(&mut self) {
        // What cannot be taken back was not put there.
        let _ = self.forsake();
    }
}
