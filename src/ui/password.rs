//! A password on its way from the field into a secret. What is typed leaves the field as one and is
//! not kept: not in the page's state, not in an attribute, and not in the field.

use js_sys::{JsString, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::NodeRef;

use crate::obshell::secret::Secret;

/// Takes the password out of its field, which is empty then.
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

/// Empties every field for secrets: what was typed and not given is not kept by a page that is left.
pub(crate) fn clear_all(root: &Element) {
    // Every such field asks password managers of its kind to leave it alone.
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

/// A secret out of the browser's memory.
#[must_use]
pub(crate) fn secret(text: &JsString) -> Secret {
    written_once(text.iter(), text.length())
}

/// Text from its UTF-16, of which there are `units`. The bindings hand text over in a buffer that
/// grows where it is not ASCII, and leaves behind what was written until then.
fn written_once(utf16: impl Iterator<Item = u16>, units: u32) -> Secret {
    // None takes more than three bytes of UTF-8.
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
