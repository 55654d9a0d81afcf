//! Answers other than JSON: gin's redirects and bare 404, and the embedded web page.

use hyper::StatusCode;
use hyper::body::Bytes;

use crate::call::{Done, Failure};
use crate::config::Version;
use crate::error::ApiError;
use crate::reply::Reply;
use crate::request::Request;
use crate::route::Route;

/// A stub of obshell's web page, which this double does not contain.
const INDEX: &str = "<!doctype html><title>stub</title>\n";

/// The answer of a path outside the envelope; `None` if the path uses the envelope.
pub(crate) fn other_than_json(
    request: &Request,
    route: Option<&Route>,
    result: &Result<Done, Failure>,
    version: Version,
) -> Option<Reply> {
    if route.is_none()
        && let Some(reply) = redirect(request, version)
    {
        return Some(reply);
    }
    // The envelope is used for request targets with these prefixes, whatever the path is; before
    // there was a web page, for every request target.
    let enveloped = !version.has_web_page()
        || ["/api/v1", "/rpc/v1"]
            .iter()
            .any(|prefix| request.target.starts_with(prefix));
    if enveloped {
        return None;
    }
    if route.is_some() {
        return Some(Reply::empty(StatusCode::OK));
    }
    let is_page = *result == Err(Failure::Error(ApiError::RouteNotFound))
        && !["/api/v1", "/rpc/v1"]
            .iter()
            .any(|part| request.path.contains(part));
    Some(if is_page { page(request) } else { not_found() })
}

fn not_found() -> Reply {
    Reply {
        content_type: Some("text/plain"),
        body: Bytes::from_static(b"404 page not found"),
        ..Reply::empty(StatusCode::NOT_FOUND)
    }
}

fn page(request: &Request) -> Reply {
    if request.path == "/index.html" {
        return Reply {
            location: Some("./".to_owned()),
            ..Reply::empty(StatusCode::MOVED_PERMANENTLY)
        };
    }
    Reply {
        content_type: Some("text/html; charset=utf-8"),
        body: Bytes::from_static(INDEX.as_bytes()),
        ..Reply::empty(StatusCode::OK)
    }
}

/// A path that would be a route without its trailing slash, or with one.
fn redirect(request: &Request, version: Version) -> Option<Reply> {
    let path = request.path.strip_suffix('/')?;
    Route::find(&request.method, path, version)?;
    let query = request
        .query
        .as_ref()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let location = format!("{path}{query}");
    if request.method != "GET" {
        return Some(Reply {
            location: Some(location),
            ..Reply::empty(StatusCode::TEMPORARY_REDIRECT)
        });
    }
    let shown = location
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#34;");
    Some(Reply {
        status: StatusCode::MOVED_PERMANENTLY,
        content_type: Some("text/html; charset=utf-8"),
        body: Bytes::from(format!("<a href=\"{shown}\">Moved Permanently</a>.\n\n")),
        location: Some(location),
    })
}
