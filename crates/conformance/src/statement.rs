//! A statement about an agent.

use std::{fmt, pin::Pin, sync::Arc};

use crate::{miss::Check, probe::Probe};

type Run = dyn Fn(Arc<Probe>) -> Pin<Box<dyn Future<Output = Check> + Send>> + Send + Sync;

/// A fact with its check.
pub(super) struct Statement {
    pub id: &'static str,
    pub fact: &'static str,
    run: Box<Run>,
}

impl Statement {
    /// Runs the check.
    pub(super) async fn check(&self, probe: Arc<Probe>) -> Check {
        (self.run)(probe).await
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Creates a statement from a fact and an asynchronous check.
pub(super) fn statement<F, R>(id: &'static str, fact: &'static str, run: F) -> Statement
where
    F: Fn(Arc<Probe>) -> R + Send + Sync + 'static,
    R: Future<Output = Check> + Send + 'static,
{
    Statement {
        id,
        fact,
        run: Box::new(move |probe| Box::pin(run(probe))),
    }
}
