//! The orders of a control to the listener of its agent.

use std::io;

use tokio::sync::oneshot;

/// An order, with a sender that reports its completion.
#[derive(Debug)]
pub(crate) enum Order {
    /// Close every connection and refuse new ones.
    GoAway(oneshot::Sender<io::Result<()>>),
    /// Listen again.
    ComeBack(oneshot::Sender<io::Result<()>>),
    /// Close every connection, restart, listen again.
    Restart(oneshot::Sender<io::Result<()>>),
}
