//! A request as the handlers receive it.

use hyper::body::Bytes;
use hyper::http::request::Parts;

/// A request that has arrived with its whole body.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The request target exactly as sent.
    pub(crate) target: String,
    /// The path, percent-decoded.
    pub(crate) path: String,
    /// The query as sent, without the question mark.
    pub(crate) query: Option<String>,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: Bytes,
    /// `false` if the body was chunked, so that its length was not known in advance.
    pub(crate) length_known: bool,
}

impl Request {
    pub(crate) fn new(parts: &Parts, body: Bytes) -> Self {
        Self {
            method: parts.method.to_string(),
            target: parts.uri.to_string(),
            path: percent_decode(parts.uri.path()),
            query: parts.uri.query().map(str::to_owned),
            headers: parts.headers.clone(),
            body,
            length_known: !parts.headers.contains_key(hyper::header::TRANSFER_ENCODING),
        }
    }

    /// The value of a header; empty counts as absent, as in obshell.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let value = self.headers.get(name)?.to_str().ok()?;
        (!value.is_empty()).then_some(value)
    }

    /// The first value of a query parameter, decoded. Names are case-sensitive.
    pub(crate) fn query_value(&self, name: &str) -> Option<String> {
        let pairs = self.query.as_deref()?.split('&');
        pairs
            .filter_map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                (percent_decode(&key.replace('+', " ")) == name)
                    .then(|| percent_decode(&value.replace('+', " ")))
            })
            .next()
    }
}

/// Decodes `%41` to `A`; invalid sequences are kept.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let pair = behind
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                decoded.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_decoding_leaves_what_is_none() {
        assert_eq!(percent_decode("/a%62c%2Fd%zz%4"), "/abc/d%zz%4");
    }
}
