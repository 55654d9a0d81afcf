//! How a run is made.

use std::{fmt, time::Duration};

use crate::report::Finding;

/// Is told a finding.
pub type Progress = Box<dyn Fn(&Finding) + Send + Sync>;

/// How a run is made.
#[non_exhaustive]
pub struct Options {
    /// Whether the run may change the agent. It then logs in, starts a deletion and cancels it, and
    /// **really deletes the managed ODP**; where a step of that fails it is retried once and then passed over.
    pub destroy: bool,
    /// Pause between two looks at a task that works. Shorter than the agent's scheduler (one second), or states
    /// are missed.
    pub poll: Duration,
    /// How long one task may take until it counts as endless. Killing an obproxy that will not die takes 75
    /// seconds.
    pub patience: Duration,
    /// Is told every finding as soon as it is there.
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
