//! The journal of a fleet.

use super::{Entry, Journal, VERSION};
use crate::fleet::member::{Member, MemberStatus};
use crate::fleet::state::{Fleet, RunSettings};
use crate::flow::settings::ListedAgent;
use crate::obshell::address::AgentAddress;

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

    /// The agents that have their own endpoint.
    #[must_use]
    pub fn routes(&self) -> Vec<ListedAgent> {
        let routes = self.members.iter().filter_map(Entry::route);
        routes.collect()
    }
}

impl Entry {
    fn route(&self) -> Option<ListedAgent> {
        let endpoint = self.endpoint.clone()?;
        Some(ListedAgent {
            address: AgentAddress::parse(&self.address).ok()?,
            label: None,
            group: None,
            endpoint: Some(endpoint),
        })
    }

    fn of(member: &Member) -> Self {
        let chosen = &member.chosen;
        Self {
            address: chosen.address.to_string(),
            label: chosen.label.clone(),
            group: chosen.group.clone(),
            endpoint: None,
            left_out: matches!(
                member.status,
                MemberStatus::LeftOut(_) | MemberStatus::Stopped
            ),
            sent: member.sent.as_deref().cloned(),
        }
    }
}
