//! The options of a run.

use std::{fmt, time::Duration};

use crate::report::Finding;

/// Receives a finding.
pub type Progress = Box<dyn Fn(&Finding) + Send + Sync>;

/// The options of a run.
#[non_exhaustive]
pub struct Options {
    /// Whether the run may change the agent. It then logs in, starts a deletion and cancels it, and
    /// **really deletes the managed ODP**; a failing step is retried once and then skipped.
    pub destroy: bool,
    /// Pause between two reads of a running task. It must be shorter than the interval of the
    /// agent's scheduler (one second), or states are missed.
    pub poll: Duration,
    /// How long a task may take before it counts as endless. Killing an obproxy that does not end
    /// takes 75 seconds.
    pub patience: Duration,
    /// Receives every finding as soon as it is available.
    pub progress: Option<Progress>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            destroy: false,
            poll: Duration::from_millis(100),
            patience: Duration::from_secs(180),
            progress: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("destroy", &self.destroy)
            .field("poll", &self.poll)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}
