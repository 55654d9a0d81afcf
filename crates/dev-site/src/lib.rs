//! The development site of the ODP console: its built page, and a proxy to the agents.
//!
//! It behaves like the shipped reverse proxy, so that what works here also works there: the files
//! of the built page with production headers and precompressed bodies, `config.json`, and under
//! `/agents/HOST:PORT/…` the listed agents with the prefix stripped.
//!
//! ```text
//! GET  /…                                  ─▶ a file of the built page
//! GET  /config.json                        ─▶ made from the site's own list of agents
//! GET, POST, DELETE
//!      /agents/127.0.0.1:2886/api/v1/info  ─▶ http://127.0.0.1:2886/api/v1/info, if listed
//! ```
//!
//! `tests/servers/` sends the same requests to it and to the shipped servers.
//!
//! The site speaks HTTP/1.1 and closes each connection after one answer. A browser repeats a
//! request, including a DELETE, when a reused connection breaks before the answer begins.

mod answer;
mod config;
mod files;
mod guard;
mod proxy;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, LOCATION};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use answer::{Body, text};
pub use config::{ListedAgent, SiteSetup};

/// The headers of every answer besides the policy, including the agents' answers: a web page
/// returned by an agent must not be able to run scripts in the console's origin.
const HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), \
         payment=(), serial=(), usb=()",
    ),
];

/// How long a client may take to send a request's head, and then its body: as in `deploy/`.
const PATIENCE: Duration = Duration::from_secs(10);

/// The time limit of a whole request, including a slow client's reading of the answer.
const LONGEST: Duration = Duration::from_secs(600);

/// The permissions that the console's own page needs, and no others.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// A running site. Dropping it closes the listener and every connection.
#[derive(Debug)]
pub struct Site {
    address: SocketAddr,
    rules: Arc<Rules>,
    server: JoinHandle<()>,
}

/// One request as the site received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// The HTTP method, such as `GET`.
    pub method: String,
    /// The request target byte for byte: path and query.
    pub target: String,
}

impl Site {
    /// Starts a site on `listen` (port 0 selects a free one) with the built page in `dist`.
    ///
    /// # Errors
    /// If the address cannot be bound, or `dist` has no `index.html`.
    pub async fn start(listen: SocketAddr, dist: &Path, setup: SiteSetup) -> io::Result<Self> {
        let page = dist.join("index.html");
        if !page.is_file() {
            let what = format!("{} is missing: run `cargo xtask build`", page.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, what));
        }
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let base_path = setup.base_path.trim_matches('/').to_owned();
        let rules = Arc::new(Rules {
            base_path: match base_path.as_str() {
                "" => String::new(),
                path => format!("/{path}"),
            },
            files: files::Files::new(dist),
            config: setup.config_text(),
            policy: HeaderValue::from_static(setup.policy.unwrap_or(POLICY)),
            agents: setup.agents,
            hosts: setup.hosts,
            patience: setup.patience.unwrap_or(PATIENCE),
            seen: Mutex::default(),
        });
        let server = tokio::spawn(accept(listener, Arc::clone(&rules)));
        Ok(Self {
            address,
            rules,
            server,
        })
    }

    /// The address the site listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of the page.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{}/", self.address, self.rules.base_path)
    }

    /// The text of the site's `config.json`.
    #[must_use]
    pub fn config(&self) -> &str {
        &self.rules.config
    }

    /// Every request so far, in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.rules
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The rules by which requests are answered.
#[derive(Debug)]
struct Rules {
    /// Empty, or a path with a leading and no trailing slash.
    base_path: String,
    files: files::Files,
    config: String,
    policy: HeaderValue,
    agents: Vec<ListedAgent>,
    hosts: Vec<String>,
    patience: Duration,
    seen: Mutex<Vec<SeenRequest>>,
}

async fn accept(listener: TcpListener, rules: Arc<Rules>) {
    // The connections end with the site: dropping the set aborts them.
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Usually out of file descriptors: connections that end release some.
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let rules = Arc::clone(&rules);
        let patience = rules.patience;
        connections.spawn(async move {
            let service = service_fn(move |request| respond(Arc::clone(&rules), request));
            let connection = hyper::server::conn::http1::Builder::new()
                // Every answer carries `Connection: close`.
                .keep_alive(false)
                .timer(TokioTimer::new())
                .header_read_timeout(patience)
                .serve_connection(TokioIo::new(stream), service);
            // A broken connection is ignored.
            let _ = tokio::time::timeout(LONGEST, connection).await;
        });
    }
}

async fn respond(
    rules: Arc<Rules>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let mut response = route(&rules, request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        headers.insert(HeaderName::from_static(name), value);
    }
    headers.insert(CONTENT_SECURITY_POLICY, rules.policy.clone());
    Ok(response)
}

async fn route(rules: &Rules, request: Request<Incoming>) -> Response<Body> {
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    rules
        .seen
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(SeenRequest {
            method: request.method().to_string(),
            target: target.clone(),
        });
    if !guard::knows_host(&rules.hosts, &request) {
        return text(
            StatusCode::FORBIDDEN,
            "This site does not serve this host name.\n",
        );
    }
    let Some(inner) = target.strip_prefix(rules.base_path.as_str()) else {
        return text(
            StatusCode::NOT_FOUND,
            format!("This site is at {}/\n", rules.base_path),
        );
    };
    if let Some(rest) = inner.strip_prefix("/agents/") {
        if !guard::knows_origin(&rules.hosts, request.headers()) {
            return text(
                StatusCode::FORBIDDEN,
                "This site does not forward requests from pages of other sites.\n",
            );
        }
        return proxy::forward(&rules.agents, rest, request, rules.patience).await;
    }
    match inner.split('?').next() {
        Some("/config.json") => config::answer(&rules.config),
        // Without the slash, the page's relative addresses would resolve to its parent.
        Some("") => redirect(&format!("{}/", rules.base_path)),
        Some(path) => rules.files.answer(path, request).await,
        None => text(StatusCode::BAD_REQUEST, "no path\n"),
    }
}

fn redirect(location: &str) -> Response<Body> {
    let mut response = text(StatusCode::PERMANENT_REDIRECT, "");
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}
