//! The leg between the browser and the site, kept and broken: a gateway that keeps the browser's
//! connections, and behind it a relay that can swallow an answer.
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

/// How the browser's connection is made, and how it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// HTTP/1.1, ended by a TCP reset.
    HttpReset,
    /// HTTP/1.1, ended as a server ends a connection.
    HttpClose,
    /// HTTP/1.1 by TLS, ended as a server ends a connection.
    TlsClose,
}

impl Way {
    pub const ALL: [Self; 3] = [Self::HttpReset, Self::HttpClose, Self::TlsClose];

    /// A browser that goes this way.
    pub fn look(self) -> Look {
        Look {
            any_certificate: self == Self::TlsClose,
            ..Look::default()
        }
    }
}

/// A request that arrived, and that the agent has acted upon.
#[derive(Debug, Clone)]
struct Arrival {
    method: String,
    /// The encrypted header, which no two requests of the page have in common.
    sealed: String,
}

/// What the relay and the test have in common.
#[derive(Debug, Default)]
struct Shared {
    arrivals: Vec<Arrival>,
    /// The method whose next answer is swallowed.
    swallow: Option<&'static str>,
}

/// The leg of one test.
pub struct Leg {
    gateway: Nginx,
    shared: Arc<Mutex<Shared>>,
    swallowed: Receiver<()>,
    go: Sender<()>,
    _folder: Folder,
}

impl Leg {
    /// Between the browser and the site at this address.
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

    /// The URL of the page for the browser.
    pub fn url(&self) -> String {
        self.gateway.url("127.0.0.1")
    }

    /// Swallows the answer to the next request of this method.
    pub fn swallow(&self, method: &'static str) {
        lock(&self.shared).swallow = Some(method);
    }

    /// Waits until the agent's answer has been swallowed. The browser waits for it from then on.
    pub fn swallowed(&self) {
        self.swallowed
            .recv_timeout(PATIENCE)
            .expect("an answer to swallow");
    }

    /// Breaks the connection on which the browser waits.
    pub fn break_now(&self) {
        self.go.send(()).expect("the relay waits");
    }

    /// How many requests of this method the agent has acted upon.
    pub fn arrived(&self, method: &str) -> usize {
        self.sealed(method).len()
    }

    /// Waits until the agent has acted upon `copies` requests of this method, and checks that they are copies of one
    /// that the page sent, on a connection that was in use before.
    pub fn copies(&self, browser: &Browser, method: &str, copies: usize) {
        browser.wait_until("the browser's copy", || self.arrived(method) >= copies);
        browser.wait_until("the gateway's log", || {
            !self.gateway.numbers_on_connections(method).is_empty()
        });
        let numbers = self.gateway.numbers_on_connections(method);
        assert!(numbers[0] > 1, "not on a reused connection: {numbers:?}");
        self.are_copies(method, copies);
    }

    /// Checks that no further request of this method has arrived since.
    pub fn are_copies(&self, method: &str, copies: usize) {
        let sealed = self.sealed(method);
        assert_eq!(sealed.len(), copies, "{method}s at the site");
        let different: BTreeSet<&String> = sealed.iter().collect();
        assert_eq!(different.len(), 1, "{method}s of the page's own");
    }

    /// The encrypted headers of the requests of this method.
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

/// Hands one request on to the site, and its answer back unless it is swallowed.
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
        // Nobody holds this but another swallowed request, and the test ends with the sender.
        let wait = wait.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = wait.recv();
        return;
    }
    // The browser may have gone.
    let _ = from.write_all(&answer);
}

/// Reads one request whole: its bytes, and what is told of it.
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
