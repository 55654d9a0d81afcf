//! What a control tells the port of its agent.

use std::io;

use tokio::sync::oneshot;

/// What the port is told to do, and where to say that it is done.
#[derive(Debug)]
pub(crate) enum Order {
    /// Close every connection and refuse new ones.
    GoAway(oneshot::Sender<io::Result<()>>),
    /// Listen again.
    ComeBack(oneshot::Sender<io::Result<()>>),
    /// Close every connection, begin anew, listen again.
    Restart(oneshot::Sender<io::Result<()>>),
}
