//! Behaviour of Go's standard library that is visible on the wire.

use chrono::{DateTime, FixedOffset, Timelike as _, Utc};

/// Parses a decimal 64-bit number like `strconv.ParseInt`; the error is its text.
pub(crate) fn parse_int(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let complaint = |what: &str| format!("strconv.ParseInt: parsing {}: {what}", quote(text));
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(complaint("invalid syntax"));
    }
    text.parse().map_err(|_| complaint("value out of range"))
}

/// Parses a boolean like `strconv.ParseBool`.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// Quotes like `strconv.Quote`.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\u{b}' => quoted.push_str("\\v"),
            control if control.is_ascii_control() => {
                quoted.push_str(&format!("\\x{:02x}", u32::from(control)))
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Formats a moment like `time.Time` in JSON: RFC 3339, nanoseconds without trailing zeros.
pub(crate) fn rfc3339(time: DateTime<Utc>, zone: FixedOffset) -> String {
    let local = time.with_timezone(&zone);
    let mut text = local.format("%Y-%m-%dT%H:%M:%S").to_string();
    let nanoseconds = local.nanosecond() % 1_000_000_000;
    if nanoseconds != 0 {
        let digits = format!("{nanoseconds:09}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    if zone.local_minus_utc() == 0 {
        text.push('Z');
    } else {
        text.push_str(&local.format("%:z").to_string());
    }
    text
}

/// Escapes a JSON text like `encoding/json`, so that it is safe inside HTML.
///
/// The escaped characters occur only inside strings.
pub(crate) fn html_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            other => safe.push(other),
        }
    }
    safe
}

/// Base64 that could not be decoded completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CorruptInput(usize);

impl std::fmt::Display for CorruptInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "illegal base64 data at input byte {}", self.0)
    }
}

/// Decodes standard base64 like `encoding/base64`: line breaks are skipped, and the bytes before an
/// error are returned with it.
pub(crate) fn decode_base64(text: &[u8]) -> (Vec<u8>, Option<CorruptInput>) {
    let mut decoded = Vec::with_capacity(text.len() / 4 * 3);
    let mut reader = Base64Reader { text, at: 0 };
    loop {
        match reader.quantum(&mut decoded) {
            Ok(true) => {}
            Ok(false) => return (decoded, None),
            Err(at) => return (decoded, Some(CorruptInput(at))),
        }
    }
}

struct Base64Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Base64Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = self.text.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn skip_line_breaks(&mut self) {
        while matches!(self.text.get(self.at), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Decodes four characters. Returns false at the end.
    fn quantum(&mut self, decoded: &mut Vec<u8>) -> Result<bool, usize> {
        let mut bits: u32 = 0;
        let mut count: usize = 0;
        while count < 4 {
            self.skip_line_breaks();
            let Some(byte) = self.next() else {
                return if count == 0 {
                    Ok(false)
                } else {
                    Err(self.at - count)
                };
            };
            match value(byte) {
                Some(value) => {
                    bits = bits << 6 | value;
                    count += 1;
                }
                None if byte == b'=' => {
                    self.padding(count)?;
                    emit(bits << (6 * (4 - count)), count - 1, decoded);
                    return Ok(false);
                }
                None => return Err(self.at - 1),
            }
        }
        emit(bits, 3, decoded);
        Ok(true)
    }

    /// Checks the characters after the first `=`: one more if two are required, then none.
    fn padding(&mut self, count: usize) -> Result<(), usize> {
        if count < 2 {
            return Err(self.at - 1);
        }
        self.skip_line_breaks();
        if count == 2 {
            match self.next() {
                None => return Err(self.text.len()),
                Some(b'=') => {}
                Some(_) => return Err(self.at - 2),
            }
            self.skip_line_breaks();
        }
        if self.at < self.text.len() {
            Err(self.at)
        } else {
            Ok(())
        }
    }
}

fn value(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

fn emit(bits: u32, bytes: usize, decoded: &mut Vec<u8>) {
    let [_, first, second, third] = bits.to_be_bytes();
    decoded.extend([first, second, third].into_iter().take(bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrupt_at(text: &str) -> Option<usize> {
        decode_base64(text.as_bytes()).1.map(|corrupt| corrupt.0)
    }

    #[test]
    fn numbers_are_read_and_refused_in_gos_words() {
        assert_eq!(parse_int("+0042"), Ok(42));
        assert_eq!(
            parse_int("1e12").unwrap_err(),
            r#"strconv.ParseInt: parsing "1e12": invalid syntax"#
        );
        assert_eq!(
            parse_int("").unwrap_err(),
            r#"strconv.ParseInt: parsing "": invalid syntax"#
        );
        let large = parse_int("9223372036854775808").unwrap_err();
        assert!(large.ends_with("value out of range"), "{large}");
    }

    #[test]
    fn times_have_no_trailing_zeros() {
        let utc = FixedOffset::east_opt(0).unwrap();
        let east = FixedOffset::east_opt(8 * 3600).unwrap();
        assert_eq!(rfc3339(DateTime::UNIX_EPOCH, utc), "1970-01-01T00:00:00Z");
        assert_eq!(
            rfc3339(DateTime::UNIX_EPOCH, east),
            "1970-01-01T08:00:00+08:00"
        );
        let time = DateTime::from_timestamp(1_795_436_114, 998_608_710).unwrap();
        assert_eq!(rfc3339(time, utc), "2026-11-23T12:15:14.99860871Z");
    }

    #[test]
    fn base64_decodes_to_its_error_and_names_the_byte() {
        assert_eq!(decode_base64(b"aGVsbG8="), (b"hello".to_vec(), None));
        assert_eq!(decode_base64(b"aGVs\nbG8="), (b"hello".to_vec(), None));
        assert_eq!(
            decode_base64(b"aGVs!bG8="),
            (b"hel".to_vec(), Some(CorruptInput(4)))
        );
        assert_eq!(corrupt_at("!!!!"), Some(0));
        assert_eq!(corrupt_at("abc"), Some(0));
        assert_eq!(corrupt_at("aGVsbG8"), Some(4));
        assert_eq!(corrupt_at("aA="), Some(3));
        assert_eq!(corrupt_at("aA==x"), Some(4));
    }

    #[test]
    fn html_is_escaped_as_go_does() {
        assert_eq!(html_safe(r#""<a & b>""#), r#""\u003ca \u0026 b\u003e""#);
    }
}
