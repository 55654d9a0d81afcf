//! The connection between the browser and the site: a gateway that keeps the browser's connections
//! open, and behind it a relay that can swallow a response.
//!
//! ```text
//! browser ─ kept connections ─▶ nginx ─ one each ─▶ relay ─ one each ─▶ site ─▶ agent
//!         ◀─ broken ──────────         ◀─ closed ─         ◀─ answer ─
//! ```

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::deploy::Folder;
use crate::deploy::certificate::{Certificate, certificate};
use crate::deploy::nginx::Nginx;
use crate::support::{Browser, Look, PATIENCE};

/// The kind of the browser's connection, and how it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// HTTP/1.1, ended by a TCP reset.
    HttpReset,
    /// HTTP/1.1, ended by a normal close.
    HttpClose,
    /// HTTP/1.1 over TLS, ended by a normal close.
    TlsClose,
}

impl Way {
    pub const ALL: [Self; 3] = [Self::HttpReset, Self::HttpClose, Self::TlsClose];

    /// The settings of a browser for this way.
    pub fn look(self) -> Look {
        Look {
            any_certificate: self == Self::TlsClose,
            ..Look::default()
        }
    }
}

/// A request that arrived and that the agent executed.
#[derive(Debug, Clone)]
struct Arrival {
    method: String,
    /// The encrypted header, which is unique for each request of the page.
    sealed: String,
}

/// The state shared by the relay and the test.
#[derive(Debug, Default)]
struct Shared {
    arrivals: Vec<Arrival>,
    /// The method whose next response is swallowed.
    swallow: Option<&'static str>,
}

/// The connection of one test.
pub struct Leg {
    gateway: Nginx,
    shared: Arc<Mutex<Shared>>,
    swallowed: Receiver<()>,
    go: Sender<()>,
    _folder: Folder,
}

impl Leg {
    /// Starts gateway and relay in front of the site at this address.
    pub fn start(site: SocketAddr, way: Way) -> Self {
        let folder = Folder::new();
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let relay = listener.local_addr().expect("an address");
        let shared: Arc<Mutex<Shared>> = Arc::default();
        let (tell, swallowed) = channel();
        let (go, wait) = channel();
        let (ours, wait) = (Arc::clone(&shared), Arc::new(Mutex::new(wait)));
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let (shared, tell, wait) = (Arc::clone(&ours), tell.clone(), Arc::clone(&wait));
                std::thread::spawn(move || relay_one(stream, site, &shared, &tell, &wait));
            }
        });
        let of_gateway: Option<Certificate> =
            (way == Way::TlsClose).then(|| certificate(&folder, "gateway.test", None));
        let gateway = Nginx::keeping(relay, of_gateway.as_ref(), way == Way::HttpReset);
        Self {
            gateway,
            shared,
            swallowed,
            go,
            _folder: folder,
        }
    }

    /// The URL of the page behind the gateway.
    pub fn url(&self) -> String {
        self.gateway.url("127.0.0.1")
    }

    /// Swallows the response to the next request of this method.
    pub fn swallow(&self, method: &'static str) {
        lock(&self.shared).swallow = Some(method);
    }

    /// Waits until the agent's response was swallowed. From then on the browser waits for it.
    pub fn swallowed(&self) {
        self.swallowed
            .recv_timeout(PATIENCE)
            .expect("an answer to swallow");
    }

    /// Breaks the connection on which the browser waits.
    pub fn break_now(&self) {
        self.go.send(()).expect("the relay waits");
    }

    /// The number of requests of this method that the agent executed.
    pub fn arrived(&self, method: &str) -> usize {
        self.sealed(method).len()
    }

    /// Waits until the agent has executed `copies` requests of this method, and checks that they
    /// are copies of one request of the page, on a connection that was used before.
    pub fn copies(&self, browser: &Browser, method: &str, copies: usize) {
        browser.wait_until("the browser's copy", || self.arrived(method) >= copies);
        browser.wait_until("the gateway's log", || {
            !self.gateway.numbers_on_connections(method).is_empty()
        });
        let numbers = self.gateway.numbers_on_connections(method);
        assert!(numbers[0] > 1, "not on a reused connection: {numbers:?}");
        self.are_copies(method, copies);
    }

    /// Checks that no further request of this method has arrived.
    pub fn are_copies(&self, method: &str, copies: usize) {
        let sealed = self.sealed(method);
        assert_eq!(sealed.len(), copies, "{method}s at the site");
        let different: BTreeSet<&String> = sealed.iter().collect();
        assert_eq!(different.len(), 1, "{method}s of the page's own");
    }

    /// Returns the encrypted headers of the requests of this method.
    fn sealed(&self, method: &str) -> Vec<String> {
        let shared = lock(&self.shared);
        let arrivals = shared.arrivals.iter();
        arrivals
            .filter(|arrival| arrival.method == method)
            .map(|arrival| arrival.sealed.clone())
            .collect()
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forwards one request to the site, and its response back unless it is swallowed.
fn relay_one(
    mut from: TcpStream,
    site: SocketAddr,
    shared: &Mutex<Shared>,
    tell: &Sender<()>,
    wait: &Mutex<Receiver<()>>,
) {
    let Some((request, arrival)) = read_request(&mut from) else {
        return;
    };
    let swallow = {
        let mut shared = lock(shared);
        let swallow = shared
            .swallow
            .is_some_and(|method| method == arrival.method);
        if swallow {
            shared.swallow = None;
        }
        swallow
    };
    let mut answer = Vec::new();
    let answered = TcpStream::connect(site).and_then(|mut to| {
        to.write_all(&request)?;
        to.read_to_end(&mut answer)
    });
    lock(shared).arrivals.push(arrival);
    if swallow && answered.is_ok() {
        let _ = tell.send(());
        // Only another swallowed request holds this lock, and the end of the test drops the sender.
        let wait = wait.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = wait.recv();
        return;
    }
    // The browser may have disconnected.
    let _ = from.write_all(&answer);
}

/// Reads one complete request: its bytes, and its description.
fn read_request(from: &mut TcpStream) -> Option<(Vec<u8>, Arrival)> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        from.read_exact(&mut byte).ok()?;
        request.extend(byte);
    }
    let head = String::from_utf8_lossy(&request).into_owned();
    let header = |wanted: &str| {
        let fields = head.lines().filter_map(|line| line.split_once(": "));
        let mut fitting = fields.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        fitting.next().map(|(_, value)| value.to_owned())
    };
    let length = header("content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    from.read_exact(&mut body).ok()?;
    let arrival = Arrival {
        method: head.split(' ').next().unwrap_or_default().to_owned(),
        sealed: header("x-ocs-agent-header").unwrap_or_default(),
    };
    request.extend(body);
    Some((request, arrival))
}
