//! Characters that are not seen, or that rearrange what is seen, by Unicode's properties
//! `Default_Ignorable_Code_Point` and `Bidi_Control` (UAX #44), version 17.0.

use std::ops::RangeInclusive;

/// `Default_Ignorable_Code_Point` as `DerivedCoreProperties.txt` lists it; every `Bidi_Control` is among
/// them. A test compares it with the data of ICU.
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

/// Whether a character is not seen or rearranges what is seen.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    INVISIBLE.iter().any(|range| range.contains(&character))
}

/// Whether an invisible character shapes the one beside it (joiners and variation selectors), so that
/// names and emoji are written with it.
#[must_use]
pub fn is_shaping(character: char) -> bool {
    matches!(
        character,
        '\u{200c}' | '\u{200d}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

#[cfg(test)]
mod tests {
    use icu_properties::CodePointSetData;
    use icu_properties::props::{
        BidiControl, DefaultIgnorableCodePoint, JoinControl, VariationSelector,
    };

    use super::*;

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
