//! Resolves the endpoint of the settings to a URL.

use web_sys::{Node, Url};

/// The URL against which relative URLs in the page of `node` are resolved (its `baseURI`), without
/// the user name and password of the page's own URL: `fetch` refuses both.
#[must_use]
pub fn page_url(node: &Node) -> String {
    without_credentials(&node.base_uri().ok().flatten().unwrap_or_default())
}

/// Removes user name and password from a URL. Returns the text unchanged if it contains neither or
/// is not a URL.
#[must_use]
pub fn without_credentials(url: &str) -> String {
    match Url::new(url) {
        Ok(parsed) if !parsed.username().is_empty() || !parsed.password().is_empty() => {
            parsed.set_username("");
            parsed.set_password("");
            parsed.href()
        }
        _ => url.to_owned(),
    }
}

/// The sample address for checking a template.
const SAMPLE: &str = "10.10.10.1:2886";

/// Whether a template resolves, for every address, to the location that it spells out: the template
/// contains `{address}`, and no part of it leads elsewhere.
#[must_use]
pub fn is_usable_template(template: &str, page: &str) -> bool {
    // Without the address, a request for one agent would reach another agent.
    template.contains("{address}") && is_usable(template, page)
}

/// Whether an endpoint, with or without `{address}`, resolves to the location that it spells out.
#[must_use]
pub fn is_usable(endpoint: &str, page: &str) -> bool {
    let is_absolute = ["http://", "https://"].iter().any(|scheme| {
        let start = endpoint.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    // Browsers read "\\" as "/", drop line breaks, and read a leading "//" as the start of a host
    // name. Proxies decode "%2f".
    let is_plain = !endpoint.contains(|sign: char| sign == '\\' || sign <= ' ')
        && !hides_path_signs(endpoint)
        && !endpoint.starts_with("//");
    // A ".." after the address would remove the address.
    let behind = endpoint.split_once("{address}").map(|(_, behind)| behind);
    let stays = behind.is_none_or(|behind| !behind.split('/').any(|part| part == ".."));
    let Some(found) = Endpoint::resolve(&endpoint.replace("{address}", SAMPLE), page) else {
        return false;
    };
    let here = |page: Url| format!("{}{}", page.origin(), found.path);
    let is_here = || Url::new(page).is_ok_and(|page| found.base == here(page));
    is_plain && stays && (is_absolute || is_here())
}

/// Whether dots, slashes or backslashes of a path are percent-encoded, once or repeatedly.
fn hides_path_signs(endpoint: &str) -> bool {
    let mut rest = endpoint.to_ascii_lowercase();
    while rest.contains("%25") {
        rest = rest.replace("%25", "%");
    }
    ["%2e", "%2f", "%5c"].iter().any(|sign| rest.contains(sign))
}

/// The location of an agent: an absolute URL with the scheme http or https.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    base: String,
    path: String,
    secure: bool,
}

impl Endpoint {
    /// Resolves `endpoint` against the URL of the page (`document.baseURI`).
    ///
    /// `None` if the result is not an http or https URL to which a path can be appended, or
    /// contains a user name or password.
    #[must_use]
    pub fn resolve(endpoint: &str, page: &str) -> Option<Self> {
        let url = Url::new_with_base(endpoint, page).ok()?;
        let secure = match url.protocol().as_str() {
            "https:" => true,
            "http:" => false,
            _ => return None,
        };
        // Checked in the text: a parsed URL does not show an empty query or fragment.
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

    /// The URL of a target, which is a path with a leading slash.
    #[must_use]
    pub fn url(&self, target: &str) -> String {
        format!("{}{target}", self.base)
    }

    /// The path of the endpoint, without a trailing slash; may be empty.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether requests leave the browser by HTTPS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}
