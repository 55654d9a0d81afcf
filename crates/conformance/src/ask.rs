//! A request to the agent, correct by default and wrong where a statement needs it wrong.

use serde_json::{Map, Value};

use crate::{
    miss::Miss,
    seal::{Keys, PublicKey},
    wire::RawRequest,
};

/// The header that carries the agent password.
pub(super) const AGENT_HEADER: &str = "X-OCS-Agent-Header";
/// The header that carries OceanBase's password.
pub(super) const OCEANBASE_HEADER: &str = "X-OCS-Header";

#[derive(Debug, Clone)]
enum Credential {
    /// A header with this exact text.
    Verbatim(String),
    /// A JSON object, sealed.
    Fields(Map<String, Value>),
    /// Any text, sealed.
    Text(String),
}

#[derive(Debug, Clone)]
enum Body {
    None,
    /// Sent unchanged.
    Verbatim(Vec<u8>),
    /// To be encrypted, unless the agent was built without encryption.
    Sealed(Vec<u8>),
}

/// A request. Build it with [`crate::probe::Probe::ask`].
#[derive(Debug, Clone)]
pub(super) struct Ask {
    method: String,
    target: String,
    credential: Option<Credential>,
    header_name: &'static str,
    suffix: &'static str,
    chunk: Option<usize>,
    foreign_key: bool,
    headers: Vec<(String, String)>,
    body: Body,
    pub keys: Keys,
}

impl Ask {
    /// A request with the agent header: `Auth`, `Ts`, `Uri` and `Keys`.
    pub(super) fn new(
        method: &str,
        target: &str,
        password: &str,
        expiry: i64,
    ) -> Result<Self, Miss> {
        let keys = Keys::fresh()?;
        let mut fields = Map::new();
        fields.insert("Auth".to_owned(), password.into());
        fields.insert("Ts".to_owned(), expiry.to_string().into());
        fields.insert("Uri".to_owned(), target.into());
        fields.insert("Keys".to_owned(), keys.base64().into());
        Ok(Self {
            method: method.to_owned(),
            target: target.to_owned(),
            credential: Some(Credential::Fields(fields)),
            header_name: AGENT_HEADER,
            suffix: "",
            chunk: None,
            foreign_key: false,
            headers: Vec::new(),
            body: Body::None,
            keys,
        })
    }

    /// Without any authentication header.
    pub(super) fn open(mut self) -> Self {
        self.credential = None;
        self
    }

    /// With a header of exactly this text.
    pub(super) fn verbatim(mut self, text: &str) -> Self {
        self.credential = Some(Credential::Verbatim(text.to_owned()));
        self
    }

    /// With this text sealed instead of the JSON object.
    pub(super) fn sealed_text(mut self, text: &str) -> Self {
        self.credential = Some(Credential::Text(text.to_owned()));
        self
    }

    /// With another value of one field (or one more field).
    pub(super) fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Some(Credential::Fields(fields)) = &mut self.credential {
            fields.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Without one field.
    pub(super) fn without(mut self, name: &str) -> Self {
        if let Some(Credential::Fields(fields)) = &mut self.credential {
            fields.shift_remove(name);
        }
        self
    }

    /// With every field's name changed.
    pub(super) fn rename(mut self, spell: fn(&str) -> String) -> Self {
        if let Some(Credential::Fields(fields)) = &mut self.credential {
            *fields = std::mem::take(fields)
                .into_iter()
                .map(|(name, value)| (spell(&name), value))
                .collect();
        }
        self
    }

    /// With something behind the JSON object.
    pub(super) fn followed_by(mut self, suffix: &'static str) -> Self {
        self.suffix = suffix;
        self
    }

    /// In the other header.
    pub(super) fn in_header(mut self, name: &'static str) -> Self {
        self.header_name = name;
        self
    }

    /// Sealed in blocks of this many bytes.
    pub(super) fn chunked_by(mut self, bytes: usize) -> Self {
        self.chunk = Some(bytes);
        self
    }

    /// Sealed with a key that is not the agent's.
    pub(super) fn with_foreign_key(mut self) -> Self {
        self.foreign_key = true;
        self
    }

    /// With one more HTTP header.
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With an `Accept-Language`.
    pub(super) fn language(self, tag: &str) -> Self {
        self.header("Accept-Language", tag)
    }

    /// With this text as its encrypted body.
    pub(super) fn body(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Sealed(text.into());
        self
    }

    /// With these bytes as its body, unchanged.
    pub(super) fn verbatim_body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Verbatim(bytes.into());
        self
    }

    /// The wire form without an authentication header and without a body: no key is needed.
    pub(super) fn render_open(&self) -> RawRequest {
        RawRequest {
            method: self.method.clone(),
            target: self.target.clone(),
            headers: self.headers.clone(),
            body: None,
        }
    }

    /// The wire form. Every call seals again.
    pub(super) fn render(&self, key: &PublicKey, encryption: bool) -> Result<RawRequest, Miss> {
        let mut headers = self.headers.clone();
        let stranger;
        let key = if self.foreign_key {
            stranger = key.stranger()?;
            &stranger
        } else {
            key
        };
        let chunk = self.chunk.unwrap_or_else(|| key.room());
        let value = match &self.credential {
            None => None,
            Some(Credential::Verbatim(text)) => Some(text.clone()),
            Some(Credential::Text(text)) => Some(key.seal(text.as_bytes(), chunk)?),
            Some(Credential::Fields(fields)) => {
                let text = format!("{}{}", Value::Object(fields.clone()), self.suffix);
                Some(key.seal(text.as_bytes(), chunk)?)
            }
        };
        if let Some(value) = value {
            headers.push((self.header_name.to_owned(), value));
        }
        let body = match &self.body {
            Body::None => None,
            Body::Verbatim(bytes) => Some(bytes.clone()),
            Body::Sealed(text) if encryption => Some(self.keys.seal_body(text)),
            Body::Sealed(text) => Some(text.clone()),
        };
        Ok(RawRequest {
            method: self.method.clone(),
            target: self.target.clone(),
            headers,
            body,
        })
    }
}
