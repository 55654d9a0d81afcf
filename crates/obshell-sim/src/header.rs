//! The opened header (obshell: ob/agent/secure/header.go).

use serde_json::Value;

use crate::go::decode_base64;

/// The fields of the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) auth: String,
    pub(crate) ts: String,
    pub(crate) uri: String,
    pub(crate) keys: Vec<u8>,
    pub(crate) session_id: String,
    pub(crate) sso_token: String,
}

/// Which of the two headers was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `X-OCS-Agent-Header`.
    Agent,
    /// `X-OCS-Header`.
    OceanBase,
}

impl Header {
    /// Parses the first JSON value of a decrypted header like Go; the error is Go's text.
    pub(crate) fn parse(plain: &[u8]) -> Result<Self, String> {
        let value = first_value(plain)?;
        let fields = match value {
            Value::Object(fields) => fields,
            Value::Null => return Ok(Self::default()),
            other => {
                return Err(format!(
                    "json: cannot unmarshal {} into Go value of type secure.HttpHeader",
                    kind(&other)
                ));
            }
        };
        let mut header = Self::default();
        let mut complaint = None;
        for (name, value) in &fields {
            // Go matches names case-insensitively, and reports only the first mismatch.
            if let Err(why) = header.set(&name.to_lowercase(), value) {
                complaint.get_or_insert(why);
            }
        }
        complaint.map_or(Ok(header), Err)
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let (field, shown) = match name {
            "auth" => (&mut self.auth, "Auth"),
            "ts" => (&mut self.ts, "Ts"),
            "uri" => (&mut self.uri, "Uri"),
            "session_id" => (&mut self.session_id, "session_id"),
            "ssotoken" => (&mut self.sso_token, "ssotoken"),
            "keys" => return self.set_keys(value),
            _ => return Ok(()),
        };
        match value {
            Value::String(text) => text.clone_into(field),
            Value::Null => {}
            other => return Err(misfit(other, shown, "string")),
        }
        Ok(())
    }

    fn set_keys(&mut self, value: &Value) -> Result<(), String> {
        self.keys = match value {
            Value::Null => return Ok(()),
            Value::String(text) => match decode_base64(text.as_bytes()) {
                (keys, None) => keys,
                (_, Some(corrupt)) => return Err(corrupt.to_string()),
            },
            Value::Array(numbers) => {
                let bytes = numbers
                    .iter()
                    .map(|number| number.as_u64().and_then(|number| u8::try_from(number).ok()));
                bytes
                    .collect::<Option<Vec<u8>>>()
                    .ok_or_else(|| misfit(value, "Keys", "uint8"))?
            }
            other => return Err(misfit(other, "Keys", "[]uint8")),
        };
        Ok(())
    }
}

fn misfit(value: &Value, field: &str, wanted: &str) -> String {
    format!(
        "json: cannot unmarshal {} into Go struct field HttpHeader.{field} of type {wanted}",
        kind(value)
    )
}

/// Go's name for the type of a JSON value.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The first JSON value; anything after it is ignored. The error is Go's text.
pub(crate) fn first_value(plain: &[u8]) -> Result<Value, String> {
    let text = String::from_utf8_lossy(plain);
    let Some(first) = text
        .trim_start_matches([' ', '\t', '\r', '\n'])
        .chars()
        .next()
    else {
        return Err("EOF".to_owned());
    };
    if !matches!(first, '{' | '[' | '"' | '-' | '0'..='9' | 't' | 'f' | 'n') {
        return Err(format!(
            "invalid character '{first}' looking for beginning of value"
        ));
    }
    match serde_json::Deserializer::from_str(&text)
        .into_iter::<Value>()
        .next()
    {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) if error.is_eof() => Err("unexpected EOF".to_owned()),
        Some(Err(error)) => Err(format!("invalid character in value: {error}")),
        None => Err("EOF".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &str) -> String {
        Header::parse(json.as_bytes()).unwrap_err()
    }

    #[test]
    fn names_match_without_regard_to_case() {
        let header = Header::parse(
            br#"{"auth":"a","TS":"1","Uri":"/u","keys":"AAE=","Session_ID":"s","SessionID":"no"}"#,
        )
        .unwrap();
        let wanted = Header {
            auth: "a".to_owned(),
            ts: "1".to_owned(),
            uri: "/u".to_owned(),
            keys: vec![0, 1],
            session_id: "s".to_owned(),
            sso_token: String::new(),
        };
        assert_eq!(header, wanted);
    }

    #[test]
    fn what_follows_the_first_value_is_ignored() {
        assert_eq!(Header::parse(br#"{"Ts":"7"} and more"#).unwrap().ts, "7");
    }

    #[test]
    fn keys_may_be_numbers_or_nothing() {
        assert_eq!(
            Header::parse(br#"{"Keys":[1,2,255]}"#).unwrap().keys,
            [1, 2, 255]
        );
        assert_eq!(Header::parse(br#"{"Keys":null}"#).unwrap().keys, [0_u8; 0]);
    }

    #[test]
    fn misfits_are_told_in_gos_words() {
        assert_eq!(
            refused(r#"{"Ts":5}"#),
            "json: cannot unmarshal number into Go struct field HttpHeader.Ts of type string"
        );
        assert_eq!(
            refused(r#"{"Keys":"!!"}"#),
            "illegal base64 data at input byte 0"
        );
        assert_eq!(
            refused("hello"),
            "invalid character 'h' looking for beginning of value"
        );
        assert_eq!(refused(""), "EOF");
    }
}
