//! The journal of a fleet.

use super::{Entry, Journal, VERSION};
use crate::fleet::member::{Member, Standing};
use crate::fleet::state::{Fleet, RunSettings};

impl Journal {
    /// The journal of a run; `None` if nothing was confirmed.
    #[must_use]
    pub fn of(fleet: &Fleet) -> Option<Self> {
        let run = fleet.run.as_ref()?;
        let RunSettings {
            batch,
            pause,
            stop_on_bad_end,
        } = fleet.run_settings;
        Some(Self {
            version: VERSION,
            batch,
            pause,
            stop_on_bad_end,
            confirmed_at: run.confirmed_at,
            members: fleet.members.iter().map(|it| Entry::of(it)).collect(),
        })
    }

    /// The settings of the run.
    #[must_use]
    pub fn run_settings(&self) -> RunSettings {
        let settings = RunSettings {
            batch: self.batch,
            pause: self.pause,
            stop_on_bad_end: self.stop_on_bad_end,
        };
        settings.within_limits()
    }
}

impl Entry {
    fn of(member: &Member) -> Self {
        let chosen = &member.chosen;
        Self {
            address: chosen.address.to_string(),
            label: chosen.label.clone(),
            group: chosen.group.clone(),
            left_out: matches!(member.standing, Standing::LeftOut(_) | Standing::Stopped),
            sent: member.sent.as_deref().cloned(),
        }
    }
}
