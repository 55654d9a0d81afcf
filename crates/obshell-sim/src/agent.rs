//! A running agent: its listener, its task engine and its lifecycle.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

use crate::config::{Config, LOOPBACK};
use crate::control::Control;
use crate::order::Order;
use crate::service;
use crate::shared::Shared;
use crate::state::State;

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 1024;

/// A simulated agent that is listening. Dropping it stops the agent.
#[derive(Debug)]
pub struct Agent {
    addr: SocketAddr,
    control: Control,
    port: JoinHandle<()>,
    engine: JoinHandle<()>,
}

impl Agent {
    /// Starts an agent on a free port of the loopback interface. Must be called within a tokio
    /// runtime.
    ///
    /// # Errors
    /// If no port is available, or the key cannot be generated.
    pub async fn start(config: Config) -> io::Result<Self> {
        Self::start_on(SocketAddr::new(LOOPBACK, 0), config).await
    }

    /// Starts an agent on this address; port 0 selects a free port.
    ///
    /// # Errors
    /// If the address is in use or does not belong to this machine, or the key cannot be generated.
    pub async fn start_on(addr: SocketAddr, config: Config) -> io::Result<Self> {
        let reserved = bind(addr)?;
        let addr = reserved.local_addr()?;
        // Key generation takes a moment; other agents of the runtime must not wait for it.
        let state = tokio::task::spawn_blocking(move || State::new(&config, addr))
            .await
            .map_err(io::Error::other)??;
        let listener = bind(addr)?.listen(BACKLOG)?;
        let shared = Arc::new(Shared::new(state));
        let (orders, received) = mpsc::unbounded_channel();
        let port = Port {
            addr,
            _reserved: reserved,
            shared: Arc::clone(&shared),
            orders: received,
        };
        Ok(Self {
            addr,
            control: Control::new(Arc::clone(&shared), orders),
            port: tokio::spawn(port.serve(listener)),
            engine: tokio::spawn(run_engine(shared)),
        })
    }

    /// The address on which it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Stops the agent, and returns when its address is free.
    pub async fn end(mut self) {
        self.port.abort();
        self.engine.abort();
        // Both tasks have been told to stop; their results do not matter.
        let _ = (&mut self.port).await;
        let _ = (&mut self.engine).await;
    }

    /// A control handle. Clones control the same agent.
    #[must_use]
    pub fn control(&self) -> Control {
        self.control.clone()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.port.abort();
        self.engine.abort();
    }
}

/// A socket that is bound but not listening: it reserves the port while connections are refused.
fn bind(addr: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if addr.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    Ok(socket)
}

struct Port {
    addr: SocketAddr,
    /// Reserves the port while nothing listens on it.
    _reserved: TcpSocket,
    shared: Arc<Shared>,
    orders: mpsc::UnboundedReceiver<Order>,
}

impl Port {
    async fn serve(mut self, listener: TcpListener) {
        let mut listener = Some(listener);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = accept(listener.as_ref()) => {
                    // A connection that failed before it was accepted is ignored.
                    if let Ok(stream) = accepted {
                        connections.spawn(service::serve(stream, Arc::clone(&self.shared)));
                    }
                }
                order = self.orders.recv() => {
                    let Some(order) = order else { return };
                    let (done, to) = self.obey(order, &mut listener, &mut connections).await;
                    // If the receiver was dropped, nobody waits for the result.
                    let _ = to.send(done);
                }
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
            }
        }
    }

    async fn obey(
        &self,
        order: Order,
        listener: &mut Option<TcpListener>,
        connections: &mut JoinSet<()>,
    ) -> (io::Result<()>, oneshot::Sender<io::Result<()>>) {
        match order {
            Order::GoAway(to) => {
                *listener = None;
                connections.shutdown().await;
                (Ok(()), to)
            }
            Order::ComeBack(to) => (self.listen(listener), to),
            Order::Restart(to) => {
                *listener = None;
                connections.shutdown().await;
                self.shared.update(State::restart);
                (self.listen(listener), to)
            }
        }
    }

    fn listen(&self, listener: &mut Option<TcpListener>) -> io::Result<()> {
        if listener.is_none() {
            *listener = Some(bind(self.addr)?.listen(BACKLOG)?);
        }
        Ok(())
    }
}

/// Waits for the next connection; waits forever if there is no listener.
async fn accept(listener: Option<&TcpListener>) -> io::Result<tokio::net::TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

/// Runs the task engine whenever a step of it is due.
async fn run_engine(shared: Arc<Shared>) {
    let mut changes = shared.subscribe();
    loop {
        changes.mark_unchanged();
        match shared.read(State::next_due) {
            Some(due) if due <= Instant::now() => {
                shared.update(|state| state.run_engine(Instant::now()))
            }
            Some(due) => {
                tokio::select! {
                    () = tokio::time::sleep_until(due.into()) => {}
                    // The change may have made an earlier step due.
                    changed = changes.changed() => if changed.is_err() { return },
                }
            }
            None => {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        }
    }
}
