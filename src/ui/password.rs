//! Moves a password from its field into a secret. It is kept nowhere else: not in the page's state,
//! not in an attribute, and not in the field.

use js_sys::{JsString, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::NodeRef;

use crate::obshell::secret::Secret;

/// Takes the password from its field and clears the field.
#[must_use]
pub(super) fn take(field: &NodeRef) -> Secret {
    match field.cast::<HtmlInputElement>() {
        Some(input) => {
            let value = Reflect::get(&input, &"value".into());
            let secret = secret(value.unwrap_or_default().unchecked_ref());
            input.set_value("");
            secret
        }
        None => Secret::new(String::new()),
    }
}

/// Clears every field for secrets, so that a page that is left keeps no typed password.
pub(crate) fn clear_all(root: &Element) {
    // Each of these fields has this attribute, which tells a password manager to ignore the field.
    let Ok(fields) = root.query_selector_all("input[data-lpignore]") else {
        return;
    };
    for index in 0..fields.length() {
        let field = fields
            .item(index)
            .and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        if let Some(field) = field {
            field.set_value("");
        }
    }
}

/// Copies a JavaScript string into a secret.
#[must_use]
pub(crate) fn secret(text: &JsString) -> Secret {
    written_once(text.iter(), text.length())
}

/// Converts UTF-16 text with `units` code units. The conversion of the bindings grows its buffer
/// for text that is not ASCII, and leaves the earlier content behind unwiped.
fn written_once(utf16: impl Iterator<Item = u16>, units: u32) -> Secret {
    // A code unit takes at most three bytes of UTF-8.
    let mut text = String::with_capacity(units as usize * 3);
    text.extend(
        char::decode_utf16(utf16).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)),
    );
    Secret::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_written_as_the_browser_would_and_never_moved() {
        for text in [
            "",
            "Pw#1",
            "Pw#1 密码",
            "ключ",
            "\u{10ffff}🔑",
            "\0\u{7ff}\u{800}\u{ffff}",
        ] {
            let units: Vec<u16> = text.encode_utf16().collect();
            let length = u32::try_from(units.len()).unwrap();
            assert_eq!(written_once(units.into_iter(), length).expose(), text);
            assert!(text.len() <= length as usize * 3);
        }
        let halves = [0xd83d, 0x41, 0xdd11];
        assert_eq!(
            written_once(halves.into_iter(), 3).expose(),
            "\u{fffd}A\u{fffd}"
        );
    }
}
