//! Characters that are invisible or rearrange the visible text, and the symbols shown for them.
//! Based on the Unicode properties `Default_Ignorable_Code_Point` and `Bidi_Control` (UAX #44),
//! version 17.0.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// `Default_Ignorable_Code_Point` as listed in `DerivedCoreProperties.txt`; includes every
/// `Bidi_Control`. A test compares the list with the data of ICU.
const INVISIBLE: [RangeInclusive<char>; 17] = [
    '\u{ad}'..='\u{ad}',
    '\u{34f}'..='\u{34f}',
    '\u{61c}'..='\u{61c}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{180b}'..='\u{180f}',
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{feff}'..='\u{feff}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{fff0}'..='\u{fff8}',
    '\u{1bca0}'..='\u{1bca3}',
    '\u{1d173}'..='\u{1d17a}',
    '\u{e0000}'..='\u{e0fff}',
];

/// Whether a character is invisible or rearranges the visible text.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    INVISIBLE.iter().any(|range| range.contains(&character))
}

/// Whether an invisible character affects the shape of its neighbor (joiners and variation
/// selectors), so that names and emoji legitimately contain it.
#[must_use]
pub fn is_shaping(character: char) -> bool {
    matches!(
        character,
        '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// The symbol for a character that is invisible or rearranges the visible text; `None` if the
/// character itself is shown, as tabs and line breaks are.
#[must_use]
pub fn symbol(character: char) -> Option<Cow<'static, str>> {
    match character {
        '\t' | '\n' => None,
        // The symbols for controls start at U+2400, in the same order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character))
            .map(|symbol| Cow::Owned(symbol.to_string())),
        '\u{7f}' => Some(Cow::Borrowed("\u{2421}")),
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => Some(hex(character)),
        _ if is_invisible(character) && !is_shaping(character) => Some(hex(character)),
        _ => None,
    }
}

/// Formats a character as `‹U+202E›`, with four or more digits.
fn hex(character: char) -> Cow<'static, str> {
    Cow::Owned(format!("‹U+{:04X}›", u32::from(character)))
}

/// Replaces such characters in a text by [symbols](symbol), so that they are shown and have no
/// effect.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| symbol(character).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match symbol(character) {
            Some(symbol) => shown.push_str(&symbol),
            None => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use icu_properties::CodePointSetData;
    use icu_properties::props::{
        BidiControl, DefaultIgnorableCodePoint, JoinControl, VariationSelector,
    };

    use super::*;

    #[test]
    fn what_is_not_seen_is_made_visible() {
        assert!(matches!(visible("a\tb\nc 中"), Cow::Borrowed(_)));
        for (text, shown) in [
            ("Kill obproxy process 8897", "Kill obproxy process 8897"),
            ("\u{1b}[31mred\u{7}\u{7f}", "␛[31mred␇␡"),
            ("a\nb\r\tc", "a\nb␍\tc"),
            (
                "gpj\u{202e}exe\u{200b}\u{85}",
                "gpj‹U+202E›exe‹U+200B›‹U+0085›",
            ),
            ("进程 👩\u{200d}💻", "进程 👩\u{200d}💻"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn the_list_is_unicodes() {
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        let bidi = CodePointSetData::new::<BidiControl>();
        let [join, variation] = [
            CodePointSetData::new::<JoinControl>(),
            CodePointSetData::new::<VariationSelector>(),
        ];
        for character in '\0'..=char::MAX {
            let listed = ignorable.contains(character) || bidi.contains(character);
            assert_eq!(is_invisible(character), listed, "{character:?}");
            let shaping = join.contains(character) || variation.contains(character);
            assert_eq!(is_shaping(character), shaping, "{character:?}");
        }
    }
}
