//! Which requests the site answers.

use hyper::header::{HOST, HeaderName, ORIGIN};
use hyper::{HeaderMap, Request};
use obshell_sim::host;

/// Whether a request is addressed to this site: its host is an IP address, `localhost` or one of
/// `names`. A page elsewhere can resolve its own name to this machine (DNS rebinding).
pub(super) fn knows_host<B>(names: &[String], request: &Request<B>) -> bool {
    let absolute = request
        .uri()
        .authority()
        .map(|authority| authority.as_str());
    let named = absolute.or_else(|| only(request.headers(), &HOST));
    named.is_some_and(|named| is_known(names, named))
}

/// Whether a request is from no page, or from a page of a known host. A page elsewhere can post to
/// any address.
pub(super) fn knows_origin(names: &[String], headers: &HeaderMap) -> bool {
    if !headers.contains_key(ORIGIN) {
        return true;
    }
    let origin = only(headers, &ORIGIN).and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, authority)| is_known(names, authority))
}

fn is_known(names: &[String], authority: &str) -> bool {
    let host = host::without_port(authority);
    host::is_local(authority) || names.iter().any(|name| name.eq_ignore_ascii_case(host))
}

/// The header's value, if there is exactly one.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}
