//! The files of the built page.

use std::io::ErrorKind;
use std::path::Path;

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, HeaderValue};
use hyper::{Request, Response, StatusCode, Uri};
use tower_http::services::ServeDir;

use crate::answer::{Body, text};

/// For a file whose name changes with its content.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");
/// For an error: a missing file may appear at any moment.
const NEVER: HeaderValue = HeaderValue::from_static("no-store");

#[derive(Debug)]
pub(super) struct Files {
    directory: ServeDir,
}

impl Files {
    pub(super) fn new(dist: &Path) -> Self {
        Self {
            directory: ServeDir::new(dist).precompressed_br().precompressed_gzip(),
        }
    }

    /// Answers with the file at `path`, which starts with a slash and has no query.
    pub(super) async fn answer(
        &self,
        path: &str,
        mut request: Request<Incoming>,
    ) -> Response<Body> {
        let Ok(uri) = path.parse::<Uri>() else {
            return text(StatusCode::BAD_REQUEST, "not a path\n");
        };
        *request.uri_mut() = uri;
        match self.directory.clone().try_call(request).await {
            Ok(response) => {
                let found =
                    response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
                let lifetime = match (found, is_hashed(path)) {
                    (true, true) => FOREVER,
                    (true, false) => ASK_FIRST,
                    (false, _) => NEVER,
                };
                let mut response = response.map(|body| body.map_err(Into::into).boxed_unsync());
                response.headers_mut().insert(CACHE_CONTROL, lifetime);
                response
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                not_found()
            }
            Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")),
        }
    }
}

fn not_found() -> Response<Body> {
    let mut response = text(StatusCode::NOT_FOUND, "no such file\n");
    response.headers_mut().insert(CACHE_CONTROL, NEVER);
    response
}

/// Whether a build tool put a content hash into the name: `loader-0123456789abcdef.js`,
/// `odp-console-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    // A hash of 64 bits in hexadecimal, without leading zeros.
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        (12..=16).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn only_names_with_a_content_hash_are_kept_forever() {
        assert!(is_hashed("/loader-1b1beadf3a5afa12.js"));
        assert!(is_hashed("/sub/odp-console-5722d542e8166f8_bg.wasm"));
        assert!(!is_hashed("/index.html"));
        assert!(!is_hashed("/config.json"));
        assert!(!is_hashed("/odp-console.wasm"));
        assert!(!is_hashed("/"));
    }
}
