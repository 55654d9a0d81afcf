//! From the endpoint of the settings to a URL.

use web_sys::Url;

/// Where an agent is reached: an absolute URL of http or https.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    base: String,
    path: String,
    secure: bool,
}

impl Endpoint {
    /// Resolves `endpoint` against the URL of the page (`document.baseURI`).
    ///
    /// `None` where that gives no URL of http or https that a path can be appended to, or one
    /// that carries a user name or password.
    #[must_use]
    pub fn resolve(endpoint: &str, page: &str) -> Option<Self> {
        let url = Url::new_with_base(endpoint, page).ok()?;
        let secure = match url.protocol().as_str() {
            "https:" => true,
            "http:" => false,
            _ => return None,
        };
        // `?` and `#` are looked for in the text: a URL does not show empty ones.
        let clean = url.username().is_empty()
            && url.password().is_empty()
            && !endpoint.contains(['?', '#']);
        let path = url.pathname().trim_end_matches('/').to_owned();
        clean.then(|| Self {
            base: format!("{}{path}", url.origin()),
            path,
            secure,
        })
    }

    /// The URL of a target, a path with a slash at its beginning.
    #[must_use]
    pub fn url(&self, target: &str) -> String {
        format!("{}{target}", self.base)
    }

    /// The path of the endpoint, without a slash at its end; may be empty.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether requests leave the browser by https.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}
